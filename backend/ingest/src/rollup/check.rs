//! The check: recomputes every rollup from the events and compares it with what is stored. Any difference is a defect.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use model::{Grain, Model, Rollup};
use reference::Site;
use tokio_postgres::{IsolationLevel, Transaction};
use warehouse::{Warehouse, WarehouseError};

use super::cells::Cells;
use super::compute::compute;
use super::counted::miscounted;
use super::refresh::CLOSED;
use super::store::united;

/// A period whose stored rows are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub site: String,
    pub rollup: String,
    pub grain: Grain,
    pub period: NaiveDate,
    pub missing: usize,
    pub extra: usize,
    pub other: usize,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}_{} of {} {}: {} rows missing, {} too many, {} with other values",
            self.rollup,
            self.grain.as_str(),
            self.site,
            self.grain.label(self.period),
            self.missing,
            self.extra,
            self.other
        )
    }
}

/// What was looked at and what was found.
#[derive(Debug, Default)]
pub struct Report {
    pub periods: usize,
    /// Marks of days that wait for the refresher; their days are not compared.
    pub pending: usize,
    pub differences: Vec<Difference>,
}

pub(super) const DIRTY_DAYS: &str = r#"SELECT day FROM "raw".dirty WHERE site_id = $1"#;
pub(super) const EVENT_DAYS: &str = "SELECT DISTINCT day FROM core.event WHERE site_id = $1";

pub(super) fn rollup_days(rollup: &Rollup) -> String {
    format!("SELECT DISTINCT period FROM {} WHERE site_id = $1", rollup.table(Grain::Day))
}

/// Checks one site, at one moment. `progress` is told of each day.
pub async fn check(
    warehouse: &Warehouse,
    model: &Model,
    site: &Site,
    mut progress: impl FnMut(NaiveDate),
) -> Result<Report, WarehouseError> {
    let mut client = warehouse.client().await?;
    let tx = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).start().await?;
    let mut report = Report::default();
    let dirty = days(&tx, DIRTY_DAYS, site.id).await?;
    report.pending = dirty.len();

    let mut all = days(&tx, EVENT_DAYS, site.id).await?;
    for rollup in &model.rollups {
        all.extend(days(&tx, &rollup_days(rollup), site.id).await?);
    }
    for day in all.difference(&dirty) {
        progress(*day);
        let computed = compute(&tx, model, site.id, *day, None).await?;
        for (rollup, expected) in model.rollups.iter().zip(&computed.rollups) {
            compare(&tx, model, site, rollup, Grain::Day, *day, expected, &mut report).await?;
        }
    }
    let closed: Option<NaiveDate> = tx.query_one(CLOSED, &[&site.id]).await?.get(0);
    for grain in [Grain::Week, Grain::Month] {
        let periods: BTreeSet<_> =
            all.iter().map(|d| grain.start(*d)).filter(|p| Some(grain.end(*p)) <= closed).collect();
        for period in periods {
            for rollup in &model.rollups {
                let expected = united(&tx, model, rollup, Grain::Day, site.id, (period, grain.end(period))).await?;
                compare(&tx, model, site, rollup, grain, period, &expected, &mut report).await?;
            }
        }
    }
    Ok(report)
}

async fn days(tx: &Transaction<'_>, sql: &str, site: i16) -> Result<BTreeSet<NaiveDate>, WarehouseError> {
    Ok(tx.query(sql, &[&site]).await?.iter().map(|r| r.get(0)).collect())
}

#[expect(clippy::too_many_arguments, reason = "each names one part of what is compared with what")]
async fn compare(
    tx: &Transaction<'_>,
    model: &Model,
    site: &Site,
    rollup: &Rollup,
    grain: Grain,
    period: NaiveDate,
    expected: &Cells,
    report: &mut Report,
) -> Result<(), WarehouseError> {
    let stored = united(tx, model, rollup, grain, site.id, (period, period)).await?;
    report.periods += 1;
    let missing = expected.keys().filter(|k| !stored.contains_key(*k)).count();
    let extra = stored.keys().filter(|k| !expected.contains_key(*k)).count();
    let other = expected.iter().filter(|(k, cell)| stored.get(*k).is_some_and(|s| s != *cell)).count()
        + miscounted(tx, model, rollup, grain, site.id, period).await?;
    if missing + extra + other > 0 {
        let (site, rollup) = (site.code.clone(), rollup.name.clone());
        report.differences.push(Difference { site, rollup, grain, period, missing, extra, other });
    }
    Ok(())
}
