//! Covering a range of days with stored periods: coarse ones where whole ones are over, days at the edges.

use std::collections::BTreeSet;
use std::ops::Bound;

use chrono::{Days, NaiveDate};
use model::Grain;

/// Stored periods of one grain whose first days lie in `from..=to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub grain: Grain,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// The stretches that hold each day of `from..=to` exactly once. Periods of `grains`, from coarse to fine, are used where
/// they lie within the range, end on or before `closed` and span none of the `borders` (days on which something begins);
/// days hold the rest.
pub fn cover(
    (from, to): (NaiveDate, NaiveDate),
    grains: &[Grain],
    closed: Option<NaiveDate>,
    borders: &BTreeSet<NaiveDate>,
) -> Vec<Stretch> {
    let mut out = Vec::new();
    let mut first = from;
    for border in borders.range((Bound::Excluded(from), Bound::Included(to))) {
        whole(first, *border - Days::new(1), grains, closed, &mut out);
        first = *border;
    }
    whole(first, to, grains, closed, &mut out);
    out
}

/// Covers days between which there is no border.
fn whole(from: NaiveDate, to: NaiveDate, grains: &[Grain], closed: Option<NaiveDate>, out: &mut Vec<Stretch>) {
    if from > to {
        return;
    }
    let days = Stretch { grain: Grain::Day, from, to };
    let (Some((coarse, finer)), Some(closed)) = (grains.split_first(), closed) else { return out.push(days) };
    if *coarse == Grain::Day {
        return out.push(days);
    }
    let first = if coarse.start(from) == from { from } else { coarse.next(from) };
    let end = to.min(closed);
    let after = if coarse.end(end) == end { coarse.next(end) } else { coarse.start(end) };
    if first >= after {
        return whole(from, to, finer, Some(closed), out);
    }
    whole(from, first - Days::new(1), finer, Some(closed), out);
    out.push(Stretch { grain: *coarse, from: first, to: after - Days::new(1) });
    whole(after, to, finer, Some(closed), out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    fn stretches(expected: &[(Grain, &str, &str)]) -> Vec<Stretch> {
        expected.iter().map(|(grain, from, to)| Stretch { grain: *grain, from: d(from), to: d(to) }).collect()
    }

    #[test]
    fn months_in_the_middle_and_weeks_and_days_at_the_edges() {
        let range = (d("2026-01-15"), d("2026-04-10"));
        let months = cover(range, &[Grain::Month], Some(d("2026-04-09")), &BTreeSet::new());
        let edges = [
            (Grain::Day, "2026-01-15", "2026-01-31"),
            (Grain::Month, "2026-02-01", "2026-03-31"),
            (Grain::Day, "2026-04-01", "2026-04-10"),
        ];
        assert_eq!(months, stretches(&edges));
        let weeks = cover(range, &[Grain::Month, Grain::Week], Some(d("2026-04-09")), &BTreeSet::new());
        let edges = [
            (Grain::Day, "2026-01-15", "2026-01-18"),
            (Grain::Week, "2026-01-19", "2026-01-25"),
            (Grain::Day, "2026-01-26", "2026-01-31"),
            (Grain::Month, "2026-02-01", "2026-03-31"),
            (Grain::Day, "2026-04-01", "2026-04-10"),
        ];
        assert_eq!(weeks, stretches(&edges));
    }

    #[test]
    fn a_month_that_is_not_over_is_read_by_days() {
        let got = cover((d("2026-04-01"), d("2026-04-30")), &[Grain::Month], Some(d("2026-04-29")), &BTreeSet::new());
        assert_eq!(got, stretches(&[(Grain::Day, "2026-04-01", "2026-04-30")]));
    }

    #[test]
    fn a_month_that_spans_a_border_is_read_by_days() {
        let got = cover(
            (d("2026-01-01"), d("2026-03-31")),
            &[Grain::Month],
            Some(d("2026-12-31")),
            &[d("2026-02-10")].into(),
        );
        let expected = [
            (Grain::Month, "2026-01-01", "2026-01-31"),
            (Grain::Day, "2026-02-01", "2026-02-09"),
            (Grain::Day, "2026-02-10", "2026-02-28"),
            (Grain::Month, "2026-03-01", "2026-03-31"),
        ];
        assert_eq!(got, stretches(&expected));
    }

    proptest! {
        #[test]
        fn every_day_is_held_exactly_once(
            start in 0u64..800, length in 0u64..500, closed in 0u64..1500, grains in 0usize..5,
            borders in proptest::collection::btree_set(0u64..1300, 0..4),
        ) {
            let day = |n| d("2023-12-20") + Days::new(n);
            let (from, to, closed) = (day(start), day(start + length), day(closed));
            let borders: BTreeSet<NaiveDate> = borders.into_iter().map(day).collect();
            let all = [Grain::Month, Grain::Week, Grain::Day];
            let grains = [&all[..], &all[..2], &all[1..2], &all[..1], &all[2..]][grains];
            let mut next = from;
            for s in cover((from, to), grains, Some(closed), &borders) {
                prop_assert_eq!(s.from, next);
                prop_assert!(!borders.iter().any(|b| s.from < *b && *b <= s.to));
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
