//! The native form: one JSON object a line, or a CSV row with the same names as columns.
//!
//! `id` (UUID), `at` (RFC 3339), `kind`, `person` and `role` are required. Texts that are blank, and `null`,
//! are as good as missing. Fields the form does not know are kept in `props` under their names.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::draft::{Draft, Field};
use super::json::{self, Strict};
use super::scalar::Scalar;
use crate::event::{Decoded, Event, Reason, Reject};

/// Decodes a line. `now` is the receiver's clock.
pub fn decode(bytes: &[u8], now: DateTime<Utc>) -> Decoded {
    finished(read(bytes, now))
}

/// The event that a line is, or why it is none.
pub(crate) fn read(bytes: &[u8], now: DateTime<Utc>) -> Result<Event, Reject> {
    json::utf8(bytes).and_then(parse).and_then(|draft| draft.finish(now))
}

/// Decodes a CSV row: column → text. `duration_ms`, `x` and `y` are numbers written out, `props` is JSON.
pub fn decode_row(row: &Map<String, Value>, now: DateTime<Utc>) -> Decoded {
    finished(from_row(row).and_then(|draft| draft.finish(now)))
}

fn finished(event: Result<Event, Reject>) -> Decoded {
    event.map_or_else(Decoded::Rejected, |event| Decoded::Event(Box::new(event)))
}

fn parse(text: &str) -> Result<Draft<'_>, Reject> {
    json::starts_object(text)?;
    serde_json::from_str(text).map_err(|error| json::refusal(&error))
}

fn from_row(row: &Map<String, Value>) -> Result<Draft<'_>, Reject> {
    let mut draft = Draft::default();
    for (name, value) in row {
        let text = value.as_str().unwrap_or_default();
        match (name.as_str(), Field::named(name)) {
            (_, Some(field)) => {
                let number = match field {
                    Field::DurationMs | Field::X | Field::Y => text.trim().parse().ok().map(Scalar::Fraction),
                    _ => None,
                };
                let blank = text.trim().is_empty();
                let read = if blank { Scalar::Nothing } else { number.unwrap_or(Scalar::Text(Cow::Borrowed(text))) };
                draft.set(field, read);
            }
            _ if text.trim().is_empty() => {}
            ("site", None) => draft.site = true,
            ("props", None) => {
                draft.props = Some(Value::Object(json::object(text).map_err(|reject| {
                    Reject::new(
                        Reason::BadField,
                        format!("the column `props` must be a JSON object: {}", reject.detail),
                    )
                })?))
            }
            (_, None) => {
                draft.others.insert(name.clone(), value.clone());
            }
        }
    }
    Ok(draft)
}

/// A key of the object.
enum Key<'a> {
    Field(Field),
    Site,
    Props,
    Other(Cow<'a, str>),
}

impl<'a> Key<'a> {
    fn of(name: Cow<'a, str>) -> Self {
        match Field::named(&name) {
            Some(field) => Key::Field(field),
            None if name == "site" => Key::Site,
            None if name == "props" => Key::Props,
            None => Key::Other(name),
        }
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
        Ok(Key::of(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
        Ok(Key::of(Cow::Owned(name.to_owned())))
    }
}

impl<'de> Deserialize<'de> for Draft<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DraftVisitor)
    }
}

struct DraftVisitor;

impl<'de> Visitor<'de> for DraftVisitor {
    type Value = Draft<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Draft<'de>, A::Error> {
        let mut draft = Draft::default();
        while let Some(key) = map.next_key()? {
            let first = match key {
                Key::Field(field) => draft.set(field, map.next_value()?),
                Key::Site => {
                    map.next_value::<IgnoredAny>()?;
                    !std::mem::replace(&mut draft.site, true)
                }
                Key::Props => draft.props.replace(map.next_value_seed(Strict)?).is_none(),
                Key::Other(name) => draft.others.insert(name.into_owned(), map.next_value_seed(Strict)?).is_none(),
            };
            if !first {
                return Err(A::Error::custom("duplicate key"));
            }
        }
        Ok(draft)
    }
}
