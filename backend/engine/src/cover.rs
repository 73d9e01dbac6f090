//! Covering a range of days with stored periods: coarse ones where whole ones are over, days at the edges.

use chrono::{Days, NaiveDate};
use model::Grain;

/// Stored periods of one grain whose first days lie in `from..=to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub grain: Grain,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// The stretches that hold each day of `from..=to` exactly once. Periods of `coarse` are used where they lie within the
/// range and end on or before `closed`.
pub fn cover(from: NaiveDate, to: NaiveDate, coarse: Grain, closed: Option<NaiveDate>) -> Vec<Stretch> {
    let days = |from, to| Stretch { grain: Grain::Day, from, to };
    let Some(closed) = closed.filter(|_| coarse != Grain::Day) else {
        return vec![days(from, to)];
    };
    let first = if coarse.start(from) == from { from } else { coarse.next(from) };
    let end = to.min(closed);
    let after = if coarse.end(end) == end { coarse.next(end) } else { coarse.start(end) };
    if first >= after {
        return vec![days(from, to)];
    }
    let mut out = Vec::new();
    if from < first {
        out.push(days(from, first - Days::new(1)));
    }
    out.push(Stretch { grain: coarse, from: first, to: after - Days::new(1) });
    if after <= to {
        out.push(days(after, to));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    #[test]
    fn months_in_the_middle_and_days_at_the_edges() {
        let got = cover(d("2026-01-15"), d("2026-04-10"), Grain::Month, Some(d("2026-04-09")));
        let expected = [
            (Grain::Day, "2026-01-15", "2026-01-31"),
            (Grain::Month, "2026-02-01", "2026-03-31"),
            (Grain::Day, "2026-04-01", "2026-04-10"),
        ];
        assert_eq!(got, expected.map(|(grain, from, to)| Stretch { grain, from: d(from), to: d(to) }));
    }

    #[test]
    fn a_month_that_is_not_over_is_read_by_days() {
        let got = cover(d("2026-04-01"), d("2026-04-30"), Grain::Month, Some(d("2026-04-29")));
        assert_eq!(got, [Stretch { grain: Grain::Day, from: d("2026-04-01"), to: d("2026-04-30") }]);
    }

    proptest! {
        #[test]
        fn every_day_is_held_exactly_once(start in 0u64..800, length in 0u64..500, closed in 0u64..1500, week in any::<bool>()) {
            let from = d("2023-12-20") + Days::new(start);
            let to = from + Days::new(length);
            let coarse = if week { Grain::Week } else { Grain::Month };
            let closed = d("2023-12-20") + Days::new(closed);
            let mut next = from;
            for s in cover(from, to, coarse, Some(closed)) {
                prop_assert_eq!(s.from, next);
                if s.grain != Grain::Day {
                    prop_assert_eq!(s.grain.start(s.from), s.from);
                    prop_assert_eq!(s.grain.end(s.to), s.to);
                    prop_assert!(s.to <= closed);
                }
                next = s.to + Days::new(1);
            }
            prop_assert_eq!(next, to + Days::new(1));
        }
    }
}
