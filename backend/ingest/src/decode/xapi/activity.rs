//! Activities and their definitions (1.0.3, part two, 2.4.4.1; 2.0, 4.2.2.3).

use std::collections::HashSet;

use serde_json::Value;

use super::forms;
use super::invalid::{At, Invalid, each, object, optional, required};

const INTERACTIONS: [&str; 10] = [
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
];

/// Lists of the parts of an interaction.
const PARTS: [&str; 5] = ["choices", "scale", "source", "target", "steps"];

const DEFINITION: [&str; 12] = [
    "name",
    "description",
    "type",
    "moreInfo",
    "extensions",
    "interactionType",
    "correctResponsesPattern",
    "choices",
    "scale",
    "source",
    "target",
    "steps",
];

pub(super) fn activity(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let map = object(at, value, &["objectType", "id", "definition"])?;
    optional(at, map, "objectType", |at, kind| if kind == "Activity" { Ok(()) } else { at.fail("must be Activity") })?;
    forms::iri(&at.key("id"), required(at, map, "id")?)?;
    optional(at, map, "definition", definition)
}

fn definition(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let map = object(at, value, &DEFINITION)?;
    optional(at, map, "name", forms::language_map)?;
    optional(at, map, "description", forms::language_map)?;
    optional(at, map, "type", forms::iri)?;
    optional(at, map, "moreInfo", forms::iri)?;
    optional(at, map, "extensions", forms::extensions)?;
    optional(at, map, "interactionType", |at, kind| {
        let known = kind.as_str().is_some_and(|kind| INTERACTIONS.contains(&kind));
        if known { Ok(()) } else { at.fail(format!("must be one of {}", INTERACTIONS.join(", "))) }
    })?;
    optional(at, map, "correctResponsesPattern", |at, list| each(at, list, forms::text))?;
    PARTS.iter().try_for_each(|key| optional(at, map, key, parts))
}

fn parts(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    each(at, value, |at, part| {
        let map = object(at, part, &["id", "description"])?;
        forms::text(&at.key("id"), required(at, map, "id")?)?;
        optional(at, map, "description", forms::language_map)
    })?;
    let mut seen = HashSet::new();
    let ids = value.as_array().into_iter().flatten().filter_map(|part| part.get("id")?.as_str());
    for (item, id) in ids.enumerate() {
        if !seen.insert(id) {
            return at.item(item).key("id").fail("stands twice in the list");
        }
    }
    Ok(())
}
