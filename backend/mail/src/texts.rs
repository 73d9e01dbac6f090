//! The words of the letters: `texts/en.toml` and `texts/et.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::language::Language;

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| Texts::read(include_str!("texts/en.toml")));
static ESTONIAN: LazyLock<Texts> = LazyLock::new(|| Texts::read(include_str!("texts/et.toml")));

/// All words of one language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    pub frame: Frame,
    pub times: Times,
    roles: BTreeMap<String, String>,
    letters: BTreeMap<String, Wording>,
}

/// What every letter has around its own words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Frame {
    /// Stands before the link written out.
    pub link: String,
    pub footer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Times {
    pub moment: String,
    /// Twelve, in the form that the moment asks for.
    pub months: [String; 12],
    pub hour: String,
    pub hours: String,
    pub minute: String,
    pub minutes: String,
}

/// What one kind of letter says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wording {
    pub subject: String,
    pub before: Vec<String>,
    /// The button's words; only letters with a link have one.
    pub button: Option<String>,
    pub after: Vec<String>,
}

pub(crate) fn of(language: Language) -> &'static Texts {
    match language {
        Language::English => &ENGLISH,
        Language::Estonian => &ESTONIAN,
    }
}

impl Texts {
    fn read(text: &str) -> Self {
        toml::from_str(text).expect("the texts are part of the program, and a test reads them")
    }

    pub fn letter(&self, kind: &str) -> &Wording {
        self.letters.get(kind).expect("every kind has its words: a test says so")
    }

    /// The role in words; `member` for one that has none.
    pub fn role(&self, role: &str) -> &str {
        self.roles.get(role).unwrap_or(&self.roles["member"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fill::placeholders;

    fn all(wording: &Wording) -> Vec<&String> {
        std::iter::once(&wording.subject).chain(&wording.before).chain(&wording.button).chain(&wording.after).collect()
    }

    fn names(wording: &Wording) -> Vec<&str> {
        let mut names: Vec<&str> = all(wording).into_iter().flat_map(|text| placeholders(text)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let (english, estonian) = (of(Language::English), of(Language::Estonian));
        assert!(english.letters.keys().eq(estonian.letters.keys()));
        assert!(english.roles.keys().eq(estonian.roles.keys()));
        assert_eq!(placeholders(&english.times.moment).len(), placeholders(&estonian.times.moment).len());
        for (kind, wording) in &english.letters {
            let other = &estonian.letters[kind];
            assert_eq!(names(wording), names(other), "{kind}");
            assert_eq!(wording.button.is_some(), other.button.is_some(), "{kind}");
            assert!(all(wording).into_iter().chain(all(other)).all(|text| !text.trim().is_empty()), "{kind}");
        }
    }

    #[test]
    fn every_role_of_the_policy_has_its_words() {
        for language in Language::ALL {
            for role in access::Role::ALL {
                assert!(of(language).roles.contains_key(role.as_str()), "{role} in {}", language.as_str());
            }
        }
    }
}
