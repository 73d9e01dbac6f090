//! What must be true of every split, whatever the usage.

use proptest::prelude::*;
use revenue::{Allocation, Share, draft_statements, split};

fn share(key: (i32, i32), views: u64, weight_milli: u32) -> Share {
    Share { key, publisher: format!("p{}", key.0), book: format!("b{}", key.1), views, weight_milli }
}

/// Usage with many ties and zeros, for there the rules are at their edge, and at least one unit.
fn usage() -> impl Strategy<Value = Vec<Share>> {
    let views = prop_oneof![3 => 0..8u64, 2 => 0..5_000u64, 1 => 0..1_000_000_000_000u64];
    let weight = prop_oneof![3 => Just(1000u32), 1 => Just(0u32), 2 => 1..4_000u32];
    proptest::collection::btree_map((1..6i32, 1..12i32), (views, weight), 1..40)
        .prop_map(|lines| lines.into_iter().map(|(key, (views, weight))| share(key, views, weight)).collect::<Vec<_>>())
        .prop_filter("some usage", |lines| lines.iter().any(|l| l.views > 0 && l.weight_milli > 0))
}

fn pool() -> impl Strategy<Value = i64> {
    prop_oneof![0..200i64, 0..100_000_000i64, Just(i64::MAX)]
}

fn total_units(split: &[Allocation]) -> i128 {
    split.iter().map(|a| i128::from(a.units_milli)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn lines_sum_to_the_pool(pool in pool(), lines in usage()) {
        let split = split(pool, &lines).unwrap();
        prop_assert_eq!(split.len(), lines.len());
        prop_assert_eq!(split.iter().map(|a| i128::from(a.amount_minor)).sum::<i128>(), i128::from(pool));
    }

    #[test]
    fn each_line_is_within_one_minor_unit_of_its_exact_share(pool in 0..100_000_000i64, lines in usage()) {
        let split = split(pool, &lines).unwrap();
        let total = total_units(&split);
        for a in &split {
            // |amount − pool × units ÷ total| < 1, multiplied by the total so that it stays in integers.
            let off = i128::from(a.amount_minor) * total - i128::from(pool) * i128::from(a.units_milli);
            prop_assert!(off.abs() < total, "{:?}", a);
        }
    }

    #[test]
    fn more_units_never_earn_less_than_fewer(pool in pool(), lines in usage()) {
        let split = split(pool, &lines).unwrap();
        for a in &split {
            for b in &split {
                if a.units_milli > b.units_milli {
                    prop_assert!(a.amount_minor >= b.amount_minor, "{:?} {:?}", a, b);
                } else if a.units_milli == b.units_milli {
                    prop_assert!((a.amount_minor - b.amount_minor).abs() <= 1, "{:?} {:?}", a, b);
                }
            }
        }
    }

    #[test]
    fn a_line_that_alone_grows_never_loses(
        pool in pool(), lines in usage(), which in any::<prop::sample::Index>(), more in prop_oneof![1..10u64, 1..10_000u64],
    ) {
        let i = which.index(lines.len());
        let mut grown = lines.clone();
        grown[i].views += more;
        let (before, after) = (split(pool, &lines).unwrap(), split(pool, &grown).unwrap());
        prop_assert!(after[i].amount_minor >= before[i].amount_minor, "{:?} {:?}", before[i], after[i]);
    }

    #[test]
    fn a_line_without_units_gets_nothing(pool in pool(), lines in usage()) {
        for a in split(pool, &lines).unwrap() {
            prop_assert!(a.units_milli > 0 || a.amount_minor == 0);
        }
    }

    #[test]
    fn the_order_of_the_usage_and_a_second_run_change_nothing(
        pool in pool(), (lines, shuffled) in usage().prop_flat_map(|l| (Just(l.clone()), Just(l).prop_shuffle())),
    ) {
        let first = split(pool, &lines).unwrap();
        prop_assert_eq!(&first, &split(pool, &shuffled).unwrap());
        prop_assert_eq!(&first, &split(pool, &lines).unwrap());
    }

    #[test]
    fn statements_sum_to_the_pool_and_lose_no_line(pool in pool(), lines in usage()) {
        let split = split(pool, &lines).unwrap();
        let total = total_units(&split);
        let drafts = draft_statements(split);
        prop_assert_eq!(drafts.iter().map(|d| i128::from(d.amount_minor)).sum::<i128>(), i128::from(pool));
        prop_assert_eq!(drafts.iter().map(|d| d.lines.len()).sum::<usize>(), lines.len());
        for d in &drafts {
            prop_assert_eq!(d.lines.iter().map(|l| l.amount_minor).sum::<i64>(), d.amount_minor);
            prop_assert_eq!(i128::from(d.units_total_milli), total);
        }
    }
}
