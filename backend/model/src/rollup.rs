//! Rollups and the measures they store.

use serde::Deserialize;

use crate::codes::KINDS;
use crate::dimension::Key;
use crate::grain::Grain;
use crate::source::{ModelError, Source};

/// What a measure stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeasureKind {
    /// Number of events of this kind, or of any kind.
    Count(Option<i32>),
    /// Sum of `duration_ms`.
    DurationMs,
    /// Set of persons with an event of this kind, or of any kind.
    Persons(Option<i32>),
}

/// A stored column.
#[derive(Debug, Clone)]
pub struct Measure {
    pub name: String,
    pub description: String,
    pub kind: MeasureKind,
}

impl Measure {
    pub fn is_set(&self) -> bool {
        matches!(self.kind, MeasureKind::Persons(_))
    }

    /// The stored column beside a set that says how many persons it holds.
    pub fn count_column(&self) -> String {
        format!("{}_count", self.name)
    }
}

/// A materialized aggregate: one table per grain, all measures in each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rollup {
    pub name: String,
    pub description: String,
    /// Beside the site and the period.
    pub keys: Vec<Key>,
    #[serde(default)]
    pub indexed: Vec<Key>,
    /// The keys that its monthly summary of additive measures keeps, if it has one.
    pub summary: Option<Vec<Key>>,
}

impl Rollup {
    /// The table of one grain, such as `mart.book_day`.
    pub fn table(&self, grain: Grain) -> String {
        format!("mart.{}_{}", self.name, grain.as_str())
    }

    /// Checks the keys of the file's `i`-th rollup.
    pub(crate) fn check(&self, i: usize, source: &Source) -> Result<(), ModelError> {
        let fail = |field: &str, key: usize, problem: String| {
            source.wrong(&format!("/rollup/{i}/{field}/{key}"), format!("rollup '{}': {problem}", self.name))
        };
        if let Some(at) = self.keys.iter().position(|k| *k == Key::Site) {
            return Err(fail("keys", at, "the site is part of every rollup; do not list it".into()));
        }
        if let Some(at) = self.indexed.iter().position(|k| !self.keys.contains(k)) {
            return Err(fail("indexed", at, format!("indexed key {:?} is none of its keys", self.indexed[at])));
        }
        let summary = self.summary.iter().flatten();
        if let Some((at, key)) = summary.enumerate().find(|(_, k)| !self.keys.contains(k)) {
            return Err(fail("summary", at, format!("summary key {key:?} is none of its keys")));
        }
        Ok(())
    }

    /// The view of its monthly summary, such as `mart.book_summary`.
    pub fn summary_view(&self) -> String {
        format!("mart.{}_summary", self.name)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMeasure {
    pub name: String,
    pub description: String,
    pub count_of: Option<String>,
    pub sum_of: Option<String>,
    pub persons_of: Option<String>,
}

impl RawMeasure {
    /// The measure, if it stores exactly one thing that exists. It is the file's `i`-th.
    pub fn check(self, i: usize, source: &Source) -> Result<Measure, ModelError> {
        let fail = |field: &str, problem: String| {
            source.wrong(&format!("/measure/{i}/{field}"), format!("measure '{}': {problem}", self.name))
        };
        let kind_of = |field: &str, name: &str| match name {
            "*" => Ok(None),
            name => KINDS.code(name).map(Some).ok_or_else(|| fail(field, format!("'{name}' is no kind of event"))),
        };
        let kind = match (&self.count_of, self.sum_of.as_deref(), &self.persons_of) {
            (Some(kind), None, None) => MeasureKind::Count(kind_of("count_of", kind)?),
            (None, Some("duration_ms"), None) => MeasureKind::DurationMs,
            (None, None, Some(kind)) => MeasureKind::Persons(kind_of("persons_of", kind)?),
            _ => {
                let problem = "has to be one of count_of = KIND, sum_of = \"duration_ms\" or persons_of = KIND";
                return Err(fail("", problem.into()));
            }
        };
        Ok(Measure { name: self.name, description: self.description, kind })
    }
}
