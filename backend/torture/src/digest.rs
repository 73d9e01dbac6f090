//! What an event says, in sixteen bytes: made of what was sent, and again of what is stored.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The first 16 bytes of SHA-256.
pub type Digest = [u8; 16];

/// Everything of an event that is stored, things by the names they were sent under. Not its id and its day, which it is known by.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Facts<'a> {
    pub at: DateTime<Utc>,
    pub offset_min: i16,
    /// The person's pseudonym under the site's secret.
    pub pseudonym: &'a [u8],
    pub kind: i32,
    pub role: i32,
    pub device: i32,
    /// Empty: none.
    pub school: &'a str,
    pub book: &'a str,
    pub chapter: &'a str,
    pub duration_ms: i32,
    pub session: Option<&'a str>,
    pub query: Option<&'a str>,
    pub placement: Option<&'a str>,
    pub campaign: Option<&'a str>,
    pub variant: Option<&'a str>,
    pub referrer: Option<&'a str>,
    pub x: Option<f32>,
    pub y: Option<f32>,
    pub robot: bool,
    pub props: Option<&'a Value>,
}

impl Facts<'_> {
    pub fn digest(&self) -> Digest {
        // Debug writes texts with their quotes and escapes, so no two different facts are written alike.
        let Self { at, offset_min, pseudonym, kind, role, device, school, book, chapter, duration_ms, .. } = self;
        let Self { session, query, placement, campaign, variant, referrer, x, y, robot, .. } = self;
        let mut props = String::new();
        if let Some(value) = self.props {
            write(value, &mut props);
        }
        let text = format!(
            "{} {offset_min} {pseudonym:?} {kind} {role} {device} {school:?} {book:?} {chapter:?} {duration_ms} {session:?} \
             {query:?} {placement:?} {campaign:?} {variant:?} {referrer:?} {x:?} {y:?} {robot} {props}",
            at.timestamp_micros()
        );
        Sha256::digest(text)[..16].try_into().expect("SHA-256 has 32 bytes")
    }
}

/// JSON with the keys of objects in order: the database keeps them in an order of its own.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (key, value) in entries {
                *out += &format!("{key:?}:");
                write(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(list) => {
            out.push('[');
            for value in list {
                write(value, out);
                out.push(',');
            }
            out.push(']');
        }
        other => *out += &other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_changed_fact_is_another_digest_and_the_order_of_keys_is_none() {
        let (one, same, other) = (json!({"a": 1, "b": [1, "x"]}), json!({"b": [1, "x"], "a": 1}), json!({"a": 2}));
        let facts = |props| Facts { session: Some("s"), props: Some(props), ..Facts::default() };
        assert_eq!(facts(&one).digest(), facts(&same).digest());
        assert_ne!(facts(&one).digest(), facts(&other).digest());
        let moved = Facts { session: None, query: Some("s"), ..facts(&one) };
        assert_ne!(facts(&one).digest(), moved.digest());
        assert_ne!(facts(&one).digest(), Facts { offset_min: 120, ..facts(&one) }.digest());
    }
}
