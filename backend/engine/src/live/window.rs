//! The events of the last half hour in memory, kept up from `mart.live`.

use std::collections::{BTreeSet, VecDeque};

use chrono::{DateTime, Utc};
use model::LIVE_WINDOW;
use warehouse::{Warehouse, WarehouseError};

/// What loads brought that were not over at the last look.
pub(crate) const READ: &str = "SELECT load_id, site_id, at, person_no, school_id, book_id FROM mart.live WHERE transaction >= $1::text::xid8 AND committed_at > $2";
/// The first transaction that is not over now.
pub(crate) const OLDEST: &str = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text";

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Happened {
    pub at: DateTime<Utc>,
    pub site: i16,
    pub person: u32,
    pub school: i32,
    pub book: i32,
}

/// What happened, in the order in which it became known.
#[derive(Debug)]
pub(crate) struct Window {
    pub(super) happened: VecDeque<Happened>,
    /// Loads that were read and may be read again.
    seen: BTreeSet<i64>,
    /// The first transaction that was not over at the last look.
    open: String,
}

impl Default for Window {
    fn default() -> Self {
        Self { happened: VecDeque::new(), seen: BTreeSet::new(), open: "0".into() }
    }
}

impl Window {
    /// Reads what has come since the last time. True if anything has.
    pub(crate) async fn renew(&mut self, warehouse: &Warehouse, now: DateTime<Utc>) -> Result<bool, WarehouseError> {
        let client = warehouse.reader().await?;
        let since = now - LIVE_WINDOW;
        // Before the rows: what ends between the two is looked for again.
        let open: String = client.query_one(OLDEST, &[]).await?.get(0);
        let rows = client.query(READ, &[&self.open, &since]).await?;
        let mut again = BTreeSet::new();
        let mut changed = false;
        for row in rows {
            let load: i64 = row.get(0);
            again.insert(load);
            if self.seen.contains(&load) {
                continue;
            }
            changed = true;
            let (at, persons): (Vec<DateTime<Utc>>, Vec<i32>) = (row.get(2), row.get(3));
            let (schools, books): (Vec<i32>, Vec<i32>) = (row.get(4), row.get(5));
            let site = row.get(1);
            for (((at, person), school), book) in at.into_iter().zip(persons).zip(schools).zip(books) {
                self.happened.push_back(Happened { at, site, person: person as u32, school, book });
            }
        }
        // What ended before `open` is never read again; only later loads can be.
        self.seen = again;
        self.open = open;
        self.happened.retain(|event| event.at > since);
        Ok(changed)
    }
}
