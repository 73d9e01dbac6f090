//! Conditions: what every row is held to, exactly, after reading; and what of it can narrow the reading.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use model::{Key, Model};
use query::{QueryFilter, Test};

use crate::attribute::{Attribute, RowKeys};
use crate::snapshot::Snapshot;

/// A filter, or the caller's scope, on the numbers of the directory.
#[derive(Debug, Clone)]
pub enum Condition {
    Is { attribute: Attribute, values: BTreeSet<i32> },
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
}

/// Values of keys outside of which no row can matter.
pub type Bounds = BTreeMap<Key, BTreeSet<i32>>;

impl Condition {
    /// A value that does not exist matches nothing, exactly like one that is not the caller's.
    pub fn of(filter: &QueryFilter, model: &Model, snapshot: &Snapshot) -> Condition {
        let parts = |parts: &[QueryFilter]| parts.iter().map(|p| Condition::of(p, model, snapshot)).collect();
        match filter {
            QueryFilter::Is { dimension, test } => {
                let attribute = Attribute::of(&model.dimensions[*dimension]).expect("checked when the engine was made");
                Condition::Is { attribute, values: values(attribute, test, snapshot) }
            }
            QueryFilter::All(all) => Condition::All(parts(all)),
            QueryFilter::Any(any) => Condition::Any(parts(any)),
            QueryFilter::Not(part) => Condition::Not(Box::new(Condition::of(part, model, snapshot))),
        }
    }

    /// Whether a stored row fulfils it on a day. Of several values of a dimension one is enough.
    pub fn holds(&self, snapshot: &Snapshot, keys: &RowKeys, day: NaiveDate) -> bool {
        match self {
            Condition::Is { attribute, values } => {
                let mut any = false;
                attribute.values(snapshot, keys, day, |v| any |= values.contains(&v));
                any
            }
            Condition::All(parts) => parts.iter().all(|p| p.holds(snapshot, keys, day)),
            Condition::Any(parts) => parts.iter().any(|p| p.holds(snapshot, keys, day)),
            Condition::Not(part) => !part.holds(snapshot, keys, day),
        }
    }

    /// The attributes it looks at.
    pub fn attributes(&self) -> Vec<Attribute> {
        match self {
            Condition::Is { attribute, .. } => vec![*attribute],
            Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(|p| p.attributes()).collect(),
            Condition::Not(part) => part.attributes(),
        }
    }

    /// What it bounds: every row that fulfils it lies within.
    pub fn bounds(&self, snapshot: &Snapshot) -> Bounds {
        match self {
            Condition::Is { attribute: Attribute::Site, .. } | Condition::Not(_) => Bounds::new(),
            Condition::Is { attribute, values } => {
                let values: Vec<i32> = values.iter().copied().collect();
                let ids = attribute.keys_with(snapshot, &values).unwrap_or(values);
                [(attribute.key(), ids.into_iter().collect())].into()
            }
            Condition::All(parts) => {
                let mut out = Bounds::new();
                parts.iter().for_each(|p| intersect(&mut out, p.bounds(snapshot)));
                out
            }
            Condition::Any(parts) => {
                let mut all = parts.iter().map(|p| p.bounds(snapshot));
                let mut out = all.next().unwrap_or_default();
                for bounds in all {
                    out.retain(|key, ids| bounds.get(key).map(|more| ids.extend(more)).is_some());
                }
                out
            }
        }
    }

    /// The sites it names, if it is one plain test of the site.
    pub fn sites(&self) -> Option<BTreeSet<i16>> {
        match self {
            Condition::Is { attribute: Attribute::Site, values } => Some(values.iter().map(|v| *v as i16).collect()),
            _ => None,
        }
    }
}

/// Narrows `own` by `other`.
pub fn intersect(own: &mut Bounds, other: Bounds) {
    for (key, ids) in other {
        own.entry(key).and_modify(|own| own.retain(|id| ids.contains(id))).or_insert(ids);
    }
}

fn values(attribute: Attribute, test: &Test, snapshot: &Snapshot) -> BTreeSet<i32> {
    let such = |holds: &dyn Fn(&str, &str) -> bool| {
        let named = |v: &i32| attribute.code_and_name(snapshot, *v).is_some_and(|(code, name)| holds(code, name));
        attribute.all(snapshot).into_iter().filter(named).collect()
    };
    match test {
        Test::In(codes) => codes.iter().filter_map(|code| attribute.number(snapshot, code)).collect(),
        Test::Contains(text) => {
            such(&|code, name| name.to_lowercase().contains(text) || code.to_lowercase().contains(text))
        }
        Test::Between(from, to) => such(&|code, _| {
            from.as_ref().is_none_or(|from| in_order(from, code)) && to.as_ref().is_none_or(|to| in_order(code, to))
        }),
    }
}

/// Whether the first comes before the second or is the same: numbers as numbers, else as text.
fn in_order(first: &str, second: &str) -> bool {
    match (first.parse::<f64>(), second.parse::<f64>()) {
        (Ok(a), Ok(b)) => a <= b,
        _ => first <= second,
    }
}

#[cfg(test)]
#[path = "condition_tests.rs"]
mod tests;
