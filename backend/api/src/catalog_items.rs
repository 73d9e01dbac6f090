//! Metrics, dimensions, school calendars and rollups as they are written.

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use model::{Calendar, Dimension, Holiday, Metric, Model, Rollup, SchoolYear, Span};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Metric)]
#[graphql(name = "Metric")]
pub struct MetricItem {
    name: String,
    title: String,
    description: String,
    unit: String,
    /// Who answers for the definition.
    owner: String,
    /// `sum`, `distinct` or `ratio`.
    additivity: String,
    /// How it is computed, in words.
    formula: String,
    /// Decimals of its values.
    decimals: u32,
}

impl MetricItem {
    pub fn new(metric: &Metric, model: &Model) -> Self {
        Self {
            name: metric.name.clone(),
            title: metric.title.clone(),
            description: metric.description.clone(),
            unit: metric.unit.clone(),
            owner: metric.owner.clone(),
            additivity: metric.additivity.as_str().into(),
            formula: model.in_words(metric),
            decimals: metric.decimals(),
        }
    }
}

#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Dimension)]
#[graphql(name = "Dimension")]
pub struct DimensionItem {
    name: String,
    title: String,
    description: String,
    /// `code`, `text` or `number`.
    r#type: String,
    /// The dimensions it lies under, the nearest first.
    hierarchy: Vec<String>,
    /// The tests of a filter that suit it.
    filters: Vec<String>,
    /// Has a code and a name of its own: two columns in an answer.
    entity: bool,
    /// One row can have several values; it counts under each, and once in the total.
    multi_valued: bool,
}

impl DimensionItem {
    /// As it is for a role: what that may not use is left out of the hierarchy.
    pub fn new(dimension: &Dimension, model: &Model, role: &str) -> Self {
        let above = dimension.hierarchy(&model.dimensions).filter(|d| d.allows(role));
        Self {
            name: dimension.name.clone(),
            title: dimension.title.clone(),
            description: dimension.description.clone(),
            r#type: dimension.value_type.as_str().into(),
            hierarchy: above.map(|d| d.name.clone()).collect(),
            filters: dimension.filters().into_iter().map(String::from).collect(),
            entity: dimension.entity,
            multi_valued: dimension.multi_valued,
        }
    }
}

/// The school calendar of a site. All days are site-local, the last one of a span included.
#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Calendar)]
#[graphql(name = "Calendar")]
pub struct CalendarItem {
    /// Code of the site.
    site: String,
    years: Vec<SchoolYearItem>,
    /// Public holidays.
    holidays: Vec<NamedSpan>,
}

#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = SchoolYear)]
#[graphql(name = "SchoolYear")]
pub struct SchoolYearItem {
    name: String,
    from: NaiveDate,
    to: NaiveDate,
    terms: Vec<NamedSpan>,
    /// School holidays.
    breaks: Vec<NamedSpan>,
}

#[derive(Serialize, ToSchema, SimpleObject)]
pub struct NamedSpan {
    name: String,
    from: NaiveDate,
    to: NaiveDate,
}

impl CalendarItem {
    pub fn new(calendar: &Calendar) -> Self {
        Self {
            site: calendar.site.clone(),
            years: calendar.years.iter().map(SchoolYearItem::new).collect(),
            holidays: calendar.holidays.iter().map(NamedSpan::of_holiday).collect(),
        }
    }
}

impl SchoolYearItem {
    fn new(year: &SchoolYear) -> Self {
        Self {
            name: year.name.clone(),
            from: year.span.from,
            to: year.span.to,
            terms: year.terms.iter().map(|term| NamedSpan::new(&term.name, term.span)).collect(),
            breaks: year.breaks.iter().map(NamedSpan::of_holiday).collect(),
        }
    }
}

impl NamedSpan {
    fn new(name: &str, span: Span) -> Self {
        Self { name: name.into(), from: span.from, to: span.to }
    }

    fn of_holiday(holiday: &Holiday) -> Self {
        Self::new(&holiday.name, holiday.span)
    }
}

#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Rollup)]
#[graphql(name = "Rollup")]
pub struct RollupItem {
    name: String,
    description: String,
    /// Its columns beside the site, the period and the measures.
    keys: Vec<String>,
}

impl RollupItem {
    pub fn new(rollup: &Rollup) -> Self {
        Self {
            name: rollup.name.clone(),
            description: rollup.description.clone(),
            keys: rollup.keys.iter().map(|key| key.column().into()).collect(),
        }
    }
}
