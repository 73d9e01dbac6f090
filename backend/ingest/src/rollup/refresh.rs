//! The refresher: takes the marks of changed days, recomputes those days, re-merges the weeks and months that are over,
//! and deletes exactly the marks it took, in one transaction per site and month.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use model::{Grain, Model};
use reference::Site;
use tokio_postgres::{IsolationLevel, Transaction};
use warehouse::{SessionLock, Warehouse, WarehouseError};

use super::compute::compute;
use super::store::{replace, united};

/// Advisory locks of this class are held by refreshers, one per site.
pub(crate) const LOCK_CLASS: i32 = 0x0C7A;

/// What a pass over one site did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Refreshed {
    pub days: usize,
    /// Marks left for the next pass.
    pub pending: i64,
}

/// Recomputes the days of the oldest month that has marks. Call again until nothing is pending. Another refresher at
/// work on the site means there is nothing to do here.
pub async fn refresh(
    warehouse: &Warehouse,
    model: &Model,
    site: &Site,
    now: DateTime<Utc>,
) -> Result<Refreshed, WarehouseError> {
    // The lock comes before the transaction: a snapshot taken first would not see what the other refresher committed.
    let Some(mut lock) = SessionLock::try_take(warehouse, LOCK_CLASS, i32::from(site.id)).await? else {
        return Ok(Refreshed::default());
    };
    let client = lock.client();
    let tx = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).start().await?;
    let refreshed = refresh_in(&tx, model, site, now).await?;
    tx.commit().await?;
    lock.release().await?;
    Ok(refreshed)
}

async fn refresh_in(
    tx: &Transaction<'_>,
    model: &Model,
    site: &Site,
    now: DateTime<Utc>,
) -> Result<Refreshed, WarehouseError> {
    let mut marks: BTreeMap<NaiveDate, (BTreeSet<NaiveDate>, Vec<i64>)> = BTreeMap::new();
    let mut pending = 0;
    for row in tx.query("SELECT dirty_id, day FROM raw.dirty WHERE site_id = $1", &[&site.id]).await? {
        let day: NaiveDate = row.get(1);
        let (days, ids) = marks.entry(Grain::Month.start(day)).or_default();
        days.insert(day);
        ids.push(row.get(0));
        pending += 1;
    }
    let (days, ids) = marks.into_values().next().unwrap_or_default();
    pending -= ids.len() as i64;

    let mut last_event_at = None;
    for day in &days {
        let computed = compute(tx, model, site.id, *day).await?;
        last_event_at = last_event_at.max(computed.last_event_at);
        for (rollup, cells) in model.rollups.iter().zip(&computed.rollups) {
            replace(tx, model, rollup, Grain::Day, site.id, *day, cells).await?;
        }
    }
    let closed = closed_through(tx, site).await?;
    let yesterday = site.day(now) - Days::new(1);
    for (grain, period) in to_merge(&days, closed, yesterday) {
        for rollup in &model.rollups {
            let range = (period, grain.end(period));
            let cells = united(tx, model, rollup, Grain::Day, site.id, range).await?;
            replace(tx, model, rollup, grain, site.id, period, &cells).await?;
        }
    }
    tx.execute("DELETE FROM raw.dirty WHERE dirty_id = ANY($1)", &[&ids]).await?;
    let changed = !days.is_empty() || closed < Some(yesterday);
    tx.execute(
        "UPDATE core.site SET refreshed_at = CASE WHEN $2 THEN $3 ELSE refreshed_at END, closed_through = $4,
             last_event_at = greatest(last_event_at, $5), data_version = data_version + $6
         WHERE site_id = $1",
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
    Ok(Refreshed { days: days.len(), pending })
}

async fn closed_through(tx: &Transaction<'_>, site: &Site) -> Result<Option<NaiveDate>, WarehouseError> {
    Ok(tx.query_one("SELECT closed_through FROM core.site WHERE site_id = $1", &[&site.id]).await?.get(0))
}

/// The weeks and months to merge anew: those that hold a changed day and are over, and those that have ended since
/// `closed`.
fn to_merge(
    days: &BTreeSet<NaiveDate>,
    closed: Option<NaiveDate>,
    yesterday: NaiveDate,
) -> BTreeSet<(Grain, NaiveDate)> {
    let mut out = BTreeSet::new();
    for grain in [Grain::Week, Grain::Month] {
        let touched = days.iter().map(|d| grain.start(*d));
        let ended = closed.map(|c| grain.periods(c + Days::new(1), yesterday)).unwrap_or_default();
        out.extend(touched.chain(ended).filter(|p| grain.end(*p) <= yesterday).map(|p| (grain, p)));
    }
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
    for site in directory.sites.values() {
        loop {
            let done = refresh(warehouse, model, site, now).await?;
            days += done.days;
            if done.pending == 0 {
                break;
            }
        }
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    #[test]
    fn only_periods_that_are_over_are_merged() {
        let days = BTreeSet::from([d("2026-11-09"), d("2026-11-20")]);
        let merged = to_merge(&days, Some(d("2026-11-19")), d("2026-11-20"));
        assert_eq!(merged, BTreeSet::from([(Grain::Week, d("2026-11-09"))]));
    }

    #[test]
    fn a_period_is_merged_once_it_has_ended_even_without_new_events() {
        let merged = to_merge(&BTreeSet::new(), Some(d("2026-10-30")), d("2026-11-02"));
        assert_eq!(merged, BTreeSet::from([(Grain::Week, d("2026-10-26")), (Grain::Month, d("2026-10-01"))]));
    }
}
