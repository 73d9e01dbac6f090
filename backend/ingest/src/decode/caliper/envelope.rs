//! The envelope: what a sensor sends at once.

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::{Map, Value};

use super::decode;
use super::entity::text;
use crate::decode::time::rfc3339;
use crate::decode::{canonical, json};
use crate::event::{Decoded, Reason, Reject};
use crate::source::LONGEST_RECORD;

/// What `dataVersion` may be, after the scheme: events of 1.1 have the same terms.
const VERSIONS: [&str; 2] = ["//purl.imsglobal.org/ctx/caliper/v1p2", "//purl.imsglobal.org/ctx/caliper/v1p1"];

/// An envelope, unpacked.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The sensor's id.
    pub sensor: String,
    /// When the sensor sent it, by its own clock.
    pub sent_at: DateTime<FixedOffset>,
    /// One for each item of `data`, in its order.
    pub records: Vec<Record>,
}

/// An item of `data`.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The item as JSON with sorted keys and no white space; the same item always has the same bytes.
    pub json: Vec<u8>,
    pub decoded: Decoded,
}

/// Unpacks the body of a request. `now` is the receiver's clock.
///
/// # Errors
/// What is wrong with the envelope itself, so that none of it was read. What is wrong with an item is in its record.
pub fn envelope(body: &[u8], now: DateTime<Utc>) -> Result<Envelope, Reject> {
    let mut envelope = json::utf8(body).and_then(json::object)?;
    let sensor = required(&envelope, "sensor")?.to_owned();
    let sent_at = rfc3339("sendTime", required(&envelope, "sendTime")?)?;
    version(required(&envelope, "dataVersion")?)?;
    let records = match envelope.remove("data") {
        Some(Value::Array(items)) => items.into_iter().map(|item| record(item, now)).collect(),
        Some(Value::Null) | None => return Err(missing("data")),
        Some(_) => return Err(Reject::new(Reason::BadField, "`data` must be a list of events and entities")),
    };
    Ok(Envelope { sensor, sent_at, records })
}

fn version(version: &str) -> Result<(), Reject> {
    let known = version.strip_prefix("http:").or_else(|| version.strip_prefix("https:"));
    if known.is_some_and(|rest| VERSIONS.contains(&rest.trim_end_matches('/'))) {
        return Ok(());
    }
    let detail = format!("`dataVersion` is none that is read here; send http:{} or http:{}", VERSIONS[0], VERSIONS[1]);
    Err(Reject::new(Reason::BadField, detail))
}

fn record(item: Value, now: DateTime<Utc>) -> Record {
    let json = canonical::bytes(&item);
    let decoded = match &item {
        _ if json.len() > LONGEST_RECORD => {
            let detail = format!("the item is {} bytes long; at most {LONGEST_RECORD} are accepted", json.len());
            Decoded::Rejected(Reject::new(Reason::TooLong, detail))
        }
        Value::Object(item) => decode(item, now),
        _ => no_item(),
    };
    Record { json, decoded }
}

/// What an item is that is no object.
pub(crate) fn no_item() -> Decoded {
    Decoded::Rejected(Reject::new(Reason::BadField, "an item of `data` must be an event or an entity"))
}

fn required<'a>(envelope: &'a Map<String, Value>, key: &str) -> Result<&'a str, Reject> {
    match envelope.get(key) {
        Some(Value::String(_)) | Some(Value::Null) | None => text(envelope, key).ok_or_else(|| missing(key)),
        Some(_) => Err(Reject::new(Reason::BadField, format!("`{key}` of the envelope must be a text"))),
    }
}

fn missing(key: &str) -> Reject {
    Reject::new(Reason::MissingField, format!("`{key}` of the envelope is missing or empty"))
}
