//! The grains rollups are stored in: day, ISO week (ISO 8601, Monday first), calendar month.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A period of every calendar alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    Day,
    Week,
    Month,
}

impl Grain {
    pub const ALL: [Grain; 3] = [Grain::Day, Grain::Week, Grain::Month];

    pub fn as_str(self) -> &'static str {
        match self {
            Grain::Day => "day",
            Grain::Week => "week",
            Grain::Month => "month",
        }
    }

    /// First day of the period that holds `day`.
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        match self {
            Grain::Day => day,
            Grain::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
            Grain::Month => day.with_day(1).expect("every month has a first day"),
        }
    }

    /// First day of the next period.
    pub fn next(self, day: NaiveDate) -> NaiveDate {
        let start = self.start(day);
        match self {
            Grain::Day => start + Days::new(1),
            Grain::Week => start + Days::new(7),
            Grain::Month => start + Months::new(1),
        }
    }

    /// Last day of the period that holds `day`.
    pub fn end(self, day: NaiveDate) -> NaiveDate {
        self.next(day) - Days::new(1)
    }

    /// How the period is written: `2026-01-05`, `2026-W02`, `2026-01`.
    pub fn label(self, day: NaiveDate) -> String {
        match self {
            Grain::Day => day.format("%Y-%m-%d").to_string(),
            Grain::Week => {
                let week = day.iso_week();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Grain::Month => day.format("%Y-%m").to_string(),
        }
    }

    /// The first days of all periods that touch `from..=to`, ascending.
    pub fn periods(self, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let mut out = Vec::new();
        let mut at = self.start(from);
        while at <= to {
            out.push(at);
            at = self.next(at);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    #[test]
    fn weeks_are_iso_weeks() {
        assert_eq!(Grain::Week.label(d("2018-11-04")), "2018-W44");
        assert_eq!(Grain::Week.label(d("2021-01-03")), "2020-W53");
        assert_eq!(Grain::Week.start(d("2021-01-03")), d("2020-12-28"));
    }

    #[test]
    fn months_know_leap_days() {
        assert_eq!(Grain::Month.end(d("2024-02-01")), d("2024-02-29"));
        assert_eq!(Grain::Month.end(d("2026-02-10")), d("2026-02-28"));
    }

    #[test]
    fn periods_touch_the_whole_range() {
        assert_eq!(Grain::Month.periods(d("2026-01-31"), d("2026-03-01")).len(), 3);
        assert_eq!(Grain::Day.periods(d("2026-01-01"), d("2026-01-01")), vec![d("2026-01-01")]);
        assert!(Grain::Day.periods(d("2026-01-02"), d("2026-01-01")).is_empty());
    }
}
