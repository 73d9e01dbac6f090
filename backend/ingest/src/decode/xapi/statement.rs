//! Whether a statement is one (1.0.3, part two, section 2; 2.0, 4.2.2).

use serde_json::{Map, Value};

use super::Version;
use super::activity::activity;
use super::actor::{actor, agent, authority, group};
use super::context::{context, reference};
use super::forms;
use super::invalid::{At, Invalid, each, object, only, optional, required};

/// The verb that takes another statement back.
pub(super) const VOIDED: &str = "http://adlnet.gov/expapi/verbs/voided";

/// What a statement inside of another may have; the rest is the outer one's alone.
const SUB: [&str; 8] = ["objectType", "actor", "verb", "object", "result", "context", "timestamp", "attachments"];

const FULL: [&str; 11] = [
    "id",
    "actor",
    "verb",
    "object",
    "result",
    "context",
    "timestamp",
    "stored",
    "authority",
    "version",
    "attachments",
];

/// # Errors
/// The first thing that is wrong.
pub(super) fn check(at: &At<'_>, statement: &Map<String, Value>, version: Version) -> Result<(), Invalid> {
    only(at, statement, &FULL)?;
    optional(at, statement, "id", forms::uuid)?;
    parts(at, statement, version, false)?;
    optional(at, statement, "stored", |at, value| forms::timestamp(at, value, version))?;
    optional(at, statement, "authority", authority)?;
    optional(at, statement, "version", |at, value| {
        let own = value.as_str().unwrap_or_default();
        let known = own.starts_with("1.0") || (version == Version::V2 && own.starts_with("2.0"));
        if known {
            Ok(())
        } else {
            at.fail("must be a version that the request's header X-Experience-API-Version allows")
        }
    })
}

/// What a statement and one inside of another have in common.
fn parts(at: &At<'_>, statement: &Map<String, Value>, version: Version, inside: bool) -> Result<(), Invalid> {
    actor(&at.key("actor"), required(at, statement, "actor")?)?;
    verb(&at.key("verb"), required(at, statement, "verb")?)?;
    let about = required(at, statement, "object")?;
    let kind = about.get("objectType").map_or(Some("Activity"), Value::as_str).unwrap_or_default();
    let place = at.key("object");
    match kind {
        "Activity" => activity(&place, about)?,
        "Agent" => agent(&place, about)?,
        "Group" => group(&place, about)?,
        "StatementRef" => reference(&place, about)?,
        "SubStatement" if !inside => {
            parts(&place, object(&place, about, &SUB)?, version, true)?;
        }
        "SubStatement" => return place.fail("stands inside of a SubStatement, which may hold no other"),
        _ => {
            let detail = "must be one of Activity, Agent, Group, StatementRef, SubStatement";
            return place.key("objectType").fail(detail);
        }
    }
    if statement.get("verb").and_then(|verb| verb.get("id")).is_some_and(|id| id == VOIDED) && kind != "StatementRef" {
        return place.key("objectType").fail("must be StatementRef, for the verb takes a statement back");
    }
    optional(at, statement, "result", result)?;
    optional(at, statement, "context", |at, value| context(at, value, version, kind == "Activity"))?;
    optional(at, statement, "timestamp", |at, value| forms::timestamp(at, value, version))?;
    optional(at, statement, "attachments", |at, list| each(at, list, attachment))
}

fn verb(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let map = object(at, value, &["id", "display"])?;
    forms::iri(&at.key("id"), required(at, map, "id")?)?;
    optional(at, map, "display", forms::language_map)
}

fn result(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let map = object(at, value, &["score", "success", "completion", "response", "duration", "extensions"])?;
    optional(at, map, "score", score)?;
    optional(at, map, "success", forms::truth)?;
    optional(at, map, "completion", forms::truth)?;
    optional(at, map, "response", forms::text)?;
    optional(at, map, "duration", forms::span)?;
    optional(at, map, "extensions", forms::extensions)
}

fn score(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let keys = ["scaled", "raw", "min", "max"];
    let map = object(at, value, &keys)?;
    let mut numbers = [None; 4];
    for (number, key) in numbers.iter_mut().zip(keys) {
        *number = map
            .get(key)
            .map(|value| value.as_f64().map_or_else(|| at.key(key).fail("must be a number"), Ok))
            .transpose()?;
    }
    let [scaled, raw, least, most] = numbers;
    let (low, high) = (least.unwrap_or(f64::NEG_INFINITY), most.unwrap_or(f64::INFINITY));
    if scaled.is_some_and(|scaled| !(-1.0..=1.0).contains(&scaled)) {
        return at.key("scaled").fail("must be from -1 to 1");
    }
    if low >= high {
        return at.key("min").fail("must be less than max");
    }
    if raw.is_some_and(|raw| !(low..=high).contains(&raw)) {
        return at.key("raw").fail("must be from min to max");
    }
    Ok(())
}

fn attachment(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let known = ["usageType", "display", "description", "contentType", "length", "sha2", "fileUrl"];
    let map = object(at, value, &known)?;
    forms::iri(&at.key("usageType"), required(at, map, "usageType")?)?;
    forms::language_map(&at.key("display"), required(at, map, "display")?)?;
    optional(at, map, "description", forms::language_map)?;
    forms::text(&at.key("contentType"), required(at, map, "contentType")?)?;
    if required(at, map, "length")?.as_u64().is_none() {
        return at.key("length").fail("must be a whole number of bytes");
    }
    forms::text(&at.key("sha2"), required(at, map, "sha2")?)?;
    // A body of application/json cannot carry the data (1.0.3, part three, 1.5.1), and other bodies are not taken.
    forms::iri(&at.key("fileUrl"), required(at, map, "fileUrl")?)
}
