//! The question as it is asked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is asked. Unknown fields are refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Names of metrics, 1 to 12.
    #[schema(example = json!(["views", "readers"]))]
    pub metrics: Vec<String>,
    /// Names of dimensions, at most 4.
    #[serde(default)]
    pub dimensions: Vec<String>,
    /// `hour`, `day`, `week`, `month`, `term` or `school_year`; without it the whole range is one period.
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
    /// Moves what is compared with by whole weeks, so that Mondays stand beside Mondays.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub match_weekday: bool,
    #[serde(default)]
    pub order: Vec<Order>,
    /// Rows at most, 1 to 100,000; 1,000 when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Keeps rows: either a dimension with one test (`in`, `not_in`, `contains`, or `from` and `to`), or exactly one of `all`,
/// `any` and `not`, which join other filters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(no_recursion)]
pub struct Filter {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimension: Option<String>,
    /// Codes, 1 to 1,000.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub is_in: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_in: Option<Vec<String>>,
    /// First code of a range; numbers are compared as numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last code of a range, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Text that the name or the code holds, whatever the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// Every one of these holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<Vec<Filter>>,
    /// At least one of these holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any: Option<Vec<Filter>>,
    /// This does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<Filter>>,
}

impl Filter {
    /// The dimension has one of the codes.
    pub fn is_in(dimension: impl Into<String>, codes: Vec<String>) -> Filter {
        Filter { dimension: Some(dimension.into()), is_in: Some(codes), ..Filter::default() }
    }

    /// The dimension has none of the codes.
    pub fn not_in(dimension: impl Into<String>, codes: Vec<String>) -> Filter {
        Filter { dimension: Some(dimension.into()), not_in: Some(codes), ..Filter::default() }
    }
}

/// What the numbers are set against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// As many days just before; whole months when the range is whole months.
    PreviousPeriod,
    /// The same dates a year earlier.
    PreviousYear,
    /// The same days of the same term of the school year before; the range has to lie in one term.
    SameTermLastYear,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Name of a column of the answer.
    pub by: String,
    #[serde(default)]
    pub desc: bool,
}

impl Compare {
    pub const ALL: [Compare; 3] = [Compare::PreviousPeriod, Compare::PreviousYear, Compare::SameTermLastYear];

    pub fn as_str(self) -> &'static str {
        match self {
            Compare::PreviousPeriod => "previous_period",
            Compare::PreviousYear => "previous_year",
            Compare::SameTermLastYear => "same_term_last_year",
        }
    }

    pub fn of(name: &str) -> Option<Compare> {
        Compare::ALL.into_iter().find(|compare| compare.as_str() == name)
    }
}
