//! Whether two statements of one id are the same statement, sent again.
//!
//! 1.0.3, part two, 2.3.1: what a store may or must set, a verb's `display`, activities' definitions, attachments, the
//! order of a group's members and the way a time is written make no difference; a duration is compared as it is written.

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::forms;
use crate::decode::canonical;
use crate::enrich::SiteSecret;

/// Set by the store, or no part of the statement.
const IGNORED: [&str; 5] = ["id", "stored", "authority", "version", "attachments"];

/// Of a number with a fraction so many digits are compared: what was written and read again may differ in the last of double
/// precision.
const DIGITS: usize = 12;
/// Whole numbers from here on are compared by all of their digits.
const LONG: f64 = 1e12;

/// What of a statement makes it this one and no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Essence {
    /// All but the time, in one spelling.
    bytes: Vec<u8>,
    /// To the microsecond, as it is kept.
    at: Option<DateTime<Utc>>,
}

impl Essence {
    /// Of a valid statement as it was sent.
    pub fn of(statement: &Map<String, Value>) -> Self {
        let mut statement = statement.clone();
        normalise(&mut statement);
        let at = statement.remove("timestamp");
        let at = at.as_ref().and_then(Value::as_str).and_then(forms::as_time).map(|at| at.to_utc().trunc_subsecs(6));
        let mut statement = Value::Object(statement);
        plain_numbers(&mut statement);
        Self { bytes: canonical::bytes(&statement), at }
    }

    /// The same, of which nobody without the site's secret can tell whose it is.
    pub fn fingerprint(&self, secret: &SiteSecret) -> Fingerprint {
        Fingerprint { digest: hex::encode(secret.digest(&self.bytes)), at: self.at }
    }
}

/// Tells whether two statements of a site are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// HMAC-SHA256 of the statement without its time, in hexadecimal.
    pub digest: String,
    /// The time that the sender gave it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<DateTime<Utc>>,
}

impl Fingerprint {
    /// Times are compared where both have one: what came without was given one when it was stored.
    pub fn same(&self, other: &Self) -> bool {
        self.digest == other.digest && self.at.zip(other.at).is_none_or(|(one, other)| one == other)
    }
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
        members.sort_by_cached_key(canonical::bytes);
    }
}

fn lower(value: Option<&mut Value>) {
    if let Some(Value::String(text)) = value {
        text.make_ascii_lowercase();
    }
}

/// One spelling for each number.
fn plain_numbers(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(plain_numbers),
        Value::Object(map) => map.values_mut().for_each(plain_numbers),
        Value::Number(number) => {
            let long = !number.is_f64() && number.as_f64().is_some_and(|whole| whole.abs() >= LONG);
            if let Some(fraction) = number.as_f64().filter(|_| !long) {
                let places = DIGITS - 1;
                *value = format!("number {fraction:.places$e}").into();
            }
        }
        _ => {}
    }
}
