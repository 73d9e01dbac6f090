//! Reading the ledger.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use warehouse::{Warehouse, WarehouseError};

pub(crate) const LAST: &str = r#"SELECT s.code, max(l.committed_at)
    FROM "raw".load AS l JOIN core.site AS s ON s.site_id = l.site_id GROUP BY s.code"#;

/// When each site's last load was committed, by the site's code.
pub async fn last_loads(warehouse: &Warehouse) -> Result<BTreeMap<String, DateTime<Utc>>, WarehouseError> {
    let rows = warehouse.reader().await?.query(LAST, &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

pub(crate) const WAITING: &str = r#"SELECT count(*) FROM "raw".dirty WHERE site_id = $1 AND day BETWEEN $2 AND $3"#;

/// Whether any day of the range has events that its rollups do not hold yet.
pub async fn waiting(warehouse: &Warehouse, site: i16, range: (NaiveDate, NaiveDate)) -> Result<bool, WarehouseError> {
    let row = warehouse.reader().await?.query_one(WAITING, &[&site, &range.0, &range.1]).await?;
    Ok(row.get::<_, i64>(0) > 0)
}
