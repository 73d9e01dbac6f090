//! JSON, read strictly: a key that appears twice in an object is an error at any depth, never last-wins.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::event::{Reason, Reject};

/// The text of a line.
///
/// # Errors
/// [`Reason::BadUtf8`] with the position of the first byte that is not UTF-8.
pub(super) fn utf8(line: &[u8]) -> Result<&str, Reject> {
    std::str::from_utf8(line).map_err(|error| {
        let detail = format!("byte {} of the record is not UTF-8", error.valid_up_to() + 1);
        Reject::new(Reason::BadUtf8, detail)
    })
}

/// The object that `text` is.
///
/// # Errors
/// [`Reason::BadJson`].
pub(crate) fn object(text: &str) -> Result<Map<String, Value>, Reject> {
    starts_object(text)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    match value {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(not_an_object()),
        Err(error) => Err(refusal(&error)),
    }
}

/// Refuses what is not an object before a parser sees it, whose complaint would quote the record.
pub(super) fn starts_object(text: &str) -> Result<(), Reject> {
    if text.trim_ascii_start().starts_with('{') { Ok(()) } else { Err(not_an_object()) }
}

fn not_an_object() -> Reject {
    Reject::new(Reason::BadJson, "the record is not a JSON object; one object per line is expected")
}

/// A parser's complaint as a sentence. It never quotes the record: of complaints about data, which do, only
/// the position is kept.
pub(super) fn refusal(error: &serde_json::Error) -> Reject {
    let detail = if error.is_data() {
        format!("a key appears twice in one object, at column {}", error.column())
    } else {
        format!("the record is not JSON: {error}")
    };
    Reject::new(Reason::BadJson, detail)
}

/// What is wrong with a value that is to be kept as it is, if anything: the warehouse stores neither NUL in
/// texts nor whole numbers of more than 64 bits.
pub(super) fn unstorable(value: &Value) -> Option<&'static str> {
    match value {
        Value::String(text) => text.contains('\0').then_some("a NUL character"),
        Value::Number(number) => {
            let huge = number.is_f64() && number.as_f64().is_some_and(|value| value.abs() >= 2_f64.powi(63));
            huge.then_some("a number too large to be kept exactly")
        }
        Value::Array(list) => list.iter().find_map(unstorable),
        Value::Object(map) => map
            .iter()
            .find_map(|(key, value)| if key.contains('\0') { Some("a NUL character") } else { unstorable(value) }),
        Value::Null | Value::Bool(_) => None,
    }
}

/// Reads any value, strictly.
pub(super) struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Strict)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if values.insert(key, map.next_value_seed(Strict)?).is_some() {
                return Err(A::Error::custom("duplicate key"));
            }
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_strict_json_equals_plain_json_except_for_doubled_keys() {
        let text = r#"{"a":[1,-2,2.5,true,null,{"b":"x\ny"}],"c":18446744073709551615}"#;
        assert_eq!(Value::Object(object(text).unwrap()), serde_json::from_str::<Value>(text).unwrap());
        for bad in [r#"{"a":1,"a":1}"#, r#"{"x":[{"a":1,"a":2}]}"#, r#"{"a":1,"\u0061":2}"#] {
            let reject = object(bad).unwrap_err();
            assert_eq!(reject.reason, Reason::BadJson);
            assert!(reject.detail.contains("twice"), "{}", reject.detail);
        }
    }

    #[test]
    fn decode_json_that_is_broken_or_too_deep_is_refused_without_quoting_it() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let bad =
            ["[]", "null", "\"secret\"", "{\"a\":\"\\ud800\"}", "{\"a\":1e400}", "{\"a\":NaN}", "{} {}", "{", &deep];
        for text in bad {
            let reject = object(text).unwrap_err();
            assert_eq!(reject.reason, Reason::BadJson);
            assert!(!reject.detail.contains("secret"));
        }
    }

    #[test]
    fn decode_what_the_warehouse_cannot_keep_is_found_at_any_depth() {
        let flaw = |text| unstorable(&Value::Object(object(text).unwrap()));
        assert_eq!(flaw(r#"{"a":[{"b":9007199254740993}]}"#), None);
        for bad in [r#"{"a":["\u0000"]}"#, r#"{"a":{"\u0000":1}}"#, r#"{"a":36893488147419103232}"#] {
            assert!(flaw(bad).is_some());
        }
    }
}
