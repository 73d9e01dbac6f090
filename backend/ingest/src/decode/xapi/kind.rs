//! What happened: a statement's verb and the type of its activity → a kind.
//!
//! A verb is its IRI. The vocabularies in use have words for the same things, so the table is one of vocabularies and one
//! of words; a word of a vocabulary that is not listed means nothing here.

use crate::decode::naming::last_segment;

/// What becomes of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// An event of this kind, by its name in [`model::KINDS`].
    Kind(&'static str),
    /// Known, and left out by rule.
    Skipped,
    Unknown,
}

/// Vocabularies, after the scheme: ADL's own, Activity Streams, Tin Can's registry, the profiles under w3id.org (video,
/// cmi5, Open edX), and those of Moodle's plugins.
const VOCABULARIES: [&str; 7] = [
    "adlnet.gov/expapi/",
    "activitystrea.ms/",
    "id.tincanapi.com/",
    "w3id.org/xapi/",
    "brindlewaye.com/xAPITerms/",
    "vocab.xapi.fr/",
    "www.tincanapi.co.uk/",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    View,
    /// Like a view, but of a player it is its buttons that are meant.
    Interact,
    /// Of something that can be answered.
    Attempt,
    /// The same, but of a test it only opens the attempt.
    Begin,
    /// The same, but of a test it is told beside `completed`.
    Judge,
    /// Only of a test, beside `completed`.
    Score,
    /// Only questions are answered.
    Answer,
    Search,
    Media,
    SignIn,
    /// Around an activity, or told twice.
    Frame,
}

const VERBS: &[(&[&str], Verb)] = &[
    (
        &[
            "access",
            "accessed",
            "experience",
            "experienced",
            "launch",
            "launched",
            "navigated",
            "navigated-in",
            "open",
            "opened",
            "read",
            "view",
            "viewed",
        ],
        Verb::View,
    ),
    (&["interact", "interacted"], Verb::Interact),
    (&["complete", "completed", "submit", "submitted"], Verb::Attempt),
    (&["attempted"], Verb::Begin),
    (&["failed", "passed"], Verb::Judge),
    (&["scored"], Verb::Score),
    (&["answer", "answered"], Verb::Answer),
    (&["search", "searched"], Verb::Search),
    (
        &["listen", "listened", "pause", "paused", "play", "played", "seeked", "skipped", "watch", "watched"],
        Verb::Media,
    ),
    (&["log-in", "logged-in", "loggedin"], Verb::SignIn),
    // Open edX tells one submission twice: `attempted` by the browser, `evaluated` by the server.
    (
        &[
            "evaluated",
            "exited",
            "initialized",
            "log-out",
            "logged-out",
            "loggedout",
            "resumed",
            "start",
            "started",
            "suspended",
            "terminated",
            "waived",
        ],
        Verb::Frame,
    ),
];

/// What an activity is, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Book,
    Chapter,
    Test,
    Exercise,
    Medium,
    Other,
}

const TYPES: &[(&[&str], Family)] = &[
    (&["book", "e-book", "ebook", "textbook"], Family::Book),
    (&["chapter"], Family::Chapter),
    (
        &[
            "assessment",
            "attempt",
            "exam",
            "practice-assessment",
            "proctored-assessment",
            "quiz",
            "test",
            "timed-assessment",
        ],
        Family::Test,
    ),
    (&["cmi.interaction", "exercise", "interaction", "question"], Family::Exercise),
    (&["audio", "media", "video"], Family::Medium),
];

/// The family of an activity of this type.
pub(super) fn family(kind: &str) -> Family {
    word(kind).and_then(|word| found(TYPES, word)).unwrap_or(Family::Other)
}

/// `about` is the family of the activity, `None` where it tells no type.
pub(super) fn outcome(verb: &str, about: Option<Family>) -> Outcome {
    let Some(verb) = word(verb).and_then(|word| found(VERBS, word)) else { return Outcome::Unknown };
    match (verb, about) {
        (Verb::Interact, Some(Family::Medium)) | (Verb::Frame, _) => Outcome::Skipped,
        (Verb::View | Verb::Interact, _) => Outcome::Kind("page_view"),
        // A test counts once, when it is completed.
        (Verb::Begin | Verb::Judge | Verb::Score, Some(Family::Test)) => Outcome::Skipped,
        (Verb::Attempt | Verb::Answer, Some(Family::Test)) => Outcome::Kind("test"),
        (Verb::Attempt | Verb::Begin | Verb::Judge, Some(Family::Exercise)) | (Verb::Answer, _) => {
            Outcome::Kind("exercise")
        }
        (Verb::Attempt | Verb::Begin | Verb::Judge, Some(Family::Medium)) | (Verb::Media, _) => Outcome::Kind("media"),
        // Who completes a page, a lesson or a course was counted on its pages.
        (Verb::Attempt | Verb::Begin | Verb::Judge | Verb::Score, _) => Outcome::Unknown,
        (Verb::Search, _) => Outcome::Kind("search"),
        (Verb::SignIn, _) => Outcome::Kind("sign_in"),
    }
}

/// The word of an IRI of a known vocabulary.
fn word(iri: &str) -> Option<&str> {
    let rest = iri.strip_prefix("http://").or_else(|| iri.strip_prefix("https://"))?;
    VOCABULARIES.iter().any(|known| rest.starts_with(known)).then(|| last_segment(iri))
}

fn found<T: Copy>(table: &[(&[&str], T)], word: &str) -> Option<T> {
    table.iter().find(|(words, _)| words.contains(&word)).map(|(_, found)| *found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_xapi_no_word_stands_twice_and_every_kind_exists() {
        let mut seen = std::collections::HashSet::new();
        let verbs = VERBS.iter().flat_map(|(words, _)| words.iter());
        for word in verbs.chain(TYPES.iter().flat_map(|(words, _)| words.iter())) {
            assert!(seen.insert(word), "{word} stands twice");
        }
        let families = [None, Some(Family::Test), Some(Family::Exercise), Some(Family::Medium), Some(Family::Other)];
        for word in VERBS.iter().flat_map(|(words, _)| words.iter()) {
            for about in families {
                if let Outcome::Kind(name) = outcome(&format!("http://adlnet.gov/expapi/verbs/{word}"), about) {
                    assert!(model::KINDS.code(name).is_some(), "{name}");
                }
            }
        }
    }

    #[test]
    fn decode_xapi_words_count_only_in_their_vocabularies() {
        assert_eq!(outcome("https://brindlewaye.com/xAPITerms/verbs/loggedin/", None), Outcome::Kind("sign_in"));
        assert_eq!(outcome("https://w3id.org/xapi/adl/verbs/logged-in", None), Outcome::Kind("sign_in"));
        assert_eq!(outcome("http://id.tincanapi.com/verb/viewed", None), Outcome::Kind("page_view"));
        assert_eq!(outcome("https://example.org/verbs/viewed", None), Outcome::Unknown);
        assert_eq!(outcome("viewed", None), Outcome::Unknown);
        assert_eq!(family("http://adlnet.gov/expapi/activities/cmi.interaction"), Family::Exercise);
        assert_eq!(family("https://w3id.org/xapi/openedx/activity/timed-assessment"), Family::Test);
    }
}
