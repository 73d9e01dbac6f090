//! What one request to the collector brings: a JSON array of events, an envelope with the write key beside them, or a line for
//! each.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::decode::caliper;
use crate::event::{Decoded, Reject};
use crate::sealed::Receipt;

/// Events of one request, at most.
pub const MOST_EVENTS: usize = 1000;

/// The longest single event, in bytes.
pub const LONGEST_EVENT: usize = 64 * 1024;

/// How a request's body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// An array, or an envelope.
    Json,
    /// An event a line.
    Lines,
}

/// Why nothing of a request can be used. None of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("the body is not UTF-8")]
    NotUtf8,
    #[error("the body is neither a JSON array of events nor an object with `events`: {0}")]
    NotJson(String),
    #[error("the body has {0} events; send at most {MOST_EVENTS} at a time")]
    TooMany(usize),
}

/// The events of a body as they stand in it, and the write key if the body carries one.
#[derive(Debug)]
pub struct Cut<'a> {
    pub key: Option<Cow<'a, str>>,
    pub events: Vec<&'a str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a> {
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
}

/// Cuts a body into its events.
pub fn cut(body: &[u8], written: Written) -> Result<Cut<'_>, Unusable> {
    let text = std::str::from_utf8(body).map_err(|_| Unusable::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (key, events) = match written {
        Written::Lines => (None, text.lines().filter(|line| !line.trim().is_empty()).collect()),
        Written::Json if text.trim_start().starts_with('{') => {
            let Envelope { key, events } = parsed(text)?;
            (Some(key), raw(events))
        }
        Written::Json => (None, raw(parsed(text)?)),
    };
    let events: Vec<&str> = events;
    if events.len() > MOST_EVENTS {
        return Err(Unusable::TooMany(events.len()));
    }
    Ok(Cut { key, events })
}

fn parsed<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Unusable> {
    // A parser's complaint about data would quote it.
    serde_json::from_str(text).map_err(|error| {
        Unusable::NotJson(if error.is_data() {
            format!("something else stands at line {}, column {}", error.line(), error.column())
        } else {
            error.to_string()
        })
    })
}

fn raw(events: Vec<&RawValue>) -> Vec<&str> {
    events.into_iter().map(RawValue::get).collect()
}

/// The events of a request, ready to be made durable.
#[derive(Debug, Default)]
pub struct Delivery {
    /// Sealed, all of them: what is refused waits in the quarantine.
    pub records: Vec<Vec<u8>>,
    /// Events that can be stored.
    pub accepted: usize,
    /// Events with an id that an earlier one of the request has.
    pub duplicate: usize,
    /// Items of an envelope that are left out by rule.
    pub skipped: usize,
    /// By their place in the request, from 0.
    pub refused: Vec<(usize, Reject)>,
}

/// Seals events.
pub fn seal(events: &[&str], receipt: &Receipt<'_>) -> Delivery {
    let mut delivery = Delivery::default();
    let mut ids: HashSet<Uuid> = HashSet::with_capacity(events.len());
    for (index, event) in events.iter().enumerate() {
        let (sealed, outcome) = receipt.seal(event);
        match outcome {
            Err(reject) => delivery.refused.push((index, reject)),
            Ok(id) if ids.insert(id) => delivery.accepted += 1,
            Ok(_) => delivery.duplicate += 1,
        }
        delivery.records.push(sealed.into_bytes());
    }
    delivery
}

/// Seals an envelope's items.
pub fn seal_envelope(envelope: &caliper::Envelope, receipt: &Receipt<'_>) -> Delivery {
    let mut delivery = Delivery::default();
    let mut ids: HashSet<Uuid> = HashSet::with_capacity(envelope.records.len());
    for (index, record) in envelope.records.iter().enumerate() {
        match &record.decoded {
            Decoded::Event(event) if ids.insert(event.id) => delivery.accepted += 1,
            Decoded::Event(_) => delivery.duplicate += 1,
            Decoded::Skipped => delivery.skipped += 1,
            Decoded::Rejected(reject) => delivery.refused.push((index, reject.clone())),
        }
        delivery.records.push(receipt.seal_item(record).into_bytes());
    }
    delivery
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(body: &str, written: Written) -> Result<(Option<String>, Vec<String>), Unusable> {
        let cut = cut(body.as_bytes(), written)?;
        Ok((cut.key.map(Cow::into_owned), cut.events.into_iter().map(str::to_owned).collect()))
    }

    #[test]
    fn the_three_ways_to_send_are_cut_alike() {
        let two = vec![r#"{"id":1}"#.to_string(), r#"{"id":2}"#.to_string()];
        let array = r#" [{"id":1}, {"id":2}] "#;
        assert_eq!(events(array, Written::Json).unwrap(), (None, two.clone()));
        let envelope = r#"{"key":"ow_\u0061","events":[{"id":1},{"id":2}]}"#;
        assert_eq!(events(envelope, Written::Json).unwrap(), (Some("ow_a".into()), two.clone()));
        let lines = "\u{feff}{\"id\":1}\r\n\n{\"id\":2}\n";
        assert_eq!(events(lines, Written::Lines).unwrap(), (None, two));
        assert_eq!(events("[]", Written::Json).unwrap(), (None, vec![]));
    }

    #[test]
    fn what_is_no_list_of_events_is_refused_as_a_whole() {
        for bad in [
            "",
            "null",
            "1",
            "\"secret\"",
            "{}",
            "[1",
            "{\"events\":[]}",
            "{\"key\":\"a\",\"key\":\"b\",\"events\":[]}",
            "{\"key\":\"a\",\"site\":\"b\",\"events\":[]}",
        ] {
            let Unusable::NotJson(why) = events(bad, Written::Json).unwrap_err() else { panic!("{bad}") };
            assert!(!why.contains("secret"), "{why}");
        }
        assert_eq!(cut(b"[\xff]", Written::Json).unwrap_err(), Unusable::NotUtf8);
        // One event, however deep: it will be refused by itself.
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(events(&deep, Written::Json).unwrap().1.len(), 1);
        let many = format!("[{}]", vec!["1"; MOST_EVENTS + 1].join(","));
        assert_eq!(events(&many, Written::Json).unwrap_err(), Unusable::TooMany(MOST_EVENTS + 1));
    }
}
