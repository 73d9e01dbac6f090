//! Which rollups can answer: Full, Partial or No, each with its reason.

use std::collections::BTreeSet;

use model::{Key, Rollup};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// Its keys are those needed.
    Full,
    /// It has more keys; rows are merged over them.
    Partial(String),
    /// It lacks a key.
    No(String),
}

pub fn matches(rollup: &Rollup, needed: &BTreeSet<Key>) -> Match {
    let name = |k: &Key| format!("{k:?}").to_lowercase();
    let missing: Vec<String> = needed.iter().filter(|k| !rollup.keys.contains(k)).map(name).collect();
    if !missing.is_empty() {
        return Match::No(format!("{} does not keep {}", rollup.name, missing.join(" and ")));
    }
    let extra: Vec<String> = rollup.keys.iter().filter(|k| !needed.contains(k)).map(name).collect();
    if extra.is_empty() {
        Match::Full
    } else {
        Match::Partial(format!("{} is merged over {}", rollup.name, extra.join(" and ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Model;

    #[test]
    fn a_rollup_without_a_needed_key_does_not_match() {
        let model = Model::embedded().unwrap();
        let needed = BTreeSet::from([Key::School, Key::Device]);
        for rollup in &model.rollups {
            assert!(matches!(matches(rollup, &needed), Match::No(_)), "{}", rollup.name);
        }
        assert_eq!(matches(model.rollup("school").unwrap(), &BTreeSet::from([Key::School, Key::Role])), Match::Full);
        let merged = matches(model.rollup("school_book").unwrap(), &BTreeSet::from([Key::School]));
        assert_eq!(merged, Match::Partial("school_book is merged over book and role".into()));
    }
}
