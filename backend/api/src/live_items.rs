//! What is shown of the present moment, for REST and GraphQL alike.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// What is happening now, within what the caller may see.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, SimpleObject)]
pub struct Live {
    pub as_of: DateTime<Utc>,
    pub all: Reading,
    /// By site, the most read first.
    pub sites: Vec<Busy>,
    /// The ten books with the most readers of the last five minutes.
    pub books: Vec<Busy>,
    /// The ten schools with the most readers of the last five minutes; none for a publisher.
    pub schools: Vec<Busy>,
    /// Readers below which numbers are left out; 1 when none are.
    pub fewest: i32,
}

/// How much is read.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, SimpleObject)]
pub struct Reading {
    /// Readers of the last 5 minutes; null: fewer than may be told.
    #[serde(rename = "readers_5")]
    #[graphql(name = "readers5")]
    pub readers_5: Option<i64>,
    /// Readers of the last 30 minutes; null: fewer than may be told.
    #[serde(rename = "readers_30")]
    #[graphql(name = "readers30")]
    pub readers_30: Option<i64>,
    /// Events a second, of the last ten seconds.
    pub events_per_second: Option<f64>,
    /// Events in each ten seconds of the last five minutes, the oldest first; empty: fewer readers than may be told.
    pub events: Vec<i64>,
}

/// A site, book or school, and how much is read there.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, SimpleObject)]
#[graphql(name = "LiveItem")]
#[schema(as = LiveItem)]
pub struct Busy {
    pub code: String,
    pub name: String,
    pub reading: Reading,
}

impl From<engine::Live> for Live {
    fn from(live: engine::Live) -> Self {
        let all = |list: Vec<engine::live::Busy>| list.into_iter().map(Busy::from).collect();
        Self {
            as_of: live.as_of,
            all: live.all.into(),
            sites: all(live.sites),
            books: all(live.books),
            schools: all(live.schools),
            fewest: live.fewest as i32,
        }
    }
}

impl From<engine::live::Reading> for Reading {
    fn from(reading: engine::live::Reading) -> Self {
        Self {
            readers_5: reading.readers_5.map(|n| n as i64),
            readers_30: reading.readers_30.map(|n| n as i64),
            events_per_second: reading.events_per_second,
            events: reading.events.into_iter().map(|n| n as i64).collect(),
        }
    }
}

impl From<engine::live::Busy> for Busy {
    fn from(busy: engine::live::Busy) -> Self {
        Self { code: busy.code, name: busy.name, reading: busy.reading.into() }
    }
}
