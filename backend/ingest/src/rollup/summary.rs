//! Summaries: small materialized views for analysts, the additive measures of each month that is over. Redshift keeps them
//! up to date by itself; on PostgreSQL the refresher marks the months it changes, and whoever finds marks refreshes the
//! views and deletes exactly these. That happens after the rollups are committed: a view is made from what is seen when the
//! refresh begins, and two sites' refreshers in their own transactions would not see each other's months.

use chrono::NaiveDate;
use model::{Key, Model, Rollup};
use tokio_postgres::Transaction;
use warehouse::{Dialect, SessionLock, Warehouse, WarehouseError};

use super::install::{comment, key_comment, quoted, read_by};

/// The advisory lock of this class is held while the views are refreshed.
const LOCK_CLASS: i32 = 0x0C7B;

/// Statements that make the view of a rollup's summary by these keys.
pub fn view(model: &Model, rollup: &Rollup, keys: &[Key], dialect: Dialect) -> Vec<String> {
    let view = rollup.summary_view();
    let month = rollup.table(model::Grain::Month);
    let columns: Vec<&str> = ["site_id", "period"].into_iter().chain(keys.iter().map(|k| k.column())).collect();
    let columns = columns.join(", ");
    let measures = || model.measures.iter().filter(|m| !m.is_set());
    let sums: String = measures().map(|m| format!(", CAST(sum({0}) AS bigint) AS {0}", m.name)).collect();
    let select = format!("SELECT {columns}{sums} FROM {month} GROUP BY {columns}");
    if dialect == Dialect::Redshift {
        let placed = dialect.placed(None, &["period", "site_id"]);
        return vec![format!("CREATE MATERIALIZED VIEW {view}{placed} AUTO REFRESH YES AS {select}")];
    }
    let mut out = vec![
        format!("CREATE MATERIALIZED VIEW {view} AS {select}"),
        // What a refresh that readers do not wait for needs.
        format!("CREATE UNIQUE INDEX {}_row ON {view} ({columns})", view.trim_start_matches("mart.")),
    ];
    let description = format!("{} Added up per month, of the months that are over.", rollup.description);
    out.push(format!("COMMENT ON MATERIALIZED VIEW {view} IS {}", quoted(&description)));
    out.push(comment(&view, "site_id", "The site."));
    out.push(comment(&view, "period", "First day of the month."));
    out.extend(keys.iter().map(|k| comment(&view, k.column(), key_comment(*k))));
    out.extend(measures().map(|m| comment(&view, &m.name, &m.description)));
    out.extend(read_by(&view, dialect));
    out
}

pub(super) fn drop_view(rollup: &Rollup) -> String {
    format!("DROP MATERIALIZED VIEW IF EXISTS {}", rollup.summary_view())
}

pub(super) const MARK: &str = "INSERT INTO raw.dirty_month (site_id, month) VALUES ($1, $2)";
pub(super) const MARKS: &str = "SELECT dirty_month_id FROM raw.dirty_month";
pub(super) const UNMARK: &str = "DELETE FROM raw.dirty_month WHERE dirty_month_id = ANY($1)";

pub(super) fn refresh_view(rollup: &Rollup) -> String {
    format!("REFRESH MATERIALIZED VIEW CONCURRENTLY {}", rollup.summary_view())
}

/// Notes that a month's rows changed.
pub(super) async fn mark(tx: &Transaction<'_>, site: i16, month: NaiveDate) -> Result<(), WarehouseError> {
    tx.execute(MARK, &[&site, &month]).await?;
    Ok(())
}

/// Refreshes the views if any month changed since they last were. If another is at it, it takes these marks or leaves them
/// for the next pass.
pub async fn refresh(warehouse: &Warehouse, model: &Model) -> Result<(), WarehouseError> {
    if warehouse.client().await?.query(MARKS, &[]).await?.is_empty() {
        return Ok(());
    }
    let Some(mut lock) = SessionLock::try_take(warehouse, LOCK_CLASS, 0).await? else { return Ok(()) };
    let tx = lock.client().transaction().await?;
    let marks: Vec<i64> = tx.query(MARKS, &[]).await?.iter().map(|row| row.get(0)).collect();
    for rollup in model.rollups.iter().filter(|r| r.summary.is_some()) {
        tx.batch_execute(&refresh_view(rollup)).await?;
    }
    tx.execute(UNMARK, &[&marks]).await?;
    tx.commit().await?;
    lock.release().await
}
