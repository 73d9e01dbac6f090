//! Metrics: what is counted, and how its parts combine.

use serde::{Deserialize, Serialize};

use crate::dimension::Key;

/// How parts of a metric make a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Additivity {
    Sum,
    Distinct,
    Ratio,
}

/// Things that can be counted distinctly beside persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    School,
    Book,
    Publisher,
}

impl Thing {
    /// The stored key it is read from.
    pub fn key(self) -> Key {
        match self {
            Thing::School => Key::School,
            Thing::Book | Thing::Publisher => Key::Book,
        }
    }
}

/// How a metric is computed from measures; measures are named by their position in [`crate::Model::measures`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// The measure's sum, divided by `per` and rounded half up to `decimals`, once.
    Sum { measure: usize, per: i64, decimals: u32 },
    /// The sum of measure × book weight in thousandths, divided by `per`.
    Weighted { measure: usize, per: i64, decimals: u32 },
    /// Different persons in the measure's set, of one role if given.
    Persons { measure: usize, role: Option<i32> },
    /// Different things with at least one of the measure.
    Things { thing: Thing, having: usize },
}

/// A metric as the catalogue shows it and the engine computes it.
#[derive(Debug, Clone)]
pub struct Metric {
    pub name: String,
    pub title: String,
    pub description: String,
    pub unit: String,
    pub additivity: Additivity,
    pub formula: Formula,
    pub roles: Vec<String>,
}

impl Metric {
    pub fn allows(&self, role: &str) -> bool {
        self.roles.is_empty() || self.roles.iter().any(|r| r == role)
    }

    /// Decimals of its values; 0 for whole numbers.
    pub fn decimals(&self) -> u32 {
        match self.formula {
            Formula::Sum { decimals, .. } | Formula::Weighted { decimals, .. } => decimals,
            _ => 0,
        }
    }
}

/// A metric as written in `metrics.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMetric {
    pub name: String,
    pub title: String,
    pub description: String,
    pub unit: String,
    pub additivity: Additivity,
    pub sum: Option<String>,
    pub weight: Option<String>,
    pub per: Option<i64>,
    pub decimals: Option<u32>,
    pub persons: Option<String>,
    pub role: Option<String>,
    pub things: Option<Thing>,
    pub having: Option<String>,
    #[serde(default)]
    pub roles: Vec<String>,
}
