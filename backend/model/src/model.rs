//! The whole model: read from its files and cross-checked. A bad model does not start.

use serde::Deserialize;
use thiserror::Error;

use crate::codes::{KINDS, ROLES};
use crate::dimension::{Dimension, Key};
use crate::metric::{Additivity, Formula, Metric, RawMetric};
use crate::rollup::{Measure, MeasureKind, RawMeasure, Rollup};

#[derive(Debug, Error)]
pub enum ModelError {
    #[error("{file}: {source}")]
    Syntax { file: &'static str, source: toml::de::Error },
    #[error("{file}: {what} '{name}': {problem}")]
    Wrong { file: &'static str, what: &'static str, name: String, problem: String },
}

/// Metrics, dimensions, measures and rollups, each in the order of its file.
#[derive(Debug, Clone)]
pub struct Model {
    pub metrics: Vec<Metric>,
    pub dimensions: Vec<Dimension>,
    pub measures: Vec<Measure>,
    pub rollups: Vec<Rollup>,
}

const METRICS: &str = "metrics.toml";
const ROLLUPS: &str = "rollups.toml";
const DIMENSIONS: &str = "dimensions.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MetricsFile {
    metric: Vec<RawMetric>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DimensionsFile {
    dimension: Vec<Dimension>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RollupsFile {
    measure: Vec<RawMeasure>,
    rollup: Vec<Rollup>,
}

impl Model {
    /// The model the binary carries.
    pub fn embedded() -> Result<Model, ModelError> {
        Self::parse(
            include_str!("../model/metrics.toml"),
            include_str!("../model/dimensions.toml"),
            include_str!("../model/rollups.toml"),
        )
    }

    pub fn parse(metrics: &str, dimensions: &str, rollups: &str) -> Result<Model, ModelError> {
        let metrics: MetricsFile = read(METRICS, metrics)?;
        let dimensions: DimensionsFile = read(DIMENSIONS, dimensions)?;
        let rollups: RollupsFile = read(ROLLUPS, rollups)?;

        let measures = rollups.measure.into_iter().map(measure).collect::<Result<Vec<_>, _>>()?;
        let metrics = metrics.metric.into_iter().map(|m| metric(m, &measures)).collect::<Result<Vec<_>, _>>()?;
        unique(METRICS, "metric", metrics.iter().map(|m| &m.name))?;
        unique(DIMENSIONS, "dimension", dimensions.dimension.iter().map(|d| &d.name))?;
        unique(ROLLUPS, "measure", measures.iter().map(|m| &m.name))?;
        unique(ROLLUPS, "rollup", rollups.rollup.iter().map(|r| &r.name))?;
        for rollup in &rollups.rollup {
            if rollup.keys.contains(&Key::Site) {
                return Err(wrong(ROLLUPS, "rollup", &rollup.name, "the site is part of every rollup; do not list it"));
            }
            if let Some(key) = rollup.indexed.iter().find(|k| !rollup.keys.contains(k)) {
                return Err(wrong(ROLLUPS, "rollup", &rollup.name, format!("indexed key {key:?} is none of its keys")));
            }
        }
        Ok(Model { metrics, dimensions: dimensions.dimension, measures, rollups: rollups.rollup })
    }

    pub fn metric(&self, name: &str) -> Option<&Metric> {
        self.metrics.iter().find(|m| m.name == name)
    }

    pub fn dimension(&self, name: &str) -> Option<&Dimension> {
        self.dimensions.iter().find(|d| d.name == name)
    }

    pub fn rollup(&self, name: &str) -> Option<&Rollup> {
        self.rollups.iter().find(|r| r.name == name)
    }
}

fn read<'a, T: Deserialize<'a>>(file: &'static str, text: &'a str) -> Result<T, ModelError> {
    toml::from_str(text).map_err(|source| ModelError::Syntax { file, source })
}

fn wrong(file: &'static str, what: &'static str, name: &str, problem: impl Into<String>) -> ModelError {
    ModelError::Wrong { file, what, name: name.into(), problem: problem.into() }
}

fn unique<'a>(
    file: &'static str,
    what: &'static str,
    names: impl Iterator<Item = &'a String>,
) -> Result<(), ModelError> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(wrong(file, what, name, "is there twice"));
        }
    }
    Ok(())
}

fn measure(raw: RawMeasure) -> Result<Measure, ModelError> {
    let kind_of = |name: &str| {
        KINDS.code(name).ok_or_else(|| wrong(ROLLUPS, "measure", &raw.name, format!("'{name}' is no kind of event")))
    };
    let kind = match (&raw.count_of, raw.sum_of.as_deref(), &raw.persons_of) {
        (Some(any), None, None) if any == "*" => MeasureKind::Count(None),
        (Some(kind), None, None) => MeasureKind::Count(Some(kind_of(kind)?)),
        (None, Some("duration_ms"), None) => MeasureKind::DurationMs,
        (None, None, Some(any)) if any == "*" => MeasureKind::Persons(None),
        (None, None, Some(kind)) => MeasureKind::Persons(Some(kind_of(kind)?)),
        _ => {
            let problem = "has to be one of count_of = KIND, sum_of = \"duration_ms\" or persons_of = KIND";
            return Err(wrong(ROLLUPS, "measure", &raw.name, problem));
        }
    };
    Ok(Measure { name: raw.name, description: raw.description, kind })
}

fn metric(raw: RawMetric, measures: &[Measure]) -> Result<Metric, ModelError> {
    let name = raw.name.clone();
    let fail = |problem: String| wrong(METRICS, "metric", &name, problem);
    let find = |measure: &str, set: bool| {
        measures.iter().position(|m| m.name == measure && m.is_set() == set).ok_or_else(|| {
            fail(format!("'{measure}' is no measure {}", if set { "of persons" } else { "that adds up" }))
        })
    };
    let (per, decimals) = (raw.per.unwrap_or(1), raw.decimals.unwrap_or(0));
    if per < 1 || decimals > 6 {
        return Err(fail("per has to be at least 1 and decimals at most 6".into()));
    }
    let formula = match (&raw.sum, raw.weight.as_deref(), &raw.persons, raw.things, &raw.having) {
        (Some(sum), None, None, None, None) => Formula::Sum { measure: find(sum, false)?, per, decimals },
        (Some(sum), Some("book"), None, None, None) => Formula::Weighted { measure: find(sum, false)?, per, decimals },
        (None, None, Some(persons), None, None) => {
            let role = raw.role.as_deref().map(|r| ROLES.code(r).ok_or_else(|| fail(format!("'{r}' is no role"))));
            Formula::Persons { measure: find(persons, true)?, role: role.transpose()? }
        }
        (None, None, None, Some(thing), Some(having)) => Formula::Things { thing, having: find(having, false)? },
        _ => {
            return Err(fail(
                "has to have exactly one formula: sum, sum with weight, persons, or things with having".into(),
            ));
        }
    };
    let distinct = matches!(formula, Formula::Persons { .. } | Formula::Things { .. });
    if distinct != (raw.additivity == Additivity::Distinct) {
        return Err(fail(format!("its formula does not make it '{:?}'", raw.additivity).to_lowercase()));
    }
    Ok(Metric {
        name: raw.name,
        title: raw.title,
        description: raw.description,
        unit: raw.unit,
        additivity: raw.additivity,
        formula,
        roles: raw.roles,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_metrics(metrics: &str) -> Result<Model, ModelError> {
        Model::parse(metrics, include_str!("../model/dimensions.toml"), include_str!("../model/rollups.toml"))
    }

    #[test]
    fn the_embedded_model_is_sound() {
        let model = Model::embedded().unwrap();
        assert!(model.metric("readers").is_some_and(|m| m.additivity == Additivity::Distinct));
        assert!(model.rollups.len() >= 4);
    }

    #[test]
    fn a_bad_model_says_what_is_wrong_and_where() {
        let head = "[[metric]]\nname=\"x\"\ntitle=\"X\"\ndescription=\"\"\nunit=\"\"\n";
        let cases = [
            (format!("{head}additivity=\"sum\"\nsum=\"nothing\""), "no measure that adds up"),
            (format!("{head}additivity=\"sum\"\npersons=\"readers\""), "does not make it"),
            (format!("{head}additivity=\"sum\""), "exactly one formula"),
            (format!("{head}additivity=\"sum\"\nsum=\"views\"\ncolour=\"red\""), "unknown field `colour`"),
            (format!("{head}additivity=\"distinct\"\npersons=\"readers\"\nrole=\"cat\""), "'cat' is no role"),
        ];
        for (text, expected) in cases {
            let error = parse_metrics(&text).unwrap_err().to_string();
            assert!(error.contains("metrics.toml") && error.contains(expected), "{error}");
        }
    }
}
