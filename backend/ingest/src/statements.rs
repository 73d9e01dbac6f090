//! The list of what this crate sends.

use model::Model;
use warehouse::{Dialect, Statement};

use crate::{archive, health, kept, ledger, load, quarantine, rollup};

/// Every statement on events, the ledger and the rollups.
pub fn statements(dialect: Dialect, model: &Model) -> Vec<Statement> {
    let mut out = load::statements::statements(dialect);
    out.extend(rollup::statements::statements(dialect, model));
    out.extend([
        Statement::new("ingest: read when sites were last loaded", ledger::LAST),
        Statement::new("ingest: read whether days wait", ledger::WAITING),
        Statement::new("ingest: read why records wait", quarantine::GROUPS),
        Statement::new("ingest: read some that wait", quarantine::SAMPLED),
        Statement::new("ingest: read which ids records wait for", quarantine::UNKNOWN),
        Statement::new("ingest: read what can be released", quarantine::WAITING),
        Statement::new("ingest: read the last that waits", quarantine::LAST),
    ]);
    if dialect == Dialect::Postgres {
        out.extend([
            Statement::new("ingest: read the health of sites", health::sites()),
            Statement::new("ingest: read how far behind logs are", health::LOGS),
            Statement::new("ingest: read what the steps did", health::TALLIES),
            Statement::new("ingest: note how far behind a log is", health::NOTE),
            Statement::new("ingest: read a statement", kept::ONE),
            Statement::new("ingest: read statements, the latest first", kept::LATEST_FIRST),
            Statement::new("ingest: read statements, the oldest first", kept::OLDEST_FIRST),
            Statement::new("ingest: read what statements are known by", kept::PRINTS),
            Statement::new("ingest: read how far back statements wait", kept::BEHIND),
        ]);
        out.extend(archive::run_statements());
        out.extend(archive::removal_statements());
        out.extend(archive::topic_statements());
    }
    out
}
