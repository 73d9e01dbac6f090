//! Agents and groups (1.0.3, part two, 2.4.2; 2.0, 4.2.2.1).

use serde_json::{Map, Value};

use super::forms;
use super::invalid::{At, Invalid, each, object, only, optional, required};

/// The properties of which an agent, and an identified group, has exactly one.
const IDENTIFIERS: [&str; 4] = ["mbox", "mbox_sha1sum", "openid", "account"];

const AGENT: [&str; 6] = ["objectType", "name", "mbox", "mbox_sha1sum", "openid", "account"];
const GROUP: [&str; 7] = ["objectType", "name", "mbox", "mbox_sha1sum", "openid", "account", "member"];

/// An agent or a group, by its `objectType`.
pub(super) fn actor(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    match value.get("objectType") {
        Some(kind) if kind == "Group" => group(at, value),
        _ => agent(at, value),
    }
}

pub(super) fn agent(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let map = object(at, value, &AGENT)?;
    optional(at, map, "objectType", |at, kind| {
        if kind == "Agent" { Ok(()) } else { at.fail("must be Agent or, where groups may stand, Group") }
    })?;
    match identifiers(at, map)? {
        1 => Ok(()),
        0 => at.fail("needs one of mbox, mbox_sha1sum, openid and account"),
        _ => at.fail("has more than one of mbox, mbox_sha1sum, openid and account; exactly one may stand"),
    }
}

/// A group; one without an identifier needs its members.
pub(super) fn group(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let map = object(at, value, &GROUP)?;
    if map.get("objectType").is_none_or(|kind| kind != "Group") {
        return at.key("objectType").fail("must be Group");
    }
    let members = map.get("member");
    match (identifiers(at, map)?, members) {
        (0, None) => return at.key("member").fail("is missing; a group without an identifier needs its members"),
        (0 | 1, _) => {}
        _ => return at.fail("has more than one of mbox, mbox_sha1sum, openid and account; at most one may stand"),
    }
    members.map_or(Ok(()), |members| each(&at.key("member"), members, agent))
}

/// Who vouches for a statement: an agent, or the pair that OAuth makes (1.0.3, part two, 2.4.9).
pub(super) fn authority(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    actor(at, value)?;
    let members = value.get("member").and_then(Value::as_array);
    match members {
        Some(members) if members.len() == 2 => Ok(()),
        None if value.get("objectType").is_none_or(|kind| kind == "Agent") => Ok(()),
        _ => at.fail("must be an agent or a group of two agents"),
    }
}

/// How many identifiers there are, each of its form.
fn identifiers(at: &At<'_>, map: &Map<String, Value>) -> Result<usize, Invalid> {
    optional(at, map, "name", forms::text)?;
    optional(at, map, "mbox", forms::mbox)?;
    optional(at, map, "mbox_sha1sum", forms::sha1)?;
    optional(at, map, "openid", forms::iri)?;
    optional(at, map, "account", account)?;
    Ok(IDENTIFIERS.iter().filter(|key| map.contains_key(**key)).count())
}

fn account(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let Some(map) = value.as_object() else { return at.fail("must be an object") };
    only(at, map, &["homePage", "name"])?;
    forms::iri(&at.key("homePage"), required(at, map, "homePage")?)?;
    let name = required(at, map, "name")?;
    forms::text(&at.key("name"), name)?;
    if name.as_str().is_some_and(|name| name.trim().is_empty()) {
        return at.key("name").fail("is empty");
    }
    Ok(())
}
