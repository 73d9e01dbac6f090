//! The mapping file as it is written, in TOML. What it means is checked by [`super::mapping`].

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingFile {
    pub name: String,
    #[serde(default)]
    pub control_characters: ControlCharacters,
    pub id: IdTable,
    pub at: TimeTable,
    pub kind: ChoiceTable,
    pub person: TextTable,
    pub role: ChoiceTable,
    pub school: Option<TextTable>,
    pub book: Option<TextTable>,
    pub chapter: Option<TextTable>,
    pub session: Option<TextTable>,
    pub duration: Option<DurationTable>,
    pub device: Option<ChoiceTable>,
    pub query: Option<TextTable>,
    pub placement: Option<TextTable>,
    pub campaign: Option<TextTable>,
    pub variant: Option<TextTable>,
    pub x: Option<NumberTable>,
    pub y: Option<NumberTable>,
    #[serde(default)]
    pub props: BTreeMap<String, String>,
    pub creates: Option<CreatesTable>,
}

/// What to do with control characters in texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ControlCharacters {
    /// The record goes to the quarantine.
    #[default]
    Reject,
    /// They are left out of the text, as if the log did not have them.
    Remove,
}

/// Where a text comes from: one of `field`, `fields` (joined by `separator`), `constant`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextTable {
    pub field: Option<String>,
    pub fields: Option<Vec<String>>,
    pub separator: Option<String>,
    pub constant: Option<String>,
}

/// Where a name of a closed list comes from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChoiceTable {
    pub field: Option<String>,
    pub fields: Option<Vec<String>>,
    pub separator: Option<String>,
    pub constant: Option<String>,
    /// The log's value → Octavo's name. Without it the log must use Octavo's names.
    pub values: Option<BTreeMap<String, String>>,
    /// Values whose records are left out and counted as skipped (kind only).
    #[serde(default)]
    pub skip: Vec<String>,
    /// What becomes of values in neither list (kind only).
    pub other: Option<Other>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Other {
    Quarantine,
    Skip,
}

/// Either `field`, holding a UUID, or `fields`, from whose values one is made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdTable {
    pub field: Option<String>,
    pub fields: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeTable {
    pub field: String,
    pub format: String,
    pub zone: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DurationTable {
    pub field: String,
    pub unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Unit {
    Ms,
    S,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberTable {
    pub field: String,
}

/// Where the names of things come from that are created if they are missing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CreatesTable {
    pub school_name: Option<TextTable>,
    pub book_title: Option<TextTable>,
    pub publisher_code: Option<TextTable>,
    pub publisher_name: Option<TextTable>,
}
