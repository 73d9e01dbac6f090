//! The rules a mapping is made of: where in a record a value is, and how it becomes a text or a name of a
//! closed list.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use model::codes::Codes;
use serde_json::{Map, Value};

use super::check;
use super::mapping_file::{ChoiceTable, ControlCharacters, Other, TextTable};
use super::scalar::Scalar;
use crate::event::{Reason, Reject};

/// A place in a record: `user.id`, `actors.0.id`, or a CSV column's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    whole: String,
    parts: Vec<String>,
}

impl Place {
    pub(super) fn parse(text: &str) -> Result<Place, String> {
        let parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        if parts.iter().any(|part| part.trim().is_empty()) {
            return Err(format!("`{text}` is not a field; write a name, or names separated by single dots"));
        }
        Ok(Place { whole: text.to_owned(), parts })
    }

    /// The value there. A key that is spelled like the whole path, dots and all, comes first: CSV columns may
    /// have dots in their names.
    pub(super) fn find<'a>(&self, record: &'a Map<String, Value>) -> Option<&'a Value> {
        if let Some(value) = record.get(&self.whole) {
            return Some(value);
        }
        let (first, rest) = self.parts.split_first()?;
        rest.iter().try_fold(record.get(first)?, |value, part| match value {
            Value::Object(map) => map.get(part),
            Value::Array(list) => list.get(part.parse::<usize>().ok()?),
            _ => None,
        })
    }

    pub(super) fn scalar<'a>(&self, record: &'a Map<String, Value>) -> Scalar<'a> {
        self.find(record).map_or(Scalar::Nothing, Scalar::from)
    }

    pub(super) fn name(&self) -> &str {
        &self.whole
    }
}

/// Where a text comes from.
#[derive(Debug, Clone)]
pub(super) enum TextRule {
    Joined { places: Vec<Place>, separator: String },
    Constant(String),
}

impl TextRule {
    pub(super) fn build(table: TextTable) -> Result<TextRule, String> {
        let TextTable { field, fields, separator, constant } = table;
        if separator.is_some() && fields.is_none() {
            return Err("`separator` stands between `fields`; remove it or give `fields`".to_owned());
        }
        match (field, fields, constant) {
            (Some(field), None, None) => {
                Ok(TextRule::Joined { places: vec![Place::parse(&field)?], separator: String::new() })
            }
            (None, Some(fields), None) if !fields.is_empty() => {
                let separator = separator.ok_or("`fields` need a `separator` to be joined by")?;
                let places = fields.iter().map(|field| Place::parse(field)).collect::<Result<_, _>>()?;
                Ok(TextRule::Joined { places, separator })
            }
            (None, None, Some(constant)) => {
                check::text("constant", &constant).map_err(|reject| reject.detail)?;
                if constant.trim().is_empty() {
                    return Err("`constant` is blank; give it a value or remove the table".to_owned());
                }
                Ok(TextRule::Constant(constant))
            }
            _ => Err("say where it comes from with exactly one of `field`, `fields`, `constant`".to_owned()),
        }
    }

    /// The text, within the limits; `None` if it, or any of the parts it is joined from, is missing or blank.
    ///
    /// # Errors
    /// [`Reason::BadField`].
    pub(super) fn read(
        &self,
        name: &str,
        record: &Map<String, Value>,
        control: ControlCharacters,
    ) -> Result<Option<String>, Reject> {
        let (places, separator) = match self {
            TextRule::Constant(constant) => return Ok(Some(constant.clone())),
            TextRule::Joined { places, separator } => (places, separator),
        };
        let mut joined = String::new();
        for (at, place) in places.iter().enumerate() {
            let Some(text) = part(place, record, control)? else { return Ok(None) };
            if at > 0 {
                joined.push_str(separator);
            }
            joined.push_str(&text);
        }
        check::text(name, &joined)?;
        Ok(Some(joined))
    }

    /// As [`TextRule::read`], but missing is [`Reason::MissingField`].
    pub(super) fn required(
        &self,
        name: &str,
        record: &Map<String, Value>,
        control: ControlCharacters,
    ) -> Result<String, Reject> {
        self.read(name, record, control)?.ok_or_else(|| {
            let detail = format!("field `{name}` is missing or empty (it comes from {})", self.origin());
            Reject::new(Reason::MissingField, detail)
        })
    }

    /// Where it comes from, for a sentence.
    fn origin(&self) -> String {
        match self {
            TextRule::Constant(_) => "a constant".to_owned(),
            TextRule::Joined { places, .. } => {
                places.iter().map(|place| format!("`{}`", place.name())).collect::<Vec<_>>().join(" and ")
            }
        }
    }
}

/// One value as trimmed text, `None` if there is nothing in it.
pub(super) fn part<'a>(
    place: &Place,
    record: &'a Map<String, Value>,
    control: ControlCharacters,
) -> Result<Option<Cow<'a, str>>, Reject> {
    let text = place.scalar(record).into_text(place.name())?;
    Ok(match text {
        Some(text) if control == ControlCharacters::Remove && text.chars().any(char::is_control) => {
            let cleaned: String = text.chars().filter(|letter| !letter.is_control()).collect();
            let cleaned = cleaned.trim();
            (!cleaned.is_empty()).then(|| Cow::Owned(cleaned.to_owned()))
        }
        text => text,
    })
}

/// Where a name of a closed list comes from.
#[derive(Debug, Clone)]
pub(super) struct ChoiceRule {
    pub text: TextRule,
    list: Codes,
    values: Option<HashMap<String, i32>>,
    skip: HashSet<String>,
    skip_others: bool,
}

/// What a value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    Code(i32),
    Skipped,
    Unknown,
}

impl ChoiceRule {
    /// `may_skip` is true for the kind alone: only it decides whether a record is an event.
    pub(super) fn build(table: ChoiceTable, list: Codes, may_skip: bool) -> Result<ChoiceRule, String> {
        let ChoiceTable { field, fields, separator, constant, values, skip, other } = table;
        if !may_skip && (!skip.is_empty() || other.is_some()) {
            return Err("`skip` and `other` belong to `[kind]` only; remove them here".to_owned());
        }
        let code = |name: &str| {
            let known = || list.names().collect::<Vec<_>>().join(", ");
            list.code(name).ok_or_else(|| format!("`{name}` is not known; use one of {}", known()))
        };
        let values = values
            .map(|values| {
                values
                    .into_iter()
                    .map(|(value, name)| Ok((value, code(&name)?)))
                    .collect::<Result<HashMap<_, _>, String>>()
            })
            .transpose()?;
        if let (Some(constant), None) = (&constant, &values) {
            code(constant)?;
        }
        if let Some(both) = skip.iter().find(|value| values.as_ref().is_some_and(|values| values.contains_key(*value)))
        {
            return Err(format!("`{both}` is in both `values` and `skip`; remove one"));
        }
        Ok(ChoiceRule {
            text: TextRule::build(TextTable { field, fields, separator, constant })?,
            list,
            values,
            skip: skip.into_iter().collect(),
            skip_others: other == Some(Other::Skip),
        })
    }

    pub(super) fn choose(&self, value: &str) -> Choice {
        let code = match &self.values {
            Some(values) => values.get(value).copied(),
            None => self.list.code(value),
        };
        match code {
            Some(code) => Choice::Code(code),
            None if self.skip_others || self.skip.contains(value) => Choice::Skipped,
            None => Choice::Unknown,
        }
    }

    /// The names a value may have: those of the list.
    pub(super) fn list(&self) -> Codes {
        self.list
    }
}

/// The rules of the texts that an event can have.
#[derive(Debug, Clone)]
pub(super) struct Texts {
    pub(super) school: Option<TextRule>,
    pub(super) book: Option<TextRule>,
    pub(super) chapter: Option<TextRule>,
    pub(super) session: Option<TextRule>,
    pub(super) query: Option<TextRule>,
    pub(super) placement: Option<TextRule>,
    pub(super) campaign: Option<TextRule>,
    pub(super) variant: Option<TextRule>,
}
