//! Merging stored rows into groups: sums are added, sets united. A distinct count is never a sum.

use std::collections::HashMap;

use model::person_set::DamagedSet;
use model::{Formula, metric::Thing};
use roaring::RoaringBitmap;

use crate::persons::Persons;

/// One part of a metric of one group while it is being counted.
#[derive(Debug, Clone)]
pub enum Counter {
    Sum(i64),
    /// In thousandths.
    Weighted(i128),
    /// Persons are numbered per site, so there is a set for each.
    Persons(Vec<(i16, Persons)>),
    Things(RoaringBitmap),
}

/// A set of persons, as it was read.
#[derive(Debug, Clone, Copy, Default)]
pub enum Stored<'r> {
    #[default]
    Nothing,
    /// A stored set, in the form of [`model::PersonSet`].
    Set(&'r [u8]),
    One(u32),
}

impl Counter {
    pub fn new(formula: &Formula) -> Self {
        match formula {
            Formula::Sum { .. } => Counter::Sum(0),
            Formula::Weighted { .. } => Counter::Weighted(0),
            Formula::Persons { .. } => Counter::Persons(Vec::new()),
            Formula::Things { .. } => Counter::Things(RoaringBitmap::new()),
            Formula::Ratio { .. } => unreachable!("a ratio is counted by its parts"),
        }
    }

    /// The whole number it stands for: the sum, or how many different members there are.
    pub fn count(&self) -> i128 {
        match self {
            Counter::Sum(n) => i128::from(*n),
            Counter::Weighted(n) => *n,
            Counter::Persons(sets) => sets.iter().map(|(_, s)| i128::from(s.len())).sum(),
            Counter::Things(set) => i128::from(set.len()),
        }
    }
}

/// The set of a site, made when it is not there yet.
fn of_site(sets: &mut Vec<(i16, Persons)>, site: i16) -> &mut Persons {
    let at = sets.iter().position(|(s, _)| *s == site).unwrap_or_else(|| {
        sets.push((site, Persons::default()));
        sets.len() - 1
    });
    &mut sets[at].1
}

/// One stored row, reduced to what the metrics need.
pub struct Counted<'a> {
    pub site: i16,
    pub role: i32,
    /// By position in the model's measures: number, or 0.
    pub sums: &'a [i64],
    /// By position in the model's measures: what was read of a set.
    pub sets: &'a [Stored<'a>],
    pub weight_milli: i64,
    pub school: i32,
    pub book: i32,
    pub publisher: i32,
}

/// Period index and grouping values → counters, in the order of the parts.
pub type Groups = HashMap<Vec<i32>, Vec<Counter>>;

/// Counts a row into one counter.
pub fn count(formula: &Formula, counter: &mut Counter, row: &Counted<'_>) -> Result<(), DamagedSet> {
    match (formula, counter) {
        (Formula::Sum { measure, .. }, Counter::Sum(n)) => *n += row.sums[*measure],
        (Formula::Weighted { measure, .. }, Counter::Weighted(n)) => {
            *n += i128::from(row.sums[*measure]) * i128::from(row.weight_milli);
        }
        (Formula::Persons { measure, role }, Counter::Persons(sets)) if role.is_none_or(|r| r == row.role) => {
            match row.sets[*measure] {
                Stored::Nothing => {}
                Stored::Set(bytes) => of_site(sets, row.site).unite(bytes)?,
                Stored::One(person) => of_site(sets, row.site).add(person),
            }
        }
        (Formula::Things { thing, having }, Counter::Things(set)) => {
            let id = match thing {
                Thing::School => row.school,
                Thing::Book => row.book,
                Thing::Publisher => row.publisher,
            };
            if row.sums[*having] > 0 && id != 0 {
                set.insert(id as u32);
            }
        }
        _ => {}
    }
    Ok(())
}

/// What all groups are together. Sets are united; sums come from `sums`, which counted each row once even where a
/// multi-valued dimension put it into several groups.
pub fn total(groups: &Groups, sums: Vec<Counter>) -> Vec<Counter> {
    let mut total = sums;
    for counters in groups.values() {
        for (own, other) in total.iter_mut().zip(counters) {
            match (own, other) {
                (Counter::Persons(own), Counter::Persons(sets)) => {
                    sets.iter().for_each(|(site, set)| of_site(own, *site).unite_other(set))
                }
                (Counter::Things(own), Counter::Things(other)) => *own |= other,
                _ => {}
            }
        }
    }
    total
}

/// Fresh counters for these formulas.
pub fn counters(formulas: &[&Formula]) -> Vec<Counter> {
    formulas.iter().map(|f| Counter::new(f)).collect()
}
