//! Entities, whole or thinned to their ids.

use serde_json::{Map, Value};

/// The farthest that a chain of entities is followed. Real ones are a handful long.
const LONGEST_CHAIN: usize = 16;

/// A text that is not blank.
pub(super) fn text<'a>(map: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    map.get(key).and_then(plain)
}

/// The entity's id: the text itself, if it is thinned.
pub(super) fn id(entity: &Value) -> Option<&str> {
    match entity {
        Value::Object(map) => text(map, "id"),
        other => plain(other),
    }
}

/// The entity's type, which a thinned one does not tell.
pub(super) fn kind(entity: &Value) -> Option<&str> {
    entity.as_object().and_then(|map| text(map, "type"))
}

/// The entity, what it is part of by `relation`, what that is part of, and so on outwards.
pub(super) fn chain<'a>(entity: &'a Value, relation: &'static str) -> impl Iterator<Item = &'a Value> {
    std::iter::successors(Some(entity), move |entity| entity.get(relation).filter(|outer| !outer.is_null()))
        .take(LONGEST_CHAIN)
}

fn plain(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty())
}
