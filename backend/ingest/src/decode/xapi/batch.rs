//! The body of a request: one statement or a list, taken as a whole or not at all.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::DeserializeSeed;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::equivalent::Essence;
use super::invalid::{At, Invalid};
use super::{Version, decode_valid, forms, statement};
use crate::decode::{canonical, json};
use crate::event::{Decoded, Reason, Reject};
use crate::source::LONGEST_RECORD;

/// A valid statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Its own id, or the one made for it.
    pub id: Uuid,
    /// The statement as it is to be kept: JSON with sorted keys and no white space, with `id`, `stored`, `timestamp` and
    /// `version` filled in, and `contextActivities` as lists. `authority` is as the sender wrote it, if at all: who
    /// vouches for it is the caller's to know.
    pub json: Vec<u8>,
    /// What makes it this statement and no other, as it was sent.
    pub essence: Essence,
    pub decoded: Decoded,
}

/// Reads the body of a request. `now` is the receiver's clock and becomes `stored`; `new_id` makes an id for each statement
/// that came without one.
///
/// # Errors
/// The first thing wrong with the body, by its place. Then nothing of the body is to be kept (400).
pub fn statements(
    body: &[u8],
    version: Version,
    now: DateTime<Utc>,
    mut new_id: impl FnMut() -> Uuid,
) -> Result<Vec<Statement>, Invalid> {
    let body = parse(body)?;
    let root = At::root();
    let one = |at: &At<'_>, value: &Value| match value {
        Value::Object(map) => statement::check(at, map, version),
        _ => at.fail("must be a statement"),
    };
    let list = match body {
        Value::Array(list) => {
            for (item, value) in list.iter().enumerate() {
                one(&root.item(item), value)?;
            }
            ids_differ(&list)?;
            list
        }
        value => {
            one(&root, &value)?;
            vec![value]
        }
    };
    let maps = list.into_iter().filter_map(|value| if let Value::Object(map) = value { Some(map) } else { None });
    Ok(maps.map(|map| finish(map, version, now, &mut new_id)).collect())
}

fn parse(body: &[u8]) -> Result<Value, Invalid> {
    let refused = |reject: Reject| Invalid { pointer: String::new(), detail: reject.detail };
    let text = json::utf8(body).map_err(refused)?;
    if !text.trim_ascii_start().starts_with(['{', '[']) {
        return At::root().fail("must be a statement or a list of statements, as JSON");
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = json::Strict.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| refused(json::refusal(&error)))
}

/// No two statements of a batch may have one id (1.0.3, part three, 2.1.2).
fn ids_differ(list: &[Value]) -> Result<(), Invalid> {
    let mut seen = HashMap::new();
    for (item, statement) in list.iter().enumerate() {
        let id = statement.get("id").and_then(Value::as_str).and_then(forms::as_uuid);
        if let Some(first) = id.and_then(|id| seen.insert(id, item)) {
            let root = At::root();
            return root.item(item).key("id").fail(format!("is also the id of the statement at /{first}"));
        }
    }
    Ok(())
}

fn finish(
    mut statement: Map<String, Value>,
    version: Version,
    now: DateTime<Utc>,
    new_id: &mut impl FnMut() -> Uuid,
) -> Statement {
    let essence = Essence::of(&statement);
    let given = statement.get("id").and_then(Value::as_str).and_then(forms::as_uuid);
    let id = given.unwrap_or_else(new_id);
    let stored = now.to_rfc3339_opts(SecondsFormat::Millis, true);
    let own = if version == Version::V1 { "1.0.0" } else { "2.0.0" };
    statement.insert("id".to_owned(), id.to_string().into());
    statement.insert("stored".to_owned(), stored.as_str().into());
    statement.entry("timestamp").or_insert_with(|| stored.into());
    statement.entry("version").or_insert_with(|| own.into());
    lists_of_activities(&mut statement);
    if let Some(Value::Object(inner)) = statement.get_mut("object") {
        lists_of_activities(inner);
    }
    let json = canonical::object_bytes(&statement);
    let decoded = if json.len() > LONGEST_RECORD {
        let detail = format!("the statement is {} bytes long; at most {LONGEST_RECORD} are accepted", json.len());
        Decoded::Rejected(Reject::new(Reason::TooLong, detail))
    } else {
        decode_valid(&statement, now)
    };
    Statement { id, json, essence, decoded }
}

/// One context activity alone becomes a list of one, as statements are given out (1.0.3, part two, 2.4.6.2).
fn lists_of_activities(statement: &mut Map<String, Value>) {
    let activities = statement.get_mut("context").and_then(|context| context.get_mut("contextActivities"));
    for value in activities.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        if !value.is_array() {
            *value = Value::Array(vec![value.take()]);
        }
    }
}
