//! Dimensions, and the stored keys they are read from.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::source::{ModelError, Source};

/// A stored key: a column of events and rollups. The site is part of every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    Site,
    School,
    Book,
    Chapter,
    Role,
    Kind,
    Device,
}

impl Key {
    /// The column that holds it, in `core.event` and in the rollups alike.
    pub fn column(self) -> &'static str {
        match self {
            Key::Site => "site_id",
            Key::School => "school_id",
            Key::Book => "book_id",
            Key::Chapter => "chapter_id",
            Key::Role => "role",
            Key::Kind => "kind",
            Key::Device => "device",
        }
    }
}

/// What the values of a dimension are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// One of a list of codes.
    Code,
    /// Words.
    Text,
    /// A number, compared as one.
    Number,
}

impl ValueType {
    pub fn as_str(self) -> &'static str {
        match self {
            ValueType::Code => "code",
            ValueType::Text => "text",
            ValueType::Number => "number",
        }
    }
}

/// What numbers are split and filtered by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    pub name: String,
    pub title: String,
    pub description: String,
    #[serde(rename = "type")]
    pub value_type: ValueType,
    pub key: Key,
    /// The dimension right above it: each of its values lies within one of that one's.
    pub parent: Option<String>,
    #[serde(default)]
    pub entity: bool,
    #[serde(default)]
    pub as_of: bool,
    #[serde(default)]
    pub multi_valued: bool,
    #[serde(default)]
    pub roles: Vec<String>,
}

impl Dimension {
    pub fn allows(&self, role: &str) -> bool {
        self.roles.is_empty() || self.roles.iter().any(|r| r == role)
    }

    /// The tests of a filter that suit its values.
    pub fn filters(&self) -> Vec<&'static str> {
        let mut tests = vec!["in", "not_in"];
        if self.entity || self.value_type == ValueType::Text {
            tests.push("contains");
        }
        if self.value_type == ValueType::Number {
            tests.extend(["from", "to"]);
        }
        tests
    }

    /// The dimensions it lies under, the nearest first.
    pub fn hierarchy<'a>(&self, all: &'a [Dimension]) -> impl Iterator<Item = &'a Dimension> {
        let parent = |of: &Dimension| all.iter().find(|d| of.parent.as_ref() == Some(&d.name));
        std::iter::successors(parent(self), move |above| parent(above)).take(all.len())
    }
}

/// Checks that every parent is there and that no dimension lies under itself.
pub(crate) fn check_hierarchy(all: &[Dimension], source: &Source) -> Result<(), ModelError> {
    let names: BTreeSet<&String> = all.iter().map(|d| &d.name).collect();
    for (i, dimension) in all.iter().enumerate() {
        let Some(parent) = &dimension.parent else { continue };
        let fail = |problem: &str| {
            source.wrong(&format!("/dimension/{i}/parent"), format!("dimension '{}': {problem}", dimension.name))
        };
        if !names.contains(parent) {
            return Err(fail(&format!("its parent '{parent}' is no dimension")));
        }
        if dimension.hierarchy(all).any(|above| above.name == dimension.name) {
            return Err(fail(&format!("by its parent '{parent}' it lies under itself")));
        }
    }
    Ok(())
}
