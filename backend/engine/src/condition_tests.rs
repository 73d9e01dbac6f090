use chrono::Days;
use proptest::prelude::*;

use super::*;
use crate::sample::{MOVED, snapshot};

fn is(attribute: Attribute, values: &[i32]) -> Condition {
    Condition::Is { attribute, values: values.iter().copied().collect() }
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

fn row(school: i32, book: i32) -> RowKeys {
    let mut keys = RowKeys::default();
    keys.set(Key::School, school);
    keys.set(Key::Book, book);
    keys
}

#[test]
fn a_row_is_held_to_what_its_things_were_on_its_day() {
    let snapshot = snapshot();
    let holds = |condition: &Condition, keys: &RowKeys, day| condition.holds(&snapshot, keys, day);
    let before = MOVED - Days::new(1);
    let (region_2, publisher_1) = (is(Attribute::Region, &[2]), is(Attribute::Publisher, &[1]));
    assert!(!holds(&region_2, &row(2, 0), before) && holds(&region_2, &row(2, 0), MOVED));
    assert!(!holds(&publisher_1, &row(0, 2), before) && holds(&publisher_1, &row(0, 2), MOVED));
    let both = Condition::All(vec![region_2.clone(), publisher_1.clone()]);
    let one = Condition::Any(vec![region_2.clone(), publisher_1.clone()]);
    for (keys, all, any) in [(row(1, 1), true, true), (row(1, 3), false, true), (row(3, 3), false, false)] {
        assert_eq!((holds(&both, &keys, before), holds(&one, &keys, before)), (all, any), "{keys:?}");
        assert_eq!((holds(&not(both.clone()), &keys, before), holds(&not(one.clone()), &keys, before)), (!all, !any));
    }
}

#[test]
fn of_several_values_of_a_row_one_is_enough() {
    let snapshot = snapshot();
    let holds = |grades: &[i32], book| is(Attribute::Grade, grades).holds(&snapshot, &row(0, book), MOVED);
    let grade = |code| Attribute::Grade.number(&snapshot, code).unwrap();
    assert!(holds(&[grade("1")], 1) && holds(&[grade("2")], 1) && holds(&[grade("2")], 2));
    assert!(!holds(&[grade("1")], 2) && !holds(&[grade("1"), grade("2")], 3) && !holds(&[], 1));
}

#[test]
fn all_its_attributes_are_known() {
    let nested = Condition::All(vec![
        is(Attribute::School, &[1]),
        not(Condition::Any(vec![is(Attribute::Book, &[1]), is(Attribute::Role, &[1])])),
    ]);
    assert_eq!(nested.attributes(), [Attribute::School, Attribute::Book, Attribute::Role]);
}

#[test]
fn only_a_plain_test_of_the_site_names_sites() {
    let site = is(Attribute::Site, &[1, 2]);
    assert_eq!(site.sites(), Some([1, 2].into()));
    assert_eq!(is(Attribute::Site, &[]).sites(), Some([].into()));
    for other in [is(Attribute::School, &[1]), Condition::Any(vec![site.clone()]), not(site)] {
        assert_eq!(other.sites(), None, "{other:?}");
    }
}

#[test]
fn a_filter_names_what_exists_and_has_such_a_code_or_name() {
    let snapshot = snapshot();
    let codes = |codes: &[&str]| Test::In(codes.iter().map(|code| code.to_string()).collect());
    let values = |attribute, test: &Test| super::values(attribute, test, &snapshot);
    assert_eq!(values(Attribute::School, &codes(&["s2", "none"])), [2].into());
    assert_eq!(values(Attribute::School, &codes(&["none"])), [].into());
    // By its code or by its name, whatever the case of these.
    assert_eq!(values(Attribute::School, &Test::Contains("s2".into())), [2].into());
    assert_eq!(values(Attribute::School, &Test::Contains("school 3".into())), [3].into());
    assert_eq!(values(Attribute::Book, &Test::Between(Some("b2".into()), None)), [2, 3].into());
    assert_eq!(values(Attribute::Book, &Test::Between(None, Some("b2".into()))), [1, 2].into());
    assert_eq!(values(Attribute::Book, &Test::Between(Some("b2".into()), Some("b2".into()))), [2].into());
}

#[test]
fn bounds_hold_what_must_hold_and_no_more() {
    let snapshot = snapshot();
    let school = |ids: &[i32]| is(Attribute::School, ids);
    let bounds = |condition: Condition| condition.bounds(&snapshot);
    assert_eq!(bounds(Condition::All(vec![school(&[1, 2]), school(&[2, 3])])), [(Key::School, [2].into())].into());
    assert_eq!(bounds(Condition::Any(vec![school(&[1]), school(&[3])])), [(Key::School, [1, 3].into())].into());
    assert_eq!(bounds(Condition::Any(vec![school(&[1]), is(Attribute::Role, &[1])])), Bounds::new());
    assert_eq!(bounds(not(school(&[1]))), Bounds::new());
    assert_eq!(bounds(is(Attribute::Site, &[1])), Bounds::new());
    // Whatever was in the region at any time may matter.
    assert_eq!(bounds(is(Attribute::Region, &[3])), [(Key::School, [2].into())].into());
    assert_eq!(bounds(is(Attribute::Publisher, &[1])), [(Key::Book, [1, 2].into())].into());
}

#[test]
fn numbers_are_in_the_order_of_numbers() {
    assert!(in_order("9", "10") && !in_order("10", "9"));
    assert!(in_order("a", "b") && in_order("9", "9"));
}

fn condition() -> impl Strategy<Value = Condition> {
    let attribute = prop::sample::select(vec![
        Attribute::Region,
        Attribute::School,
        Attribute::Publisher,
        Attribute::Book,
        Attribute::Subject,
        Attribute::Grade,
    ]);
    let values = prop::collection::btree_set(1..5, 0..3);
    let leaf = (attribute, values).prop_map(|(attribute, values)| Condition::Is { attribute, values });
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::Any),
            inner.prop_map(not),
        ]
    })
}

proptest! {
    #[test]
    fn no_row_that_matters_lies_out_of_bounds(condition in condition(), school in 0..4, book in 0..4, after in 0..2u64) {
        let snapshot = snapshot();
        let (keys, day) = (row(school, book), MOVED - Days::new(1) + Days::new(after));
        if condition.holds(&snapshot, &keys, day) {
            for (key, ids) in condition.bounds(&snapshot) {
                prop_assert!(ids.contains(&keys.get(key)), "{key:?} of {keys:?} is not within {ids:?}");
            }
        }
    }
}
