//! Computing: one pass over a (site, day)'s events fills every rollup.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use futures::TryStreamExt;
use model::{Key, Model};
use tokio_postgres::Transaction;
use tokio_postgres::types::ToSql;
use warehouse::WarehouseError;

use super::cells::{Cell, Cells, Keys};

/// What one pass yields.
pub struct Computed {
    /// One per rollup, in the model's order.
    pub rollups: Vec<Cells>,
    pub events: i64,
    pub last_event_at: Option<DateTime<Utc>>,
}

/// The rollups of one (site, day) while its events are counted.
pub struct Counting<'a> {
    model: &'a Model,
    /// One per rollup, in the model's order.
    rollups: Vec<HashMap<Keys, Cell>>,
}

impl<'a> Counting<'a> {
    pub fn new(model: &'a Model) -> Self {
        Self { model, rollups: vec![HashMap::new(); model.rollups.len()] }
    }

    /// Counts one event into every rollup; `key` gives its value of a key.
    pub fn add(&mut self, key: impl Fn(Key) -> i32, duration_ms: i32, person: u32) {
        let kind = key(Key::Kind);
        for (rollup, cells) in self.model.rollups.iter().zip(&mut self.rollups) {
            let keys = rollup.keys.iter().map(|own| key(*own)).collect();
            let cell = cells.entry(keys).or_insert_with(|| Cell::new(&self.model.measures));
            cell.add(&self.model.measures, kind, i64::from(duration_ms), person);
        }
    }

    pub fn finish(self) -> Vec<Cells> {
        self.rollups.into_iter().map(|cells| cells.into_iter().collect()).collect()
    }
}

/// Robots are kept and counted nowhere.
pub(super) const EVENTS: &str = "SELECT school_id, book_id, chapter_id, role, kind, device, duration_ms, person_no, at
                      FROM core.event WHERE site_id = $1 AND day = $2 AND NOT robot";

/// Of these, the events that some loads brought.
pub(super) const OF_LOADS: &str = " AND load_id = ANY($3)";

/// Reads the day's events once and counts each into every rollup: all of them, or those of some loads.
pub async fn compute(
    tx: &Transaction<'_>,
    model: &Model,
    site: i16,
    day: NaiveDate,
    loads: Option<&[i64]>,
) -> Result<Computed, WarehouseError> {
    let mut counting = Counting::new(model);
    let (mut last_event_at, mut events) = (None, 0);
    let mut sql = EVENTS.to_string();
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![&site, &day];
    if let Some(loads) = &loads {
        sql += OF_LOADS;
        params.push(loads);
    }
    let mut rows = std::pin::pin!(tx.query_raw(&sql, params).await?);
    while let Some(row) = rows.try_next().await? {
        let (duration_ms, person): (i32, i32) = (row.get(6), row.get(7));
        last_event_at = last_event_at.max(Some(row.get(8)));
        events += 1;
        counting.add(|key| row.get(position(key)), duration_ms, person as u32);
    }
    Ok(Computed { rollups: counting.finish(), events, last_event_at })
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
