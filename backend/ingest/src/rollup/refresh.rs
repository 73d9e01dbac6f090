//! The refresher: takes the marks of what the rollups do not hold yet, adds it to them, merges the weeks and months that
//! are over, and deletes exactly the marks it took, in short transactions: whoever is killed has little to do again.
//!
//! A mark and the events it stands for are committed together and are seen together, so each event is added once: however
//! large the day, a pass costs what has come since the last one. A mark without a load says that something else happened
//! to the day, and it is computed anew; on Redshift no mark has one.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, NaiveDate, Utc};
use model::{Grain, Model};
use reference::Site;
use tokio_postgres::{IsolationLevel, Transaction};
use warehouse::{Binds, Dialect, SessionLock, Warehouse, WarehouseError};

use super::cells::{Cells, merge};
use super::compute::compute;
use super::install::LOCK;
use super::store::{add, extend, extent, replace, united};
use super::summary;
use super::writing::Writing;
use crate::load::live;

/// Advisory locks of this class are held by refreshers, one per site.
pub(crate) const LOCK_CLASS: i32 = 0x0C7A;

/// The name under which the extent of the events themselves is noted.
const EVENTS: &str = "events";

pub(super) const MARKS: &str = r#"SELECT dirty_id, day, load_id FROM "raw".dirty WHERE site_id = $1"#;
pub(super) const CLOSED: &str = "SELECT closed_through FROM core.site WHERE site_id = $1";
pub(super) const STATE: &str = "UPDATE core.site
    SET refreshed_at = CASE WHEN $2 THEN $3 ELSE refreshed_at END, closed_through = $4,
        last_event_at = greatest(last_event_at, $5), data_version = data_version + $6
    WHERE site_id = $1";
pub(super) const FIRST_MARK: &str = r#"SELECT min(dirty_id) FROM "raw".dirty WHERE site_id = $1"#;
/// The rollups whose marks are all before this one.
pub(super) const READY: &str = "DELETE FROM mart.unready WHERE site_id = $1 AND last_mark < $2";

/// Redshift takes 32,767 binds.
const MARKS_AT_ONCE: usize = 10_000;

/// A pass that has worked this long takes no further day.
fn long_enough(dialect: Dialect) -> Duration {
    match dialect {
        Dialect::Postgres => Duration::from_secs(2),
        // There each transaction writes files and takes seconds to begin with.
        Dialect::Redshift => Duration::from_secs(60),
    }
}

/// Deletes marks by their ids.
pub(super) fn unmark(dialect: Dialect, ids: Vec<i64>) -> (String, Binds) {
    let mut binds = Binds::default();
    let sql = format!(r#"DELETE FROM "raw".dirty WHERE {}"#, binds.one_of(dialect, "dirty_id", ids));
    (sql, binds)
}

/// What a pass over one site did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Refreshed {
    pub days: usize,
    /// Marks left for the next pass.
    pub pending: i64,
}

/// What the marks of one day say.
#[derive(Debug, Default)]
struct Marks {
    ids: Vec<i64>,
    /// The loads whose events are to be added.
    loads: Vec<i64>,
    /// The day is to be computed anew, whatever was added to it.
    anew: bool,
}

/// Brings marked days up to date for a few seconds, the latest and the oldest in turns: what is fresh waits for no backlog, and no
/// backlog for what is fresh. Call again until nothing is pending. Another refresher at work on the site means there is nothing
/// to do here.
pub async fn refresh(
    warehouse: &Warehouse,
    model: &Model,
    site: &Site,
    now: DateTime<Utc>,
) -> Result<Refreshed, WarehouseError> {
    pass(warehouse, model, site, now, long_enough(warehouse.dialect())).await
}

/// The same, but that it begins no further day after `limit`; the latest and the oldest are always taken.
pub async fn pass(
    warehouse: &Warehouse,
    model: &Model,
    site: &Site,
    now: DateTime<Utc>,
    limit: Duration,
) -> Result<Refreshed, WarehouseError> {
    // The lock comes before the transaction: a snapshot taken first would not see what the other refresher committed.
    let refreshed = match warehouse.dialect() {
        Dialect::Postgres => {
            let Some(mut lock) = SessionLock::try_take(warehouse, LOCK_CLASS, i32::from(site.id)).await? else {
                return Ok(Refreshed::default());
            };
            let client = lock.client();
            let tx = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).start().await?;
            let refreshed = refresh_in(&tx, warehouse, model, site, now, limit).await?;
            tx.commit().await?;
            lock.release().await?;
            refreshed
        }
        Dialect::Redshift => {
            let mut client = warehouse.client().await?;
            let tx = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).start().await?;
            // There are no advisory locks there: one refresher works at a time, and none while rollups are made anew. Nobody else reads
            // this table. The snapshot is taken by the first statement that reads, so that it is younger than the lock.
            tx.batch_execute(LOCK).await?;
            let refreshed = refresh_in(&tx, warehouse, model, site, now, limit).await?;
            tx.commit().await?;
            // The views of the summaries refresh themselves there.
            return Ok(refreshed);
        }
    };
    if refreshed.pending == 0 {
        summary::refresh(warehouse, model).await?;
    }
    Ok(refreshed)
}

async fn refresh_in(
    tx: &Transaction<'_>,
    warehouse: &Warehouse,
    model: &Model,
    site: &Site,
    now: DateTime<Utc>,
    limit: Duration,
) -> Result<Refreshed, WarehouseError> {
    let dialect = warehouse.dialect();
    let mut writing = Writing::new(warehouse.carriage()?, site);
    let mut waiting = marked_days(tx, site).await?;
    let closed = closed_through(tx, site).await?;
    let yesterday = site.day(now) - Days::new(1);
    let mut days = BTreeMap::new();
    let mut added: BTreeMap<(Grain, NaiveDate), Vec<Cells>> = BTreeMap::new();
    let mut last_event_at = None;
    let began = Instant::now();
    while days.len() < 2 || began.elapsed() < limit {
        let next = if days.len() % 2 == 0 { waiting.pop_last() } else { waiting.pop_first() };
        let Some((day, marks)) = next else { break };
        let loads = (!marks.anew).then_some(marks.loads.as_slice());
        let computed = compute(tx, model, site.id, day, loads).await?;
        last_event_at = last_event_at.max(computed.last_event_at);
        for (i, (rollup, cells)) in model.rollups.iter().zip(computed.rollups).enumerate() {
            for period in over(day, yesterday) {
                let of_period = added.entry(period).or_insert_with(|| vec![Cells::new(); model.rollups.len()]);
                merge(&mut of_period[i], &cells);
            }
            if marks.anew {
                replace(tx, &mut writing, model, rollup, site.id, (Grain::Day, day), &cells).await?;
            } else {
                add(tx, model, rollup, Grain::Day, site.id, day, cells).await?;
            }
        }
        let events = (computed.events, 0);
        if marks.anew {
            extent(tx, EVENTS, Grain::Day, site.id, day, events).await?;
        } else {
            extend(tx, EVENTS, Grain::Day, site.id, day, events).await?;
        }
        days.insert(day, marks);
    }
    writing.flush(tx).await?;
    let from_days = from_days(&days, closed, yesterday);
    added.retain(|period, _| !from_days.contains(period));
    let months = from_days.iter().chain(added.keys()).filter(|(grain, _)| *grain == Grain::Month);
    for (_, month) in months.filter(|_| dialect == Dialect::Postgres) {
        summary::mark(tx, site.id, *month).await?;
    }
    for ((grain, period), cells) in added {
        for (rollup, cells) in model.rollups.iter().zip(cells) {
            add(tx, model, rollup, grain, site.id, period, cells).await?;
        }
    }
    for (grain, period) in from_days {
        for rollup in &model.rollups {
            let range = (period, grain.end(period));
            let cells = united(tx, model, rollup, Grain::Day, site.id, range).await?;
            replace(tx, &mut writing, model, rollup, site.id, (grain, period), &cells).await?;
        }
    }
    writing.flush(tx).await?;
    let pending: usize = waiting.values().map(|marks| marks.ids.len()).sum();
    let ids: Vec<i64> = days.values().flat_map(|marks| marks.ids.iter().copied()).collect();
    for some in ids.chunks(MARKS_AT_ONCE) {
        let (sql, binds) = unmark(dialect, some.to_vec());
        tx.execute(&sql, &binds.as_params()).await?;
    }
    let first: Option<i64> = tx.query_one(FIRST_MARK, &[&site.id]).await?.get(0);
    tx.execute(READY, &[&site.id, &first.unwrap_or(i64::MAX)]).await?;
    let changed = !days.is_empty() || closed < Some(yesterday);
    tx.execute(
        STATE,
        &[
            &site.id,
            &(pending == 0),
            &now,
            &yesterday.max(closed.unwrap_or(yesterday)),
            &last_event_at,
            &i64::from(changed),
        ],
    )
    .await?;
    Ok(Refreshed { days: days.len(), pending: pending as i64 })
}

/// Every day that has marks.
async fn marked_days(tx: &Transaction<'_>, site: &Site) -> Result<BTreeMap<NaiveDate, Marks>, tokio_postgres::Error> {
    let mut days: BTreeMap<NaiveDate, Marks> = BTreeMap::new();
    for row in tx.query(MARKS, &[&site.id]).await? {
        let marks = days.entry(row.get(1)).or_default();
        marks.ids.push(row.get(0));
        match row.get(2) {
            Some(load) => marks.loads.push(load),
            None => marks.anew = true,
        }
    }
    Ok(days)
}

async fn closed_through(tx: &Transaction<'_>, site: &Site) -> Result<Option<NaiveDate>, WarehouseError> {
    Ok(tx.query_one(CLOSED, &[&site.id]).await?.get(0))
}

/// The week and the month of a day, as far as they are over.
fn over(day: NaiveDate, yesterday: NaiveDate) -> impl Iterator<Item = (Grain, NaiveDate)> {
    let periods = [Grain::Week, Grain::Month].map(|grain| (grain, grain.start(day)));
    periods.into_iter().filter(move |(grain, period)| grain.end(*period) <= yesterday)
}

/// The weeks and months to be merged from their days: those that have ended since `closed`, and those with a day that was
/// computed anew. To the others that are over, what has come is added.
fn from_days(
    days: &BTreeMap<NaiveDate, Marks>,
    closed: Option<NaiveDate>,
    yesterday: NaiveDate,
) -> BTreeSet<(Grain, NaiveDate)> {
    let touched = days.iter().flat_map(|(day, marks)| over(*day, yesterday).map(|period| (period, marks.anew)));
    let stored = |(grain, period): (Grain, NaiveDate)| Some(grain.end(period)) <= closed;
    let mut out: BTreeSet<_> =
        touched.filter(|(period, anew)| *anew || !stored(*period)).map(|(period, _)| period).collect();
    let ended = closed.map(|closed| closed + Days::new(1)).into_iter().flat_map(|first| {
        [Grain::Week, Grain::Month]
            .into_iter()
            .flat_map(move |grain| grain.periods(first, yesterday).into_iter().map(move |period| (grain, period)))
    });
    out.extend(ended.filter(|(grain, period)| grain.end(*period) <= yesterday));
    out
}

/// Refreshes every site until no marks are left. Returns the days recomputed.
pub async fn refresh_all(
    warehouse: &Warehouse,
    model: &Model,
    now: DateTime<Utc>,
) -> Result<usize, reference::ReferenceError> {
    let directory = reference::read::directory(warehouse).await?;
    let mut days = 0;
    let mut sites: Vec<&Site> = directory.sites.values().collect();
    // In turns, so that no site waits for all of another's backlog.
    while !sites.is_empty() {
        let mut behind = Vec::new();
        for site in sites {
            let done = refresh(warehouse, model, site, now).await?;
            days += done.days;
            if done.pending > 0 {
                behind.push(site);
            }
        }
        sites = behind;
    }
    live::forget(warehouse, now).await?;
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    fn marked(days: &[(&str, bool)]) -> BTreeMap<NaiveDate, Marks> {
        days.iter().map(|(day, anew)| (d(day), Marks { anew: *anew, ..Marks::default() })).collect()
    }

    #[test]
    fn only_periods_that_are_over_are_merged() {
        let days = marked(&[("2026-11-09", true), ("2026-11-20", true)]);
        let merged = from_days(&days, Some(d("2026-11-19")), d("2026-11-20"));
        assert_eq!(merged, BTreeSet::from([(Grain::Week, d("2026-11-09"))]));
    }

    #[test]
    fn what_came_late_is_added_to_periods_that_have_their_rows() {
        let days = marked(&[("2026-10-07", false), ("2026-10-30", false)]);
        let merged = from_days(&days, Some(d("2026-10-30")), d("2026-11-01"));
        assert_eq!(merged, BTreeSet::from([(Grain::Week, d("2026-10-26")), (Grain::Month, d("2026-10-01"))]));
        assert_eq!(from_days(&days, Some(d("2026-11-01")), d("2026-11-01")), BTreeSet::new());
    }

    #[test]
    fn the_first_pass_merges_all_that_is_over() {
        let merged = from_days(&marked(&[("2026-10-07", false)]), None, d("2026-10-20"));
        assert_eq!(merged, BTreeSet::from([(Grain::Week, d("2026-10-05"))]));
    }

    #[test]
    fn a_period_is_merged_once_it_has_ended_even_without_new_events() {
        let merged = from_days(&BTreeMap::new(), Some(d("2026-10-30")), d("2026-11-02"));
        assert_eq!(merged, BTreeSet::from([(Grain::Week, d("2026-10-26")), (Grain::Month, d("2026-10-01"))]));
    }
}
