//! Caliper Analytics 1.2 and 1.1 (1EdTech): envelopes of events, as sensors send them.
//!
//! `docs/STANDARDS-IN.md` has the tables for those who send. What an event says is checked here by the terms Octavo reads,
//! not by the published JSON Schemas, which let dates and unions pass that cannot be read.

mod action;
mod entity;
mod envelope;
mod event;
mod things;

#[cfg(test)]
mod envelope_tests;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::event::Decoded;

pub(crate) use envelope::no_item;
pub use envelope::{Envelope, Record, envelope};
pub(crate) use event::names_nobody;

/// Decodes one item of an envelope's `data`: what [`envelope`] does with each. `now` is the receiver's clock.
///
/// Descriptions of entities are skipped, for they tell of nothing that happened.
pub fn decode(item: &Map<String, Value>, now: DateTime<Utc>) -> Decoded {
    match event::read(item, now) {
        Ok(Some(event)) => Decoded::Event(Box::new(event)),
        Ok(None) => Decoded::Skipped,
        Err(reject) => Decoded::Rejected(reject),
    }
}
