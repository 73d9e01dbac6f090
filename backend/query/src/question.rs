//! The question as it is asked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is asked. Unknown fields are refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Names of metrics, 1 to 12.
    #[schema(example = json!(["views", "readers"]))]
    pub metrics: Vec<String>,
    /// Names of dimensions, at most 4.
    #[serde(default)]
    pub dimensions: Vec<String>,
    /// `day`, `week` or `month`; without it the whole range is one period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grain: Option<String>,
    /// First site-local day, `YYYY-MM-DD`.
    #[schema(example = "2026-01-01")]
    pub from: String,
    /// Last site-local day, inclusive.
    #[schema(example = "2026-03-31")]
    pub to: String,
    #[serde(default)]
    pub filters: Vec<Filter>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Compare>,
    #[serde(default)]
    pub order: Vec<Order>,
    /// Rows at most, 1 to 100,000; 1,000 when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Keeps the rows whose dimension has one of the values, or none of them. Exactly one of `in` and `not_in`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub dimension: String,
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub is_in: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_in: Option<Vec<String>>,
}

/// What the numbers are set against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// As many days just before; whole months when the range is whole months.
    PreviousPeriod,
    /// The same dates a year earlier.
    PreviousYear,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Name of a column of the answer.
    pub by: String,
    #[serde(default)]
    pub desc: bool,
}
