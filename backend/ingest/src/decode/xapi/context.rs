//! What surrounds a statement (1.0.3, part two, 2.4.6; 2.0, 4.2.4).

use serde_json::Value;

use super::Version;
use super::activity::activity;
use super::actor::{actor, agent, group};
use super::forms;
use super::invalid::{At, Invalid, each, object, optional, required};

const KNOWN: [&str; 11] = [
    "registration",
    "instructor",
    "team",
    "contextActivities",
    "revision",
    "platform",
    "language",
    "statement",
    "extensions",
    // From 2.0 on.
    "contextAgents",
    "contextGroups",
];

/// `of_activity`: whether the statement's object is an activity, without which it has neither platform nor revision.
pub(super) fn context(at: &At<'_>, value: &Value, version: Version, of_activity: bool) -> Result<(), Invalid> {
    let known = if version == Version::V1 { &KNOWN[..9] } else { &KNOWN };
    let map = object(at, value, known)?;
    optional(at, map, "registration", forms::uuid)?;
    optional(at, map, "instructor", actor)?;
    optional(at, map, "team", group)?;
    optional(at, map, "contextActivities", |at, value| {
        let kinds = ["parent", "grouping", "category", "other"];
        let map = object(at, value, &kinds)?;
        kinds.iter().try_for_each(|key| {
            optional(at, map, key, |at, value| match value {
                Value::Array(_) => each(at, value, activity),
                // One alone was allowed before lists were.
                _ => activity(at, value),
            })
        })
    })?;
    for key in ["revision", "platform"] {
        optional(at, map, key, |at, value| {
            if of_activity { forms::text(at, value) } else { at.fail("may stand only where the object is an activity") }
        })?;
    }
    optional(at, map, "language", forms::language)?;
    optional(at, map, "statement", reference)?;
    optional(at, map, "extensions", forms::extensions)?;
    let related = |key: &'static str, kind: &'static str, check: fn(&At<'_>, &Value) -> Result<(), Invalid>| {
        optional(at, map, key, |at, list| {
            each(at, list, |at, value| {
                let about = if kind == "contextAgent" { "agent" } else { "group" };
                let map = object(at, value, &["objectType", about, "relevantTypes"])?;
                if required(at, map, "objectType")? != kind {
                    return at.key("objectType").fail(format!("must be {kind}"));
                }
                check(&at.key(about), required(at, map, about)?)?;
                optional(at, map, "relevantTypes", |at, types| each(at, types, forms::iri))
            })
        })
    };
    related("contextAgents", "contextAgent", agent)?;
    related("contextGroups", "contextGroup", group)
}

/// A reference to another statement.
pub(super) fn reference(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let map = object(at, value, &["objectType", "id"])?;
    if required(at, map, "objectType")? != "StatementRef" {
        return at.key("objectType").fail("must be StatementRef");
    }
    forms::uuid(&at.key("id"), required(at, map, "id")?)
}
