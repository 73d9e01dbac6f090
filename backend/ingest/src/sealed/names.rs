//! The texts by which a record names its persons, and what stands in their place wherever they are found in it.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::MARK;

/// Shorter texts, and shorter numbers, are found everywhere by chance: they go only where they stand for the person.
const SHORTEST: usize = 6;
const SHORTEST_NUMBER: usize = 10;
/// From this length on letters with digits, and addresses, are looked for within words, too.
const DISTINCT: usize = 8;

/// Texts with what they become.
#[derive(Default)]
pub(super) struct Names {
    /// The longest first; in small letters.
    texts: Vec<(String, String)>,
}

impl Names {
    pub(super) fn add(&mut self, text: &str, mark: &str) {
        let text = text.trim();
        let number = text.bytes().all(|byte| byte.is_ascii_digit());
        if text.len() < if number { SHORTEST_NUMBER } else { SHORTEST } || text.starts_with(MARK) {
            return;
        }
        let text = text.to_ascii_lowercase();
        let encoded = text.contains('@').then(|| text.replace('@', "%40"));
        for text in std::iter::once(text).chain(encoded) {
            let at = self.texts.partition_point(|(known, _)| known.len() >= text.len());
            self.texts.insert(at, (text, mark.to_owned()));
        }
    }

    /// Puts the marks in the place of the names, in texts and keys. `spared` are keys whose values stay.
    pub(super) fn scrub(&self, value: &mut Value, spared: &[&str]) {
        if self.texts.is_empty() {
            return;
        }
        match value {
            Value::String(text) => {
                if let Some(scrubbed) = self.scrubbed(text) {
                    *text = scrubbed;
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|value| self.scrub(value, spared)),
            Value::Object(map) => self.scrub_map(map, spared),
            _ => {}
        }
    }

    pub(super) fn scrub_map(&self, map: &mut Map<String, Value>, spared: &[&str]) {
        for (mut key, mut value) in std::mem::take(map) {
            if !spared.contains(&key.as_str()) {
                self.scrub(&mut value, spared);
                key = self.scrubbed(&key).unwrap_or(key);
            }
            map.insert(key, value);
        }
    }

    /// `None` where nobody is named.
    fn scrubbed(&self, text: &str) -> Option<String> {
        // What stands for a person already.
        if self.texts.iter().any(|(_, mark)| mark == text) {
            return None;
        }
        let low = text.to_ascii_lowercase();
        if let Some((_, mark)) = self.texts.iter().find(|(name, _)| *name == low) {
            // Where a UUID stands one has to.
            let uuid = || Uuid::try_parse(mark.strip_prefix(MARK)?).ok().map(|uuid| uuid.to_string());
            let is_uuid = text.len() == 36 && Uuid::try_parse(text).is_ok();
            return Some(is_uuid.then(uuid).flatten().unwrap_or_else(|| mark.clone()));
        }
        let (mut out, mut from, mut at) = (String::new(), 0, 0);
        while let Some(c) = low[at..].chars().next() {
            match self.texts.iter().find(|(name, _)| low[at..].starts_with(name) && named(&low, at, name)) {
                Some((name, mark)) => {
                    out.push_str(&text[from..at]);
                    out.push_str(mark);
                    at += name.len();
                    from = at;
                }
                None => at += c.len_utf8(),
            }
        }
        (from > 0).then(|| out + &text[from..])
    }
}

/// Whether the name that begins at `at` is a word of its own, or so much like no word that it need not be.
fn named(text: &str, at: usize, name: &str) -> bool {
    let has = |wanted: fn(&u8) -> bool| name.as_bytes().iter().any(wanted);
    let mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    let distinct = name.len() >= DISTINCT && (mixed || name.contains('@') || name.contains("://"));
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    distinct || (edge(text[..at].chars().next_back()) && edge(text[at + name.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_text_and_terms_that_only_look_like_them_are_not() {
        let mut names = Names::default();
        for name in ["canary-4711", "Mari Maasikas", "mari@r.test", "answer", "mari", "123456", "49001010001"] {
            names.add(name, "pseudonym:1");
        }
        for (text, expected) in [
            ("xCANARY-4711y", Some("xpseudonym:1y")),
            ("by mari maasikas.", Some("by pseudonym:1.")),
            ("mailto:Mari@R.test", Some("mailto:pseudonym:1")),
            ("?u=mari%40r.test", Some("?u=pseudonym:1")),
            ("id 49001010001", Some("id pseudonym:1")),
            ("verbs/answered", None),
            ("view.php?id=123456", None),
            ("mari", None),
            ("pseudonym:1", None),
            ("õcanary-4711õ", Some("õpseudonym:1õ")),
        ] {
            assert_eq!(names.scrubbed(text).as_deref(), expected, "{text}");
        }
    }
}
