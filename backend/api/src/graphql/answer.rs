//! The answer as GraphQL gives it, read from the very bytes that REST sends.

use std::collections::BTreeMap;

use access::Caller;
use async_graphql::{ComplexObject, SimpleObject, Value, scalar};
use query::Question;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;
use crate::state::ApiState;

#[derive(Debug, Clone, Deserialize, SimpleObject)]
#[graphql(complex)]
pub struct Answer {
    columns: Vec<Column>,
    rows: Vec<Row>,
    /// The same metrics without dimensions and grain, over all rows; empty through the protected lens.
    totals: Totals,
    /// When the oldest rollup that answered was last equal to its events.
    as_of: Option<Instant>,
    #[graphql(skip)]
    freshness: BTreeMap<String, SiteFreshness>,
    /// The days that the values called `_previous` are of, when compared.
    compared: Option<Days>,
    /// False when `limit` cut rows.
    complete: bool,
    plan: Plan,
    notes: Vec<Note>,
}

/// First and last day, site-local.
#[derive(Debug, Clone, PartialEq, Deserialize, SimpleObject)]
pub struct Days {
    from: String,
    to: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize, SimpleObject)]
pub struct Column {
    name: String,
    /// Such as `day`, `code`, `text`, `integer` or `decimal`.
    #[serde(rename = "type")]
    #[graphql(name = "type")]
    kind: String,
    unit: Option<String>,
}

/// How the answer came about.
#[derive(Debug, Clone, Deserialize, SimpleObject)]
pub struct Plan {
    /// The rollup that answered, or `events`.
    rollup: String,
    /// The tables read.
    sources: Vec<String>,
    rows_read: u64,
    /// Why this and not another, in words.
    reasons: Vec<String>,
}

/// What one has to know about the numbers.
#[derive(Debug, Clone, PartialEq, Deserialize, SimpleObject)]
pub struct Note {
    code: String,
    text: String,
    /// The period it is about, as written in the rows.
    period: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct SiteFreshness {
    refreshed_at: Option<Instant>,
    last_event_at: Option<Instant>,
    pending: i64,
}

/// How fresh the data of a site is.
#[derive(SimpleObject)]
pub struct Freshness {
    site: String,
    /// When the site's rollups last equalled its events.
    refreshed_at: Option<Instant>,
    last_event_at: Option<Instant>,
    /// Marks of changed days that wait for the refresher.
    pending: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row(Value);
scalar!(
    Row,
    "Row",
    "One row: a list of texts, numbers and nulls in the order of the columns. A hidden cell is the text `c`."
);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Totals(Value);
scalar!(Totals, "Totals", "An object of numbers by metric, and by `<metric>_previous` when compared.");

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instant(String);
scalar!(Instant, "Instant", "A moment (RFC 3339).");

#[ComplexObject]
impl Answer {
    async fn freshness(&self) -> Vec<Freshness> {
        let of = |(site, f): (&String, &SiteFreshness)| Freshness {
            site: site.clone(),
            refreshed_at: f.refreshed_at.clone(),
            last_event_at: f.last_event_at.clone(),
            pending: f.pending,
        };
        self.freshness.iter().map(of).collect()
    }
}

impl Answer {
    /// Asks at the engine's door.
    pub async fn ask(state: &ApiState, caller: &Caller, question: &Question) -> Result<Answer, Problem> {
        let reply = state.engine.answer(caller, question, state.now()).await?;
        serde_json::from_slice(&reply.json).map_err(|e| Problem::internal(&e))
    }

    /// Whether it tells the same; how fresh it is and how it came about may differ.
    pub fn says_the_same(&self, other: &Answer) -> bool {
        self.rows == other.rows
            && self.totals == other.totals
            && self.columns == other.columns
            && self.notes == other.notes
            && self.complete == other.complete
    }

    /// The rows as objects by column, for what is made of answers.
    pub fn records(self) -> impl Iterator<Item = BTreeMap<String, Value>> {
        let names: Vec<String> = self.columns.into_iter().map(|c| c.name).collect();
        self.rows.into_iter().map(move |row| match row.0 {
            Value::List(cells) => names.iter().cloned().zip(cells).collect(),
            _ => BTreeMap::new(),
        })
    }

    pub fn is_complete(&self) -> bool {
        self.complete
    }
}
