//! For tests of foreign forms: an event written in the native form, and JSON of every shape.

use chrono::{DateTime, Utc};
use model::{DEVICES, KINDS, ROLES};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::native;
use crate::event::{Decoded, Event};

/// Fails unless the event, written natively, is read as the same event.
pub(super) fn same_natively(event: &Event, now: DateTime<Utc>) {
    let line = json!({
        "id": event.id, "at": event.at.to_rfc3339(), "kind": KINDS.name(event.kind), "person": event.person.id(),
        "role": ROLES.name(event.role), "school": event.school, "book": event.book, "chapter": event.chapter,
        "session": event.session, "duration_ms": event.duration_ms, "device": DEVICES.name(event.device),
        "query": event.query, "props": event.props,
    });
    assert_eq!(native::decode(line.to_string().as_bytes(), now), Decoded::Event(Box::new(event.clone())));
}

/// Any JSON, with the words that decoders look for among its texts and keys.
pub(crate) fn any_json(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let text = prop_oneof![prop::sample::select(words).prop_map(str::to_owned), "\\PC{0,12}", "[\\x00-\\x7f]{0,6}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((text.clone(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Every place of a value, as JSON Pointers (RFC 6901).
pub(crate) fn places(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Object(map) => open.extend(
                map.iter().map(|(key, value)| (format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), value)),
            ),
            Value::Array(list) => {
                open.extend(list.iter().enumerate().map(|(key, value)| (format!("{at}/{key}"), value)))
            }
            _ => {}
        }
        found.push(at);
    }
    found
}
