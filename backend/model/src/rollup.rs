//! Rollups and the measures they store.

use serde::Deserialize;

use crate::dimension::Key;
use crate::grain::Grain;

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
}

impl Rollup {
    /// The table of one grain, such as `mart.book_day`.
    pub fn table(&self, grain: Grain) -> String {
        format!("mart.{}_{}", self.name, grain.as_str())
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
