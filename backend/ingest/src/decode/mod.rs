//! Decoders: what a record says, as an event within the limits, or why it is none.

pub mod caliper;
mod canonical;
pub mod check;
mod draft;
mod duration;
pub(crate) mod json;
pub mod mapping;
mod mapping_creates;
mod mapping_decode;
mod mapping_file;
mod mapping_rule;
pub(crate) mod naming;
pub mod native;
mod roles;
mod scalar;
mod time;
pub mod xapi;

#[cfg(test)]
pub(crate) mod as_native;
#[cfg(test)]
mod eventsim_tests;
#[cfg(test)]
mod mapping_tests;
#[cfg(test)]
mod native_tests;

use chrono::{DateTime, Utc};

use crate::event::Decoded;
use crate::source::Body;

pub use mapping::{Mapping, MappingError};

/// How the records of a source are read.
#[derive(Debug, Clone)]
pub enum Decoder {
    /// Octavo's own form: JSON objects, or CSV with the same names as columns.
    Native,
    /// A foreign log, by its mapping file.
    Mapped(Box<Mapping>),
}

impl From<Mapping> for Decoder {
    fn from(mapping: Mapping) -> Self {
        Decoder::Mapped(Box::new(mapping))
    }
}

impl Decoder {
    /// Decodes one record. `now` is the receiver's clock, against which the future is told.
    pub fn decode(&self, body: &Body, now: DateTime<Utc>) -> Decoded {
        let decoded = match (self, body) {
            (_, Body::Rejected(reject)) => Err(reject.clone()),
            (Decoder::Native, Body::Line(line)) => return native::decode(line, now),
            (Decoder::Native, Body::Row(row)) => return native::decode_row(row, now),
            (Decoder::Mapped(mapping), Body::Line(line)) => {
                json::utf8(line).and_then(json::object).map(|record| mapping.decode(&record, now))
            }
            (Decoder::Mapped(mapping), Body::Row(row)) => Ok(mapping.decode(row, now)),
        };
        decoded.unwrap_or_else(Decoded::Rejected)
    }
}
