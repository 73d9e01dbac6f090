//! Events and persons in the short form they are made and sorted in.

/// What a person is; the order is that of the names given to the codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Student,
    Teacher,
    Other,
}

pub const ROLE_NAMES: [&str; 3] = ["student", "teacher", "other"];

/// What happened; the order is that of the names given to the codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    PageView,
    Exercise,
    Test,
    Search,
    Media,
    Impression,
    Click,
    SignIn,
}

pub const KIND_NAMES: [&str; 8] =
    ["page_view", "exercise", "test", "search", "media", "impression", "click", "sign_in"];

impl Kind {
    /// All that happen within a session, in the order of a mix's weights.
    pub const WITHIN: [Kind; 7] =
        [Kind::PageView, Kind::Exercise, Kind::Test, Kind::Search, Kind::Media, Kind::Impression, Kind::Click];
}

pub const DEVICE_NAMES: [&str; 4] = ["desktop", "tablet", "phone", "other"];

/// A person of a site: school, role and number within both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    pub school: u32,
    pub number: u32,
    pub role: Role,
}

impl Person {
    pub fn student(school: usize, number: u32) -> Person {
        Person { school: school as u32, number, role: Role::Student }
    }

    pub fn teacher(school: usize, number: u32) -> Person {
        Person { school: school as u32, number, role: Role::Teacher }
    }

    pub fn other(school: usize, number: u32) -> Person {
        Person { school: school as u32, number, role: Role::Other }
    }
}

/// An event before its texts are written.
#[derive(Debug, Clone, Copy)]
pub struct Draft {
    /// UTC milliseconds.
    pub at: i64,
    pub person: Person,
    pub kind: Kind,
    /// The session's book, a number in the platform's list.
    pub book: u32,
    /// The index of the chapter.
    pub chapter: u8,
    /// An index of [`DEVICE_NAMES`].
    pub device: u8,
    pub duration_ms: i32,
    pub session: u64,
    /// Random bits for what only some kinds have: words, scores, places.
    pub bits: u32,
}
