//! The fields of a native event as they were found, and the event they make.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use model::{DEVICES, KINDS, ROLES};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::check;
use super::json::unstorable;
use super::scalar::Scalar;
use super::time::rfc3339;
use crate::event::{Event, Person, Reason, Reject};

/// The single-valued fields of the native form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    At,
    Kind,
    Person,
    Role,
    School,
    Book,
    Chapter,
    Session,
    DurationMs,
    Device,
    Query,
    Placement,
    Campaign,
    Variant,
    Referrer,
    UserAgent,
    X,
    Y,
}

/// The names of the fields, in the order of [`Field`].
const NAMES: [&str; 19] = [
    "id",
    "at",
    "kind",
    "person",
    "role",
    "school",
    "book",
    "chapter",
    "session",
    "duration_ms",
    "device",
    "query",
    "placement",
    "campaign",
    "variant",
    "referrer",
    "user_agent",
    "x",
    "y",
];

impl Field {
    pub(super) fn named(name: &str) -> Option<Field> {
        use Field::*;
        Some(match name {
            "id" => Id,
            "at" => At,
            "kind" => Kind,
            "person" => Person,
            "role" => Role,
            "school" => School,
            "book" => Book,
            "chapter" => Chapter,
            "session" => Session,
            "duration_ms" => DurationMs,
            "device" => Device,
            "query" => Query,
            "placement" => Placement,
            "campaign" => Campaign,
            "variant" => Variant,
            "referrer" => Referrer,
            "user_agent" => UserAgent,
            "x" => X,
            "y" => Y,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        NAMES[self as usize]
    }
}

/// What was found in a record, unchecked.
#[derive(Debug, Default)]
pub(super) struct Draft<'a> {
    fields: [Option<Scalar<'a>>; NAMES.len()],
    /// Whether the event names a site, which it may not.
    pub(super) site: bool,
    pub(super) props: Option<Value>,
    /// Fields the native form does not know.
    pub(super) others: Map<String, Value>,
}

impl<'a> Draft<'a> {
    /// Returns false if the field was there before.
    pub(super) fn set(&mut self, field: Field, value: Scalar<'a>) -> bool {
        self.fields[field as usize].replace(value).is_none()
    }

    /// The event, every field within its limits.
    ///
    /// # Errors
    /// The first thing wrong with it, in the order of the native form's fields.
    pub(super) fn finish(mut self, now: DateTime<Utc>) -> Result<Event, Reject> {
        if self.site {
            let detail = "the site comes from the write key or the command line, never from the event";
            return Err(Reject::new(Reason::BadField, detail));
        }
        let id = id(&self.required(Field::Id)?)?;
        let at = rfc3339("at", &self.required(Field::At)?)?;
        check::time(at, now)?;
        let kind = self.required(Field::Kind)?;
        let kind = KINDS.code(&kind).ok_or_else(|| self.unknown(Reason::UnknownKind, Field::Kind, &kind))?;
        let role = self.required(Field::Role)?;
        let role = ROLES.code(&role).ok_or_else(|| self.unknown(Reason::UnknownRole, Field::Role, &role))?;
        let person = self.required(Field::Person)?;
        check::text("person", &person)?;
        let device = self.text(Field::Device)?;
        Ok(Event {
            id,
            at,
            kind,
            person: Person::Id(person.into_owned()),
            role,
            school: self.limited(Field::School)?,
            book: self.limited(Field::Book)?,
            chapter: self.limited(Field::Chapter)?,
            session: self.limited(Field::Session)?,
            duration_ms: self.duration_ms()?,
            device: device.map_or(0, |name| device_code(&name)),
            query: self.limited(Field::Query)?,
            placement: self.limited(Field::Placement)?,
            campaign: self.limited(Field::Campaign)?,
            variant: self.limited(Field::Variant)?,
            referrer: self.cut(Field::Referrer)?,
            user_agent: self.cut(Field::UserAgent)?,
            x: self.coordinate(Field::X)?,
            y: self.coordinate(Field::Y)?,
            props: self.props()?,
            creates: None,
        })
    }

    fn text(&mut self, field: Field) -> Result<Option<Cow<'a, str>>, Reject> {
        match self.fields[field as usize].take() {
            None | Some(Scalar::Nothing) => Ok(None),
            Some(Scalar::Text(text)) => Ok((!text.trim_ascii().is_empty()).then_some(text)),
            Some(other) => {
                let detail = format!("field `{}` must be a text, not {}", field.name(), other.noun());
                Err(Reject::new(Reason::BadField, detail))
            }
        }
    }

    fn required(&mut self, field: Field) -> Result<Cow<'a, str>, Reject> {
        let name = field.name();
        self.text(field)?
            .ok_or_else(|| Reject::new(Reason::MissingField, format!("field `{name}` is missing or empty")))
    }

    fn limited(&mut self, field: Field) -> Result<Option<String>, Reject> {
        let text = self.text(field)?;
        if let Some(text) = &text {
            check::text(field.name(), text)?;
        }
        Ok(text.map(Cow::into_owned))
    }

    /// A text that is read for what it tells and not stored: what is too long of it is left out.
    fn cut(&mut self, field: Field) -> Result<Option<String>, Reject> {
        Ok(self.text(field)?.map(|text| check::cut(&text).to_owned()))
    }

    fn number(&mut self, field: Field) -> Result<Option<f64>, Reject> {
        match self.fields[field as usize].take() {
            None | Some(Scalar::Nothing) => Ok(None),
            Some(value) => value.number().map(Some).ok_or_else(|| {
                let detail = format!("field `{}` must be a number, not {}", field.name(), value.noun());
                Reject::new(Reason::BadField, detail)
            }),
        }
    }

    fn duration_ms(&mut self) -> Result<i32, Reject> {
        let Some(number) = self.number(Field::DurationMs)? else { return Ok(0) };
        check::duration_ms(number).filter(|_| number.fract() == 0.0).ok_or_else(|| {
            let most = check::LONGEST_DURATION_MS;
            let detail = format!("field `duration_ms` must be a whole number of milliseconds from 0 to {most}");
            Reject::new(Reason::BadField, detail)
        })
    }

    fn coordinate(&mut self, field: Field) -> Result<Option<f32>, Reject> {
        let Some(number) = self.number(field)? else { return Ok(None) };
        check::coordinate(number)
            .map(Some)
            .ok_or_else(|| Reject::new(Reason::BadField, format!("field `{}` must be a finite number", field.name())))
    }

    /// `props`, with the fields the form does not know: a platform that reports more than Octavo reads loses
    /// nothing.
    fn props(&mut self) -> Result<Map<String, Value>, Reject> {
        let bad = |problem: &str| Err(Reject::new(Reason::BadField, problem));
        let mut props = match self.props.take() {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(props)) => props,
            Some(_) => return bad("field `props` must be an object"),
        };
        for (name, value) in std::mem::take(&mut self.others) {
            if props.insert(name, value).is_some() {
                return bad("a field stands both beside `props` and inside it; which one counts cannot be known");
            }
        }
        for (name, value) in &props {
            if let Some(problem) = if name.contains('\0') { Some("a NUL character") } else { unstorable(value) } {
                return bad(&format!("`props` or a field beside it contains {problem}"));
            }
        }
        Ok(props)
    }

    fn unknown(&self, reason: Reason, field: Field, value: &str) -> Reject {
        let person = match &self.fields[Field::Person as usize] {
            Some(Scalar::Text(person)) => Some(person.as_ref()),
            _ => None,
        };
        let list = if field == Field::Kind { KINDS } else { ROLES };
        check::unknown(reason, field.name(), value, person, list.names())
    }
}

/// A device outside of the list is a device still.
pub(super) fn device_code(name: &str) -> i32 {
    DEVICES.code(name).or(DEVICES.code("other")).unwrap_or_default()
}

/// Any spelling of a UUID is the same id.
pub(super) fn id(text: &str) -> Result<Uuid, Reject> {
    match Uuid::try_parse(text.trim_ascii()) {
        Ok(id) if id.is_nil() => {
            let detail = "field `id` is the nil UUID, which clients send that never set it; every event needs its own";
            Err(Reject::new(Reason::BadField, detail))
        }
        Ok(id) => Ok(id),
        Err(_) => Err(Reject::new(Reason::BadField, "field `id` must be a UUID")),
    }
}
