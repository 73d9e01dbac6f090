//! The whole model: read from its files and cross-checked. A bad model does not start.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::calendar::Calendar;
use crate::calendar_file::CalendarsFile;
use crate::dimension::{Dimension, check_hierarchy};
use crate::metric::{Additivity, Formula, Metric, RawMetric};
use crate::rollup::{Measure, RawMeasure, Rollup};
use crate::source::{ModelError, Source};

/// Metrics, dimensions, measures, rollups and calendars, each in the order of its file.
#[derive(Debug, Clone)]
pub struct Model {
    pub metrics: Vec<Metric>,
    pub dimensions: Vec<Dimension>,
    pub measures: Vec<Measure>,
    pub rollups: Vec<Rollup>,
    pub calendars: Vec<Calendar>,
}

/// The roles that ask questions, as crate `access` names them.
pub const READERS: [&str; 4] = ["owner", "school_admin", "publisher", "official"];

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
            include_str!("../model/calendars.toml"),
        )
    }

    /// The model out of the texts of its four files. The first mistake is the error.
    pub fn parse(metrics: &str, dimensions: &str, rollups: &str, calendars: &str) -> Result<Model, ModelError> {
        let in_metrics = Source { file: "metrics.toml", text: metrics };
        let in_dimensions = Source { file: "dimensions.toml", text: dimensions };
        let in_rollups = Source { file: "rollups.toml", text: rollups };
        let in_calendars = Source { file: "calendars.toml", text: calendars };
        let metrics = in_metrics.read::<MetricsFile>()?.metric;
        let dimensions = in_dimensions.read::<DimensionsFile>()?.dimension;
        let RollupsFile { measure: measures, rollup: rollups } = in_rollups.read()?;
        let calendars = in_calendars.read::<CalendarsFile>()?.calendar;

        unique(&in_metrics, "metric", "name", metrics.iter().map(|m| &m.name))?;
        unique(&in_dimensions, "dimension", "name", dimensions.iter().map(|d| &d.name))?;
        unique(&in_rollups, "measure", "name", measures.iter().map(|m| &m.name))?;
        unique(&in_rollups, "rollup", "name", rollups.iter().map(|r| &r.name))?;
        unique(&in_calendars, "calendar", "site", calendars.iter().map(|c| &c.site))?;
        readers(&in_metrics, "metric", metrics.iter().map(|m| (&m.name, &m.roles)))?;
        readers(&in_dimensions, "dimension", dimensions.iter().map(|d| (&d.name, &d.roles)))?;
        check_hierarchy(&dimensions, &in_dimensions)?;
        for (i, rollup) in rollups.iter().enumerate() {
            rollup.check(i, &in_rollups)?;
        }
        let measures =
            measures.into_iter().enumerate().map(|(i, m)| m.check(i, &in_rollups)).collect::<Result<Vec<_>, _>>()?;
        let parts: Vec<(String, Additivity)> = metrics.iter().map(|m| (m.name.clone(), m.additivity)).collect();
        let metrics = metrics.into_iter().enumerate().map(|(i, m)| m.check(i, &measures, &parts, &in_metrics));
        let metrics = metrics.collect::<Result<Vec<_>, _>>()?;
        check_ratios(&metrics, &in_metrics)?;
        let calendars = calendars.into_iter().enumerate().map(|(i, c)| c.check(i, &in_calendars));
        let calendars = calendars.collect::<Result<Vec<_>, _>>()?;
        Ok(Model { metrics, dimensions, measures, rollups, calendars })
    }

    pub fn metric(&self, name: &str) -> Option<&Metric> {
        self.metrics.iter().find(|m| m.name == name)
    }

    pub fn dimension(&self, name: &str) -> Option<&Dimension> {
        self.dimensions.iter().find(|d| d.name == name)
    }

    /// The school calendar of a site.
    pub fn calendar(&self, site: &str) -> Option<&Calendar> {
        self.calendars.iter().find(|c| c.site == site)
    }

    pub fn rollup(&self, name: &str) -> Option<&Rollup> {
        self.rollups.iter().find(|r| r.name == name)
    }
}

/// Fails at a name that was there before. `what` is the list's name in the file, `field` the name's.
fn unique<'a>(
    source: &Source,
    what: &str,
    field: &str,
    names: impl Iterator<Item = &'a String>,
) -> Result<(), ModelError> {
    let mut seen = BTreeSet::new();
    for (i, name) in names.enumerate() {
        if !seen.insert(name) {
            return Err(source.wrong(&format!("/{what}/{i}/{field}"), format!("{what} '{name}': is there twice")));
        }
    }
    Ok(())
}

/// Fails at a role that nobody has: who may use the thing would be decided by a slip of the pen.
fn readers<'a>(
    source: &Source,
    what: &str,
    things: impl Iterator<Item = (&'a String, &'a Vec<String>)>,
) -> Result<(), ModelError> {
    for (i, (name, roles)) in things.enumerate() {
        if let Some(at) = roles.iter().position(|r| !READERS.contains(&r.as_str())) {
            let problem = format!("{what} '{name}': '{}' is no role that asks questions", roles[at]);
            return Err(source.wrong(&format!("/{what}/{i}/roles/{at}"), problem));
        }
    }
    Ok(())
}

/// Fails at a ratio for a role that may not use its parts, for they could be told from it.
fn check_ratios(metrics: &[Metric], source: &Source) -> Result<(), ModelError> {
    for (i, metric) in metrics.iter().enumerate() {
        let Formula::Ratio { of, by, .. } = metric.formula else { continue };
        let open = |part: &Metric| READERS.iter().find(|r| metric.allows(r) && !part.allows(r));
        for part in [&metrics[of], &metrics[by]] {
            if let Some(role) = open(part) {
                let problem =
                    format!("metric '{}': role {role} may use it, but not its part '{}'", metric.name, part.name);
                return Err(source.wrong(&format!("/metric/{i}/ratio"), problem));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_model_is_sound() {
        let model = Model::embedded().unwrap();
        assert!(model.metric("readers").is_some_and(|m| m.additivity == Additivity::Distinct));
        assert!(model.rollups.len() >= 4);
        let above = |name: &str| -> Vec<&str> {
            model.dimension(name).unwrap().hierarchy(&model.dimensions).map(|d| d.name.as_str()).collect()
        };
        assert_eq!(above("school"), ["region", "site"]);
        assert_eq!(above("chapter"), ["book", "publisher"]);
        assert!(above("device").is_empty());
    }
}
