//! How much is stored: what the planner estimates from.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use model::Grain;
use tokio_postgres::GenericClient;

use crate::cover::Stretch;

/// Stored rows, and the bytes of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Extent {
    pub rows: f64,
    pub bytes: f64,
}

/// The extents of one site: (rollup, grain) → first day of the month → what its periods hold.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Extents(HashMap<(String, String), BTreeMap<NaiveDate, Extent>>);

/// The name under which the events themselves are noted.
pub const EVENTS: &str = "events";

pub(crate) const READ: &str =
    "SELECT rollup, grain, CAST(date_trunc('month', period) AS date), sum(row_count)::bigint, sum(byte_count)::bigint
    FROM mart.extent WHERE site_id = $1 GROUP BY 1, 2, 3";

impl Extents {
    pub async fn read(client: &impl GenericClient, site: i16) -> Result<Extents, tokio_postgres::Error> {
        let mut out = Extents::default();
        for row in client.query(READ, &[&site]).await? {
            let extent = Extent { rows: row.get::<_, i64>(3) as f64, bytes: row.get::<_, i64>(4) as f64 };
            let (rollup, grain): (String, String) = (row.get(0), row.get(1));
            out.0.entry((rollup, grain)).or_default().insert(row.get(2), extent);
        }
        Ok(out)
    }

    #[cfg(test)]
    pub fn note(&mut self, rollup: &str, grain: Grain, month: NaiveDate, extent: Extent) {
        self.0.entry((rollup.into(), grain.as_str().into())).or_default().insert(month, extent);
    }

    /// What a stretch of a rollup (or of [`EVENTS`]) holds, each month's in proportion to the days it shares.
    pub fn of(&self, rollup: &str, stretch: &Stretch) -> Extent {
        let mut out = Extent::default();
        let Some(months) = self.0.get(&(rollup.to_string(), stretch.grain.as_str().to_string())) else { return out };
        for (month, extent) in months.range(Grain::Month.start(stretch.from)..=stretch.to) {
            let (first, last) = (stretch.from.max(*month), stretch.to.min(Grain::Month.end(*month)));
            let days = (Grain::Month.end(*month) - *month).num_days() + 1;
            let share = ((last - first).num_days() + 1) as f64 / days as f64;
            out.rows += extent.rows * share;
            out.bytes += extent.bytes * share;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_month_holds_half_of_it() {
        let d = |s: &str| s.parse::<NaiveDate>().unwrap();
        let april = Extent { rows: 300.0, bytes: 3000.0 };
        let months = BTreeMap::from([(d("2026-04-01"), april), (d("2026-05-01"), Extent { rows: 31.0, bytes: 31.0 })]);
        let extents = Extents([(("book".into(), "day".into()), months)].into());
        let stretch = Stretch { grain: Grain::Day, from: d("2026-04-16"), to: d("2026-05-02") };
        assert_eq!(extents.of("book", &stretch), Extent { rows: 152.0, bytes: 1502.0 });
        assert_eq!(extents.of("school", &stretch), Extent::default());
    }
}
