//! An item of a Caliper envelope: of persons there is a pseudonym and nothing else, and of extensions what Octavo reads.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::mark;
use super::names::Names;
use crate::decode::caliper::names_nobody;
use crate::decode::naming::last_segment;
use crate::enrich::SiteSecret;

/// The properties of the standard under which persons stand, whole or as their ids.
const PERSONS: [&str; 12] = [
    "actor",
    "annotator",
    "assignee",
    "assignees",
    "commenter",
    "creators",
    "learner",
    "member",
    "rater",
    "respondent",
    "scoredBy",
    "user",
];

/// What a launch or a browser tells of the person beside.
const DROPPED: [&str; 3] = ["ipAddress", "messageParameters", "userAgent"];

/// The extensions that are read.
const READ: [&str; 2] = ["isbn", "school"];

/// Within the description of a person, what may be written elsewhere, too.
const TELLING: [&str; 6] = ["identifier", "login", "mail", "name", "phone", "user"];

/// Values by which an item is what it is.
const TERMS: [&str; 8] =
    ["action", "duration", "endedAtTime", "eventTime", "profile", "roles", "startedAtTime", "type"];

/// `spare`: the terms of the standard stay as they are. An item that is no object is not kept.
pub(super) fn seal(item: &Value, secret: &SiteSecret, spare: bool) -> Value {
    let mut names = Names::default();
    let mut value = item.clone();
    persons(&mut value, None, secret, &mut names);
    let Value::Object(mut item) = value else { return Value::Null };
    // An event's own id is what it is known by.
    let id = item.get("id").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id.trim()).ok());
    let id = id.and_then(|_| item.remove("id"));
    names.scrub_map(&mut item, if spare { &TERMS } else { &[] });
    if let Some(id) = id {
        item.insert("id".into(), id);
    }
    Value::Object(item)
}

/// Leaves pseudonyms of the persons in the value, which stands under `key`.
fn persons(value: &mut Value, key: Option<&str>, secret: &SiteSecret, names: &mut Names) {
    let person = key.is_some_and(|key| PERSONS.contains(&key));
    match value {
        Value::Array(list) => list.iter_mut().for_each(|value| persons(value, key, secret, names)),
        Value::String(id) if person => *id = sealed(id, secret, names),
        Value::Object(map) if person || map.get("type").is_some_and(|kind| kind == "Person") => {
            *map = bare(map, secret, names);
        }
        Value::Object(map) => {
            map.retain(|key, _| !DROPPED.contains(&key.as_str()));
            if let Some(extensions) = map.get_mut("extensions") {
                read_only(extensions);
            }
            map.iter_mut().for_each(|(key, value)| persons(value, Some(key), secret, names));
        }
        _ => {}
    }
}

/// The person's id and type.
fn bare(person: &Map<String, Value>, secret: &SiteSecret, names: &mut Names) -> Map<String, Value> {
    let mut out = Map::new();
    if let Some(Value::String(kind)) = person.get("type") {
        out.insert("type".into(), kind.clone().into());
    }
    if let Some(Value::String(id)) = person.get("id").filter(|id| id.as_str().is_some_and(|id| !id.trim().is_empty())) {
        let id = sealed(id, secret, names);
        told(person, &id, names);
        out.insert("id".into(), id.into());
    }
    out
}

/// What stands in an id's place.
fn sealed(id: &str, secret: &SiteSecret, names: &mut Names) -> String {
    let id = id.trim();
    if id.is_empty() {
        return String::new();
    }
    if names_nobody(id) {
        // Of a blank node the label is the sensor's own.
        return if id.starts_with("_:") { "_:".into() } else { id.to_owned() };
    }
    let mark = mark(id, secret);
    names.add(id, &mark);
    names.add(last_segment(id), &mark);
    mark
}

/// Notes the texts of a description by which the person could be known.
fn told(map: &Map<String, Value>, mark: &str, names: &mut Names) {
    for (key, value) in map.iter().filter(|(key, _)| !matches!(key.as_str(), "id" | "type" | "identifierType")) {
        let low = key.to_ascii_lowercase();
        let telling = TELLING.iter().any(|word| low.contains(word));
        let values = match value {
            Value::Array(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        };
        for value in values {
            match value {
                Value::String(text) if telling || text.contains('@') => names.add(text, mark),
                Value::Object(inner) => told(inner, mark, names),
                _ => {}
            }
        }
    }
}

fn read_only(extensions: &mut Value) {
    match extensions {
        Value::Object(map) => map.retain(|key, value| READ.contains(&key.as_str()) && !value.is_object()),
        other => *other = Value::Null,
    }
}
