//! The forms of single values (1.0.3, part two, section 4; 2.0, 4.2.7).

use chrono::{DateTime, FixedOffset, Timelike};
use serde_json::Value;
use uuid::Uuid;

use super::Version;
use super::invalid::{At, Invalid};
use crate::decode::duration;

pub(super) fn text(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    if value.is_string() { Ok(()) } else { at.fail("must be a text") }
}

pub(super) fn truth(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    if value.is_boolean() { Ok(()) } else { at.fail("must be true or false") }
}

/// The text that `value` is, if it has the form; else the sentence.
fn formed(
    at: &At<'_>,
    value: &Value,
    has_form: impl FnOnce(&str) -> bool,
    sentence: &'static str,
) -> Result<(), Invalid> {
    if value.as_str().is_some_and(has_form) { Ok(()) } else { at.fail(sentence) }
}

/// An IRI with its scheme. The rest is checked no further than that it can be one (RFC 3987; best effort is allowed).
pub(super) fn iri(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    formed(at, value, is_iri, "must be an IRI with a scheme, such as https://example.org/x")
}

fn is_iri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let mut scheme = scheme.bytes();
    let begins = scheme.next().is_some_and(|first| first.is_ascii_alphabetic());
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c);
    begins
        && scheme.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !rest.is_empty()
        && !rest.contains(forbidden)
}

/// A UUID in its standard string form.
pub(super) fn uuid(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    formed(at, value, |text| as_uuid(text).is_some(), "must be a UUID in its standard form")
}

/// Only the form with hyphens is the standard one.
pub(super) fn as_uuid(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}

pub(super) fn mbox(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let is_mbox = |text: &str| {
        let address = text.strip_prefix("mailto:").unwrap_or_default();
        let parts = address.rsplit_once('@');
        is_iri(text) && parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
    };
    formed(at, value, is_mbox, "must be an e-mail address after `mailto:`")
}

pub(super) fn sha1(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let is_sha1 = |text: &str| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    formed(at, value, is_sha1, "must be a SHA-1 hash in 40 hexadecimal digits")
}

pub(super) fn span(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    formed(at, value, |text| duration::parse(text).is_some(), "must be a duration of ISO 8601, such as PT1M30S")
}

pub(super) fn extensions(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let Some(map) = value.as_object() else { return at.fail("must be an object") };
    match map.keys().find(|key| !is_iri(key)) {
        Some(key) => at.key(key).fail("is a key of extensions, which must be an IRI with a scheme"),
        None => Ok(()),
    }
}

/// Languages by RFC 5646 → texts. Which languages they are is nothing to Octavo.
pub(super) fn language_map(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    let Some(map) = value.as_object() else { return at.fail("must be an object of languages and texts") };
    for (tag, value) in map {
        if !is_language(tag) {
            return at.key(tag).fail("is a key that must be a language tag of RFC 5646, such as et or en-US");
        }
        text(&at.key(tag), value)?;
    }
    Ok(())
}

pub(super) fn language(at: &At<'_>, value: &Value) -> Result<(), Invalid> {
    formed(at, value, is_language, "must be a language tag of RFC 5646, such as et or en-US")
}

/// The lengths of a tag's parts, as the standard asks at least.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let private = matches!(first, "x" | "X" | "i" | "I");
    let begins = private || ((2..=8).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let rest: Vec<&str> = parts.collect();
    let formed = rest.iter().all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    // A single letter announces what follows it.
    begins && formed && !(private && rest.is_empty()) && (private || rest.last().is_none_or(|last| last.len() > 1))
}

pub(super) fn timestamp(at: &At<'_>, value: &Value, version: Version) -> Result<(), Invalid> {
    let is_time = |text: &str| as_time(text).is_some() && (version == Version::V1 || has_offset(text));
    formed(at, value, is_time, "must be a time such as 2026-03-01T09:30:00.000Z")
}

/// The time that a timestamp is. 1.0 allows the shorter offsets of ISO 8601 (`+02`, `+0200`) and none, which is UTC. The
/// offset -00:00 means that it is not known, and is refused by both (1.0.3, part two, 4.5).
pub(super) fn as_time(text: &str) -> Option<DateTime<FixedOffset>> {
    let clock = text.get(11..)?;
    let full = match clock.rfind(['+', '-']) {
        Some(sign) => {
            let (before, offset) = text.split_at(11 + sign);
            let digits: String = offset[1..].chars().filter(|c| *c != ':').collect();
            if offset.starts_with('-') && digits.bytes().all(|byte| byte == b'0') {
                return None;
            }
            match (offset.len(), digits.len()) {
                (3, 2) => format!("{before}{offset}:00"),
                (5, 4) if digits.is_ascii() => format!("{before}{}{}:{}", &offset[..1], &digits[..2], &digits[2..]),
                _ => text.to_owned(),
            }
        }
        None if clock.ends_with(['Z', 'z']) => text.to_owned(),
        None => format!("{text}Z"),
    };
    // A leap second cannot be stored.
    DateTime::parse_from_rfc3339(&full).ok().filter(|at| at.nanosecond() < 1_000_000_000)
}

fn has_offset(text: &str) -> bool {
    text.get(11..).is_some_and(|clock| clock.contains(['Z', 'z', '+', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_xapi_iris_languages_and_times_have_their_forms() {
        for good in ["http://a", "course-v1:FUN+1", "urn:isbn:978", "uuid://0aec"] {
            assert!(is_iri(good), "{good}");
        }
        for bad in ["", "a", ":a", "1a:b", "http:", "http://a b", "a/b:c", "http://<x>"] {
            assert!(!is_iri(bad), "{bad}");
        }
        for good in ["et", "en-US", "zh-Hans-CN", "x-klingon", "i-navajo", "de-1996", "en-a-bbb"] {
            assert!(is_language(good), "{good}");
        }
        for bad in ["", "e", "en_US", "en-", "en-toolongpart", "x", "123", "en-x", "õõ"] {
            assert!(!is_language(bad), "{bad}");
        }
        for (time, utc) in [
            ("2026-03-01T09:30:00.125Z", "07:30:00.125"),
            ("2026-03-01T09:30:00+02", "07:30:00"),
            ("2026-03-01T09:30:00+0200", "07:30:00"),
            ("2026-03-01T09:30:00+02:00", "07:30:00"),
            ("2026-03-01T09:30:00", "09:30:00"),
            ("2026-03-01T09:30:00.003744+00:00", "09:30:00.003744"),
        ] {
            let found = as_time(time).unwrap().naive_utc().time().to_string();
            let expected = if time.ends_with('Z') { "09:30:00.125" } else { utc };
            assert_eq!(found, expected, "{time}");
        }
        for bad in [
            "",
            "2026-03-01",
            "2026-03-01T09:30:00-00:00",
            "2026-03-01T09:30:00-00",
            "2026-03-01T09:30:60Z",
            "2026-02-30T09:30:00Z",
            "õõõõõõõõõõõõõõõõ",
            "2026-03-01T09:30:00+õõ",
        ] {
            assert_eq!(as_time(bad), None, "{bad}");
        }
    }
}
