//! Merging stored rows into groups: sums are added, sets united. A distinct count is never a sum.

use std::collections::HashMap;

use model::{Formula, Model, metric::Thing};
use roaring::RoaringBitmap;

/// One metric of one group while it is being counted.
#[derive(Debug, Clone)]
pub enum Counter {
    Sum(i64),
    /// In thousandths.
    Weighted(i128),
    /// Persons are numbered per site, so there is a set for each.
    Persons(Vec<(i16, RoaringBitmap)>),
    Things(RoaringBitmap),
}

impl Counter {
    pub fn new(formula: &Formula) -> Self {
        match formula {
            Formula::Sum { .. } => Counter::Sum(0),
            Formula::Weighted { .. } => Counter::Weighted(0),
            Formula::Persons { .. } => Counter::Persons(Vec::new()),
            Formula::Things { .. } => Counter::Things(RoaringBitmap::new()),
        }
    }

    pub fn unite(&mut self, site: i16, set: &RoaringBitmap) {
        let Counter::Persons(sets) = self else { return };
        match sets.iter_mut().find(|(s, _)| *s == site) {
            Some((_, own)) => *own |= set,
            None => sets.push((site, set.clone())),
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

/// One stored row, reduced to what the metrics need.
pub struct Counted<'a> {
    pub site: i16,
    pub role: i32,
    /// By position in the model's measures: number, or 0.
    pub sums: &'a [i64],
    /// By position in the model's measures: set, if it is one and was read.
    pub sets: &'a [Option<RoaringBitmap>],
    pub weight_milli: i64,
    pub school: i32,
    pub book: i32,
    pub publisher: i32,
}

/// Period index and grouping values → counters, in the order of the query's metrics.
pub type Groups = HashMap<Vec<i32>, Vec<Counter>>;

/// Counts a row into one group.
pub fn count(formulas: &[&Formula], counters: &mut [Counter], row: &Counted<'_>) {
    for (formula, counter) in formulas.iter().zip(counters) {
        match (formula, counter) {
            (Formula::Sum { measure, .. }, Counter::Sum(n)) => *n += row.sums[*measure],
            (Formula::Weighted { measure, .. }, Counter::Weighted(n)) => {
                *n += i128::from(row.sums[*measure]) * i128::from(row.weight_milli);
            }
            (Formula::Persons { measure, role }, counter @ Counter::Persons(_)) => {
                if role.is_none_or(|r| r == row.role)
                    && let Some(set) = &row.sets[*measure]
                {
                    counter.unite(row.site, set);
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
            _ => unreachable!("counters are made from the same formulas"),
        }
    }
}

/// What all groups are together. Sets are united; sums come from `sums`, which counted each row once even where a
/// multi-valued dimension put it into several groups.
pub fn total(groups: &Groups, sums: Vec<Counter>) -> Vec<Counter> {
    let mut total = sums;
    for counters in groups.values() {
        for (own, other) in total.iter_mut().zip(counters) {
            match (own, other) {
                (own @ Counter::Persons(_), Counter::Persons(sets)) => {
                    sets.iter().for_each(|(site, s)| own.unite(*site, s))
                }
                (Counter::Things(own), Counter::Things(other)) => *own |= other,
                _ => {}
            }
        }
    }
    total
}

/// Fresh counters for the query's metrics.
pub fn counters(formulas: &[&Formula]) -> Vec<Counter> {
    formulas.iter().map(|f| Counter::new(f)).collect()
}

/// The formulas of the named metrics.
pub fn formulas<'a>(model: &'a Model, metrics: &[usize]) -> Vec<&'a Formula> {
    metrics.iter().map(|m| &model.metrics[*m].formula).collect()
}
