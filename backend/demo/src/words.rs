//! The words of book and chapter titles in each language of schooling.

mod en;
mod et;
mod fi;
mod kk;
mod lt;
mod ru;
mod sv;
mod sw;

pub use en::EN;
pub use et::ET;
pub use fi::FI;
pub use kk::KK;
pub use lt::LT;
pub use ru::RU;
pub use sv::SV;
pub use sw::SW;

/// Topics a chapter can be about in each family of subjects.
pub const TOPICS: usize = 7;

/// One language of schooling.
pub struct Language {
    /// ISO 639-1.
    pub code: &'static str,
    /// Book titles with `{s}` subject and `{g}` grades.
    pub titles: &'static [&'static str],
    /// Names of [`SUBJECTS`], in their order.
    pub subjects: [&'static str; SUBJECTS.len()],
    pub introduction: &'static str,
    pub revision: &'static str,
    pub summary: &'static str,
    /// Chapters that only long books have: project, further exercises, glossary.
    pub extras: [&'static str; 3],
    pub topics: Topics,
}

/// Topics of each family, easy ones first.
pub struct Topics {
    pub counting: [&'static str; TOPICS],
    pub algebra: [&'static str; TOPICS],
    pub reading: [&'static str; TOPICS],
    pub foreign: [&'static str; TOPICS],
    pub life: [&'static str; TOPICS],
    pub matter: [&'static str; TOPICS],
    pub society: [&'static str; TOPICS],
    pub earth: [&'static str; TOPICS],
    pub arts: [&'static str; TOPICS],
    pub computing: [&'static str; TOPICS],
}

/// A school subject: its name in the reference data, the grades it is taught in, and how many books it has relative
/// to others.
pub struct Subject {
    pub name: &'static str,
    pub first_grade: u32,
    pub last_grade: u32,
    pub weight: u32,
}

/// All subjects, the same in every country.
pub const SUBJECTS: [Subject; 15] = [
    subject("mathematics", 1, 12, 16),
    subject("native_language", 1, 12, 14),
    subject("literature", 5, 12, 8),
    subject("english", 2, 12, 11),
    subject("second_language", 4, 12, 7),
    subject("natural_science", 1, 6, 8),
    subject("biology", 7, 12, 6),
    subject("physics", 7, 12, 6),
    subject("chemistry", 8, 12, 5),
    subject("geography", 6, 12, 6),
    subject("history", 5, 12, 7),
    subject("civics", 6, 12, 4),
    subject("music", 1, 9, 4),
    subject("art", 1, 9, 3),
    subject("informatics", 4, 12, 4),
];

/// The first grade in which mathematics is more algebra than counting.
const ALGEBRA_FROM: u32 = 7;

const fn subject(name: &'static str, first_grade: u32, last_grade: u32, weight: u32) -> Subject {
    Subject { name, first_grade, last_grade, weight }
}

impl Language {
    /// What the chapters of a subject are about in a grade. `subject` is an index of [`SUBJECTS`].
    pub fn topics(&self, subject: usize, grade: u32) -> &[&'static str; TOPICS] {
        match SUBJECTS[subject].name {
            "mathematics" if grade < ALGEBRA_FROM => &self.topics.counting,
            "mathematics" => &self.topics.algebra,
            "native_language" | "literature" => &self.topics.reading,
            "english" | "second_language" => &self.topics.foreign,
            "natural_science" | "biology" => &self.topics.life,
            "physics" | "chemistry" => &self.topics.matter,
            "history" | "civics" => &self.topics.society,
            "geography" => &self.topics.earth,
            "informatics" => &self.topics.computing,
            _ => &self.topics.arts,
        }
    }
}
