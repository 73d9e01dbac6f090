//! Dimensions, and the stored keys they are read from.

use serde::Deserialize;

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

/// What numbers are split and filtered by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    pub name: String,
    pub title: String,
    pub description: String,
    pub key: Key,
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
}
