//! The native event, decoded and checked, before anything of it is stored.

use chrono::{DateTime, FixedOffset};
use serde_json::{Map, Value};
use uuid::Uuid;

/// One thing that happened, as a platform reports it. Codes are those of the model's closed lists.
///
/// Of `person` and `user_agent` only what the steps make of them is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: Uuid,
    pub at: DateTime<FixedOffset>,
    /// A code of [`model::KINDS`].
    pub kind: i32,
    pub person: Person,
    /// A code of [`model::ROLES`].
    pub role: i32,
    /// The school's external id.
    pub school: Option<String>,
    /// ISBN-13 or the platform's own id.
    pub book: Option<String>,
    /// The chapter's code within its book.
    pub chapter: Option<String>,
    pub session: Option<String>,
    /// Milliseconds, 0 to one day.
    pub duration_ms: i32,
    /// A code of [`model::DEVICES`], 0 when not said.
    pub device: i32,
    pub query: Option<String>,
    pub placement: Option<String>,
    pub campaign: Option<String>,
    pub variant: Option<String>,
    /// The page or host it came from.
    pub referrer: Option<String>,
    pub user_agent: Option<String>,
    pub x: Option<f32>,
    pub y: Option<f32>,
    pub props: Map<String, Value>,
    /// Reference data the log itself carries; only a mapping that says so fills it in.
    pub creates: Option<Creates>,
}

/// First 16 bytes of HMAC-SHA256 of a person's id under the site's secret.
pub type Pseudonym = [u8; 16];

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Person {
    /// The platform's own id, which is never stored.
    Id(String),
    /// What was made of it where the event was received.
    Pseudonym(Pseudonym),
}

impl Person {
    /// The platform's own id, if it is still known.
    pub fn id(&self) -> Option<&str> {
        match self {
            Person::Id(id) => Some(id),
            Person::Pseudonym(_) => None,
        }
    }
}

impl From<String> for Person {
    fn from(id: String) -> Self {
        Person::Id(id)
    }
}

/// What an event of a foreign log says about the things it names. Missing ones are created under these names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Creates {
    pub school_name: Option<String>,
    pub book_title: Option<String>,
    /// Code and name of the book's publisher.
    pub publisher: Option<(String, String)>,
}

/// What a record turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Decoded {
    Event(Box<Event>),
    /// Left out by the mapping's own rule.
    Skipped,
    Rejected(Reject),
}

/// Why a record is in the quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    pub reason: Reason,
    /// A sentence for the operator: which field, what was expected. Never holds a person's id.
    pub detail: String,
    /// The id of a thing that is not known, as an alias would have it (see [`reference::Alias`]).
    pub given: Option<String>,
}

impl Reject {
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), given: None }
    }

    /// For want of a thing.
    pub fn unknown(reason: Reason, given: String, detail: String) -> Self {
        Self { reason, detail, given: Some(given) }
    }
}

/// The closed list of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    BadUtf8,
    BadJson,
    BadCsv,
    TooLong,
    Truncated,
    MissingField,
    BadField,
    UnknownKind,
    UnknownRole,
    UnknownSchool,
    UnknownBook,
    UnknownChapter,
    /// Before anything can have happened.
    TooOld,
    InFuture,
    /// Received so long after it happened that somebody has to look first.
    TooLate,
    /// Another record of the same id was accepted before.
    Conflict,
}

impl Reason {
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::BadUtf8 => "bad_utf8",
            Reason::BadJson => "bad_json",
            Reason::BadCsv => "bad_csv",
            Reason::TooLong => "too_long",
            Reason::Truncated => "truncated",
            Reason::MissingField => "missing_field",
            Reason::BadField => "bad_field",
            Reason::UnknownKind => "unknown_kind",
            Reason::UnknownRole => "unknown_role",
            Reason::UnknownSchool => "unknown_school",
            Reason::UnknownBook => "unknown_book",
            Reason::UnknownChapter => "unknown_chapter",
            Reason::TooOld => "too_old",
            Reason::InFuture => "in_future",
            Reason::TooLate => "too_late",
            Reason::Conflict => "conflict",
        }
    }
}
