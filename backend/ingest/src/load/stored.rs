//! What a way into `core.event` tells the load transaction.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use tokio_postgres::Row;

/// What became of the events.
pub(super) struct Stored {
    pub loaded: u64,
    pub duplicate: u64,
    /// The days that have new events.
    pub dirty: BTreeSet<NaiveDate>,
}

impl Stored {
    /// Of so many events these are the new ones: rows of days and how many.
    pub fn of(wanted: u64, new: &[Row]) -> Self {
        let loaded = new.iter().map(|row| row.get::<_, i64>(1)).sum::<i64>() as u64;
        Self { loaded, duplicate: wanted - loaded, dirty: new.iter().map(|row| row.get(0)).collect() }
    }
}

/// From and to.
pub(super) type Range = (DateTime<Utc>, DateTime<Utc>);

/// The range, made so wide that it has these times.
pub(super) fn range(known: Option<Range>, times: impl Iterator<Item = DateTime<Utc>>) -> Option<Range> {
    times.fold(known, |range, at| Some(range.map_or((at, at), |(from, to)| (at.min(from), at.max(to)))))
}
