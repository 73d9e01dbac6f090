//! Reading the ledger and the quarantine.

use chrono::{DateTime, NaiveDate, Utc};
use warehouse::{Warehouse, WarehouseError};

/// Totals of all loads into one site. Always: received = loaded + duplicate + quarantined + skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    pub site: String,
    pub received: i64,
    pub loaded: i64,
    pub duplicate: i64,
    pub quarantined: i64,
    pub skipped: i64,
    pub last_at: DateTime<Utc>,
}

pub(crate) const TOTALS: &str = r#"SELECT s.code, sum(l.received)::bigint, sum(l.loaded)::bigint, sum(l.duplicate)::bigint,
           sum(l.quarantined)::bigint, sum(l.skipped)::bigint, max(l.committed_at)
    FROM "raw".load l JOIN core.site s USING (site_id) GROUP BY s.code ORDER BY s.code"#;

pub async fn totals(warehouse: &Warehouse) -> Result<Vec<Totals>, WarehouseError> {
    let rows = warehouse.reader().await?.query(TOTALS, &[]).await?;
    let total = |row: &tokio_postgres::Row| Totals {
        site: row.get(0),
        received: row.get(1),
        loaded: row.get(2),
        duplicate: row.get(3),
        quarantined: row.get(4),
        skipped: row.get(5),
        last_at: row.get(6),
    };
    Ok(rows.iter().map(total).collect())
}

pub(crate) const WAITING: &str = r#"SELECT count(*) FROM "raw".dirty WHERE site_id = $1 AND day BETWEEN $2 AND $3"#;

/// Whether any day of the range has events that its rollups do not hold yet.
pub async fn waiting(warehouse: &Warehouse, site: i16, range: (NaiveDate, NaiveDate)) -> Result<bool, WarehouseError> {
    let row = warehouse.reader().await?.query_one(WAITING, &[&site, &range.0, &range.1]).await?;
    Ok(row.get::<_, i64>(0) > 0)
}

/// Records of one site refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    pub site: String,
    pub reason: String,
    pub count: i64,
    /// The latest one's detail.
    pub sample: String,
}

pub(crate) const QUARANTINED: &str = r#"SELECT s.code, q.reason, n.records, q.detail
    FROM (SELECT site_id, reason, count(*) AS records, max(quarantine_id) AS latest
          FROM "raw".quarantine GROUP BY site_id, reason) AS n
    JOIN "raw".quarantine AS q ON q.quarantine_id = n.latest
    JOIN core.site AS s ON s.site_id = n.site_id ORDER BY 1, 3 DESC, 2"#;

pub async fn quarantine(warehouse: &Warehouse) -> Result<Vec<Quarantined>, WarehouseError> {
    let rows = warehouse.reader().await?.query(QUARANTINED, &[]).await?;
    let one = |row: &tokio_postgres::Row| Quarantined {
        site: row.get(0),
        reason: row.get(1),
        count: row.get(2),
        sample: row.get(3),
    };
    Ok(rows.iter().map(one).collect())
}
