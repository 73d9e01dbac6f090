//! Metrics: what is counted, and how its parts combine.

use serde::{Deserialize, Serialize};

use crate::codes::ROLES;
use crate::dimension::Key;
use crate::rollup::Measure;
use crate::source::{ModelError, Source};

/// How parts of a metric make a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Additivity {
    Sum,
    Distinct,
    Ratio,
}

impl Additivity {
    pub fn as_str(self) -> &'static str {
        match self {
            Additivity::Sum => "sum",
            Additivity::Distinct => "distinct",
            Additivity::Ratio => "ratio",
        }
    }
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
    /// One metric divided by another, by their positions in [`crate::Model::metrics`], each counted over the whole of the
    /// row first; rounded half up to `decimals`, once. Nothing where the divisor is 0.
    Ratio { of: usize, by: usize, decimals: u32 },
}

impl Formula {
    fn additivity(&self) -> Additivity {
        match self {
            Formula::Sum { .. } | Formula::Weighted { .. } => Additivity::Sum,
            Formula::Persons { .. } | Formula::Things { .. } => Additivity::Distinct,
            Formula::Ratio { .. } => Additivity::Ratio,
        }
    }
}

/// A metric as the catalogue shows it and the engine computes it.
#[derive(Debug, Clone)]
pub struct Metric {
    pub name: String,
    pub title: String,
    pub description: String,
    pub unit: String,
    /// Who answers for the definition.
    pub owner: String,
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
            Formula::Sum { decimals, .. } | Formula::Weighted { decimals, .. } | Formula::Ratio { decimals, .. } => {
                decimals
            }
            Formula::Persons { .. } | Formula::Things { .. } => 0,
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
    pub owner: String,
    pub additivity: Additivity,
    pub sum: Option<String>,
    pub weight: Option<String>,
    pub per: Option<i64>,
    pub decimals: Option<u32>,
    pub persons: Option<String>,
    pub role: Option<String>,
    pub things: Option<Thing>,
    pub having: Option<String>,
    pub ratio: Option<RawRatio>,
    #[serde(default)]
    pub roles: Vec<String>,
}

/// `ratio = { of = METRIC, by = METRIC }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRatio {
    pub of: String,
    pub by: String,
}

impl RawMetric {
    /// The metric, if it has an owner, one formula of things that exist, and the additivity of that formula. It is the
    /// file's `i`-th; `parts` are the names of all metrics with their additivity.
    pub fn check(
        self,
        i: usize,
        measures: &[Measure],
        parts: &[(String, Additivity)],
        source: &Source,
    ) -> Result<Metric, ModelError> {
        let fail = |field: &str, problem: String| {
            source.wrong(&format!("/metric/{i}/{field}"), format!("metric '{}': {problem}", self.name))
        };
        if self.owner.trim().is_empty() {
            return Err(fail("owner", "nobody answers for it; name an owner".into()));
        }
        let find = |field: &str, measure: &str, set: bool| {
            measures.iter().position(|m| m.name == measure && m.is_set() == set).ok_or_else(|| {
                let kind = if set { "of persons" } else { "that adds up" };
                fail(field, format!("'{measure}' is no measure {kind}"))
            })
        };
        let part = |name: &str| {
            let found = parts.iter().position(|(n, additivity)| n == name && *additivity != Additivity::Ratio);
            found.ok_or_else(|| fail("ratio", format!("'{name}' is no metric that a ratio can be made of")))
        };
        let (per, decimals) = (self.per.unwrap_or(1), self.decimals.unwrap_or(0));
        if per < 1 {
            return Err(fail("per", "per has to be at least 1".into()));
        }
        if decimals > 6 {
            return Err(fail("decimals", "decimals has to be at most 6".into()));
        }
        let sum = |sum: &str| find("sum", sum, false);
        let formula = match (&self.sum, self.weight.as_deref(), &self.persons, self.things, &self.having, &self.ratio) {
            (Some(of), None, None, None, None, None) => Formula::Sum { measure: sum(of)?, per, decimals },
            (Some(of), Some("book"), None, None, None, None) => Formula::Weighted { measure: sum(of)?, per, decimals },
            (None, None, None, None, None, Some(r)) => Formula::Ratio { of: part(&r.of)?, by: part(&r.by)?, decimals },
            (None, None, Some(persons), None, None, None) => {
                let code = |r: &str| ROLES.code(r).ok_or_else(|| fail("role", format!("'{r}' is no role of a person")));
                let role = self.role.as_deref().map(code).transpose()?;
                Formula::Persons { measure: find("persons", persons, true)?, role }
            }
            (None, None, None, Some(thing), Some(having), None) => {
                Formula::Things { thing, having: find("having", having, false)? }
            }
            _ => {
                let formulas = "sum, sum with weight, persons, things with having, or ratio";
                return Err(fail("", format!("has to have exactly one formula: {formulas}")));
            }
        };
        if formula.additivity() != self.additivity {
            let own = formula.additivity().as_str();
            return Err(fail(
                "additivity",
                format!("its formula makes it '{own}', not '{}'", self.additivity.as_str()),
            ));
        }
        Ok(Metric {
            name: self.name,
            title: self.title,
            description: self.description,
            unit: self.unit,
            owner: self.owner,
            additivity: self.additivity,
            formula,
            roles: self.roles,
        })
    }
}
