//! xAPI 1.0.3 and 2.0 (ADL; IEEE 9274.1.1): statements, as learning record providers send them.
//!
//! A batch is valid as a whole or refused as a whole, as the standard wants it; what a valid statement counts as is each
//! statement's own matter. `docs/STANDARDS-IN.md` has the tables for those who send.

mod activity;
mod actor;
mod batch;
mod context;
mod equivalent;
mod event;
mod forms;
mod invalid;
mod kind;
mod person;
pub mod resource;
mod statement;
mod things;

#[cfg(test)]
mod equivalent_tests;
#[cfg(test)]
mod resource_tests;
#[cfg(test)]
mod statement_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod things_tests;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::event::{Decoded, Reason, Reject};

pub use batch::{Statement, statements};
pub use equivalent::{Essence, Fingerprint};
pub use invalid::Invalid;
pub(crate) use person::person;
pub(crate) use things::is_read;

/// The version a request speaks, by its header `X-Experience-API-Version`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 1.0.x.
    V1,
    /// 2.0.x.
    V2,
}

/// Decodes one statement, such as [`statements`] gave out. `now` is the receiver's clock.
pub fn decode(statement: &Map<String, Value>, now: DateTime<Utc>) -> Decoded {
    let own = statement.get("version").and_then(Value::as_str).unwrap_or_default();
    let version = if own.starts_with('2') { Version::V2 } else { Version::V1 };
    if let Err(invalid) = statement::check(&invalid::At::root(), statement, version) {
        // Without the pointer, in which a sender's keys may stand.
        let detail = format!("the statement is not valid xAPI: {}", invalid.detail);
        return Decoded::Rejected(Reject::new(Reason::BadField, detail));
    }
    decode_valid(statement, now)
}

fn decode_valid(statement: &Map<String, Value>, now: DateTime<Utc>) -> Decoded {
    match event::read(statement, now) {
        Ok(Some(event)) => Decoded::Event(Box::new(event)),
        Ok(None) => Decoded::Skipped,
        Err(reject) => Decoded::Rejected(reject),
    }
}
