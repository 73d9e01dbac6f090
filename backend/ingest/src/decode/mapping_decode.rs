//! A mapping at work: one record of a foreign log → event.

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::check;
use super::draft;
use super::json::unstorable;
use super::mapping::{IdRule, Mapping};
use super::mapping_file::Unit;
use super::mapping_rule::{Choice, ChoiceRule, Place, TextRule, part};
use crate::event::{Decoded, Event, Person, Reason, Reject};

/// The namespace of event ids made from a record's values (UUID version 5, RFC 9562 section 5.5).
const NAMESPACE: Uuid = Uuid::from_u128(0x6f63_7461_766f_5e76_8e6e_7473_2e69_6473);

impl Mapping {
    /// Decodes a record: a JSON object, or a CSV row as column → text. `now` is the receiver's clock.
    pub fn decode(&self, record: &Map<String, Value>, now: DateTime<Utc>) -> Decoded {
        match self.event(record, now) {
            Ok(Some(event)) => Decoded::Event(Box::new(event)),
            Ok(None) => Decoded::Skipped,
            Err(reject) => Decoded::Rejected(reject),
        }
    }

    /// `None` if the kind is one to skip. That is asked first: what is skipped need not be well-formed.
    fn event(&self, record: &Map<String, Value>, now: DateTime<Utc>) -> Result<Option<Event>, Reject> {
        let text = |name, rule: &Option<TextRule>| match rule {
            Some(rule) => rule.read(name, record, self.control),
            None => Ok(None),
        };
        let kind = self.kind.text.required("kind", record, self.control)?;
        let kind = match self.kind.choose(&kind) {
            Choice::Code(code) => code,
            Choice::Skipped => return Ok(None),
            Choice::Unknown => return Err(self.unknown(Reason::UnknownKind, "kind", &kind, &self.kind, record)),
        };
        let id = self.id(record)?;
        let at = self.at(record)?;
        check::time(at, now)?;
        let role = self.role.text.required("role", record, self.control)?;
        let role = match self.role.choose(&role) {
            Choice::Code(code) => code,
            _ => return Err(self.unknown(Reason::UnknownRole, "role", &role, &self.role, record)),
        };
        Ok(Some(Event {
            id,
            at,
            kind,
            person: Person::Id(self.person.required("person", record, self.control)?),
            role,
            school: text("school", &self.texts.school)?,
            book: text("book", &self.texts.book)?,
            chapter: text("chapter", &self.texts.chapter)?,
            session: text("session", &self.texts.session)?,
            duration_ms: self.duration_ms(record)?,
            device: self.device(record)?,
            query: text("query", &self.texts.query)?,
            placement: text("placement", &self.texts.placement)?,
            campaign: text("campaign", &self.texts.campaign)?,
            variant: text("variant", &self.texts.variant)?,
            referrer: None,
            user_agent: None,
            x: self.coordinate("x", self.x.as_ref(), record)?,
            y: self.coordinate("y", self.y.as_ref(), record)?,
            props: self.props(record)?,
            creates: self.creates.as_ref().map(|rule| rule.read(record, self.control)).transpose()?,
        }))
    }

    /// The id. Made ones depend on the mapping's name and the values alone, so that a log loaded twice, or
    /// from another file, gives the same ids. Lengths keep `a|bc` and `ab|c` apart.
    fn id(&self, record: &Map<String, Value>) -> Result<Uuid, Reject> {
        let value = |place: &Place| {
            part(place, record, self.control)?.ok_or_else(|| {
                let detail = format!("field `id` is missing or empty (it needs `{}`)", place.name());
                Reject::new(Reason::MissingField, detail)
            })
        };
        match &self.id {
            IdRule::Uuid(place) => draft::id(&value(place)?),
            IdRule::MadeOf(places) => {
                let mut made_of = format!("{}:{}", self.name.len(), self.name);
                for place in places {
                    let value = value(place)?;
                    made_of.push_str(&format!("|{}:{value}", value.len()));
                }
                Ok(Uuid::new_v5(&NAMESPACE, made_of.as_bytes()))
            }
        }
    }

    fn at(&self, record: &Map<String, Value>) -> Result<DateTime<FixedOffset>, Reject> {
        let (place, form) = &self.at;
        let value = place.scalar(record);
        if value.clone().into_text("at")?.is_none() {
            let detail = format!("field `at` is missing or empty (it comes from `{}`)", place.name());
            return Err(Reject::new(Reason::MissingField, detail));
        }
        form.read("at", &value)
    }

    fn number(&self, name: &str, place: &Place, record: &Map<String, Value>) -> Result<Option<f64>, Reject> {
        let value = place.scalar(record);
        if let Some(number) = value.number() {
            return Ok(Some(number));
        }
        let Some(text) = value.into_text(name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| {
            let detail = format!("field `{name}` must be a number (it comes from `{}`)", place.name());
            Reject::new(Reason::BadField, detail)
        })
    }

    fn duration_ms(&self, record: &Map<String, Value>) -> Result<i32, Reject> {
        let Some((place, unit)) = &self.duration else { return Ok(0) };
        let Some(number) = self.number("duration", place, record)? else { return Ok(0) };
        let milliseconds = if *unit == Unit::S { number * 1000.0 } else { number };
        check::duration_ms(milliseconds).ok_or_else(|| {
            let detail = format!("field `duration` must be from 0 to one day (it comes from `{}`)", place.name());
            Reject::new(Reason::BadField, detail)
        })
    }

    fn coordinate(
        &self,
        name: &str,
        place: Option<&Place>,
        record: &Map<String, Value>,
    ) -> Result<Option<f32>, Reject> {
        let Some(place) = place else { return Ok(None) };
        let Some(number) = self.number(name, place, record)? else { return Ok(None) };
        check::coordinate(number)
            .map(Some)
            .ok_or_else(|| Reject::new(Reason::BadField, format!("field `{name}` must be a finite number")))
    }

    fn device(&self, record: &Map<String, Value>) -> Result<i32, Reject> {
        let Some(rule) = &self.device else { return Ok(0) };
        let Some(name) = rule.text.read("device", record, self.control)? else { return Ok(0) };
        Ok(match rule.choose(&name) {
            Choice::Code(code) => code,
            Choice::Skipped | Choice::Unknown => draft::device_code("other"),
        })
    }

    fn props(&self, record: &Map<String, Value>) -> Result<Map<String, Value>, Reject> {
        let mut props = Map::new();
        for (name, place) in &self.props {
            let Some(value) = place.find(record).filter(|value| !value.is_null()) else { continue };
            if let Some(problem) = unstorable(value) {
                let detail = format!("field `{}`, kept as `{name}` in `props`, contains {problem}", place.name());
                return Err(Reject::new(Reason::BadField, detail));
            }
            props.insert(name.clone(), value.clone());
        }
        Ok(props)
    }

    fn unknown(
        &self,
        reason: Reason,
        name: &str,
        value: &str,
        rule: &ChoiceRule,
        record: &Map<String, Value>,
    ) -> Reject {
        let person = self.person.read("person", record, self.control).ok().flatten();
        check::unknown(reason, name, value, person.as_deref(), rule.list().names())
    }
}
