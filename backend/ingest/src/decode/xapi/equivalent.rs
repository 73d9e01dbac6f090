//! Whether two statements of one id are the same statement, sent again.
//!
//! 1.0.3, part two, 2.3.1: what a store may or must set, a verb's `display`, activities' definitions, attachments, the
//! order of a group's members and the way a time is written make no difference; a duration is compared as it is written.

use serde_json::{Map, Value};

use super::forms;

/// Set by the store, or no part of the statement.
const IGNORED: [&str; 5] = ["id", "stored", "authority", "version", "attachments"];

/// How far two numbers may differ that were written and read again: a few steps of double precision.
const TOLERANCE: f64 = 1e-14;

/// Whether `a` and `b` say the same. Times are compared where both have one: what came without was given one when it was
/// stored.
pub fn equivalent(a: &Value, b: &Value) -> bool {
    let (Value::Object(a), Value::Object(b)) = (a, b) else { return false };
    let (mut a, mut b) = (a.clone(), b.clone());
    if a.contains_key("timestamp") != b.contains_key("timestamp") {
        a.remove("timestamp");
        b.remove("timestamp");
    }
    normalise(&mut a);
    normalise(&mut b);
    same_objects(&a, &b)
}

/// Brings a statement, or one inside of it, into the form that is compared.
fn normalise(statement: &mut Map<String, Value>) {
    for key in IGNORED {
        statement.remove(key);
    }
    if let Some(Value::String(time)) = statement.get_mut("timestamp")
        && let Some(at) = forms::as_time(time)
    {
        *time = at.to_utc().to_rfc3339();
    }
    if let Some(verb) = statement.get_mut("verb").and_then(Value::as_object_mut) {
        verb.remove("display");
    }
    if let Some(actor) = statement.get_mut("actor") {
        agent(actor);
    }
    if let Some(object) = statement.get_mut("object") {
        match object.get("objectType").and_then(Value::as_str) {
            Some("SubStatement") => object.as_object_mut().into_iter().for_each(normalise),
            Some("Agent" | "Group") => agent_kept(object),
            Some("StatementRef") => lower(object.get_mut("id")),
            _ => activity(object),
        }
    }
    if let Some(context) = statement.get_mut("context") {
        lower(context.get_mut("registration"));
        lower(context.get_mut("statement").and_then(|statement| statement.get_mut("id")));
        ["instructor", "team"].iter().filter_map(|key| context.get_mut(*key).map(agent)).for_each(drop);
        let activities = context.get_mut("contextActivities").and_then(Value::as_object_mut);
        for list in activities.into_iter().flat_map(Map::values_mut) {
            if !list.is_array() {
                *list = Value::Array(vec![list.take()]);
            }
            list.as_array_mut().into_iter().flatten().for_each(activity);
        }
    }
}

fn activity(activity: &mut Value) {
    if let Some(map) = activity.as_object_mut() {
        map.remove("definition");
        // Without a type an object is an activity.
        map.remove("objectType");
    }
}

/// An actor, which is an agent if it does not say.
fn agent(actor: &mut Value) {
    agent_kept(actor);
    if actor.get("objectType").is_some_and(|kind| kind == "Agent")
        && let Some(map) = actor.as_object_mut()
    {
        map.remove("objectType");
    }
}

fn agent_kept(actor: &mut Value) {
    lower(actor.get_mut("mbox_sha1sum"));
    if let Some(Value::String(mbox)) = actor.get_mut("mbox")
        && let Some((local, domain)) = mbox.rsplit_once('@')
    {
        *mbox = format!("{local}@{}", domain.to_lowercase());
    }
    if let Some(members) = actor.get_mut("member").and_then(Value::as_array_mut) {
        members.iter_mut().for_each(agent);
        members.sort_by_cached_key(crate::decode::canonical::bytes);
    }
}

fn lower(value: Option<&mut Value>) {
    if let Some(Value::String(text)) = value {
        text.make_ascii_lowercase();
    }
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => same_objects(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Number(one), Value::Number(other)) => {
            one == other
                || ((one.is_f64() || other.is_f64())
                    && one.as_f64().zip(other.as_f64()).is_some_and(|(a, b)| (a - b).abs() <= a.abs() * TOLERANCE))
        }
        _ => a == b,
    }
}

fn same_objects(a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
    a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
}
