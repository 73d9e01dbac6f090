//! A single value of a record, read without judging its type: the sentence about a wrong type is ours to
//! write, since a library's would quote the value.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::event::{Reason, Reject};

/// A value, borrowed from the record where possible.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar<'a> {
    /// `null`.
    Nothing,
    Text(Cow<'a, str>),
    Whole(i64),
    /// Also what is written as a whole number beyond 64 bits.
    Fraction(f64),
    Truth(bool),
    List,
    Object,
}

impl Scalar<'_> {
    /// What it is, for a sentence.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Scalar::Nothing => "nothing",
            Scalar::Text(_) => "a text",
            Scalar::Whole(_) | Scalar::Fraction(_) => "a number",
            Scalar::Truth(_) => "true or false",
            Scalar::List => "a list",
            Scalar::Object => "an object",
        }
    }

    /// The number it is.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Scalar::Whole(number) => Some(*number as f64),
            Scalar::Fraction(number) => Some(*number),
            _ => None,
        }
    }
}

impl<'a> Scalar<'a> {
    /// The value as text, without white space around it: numbers in their shortest form, a whole number the
    /// same whether written `38` or `38.0`. Blank text and `null` are no value.
    ///
    /// # Errors
    /// [`Reason::BadField`] for lists and objects.
    pub(super) fn into_text(self, name: &str) -> Result<Option<Cow<'a, str>>, Reject> {
        let text = match self {
            Scalar::Nothing => return Ok(None),
            Scalar::Text(Cow::Borrowed(text)) => Cow::Borrowed(text.trim()),
            Scalar::Text(Cow::Owned(text)) => Cow::Owned(text.trim().to_owned()),
            Scalar::Whole(number) => Cow::Owned(number.to_string()),
            Scalar::Fraction(number) => Cow::Owned(number.to_string()),
            Scalar::Truth(truth) => Cow::Borrowed(if truth { "true" } else { "false" }),
            Scalar::List | Scalar::Object => {
                let detail = format!("field `{name}` must be a single value, not {}", self.noun());
                return Err(Reject::new(Reason::BadField, detail));
            }
        };
        Ok((!text.is_empty()).then_some(text))
    }
}

impl<'a> From<&'a Value> for Scalar<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Scalar::Nothing,
            Value::Bool(truth) => Scalar::Truth(*truth),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Scalar::Whole(whole),
                None => Scalar::Fraction(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Scalar::Text(Cow::Borrowed(text)),
            Value::Array(_) => Scalar::List,
            Value::Object(_) => Scalar::Object,
        }
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Truth(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar<'de>, E> {
        Ok(i64::try_from(number).map_or(Scalar::Fraction(number as f64), Scalar::Whole))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Fraction(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Object)
    }
}
