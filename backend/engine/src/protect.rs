//! Disclosure control, first form: which cells of the published table (site > region > school, by month) are hidden.
//!
//! The pattern is fixed by the data of a month alone, never by who asks or how: a cell behind which fewer than
//! [`THRESHOLD`] persons stand is hidden (primary); where that leaves a single hidden cell among siblings, or hidden cells
//! with fewer than [`THRESHOLD`] persons together, the next smallest sibling is hidden too (complementary), since the
//! parent minus the others would give it away.

use std::collections::{BTreeMap, BTreeSet};

/// Persons below which a count is not shown.
pub const THRESHOLD: i128 = 10;

/// What the pattern is made from: one school in one month.
#[derive(Debug, Clone, Copy)]
pub struct SchoolMonth {
    pub period: i32,
    pub site: i32,
    /// 0 for none.
    pub region: i32,
    pub school: i32,
    pub active: i128,
    pub pupils: i128,
    pub teachers: i128,
}

/// The hidden cells. `split` are those that show their number of active persons, but not how many are pupils and how many
/// teachers: one of the two is small, and the other would give it away.
#[derive(Debug, Default)]
pub struct Pattern {
    schools: BTreeSet<(i32, i32)>,
    regions: BTreeSet<(i32, i32)>,
    split_schools: BTreeSet<(i32, i32)>,
    split_regions: BTreeSet<(i32, i32)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    All,
    NotSplit,
    Nothing,
}

/// Siblings that are weighed against each other.
struct Sibling {
    id: i32,
    persons: i128,
    small: bool,
}

/// Hides the small ones, then as many of the next smallest as it takes.
fn hide(mut siblings: Vec<Sibling>) -> BTreeSet<i32> {
    siblings.retain(|s| s.persons > 0);
    siblings.sort_by_key(|s| (s.persons, s.id));
    let mut hidden: BTreeSet<i32> = siblings.iter().filter(|s| s.small).map(|s| s.id).collect();
    if hidden.is_empty() {
        return hidden;
    }
    let mut persons: i128 = siblings.iter().filter(|s| s.small).map(|s| s.persons).sum();
    for next in siblings.iter().filter(|s| !s.small) {
        if hidden.len() > 1 && persons >= THRESHOLD {
            break;
        }
        hidden.insert(next.id);
        persons += next.persons;
    }
    hidden
}

fn small(n: i128) -> bool {
    (1..THRESHOLD).contains(&n)
}

/// Different active persons, pupils, teachers.
pub type Persons = (i128, i128, i128);

/// (period, site, region) → its persons.
pub type RegionMonths = BTreeMap<(i32, i32, i32), Persons>;

impl Pattern {
    /// Fixes the pattern of all the periods given.
    pub fn fix(schools: &[SchoolMonth], regions: &RegionMonths) -> Pattern {
        let mut pattern = Pattern::default();
        let mut by_region: BTreeMap<(i32, i32, i32), Vec<&SchoolMonth>> = BTreeMap::new();
        for s in schools {
            by_region.entry((s.period, s.site, s.region)).or_default().push(s);
        }
        let mut by_site: BTreeMap<(i32, i32), Vec<(i32, Persons)>> = BTreeMap::new();
        for ((period, site, region), persons) in regions {
            by_site.entry((*period, *site)).or_default().push((*region, *persons));
        }
        for ((period, _), regions) in &by_site {
            let siblings = |split: bool| {
                let is_small = |n: &Persons| small(n.0) || (split && (small(n.1) || small(n.2)));
                regions.iter().map(|(id, n)| Sibling { id: *id, persons: n.0, small: is_small(n) }).collect()
            };
            pattern.regions.extend(hide(siblings(false)).into_iter().map(|r| (*period, r)));
            pattern.split_regions.extend(hide(siblings(true)).into_iter().map(|r| (*period, r)));
        }
        for ((period, _, region), schools) in &by_region {
            // A region hidden for its sibling's sake must not be summed up from its schools: its smallest one goes too.
            let forced = pattern.regions.contains(&(*period, *region));
            let smallest =
                schools.iter().filter(|s| s.active > 0).min_by_key(|s| (s.active, s.school)).map(|s| s.school);
            let siblings = |split: bool| {
                let is_small = |s: &SchoolMonth| {
                    small(s.active)
                        || (split && (small(s.pupils) || small(s.teachers)))
                        || (forced && Some(s.school) == smallest)
                };
                schools.iter().map(|s| Sibling { id: s.school, persons: s.active, small: is_small(s) }).collect()
            };
            pattern.schools.extend(hide(siblings(false)).into_iter().map(|s| (*period, s)));
            pattern.split_schools.extend(hide(siblings(true)).into_iter().map(|s| (*period, s)));
        }
        pattern
    }

    pub fn school(&self, period: i32, school: i32) -> Shown {
        shown(&self.schools, &self.split_schools, (period, school))
    }

    pub fn region(&self, period: i32, region: i32) -> Shown {
        shown(&self.regions, &self.split_regions, (period, region))
    }
}

fn shown(hidden: &BTreeSet<(i32, i32)>, split: &BTreeSet<(i32, i32)>, cell: (i32, i32)) -> Shown {
    if hidden.contains(&cell) {
        Shown::Nothing
    } else if split.contains(&cell) {
        Shown::NotSplit
    } else {
        Shown::All
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn school(school: i32, active: i128) -> SchoolMonth {
        SchoolMonth { period: 0, site: 1, region: 1, school, active, pupils: active, teachers: 0 }
    }

    fn region(active: i128) -> RegionMonths {
        [((0, 1, 1), (active, active, 0))].into()
    }

    #[test]
    fn a_small_school_takes_the_next_smallest_with_it() {
        let schools = [school(1, 4), school(2, 50), school(3, 20)];
        let pattern = Pattern::fix(&schools, &region(74));
        assert_eq!(pattern.school(0, 1), Shown::Nothing);
        assert_eq!(pattern.school(0, 3), Shown::Nothing);
        assert_eq!(pattern.school(0, 2), Shown::All);
    }

    #[test]
    fn few_teachers_hide_the_split_but_not_the_whole() {
        let schools = [
            SchoolMonth { pupils: 46, teachers: 4, ..school(1, 50) },
            SchoolMonth { pupils: 40, teachers: 20, ..school(2, 60) },
            SchoolMonth { pupils: 60, teachers: 30, ..school(3, 90) },
        ];
        let pattern = Pattern::fix(&schools, &[((0, 1, 1), (200, 146, 54))].into());
        assert_eq!(pattern.school(0, 1), Shown::NotSplit);
        assert_eq!(pattern.school(0, 2), Shown::NotSplit);
        assert_eq!(pattern.school(0, 3), Shown::All);
    }

    #[test]
    fn nothing_small_hides_nothing() {
        let schools = [school(1, 10), school(2, 50)];
        assert_eq!(Pattern::fix(&schools, &region(60)).school(0, 1), Shown::All);
    }

    proptest! {
        /// An attacker who knows a region's total and every shown school cannot pin down a hidden one: two or more are
        /// hidden and hold at least the threshold together, or the region itself is hidden or has no more to hide.
        #[test]
        fn subtracting_what_is_shown_never_leaves_one_small_cell(sizes in proptest::collection::vec(0i128..40, 1..12)) {
            let schools: Vec<_> = sizes.iter().enumerate().map(|(i, n)| school(i as i32 + 1, *n)).collect();
            let total: i128 = sizes.iter().sum();
            let pattern = Pattern::fix(&schools, &region(total));
            let hidden: Vec<_> = schools.iter().filter(|s| pattern.school(0, s.school) == Shown::Nothing).collect();
            for s in &schools {
                prop_assert!(!small(s.active) || pattern.school(0, s.school) == Shown::Nothing);
                prop_assert!(s.active > 0 || pattern.school(0, s.school) == Shown::All);
            }
            if !hidden.is_empty() && pattern.region(0, 1) != Shown::Nothing {
                let persons: i128 = hidden.iter().map(|s| s.active).sum();
                let all = schools.iter().filter(|s| s.active > 0).count();
                prop_assert!(hidden.len() == all || (hidden.len() > 1 && persons >= THRESHOLD));
            }
        }
    }
}
