//! A rollup's rows of one period in memory: keys → sums and sets.

use std::collections::BTreeMap;

use model::{Measure, MeasureKind, PersonSet, person_set::DamagedSet};
use roaring::RoaringBitmap;

/// The values of one row's keys, in the rollup's order.
pub type Keys = Vec<i32>;

/// What one row holds: sums and sets in the order of the model's measures, each kind in its own list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    pub sums: Vec<i64>,
    pub sets: Vec<RoaringBitmap>,
}

impl Cell {
    pub fn new(measures: &[Measure]) -> Self {
        let sets = measures.iter().filter(|m| m.is_set()).count();
        Self { sums: vec![0; measures.len() - sets], sets: vec![RoaringBitmap::new(); sets] }
    }

    /// Counts one event in.
    pub fn add(&mut self, measures: &[Measure], kind: i32, duration_ms: i64, person: u32) {
        let (mut sum, mut set) = (self.sums.iter_mut(), self.sets.iter_mut());
        for measure in measures {
            match measure.kind {
                MeasureKind::Count(of) => *sum.next().expect("a sum") += i64::from(of.is_none_or(|of| of == kind)),
                MeasureKind::DurationMs => *sum.next().expect("a sum") += duration_ms,
                MeasureKind::Persons(of) => {
                    let set = set.next().expect("a set");
                    if of.is_none_or(|of| of == kind) {
                        set.insert(person);
                    }
                }
            }
        }
    }

    /// Counts another row in.
    pub fn merge_cell(&mut self, other: &Cell) {
        self.sums.iter_mut().zip(&other.sums).for_each(|(own, other)| *own += other);
        self.sets.iter_mut().zip(&other.sets).for_each(|(own, other)| *own |= other);
    }

    /// Counts a stored row in.
    pub fn merge(&mut self, sums: &[i64], sets: &[&[u8]]) -> Result<(), DamagedSet> {
        for (own, other) in self.sums.iter_mut().zip(sums) {
            *own += other;
        }
        for (own, other) in self.sets.iter_mut().zip(sets) {
            PersonSet::unite(other, own)?;
        }
        Ok(())
    }
}

/// All rows of one (rollup, site, period), in key order.
pub type Cells = BTreeMap<Keys, Cell>;

/// Counts the rows of another period in.
pub fn merge(cells: &mut Cells, other: &Cells) {
    for (keys, other) in other {
        match cells.get_mut(keys) {
            Some(own) => own.merge_cell(other),
            None => {
                cells.insert(keys.clone(), other.clone());
            }
        }
    }
}
