//! The answer as it is given.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::explain::Explanation;

/// What was found, with everything one needs to judge it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// When the oldest rollup that answered was last equal to its events; null before the first refresh.
    pub as_of: Option<DateTime<Utc>>,
    /// By site code.
    pub freshness: BTreeMap<String, Freshness>,
    /// How the answer was planned, when it was asked with `explain=true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
    #[serde(flatten)]
    pub body: Body,
}

/// The part of an answer that depends on plan, scope and data version alone; this is what the cache holds.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Body {
    pub columns: Vec<Column>,
    /// One array per row, in the order of the columns. A hidden cell is the string `c`.
    #[schema(value_type = Vec<Vec<Value>>)]
    pub rows: Vec<Vec<Value>>,
    /// The same metrics without dimensions and grain, over all rows; absent through the protected lens.
    #[schema(value_type = Object)]
    pub totals: serde_json::Map<String, Value>,
    /// The days that the values called `_previous` are of; only when compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Days>,
    /// False when `limit` cut rows.
    pub complete: bool,
    pub plan: PlanInfo,
    pub notes: Vec<Note>,
}

/// First and last day, site-local.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Days {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Column {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ColumnKind,
    pub unit: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    Hour,
    Day,
    Week,
    Month,
    Term,
    SchoolYear,
    Code,
    Text,
    Integer,
    Decimal,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Freshness {
    /// When the site's rollups last equalled its events.
    pub refreshed_at: Option<DateTime<Utc>>,
    pub last_event_at: Option<DateTime<Utc>>,
    /// Marks of changed days that wait for the refresher.
    pub pending: i64,
}

/// How the answer came about.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PlanInfo {
    /// The rollup that answered, or `events`.
    pub rollup: String,
    /// The tables read.
    pub sources: Vec<String>,
    pub rows_read: u64,
    /// Why this and not another, in words.
    pub reasons: Vec<String>,
}

/// What one has to know about the numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// `limit`, `partial_period`, `hidden`, `multi_valued` or `empty`.
    pub code: String,
    pub text: String,
    /// The period it is about, as written in the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
}

impl Note {
    pub fn new(code: &str, text: impl Into<String>) -> Self {
        Self { code: code.into(), text: text.into(), period: None }
    }
}
