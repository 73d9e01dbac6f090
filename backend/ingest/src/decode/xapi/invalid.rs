//! Where in a body something is wrong, and what.

use serde_json::{Map, Value};

/// Why a batch is refused as a whole (400).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {detail}")]
pub struct Invalid {
    /// A JSON Pointer (RFC 6901) into the body as it was sent; empty for the body itself.
    pub pointer: String,
    /// A sentence without the sender's values. Its subject is what the pointer points at.
    pub detail: String,
}

/// A place in the body, written out only when something is wrong there.
pub(super) struct At<'a> {
    up: Option<&'a At<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    Root,
    Key(&'a str),
    Item(usize),
}

impl<'a> At<'a> {
    pub(super) fn root() -> Self {
        At { up: None, step: Step::Root }
    }

    pub(super) fn key(&'a self, key: &'a str) -> At<'a> {
        At { up: Some(self), step: Step::Key(key) }
    }

    pub(super) fn item(&'a self, item: usize) -> At<'a> {
        At { up: Some(self), step: Step::Item(item) }
    }

    pub(super) fn fail<T>(&self, detail: impl Into<String>) -> Result<T, Invalid> {
        Err(Invalid { pointer: self.pointer(), detail: detail.into() })
    }

    fn pointer(&self) -> String {
        let mut pointer = self.up.map(At::pointer).unwrap_or_default();
        match self.step {
            Step::Root => {}
            Step::Key(key) => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Step::Item(item) => pointer.push_str(&format!("/{item}")),
        }
        pointer
    }
}

/// The object that a value must be, with no other properties than these.
pub(super) fn object<'v>(at: &At<'_>, value: &'v Value, known: &[&str]) -> Result<&'v Map<String, Value>, Invalid> {
    let Some(map) = value.as_object() else { return at.fail("must be an object") };
    only(at, map, known)?;
    Ok(map)
}

/// Refuses properties that the standard does not allow (1.0.3, part two, 2.2; 2.0, 4.2.1).
pub(super) fn only(at: &At<'_>, map: &Map<String, Value>, known: &[&str]) -> Result<(), Invalid> {
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => at.key(key).fail("is no property that the standard allows here; such belong into `extensions`"),
        None => Ok(()),
    }
}

/// A property that must be there.
pub(super) fn required<'v>(at: &At<'_>, map: &'v Map<String, Value>, key: &str) -> Result<&'v Value, Invalid> {
    match map.get(key) {
        Some(value) => Ok(value),
        None => at.key(key).fail("is missing"),
    }
}

/// Checks a property if it is there.
pub(super) fn optional(
    at: &At<'_>,
    map: &Map<String, Value>,
    key: &str,
    check: impl FnOnce(&At<'_>, &Value) -> Result<(), Invalid>,
) -> Result<(), Invalid> {
    map.get(key).map_or(Ok(()), |value| check(&at.key(key), value))
}

/// Checks every item of a list.
pub(super) fn each(
    at: &At<'_>,
    value: &Value,
    check: impl Fn(&At<'_>, &Value) -> Result<(), Invalid>,
) -> Result<(), Invalid> {
    let Some(list) = value.as_array() else { return at.fail("must be a list") };
    list.iter().enumerate().try_for_each(|(item, value)| check(&at.item(item), value))
}
