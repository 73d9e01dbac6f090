//! Statements by name: every one that can be sent to a warehouse is in a list like the one here, which each crate that sends
//! any has. `octavo sql` prints the lists; a test holds every text of SQL in the source against them.

use crate::bulk;
use crate::dialect::Dialect;
use crate::{lock, pool, reading, roles};

/// What is sent, under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The crate and what it is for, such as `reference: schools`.
    pub name: String,
    /// Without a semicolon.
    pub sql: String,
}

impl Statement {
    pub fn new(name: impl Into<String>, sql: impl Into<String>) -> Statement {
        Statement { name: name.into(), sql: sql.into() }
    }
}

/// What this crate sends of its own, or lets the driver send.
pub fn statements(dialect: Dialect) -> Vec<Statement> {
    let named = |name: &str, sql: &str| Statement::new(format!("warehouse: {name}"), sql);
    let mut out = vec![
        named("does it answer", pool::PING),
        named("begin", "BEGIN"),
        named("begin, to see one moment", reading::BEGIN),
        named("the longest that a statement may take", &reading::longest(pool::STATEMENT_TIMEOUT)),
        named("commit", "COMMIT"),
        named("roll back", "ROLLBACK"),
    ];
    if dialect == Dialect::Postgres {
        out.extend([
            named("make the roles", roles::CREATE),
            named("give the loader its tables", roles::OWN),
            named("take a lock for the session", lock::TAKE),
            named("give the lock back", lock::RELEASE),
            named("copy rows in", &bulk::copy("core.person (site_id, pseudonym, person_no)")),
        ]);
    }
    out
}
