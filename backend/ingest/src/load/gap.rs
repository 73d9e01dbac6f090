//! What a log lost before it was read. Its position is moved over that by hand, never by itself, and the ledger says so.

use chrono::{DateTime, Utc};
use warehouse::{Statement, Warehouse, WarehouseError};

use super::sql;

/// Source, partition, first, next, site, how many offsets, when.
const GAP: &str = "INSERT INTO raw.load
    (source, partition, first, next, site_id, received, loaded, duplicate, quarantined, skipped, lost, committed_at)
    VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, 0, $6, $7)";

pub(super) fn statements() -> [Statement; 1] {
    [Statement::new("ingest: note what a log lost", GAP)]
}

/// Records of a log that are gone: from the first offset on, before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    pub from: i64,
    pub to: i64,
}

/// Moves the log's position over the gap and notes it, in one transaction. False when the position is not where the gap begins (any
/// more): nothing was changed then.
pub async fn pass(
    warehouse: &Warehouse,
    site: i16,
    (source, partition): (&str, &str),
    Gap { from, to }: Gap,
    now: DateTime<Utc>,
) -> Result<bool, WarehouseError> {
    let mut client = warehouse.client().await?;
    let tx = client.transaction().await?;
    tx.execute(sql::NEW_POSITION, &[&source, &partition]).await?;
    let position: i64 = tx.query_one(sql::LOCKED_POSITION, &[&source, &partition]).await?.get(0);
    if position != from || to <= from {
        return Ok(false);
    }
    tx.execute(GAP, &[&source, &partition, &from, &to, &site, &(to - from), &now]).await?;
    // The record before is not there to tell the topic by; the next batch brings another mark.
    tx.execute(sql::ADVANCE, &[&source, &partition, &to, &from, &None::<String>]).await?;
    tx.commit().await?;
    Ok(true)
}
