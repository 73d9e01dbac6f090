//! Computing: one pass over a (site, day)'s events fills every rollup.

use std::collections::HashMap;

use chrono::NaiveDate;
use futures::TryStreamExt;
use model::{Key, Model};
use tokio_postgres::Transaction;
use warehouse::WarehouseError;

use super::cells::{Cell, Cells, Keys};

/// What one pass yields.
pub struct Computed {
    /// One per rollup, in the model's order.
    pub rollups: Vec<Cells>,
    pub last_event_at: Option<chrono::DateTime<chrono::Utc>>,
}

const EVENTS: &str = "SELECT school_id, book_id, chapter_id, role, kind, device, duration_ms, person_no, at
                      FROM core.event WHERE site_id = $1 AND day = $2";

/// Reads the day's events once and counts each into every rollup.
pub async fn compute(
    tx: &Transaction<'_>,
    model: &Model,
    site: i16,
    day: NaiveDate,
) -> Result<Computed, WarehouseError> {
    let mut maps: Vec<HashMap<Keys, Cell>> = vec![HashMap::new(); model.rollups.len()];
    let mut last_event_at = None;
    let params: [&(dyn tokio_postgres::types::ToSql + Sync); 2] = [&site, &day];
    let mut rows = std::pin::pin!(tx.query_raw(EVENTS, params).await?);
    while let Some(row) = rows.try_next().await? {
        let (kind, duration_ms, person): (i32, i32, i32) = (row.get(4), row.get(6), row.get(7));
        last_event_at = last_event_at.max(Some(row.get(8)));
        for (rollup, map) in model.rollups.iter().zip(&mut maps) {
            let keys = rollup.keys.iter().map(|k| row.get(position(*k))).collect();
            let cell = map.entry(keys).or_insert_with(|| Cell::new(&model.measures));
            cell.add(&model.measures, kind, i64::from(duration_ms), person as u32);
        }
    }
    Ok(Computed { rollups: maps.into_iter().map(|m| m.into_iter().collect()).collect(), last_event_at })
}

/// Where a key stands in [`EVENTS`].
fn position(key: Key) -> usize {
    match key {
        Key::School => 0,
        Key::Book => 1,
        Key::Chapter => 2,
        Key::Role => 3,
        Key::Kind => 4,
        Key::Device => 5,
        Key::Site => unreachable!("the model refuses a rollup that lists the site"),
    }
}
