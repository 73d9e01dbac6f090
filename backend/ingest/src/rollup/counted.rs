//! The counts beside the sets, held against the sets themselves.

use chrono::NaiveDate;
use model::{Grain, Model, PersonSet, Rollup};
use tokio_postgres::Transaction;
use warehouse::WarehouseError;

use super::install::counts;

/// Reads the sets of a period of a site with their counts.
pub(super) fn counted(model: &Model, rollup: &Rollup, grain: Grain) -> String {
    let pairs: Vec<String> = counts(&model.measures).map(|(set, count)| format!("{}, {count}", set.name)).collect();
    format!("SELECT {} FROM {} WHERE site_id = $1 AND period = $2", pairs.join(", "), rollup.table(grain))
}

/// How many rows of a period say another number of persons than their sets hold.
pub(super) async fn miscounted(
    tx: &Transaction<'_>,
    model: &Model,
    rollup: &Rollup,
    grain: Grain,
    site: i16,
    period: NaiveDate,
) -> Result<usize, WarehouseError> {
    let mut wrong = 0;
    for row in tx.query(&counted(model, rollup, grain), &[&site, &period]).await? {
        let mut differs = false;
        for at in (0..row.len()).step_by(2) {
            let set = PersonSet::decode(row.get(at)).map_err(|error| WarehouseError::Damaged(error.to_string()))?;
            differs |= set.len() != u64::try_from(row.get::<_, i32>(at + 1)).unwrap_or(u64::MAX);
        }
        wrong += usize::from(differs);
    }
    Ok(wrong)
}
