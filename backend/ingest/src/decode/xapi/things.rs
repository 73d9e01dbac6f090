//! Which book, chapter, school, session and role a statement is about.

use serde_json::{Map, Value};

use super::kind::{Family, family};
use super::person::person;
use crate::decode::naming::{code, isbn, last_segment};
use crate::decode::roles;

/// The names of the extensions that are read.
const ISBN: [&str; 1] = ["isbn"];
const SCHOOL: [&str; 4] = ["school", "school-id", "schoolid", "school_id"];
const SESSION: [&str; 3] = ["session-id", "sessionid", "session_id"];
const ROLE: [&str; 2] = ["role", "roles"];
const QUERY: [&str; 3] = ["query", "search-term", "search-terms"];

/// Whether an extension of this key is read.
pub(crate) fn is_read(key: &str) -> bool {
    [&ISBN[..], &SCHOOL, &SESSION, &ROLE, &QUERY].iter().any(|names| is_named(key, names))
}

/// Book and chapter.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Place {
    pub(super) book: Option<String>,
    pub(super) chapter: Option<String>,
}

/// The family of an activity, `None` if it tells no type. What has an interaction type is a question.
pub(super) fn family_of(activity: &Value) -> Option<Family> {
    let definition = activity.get("definition")?;
    match definition.get("type").and_then(Value::as_str) {
        Some(kind) => Some(family(kind)),
        None => definition.get("interactionType").map(|_| Family::Exercise),
    }
}

/// From the object outwards: the object, then `parent`, then `grouping`.
///
/// The book is the first of: `isbn` of the extensions of context, object or result; an activity with an ISBN; an activity of
/// a book's type; the last of `grouping`, else of `parent`, that tells no type. The chapter is the first activity of a
/// chapter's type; else a parent that tells no type, where `grouping` gave the book.
pub(super) fn place(statement: &Map<String, Value>) -> Place {
    let object = statement.get("object");
    let around = |key| {
        let activities = statement.get("context").and_then(|context| context.get("contextActivities"));
        activities.and_then(|activities| activities.get(key)).map(listed).unwrap_or_default()
    };
    let (parents, groupings) = (around("parent"), around("grouping"));
    let all = || object.into_iter().chain(parents.iter().copied()).chain(groupings.iter().copied());
    let of = |wanted: Family| all().find(|activity| family_of(activity) == Some(wanted)).and_then(iri).map(code);
    let told = extension(statement, &ISBN).and_then(Value::as_str).and_then(isbn);
    let certain = told.or_else(|| all().filter_map(iri).find_map(|iri| isbn(&code(iri)))).or_else(|| of(Family::Book));
    let outer = untyped(&groupings).map(code);
    let inner = untyped(&parents).map(code);
    let book = certain.or_else(|| outer.clone()).or_else(|| inner.clone());
    let nested = inner.filter(|inner| outer.is_some() && Some(inner) != book.as_ref());
    Place { chapter: of(Family::Chapter).or(nested), book }
}

/// The school: the extension `school`, else the account's name of `context.team`.
pub(super) fn school(statement: &Map<String, Value>) -> Option<String> {
    let told = extension(statement, &SCHOOL).and_then(plain);
    told.or_else(|| statement.get("context")?.get("team")?.get("account")?.get("name").and_then(plain))
}

/// The session: `context.registration`, else the extension `session-id`, which the video profile and Open edX have.
pub(super) fn session(statement: &Map<String, Value>) -> Option<String> {
    let registration = statement.get("context").and_then(|context| context.get("registration")).and_then(plain);
    // A UUID is one in either case.
    let registration = registration.map(|id| id.to_ascii_lowercase());
    registration.or_else(|| extension(statement, &SESSION).and_then(plain))
}

/// The role: the extension `role`, a text or a list; else `teacher` where the actor is the statement's own instructor.
pub(super) fn role(statement: &Map<String, Value>) -> &'static str {
    let told = extension(statement, &ROLE);
    if let Some(told) = told {
        return roles::role(listed(told).into_iter().filter_map(Value::as_str));
    }
    let instructor = statement.get("context").and_then(|context| context.get("instructor")).and_then(person);
    if instructor.is_some() && instructor == statement.get("actor").and_then(person) { "teacher" } else { "other" }
}

/// What was searched for: `result.response`, else the extension `query`.
pub(super) fn query(statement: &Map<String, Value>) -> Option<String> {
    let response = statement.get("result").and_then(|result| result.get("response")).and_then(plain);
    response.or_else(|| extension(statement, &QUERY).and_then(plain))
}

/// An extension by the last segment of its IRI, in any case: of the context, else of the object, else of the result.
fn extension<'a>(statement: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    let places = [
        statement.get("context"),
        statement.get("object").and_then(|object| object.get("definition")),
        statement.get("result"),
    ];
    places.into_iter().flatten().find_map(|place| {
        let extensions = place.get("extensions")?.as_object()?;
        extensions.iter().find(|(key, value)| !value.is_null() && is_named(key, names)).map(|(_, value)| value)
    })
}

fn is_named(key: &str, names: &[&str]) -> bool {
    names.iter().any(|name| last_part(key).eq_ignore_ascii_case(name))
}

/// The last segment, or the last part of a URN.
fn last_part(key: &str) -> &str {
    let segment = last_segment(key);
    segment.rsplit(':').next().unwrap_or(segment)
}

/// The last activity of a list that tells no type.
fn untyped<'a>(list: &[&'a Value]) -> Option<&'a str> {
    list.iter().rev().find(|activity| family_of(activity).is_none()).and_then(|activity| iri(activity))
}

fn listed(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    }
}

fn iri(activity: &Value) -> Option<&str> {
    activity.get("id").and_then(Value::as_str)
}

fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}
