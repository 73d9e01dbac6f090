//! The list of what this crate sends.

use model::Model;
use warehouse::{Dialect, Statement};

use crate::{ledger, load, rollup};

/// Every statement on events, the ledger and the rollups.
pub fn statements(dialect: Dialect, model: &Model) -> Vec<Statement> {
    let mut out = load::sql::statements(dialect);
    out.extend(rollup::statements::statements(dialect, model));
    out.extend([
        Statement::new("ingest: read the ledger's totals", ledger::TOTALS),
        Statement::new("ingest: read whether days wait", ledger::WAITING),
        Statement::new("ingest: read the quarantine", ledger::QUARANTINED),
    ]);
    out
}
