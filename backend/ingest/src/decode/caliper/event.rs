//! One item of an envelope → event.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::action::{self, Outcome};
use super::entity::{self, text};
use super::things;
use crate::decode::check;
use crate::decode::draft::{Draft, Field};
use crate::decode::duration::{self, Span};
use crate::decode::naming::last_segment;
use crate::decode::roles;
use crate::decode::scalar::Scalar;
use crate::decode::time::rfc3339;
use crate::event::{Event, Reason, Reject};

/// The entity types by whose IRI alone a sensor names an actor it does not tell (Caliper 1.2, anonymous entities).
const NOBODY: &[&str] = &["http://purl.imsglobal.org/ctx/caliper/Person", "http://purl.imsglobal.org/caliper/Person"];

/// `None` for what is left out. That is asked first: what is skipped need not be well-formed.
pub(super) fn read(item: &Map<String, Value>, now: DateTime<Utc>) -> Result<Option<Event>, Reject> {
    let kind = required(item, "type")?;
    // Every event has an action and a time, and no entity has (Caliper 1.2, Event and Entity).
    if !item.contains_key("action") && !item.contains_key("eventTime") && !kind.ends_with("Event") {
        required(item, "id")?;
        return Ok(None);
    }
    let done = term(required(item, "action")?);
    match action::outcome(kind, done) {
        Outcome::Kind(name) => event(item, kind, done, name, now).map(Some),
        Outcome::Skipped => Ok(None),
        Outcome::Unknown => {
            let actor = item.get("actor").and_then(entity::id).map(last_segment);
            let (done, kind) = (check::shown(done, actor), check::shown(kind, actor));
            let detail = format!("Octavo counts nothing for the action {done} of the type {kind}");
            Err(Reject::new(Reason::UnknownKind, detail))
        }
    }
}

fn event(
    item: &Map<String, Value>,
    kind: &str,
    done: &str,
    name: &'static str,
    now: DateTime<Utc>,
) -> Result<Event, Reject> {
    let mut draft = Draft::default();
    let mut set = |field, value: Cow<'_, str>| {
        draft.set(field, Scalar::Text(Cow::Owned(value.into_owned())));
    };
    let at = required(item, "eventTime")?;
    rfc3339("eventTime", at)?;
    set(Field::Id, required(item, "id")?.into());
    set(Field::At, at.into());
    set(Field::Kind, name.into());
    set(Field::Person, actor(item)?.into());
    set(Field::Role, roles::role(role_names(item)).into());
    let object = item.get("object").ok_or_else(|| missing("object"))?;
    entity::id(object).ok_or_else(|| Reject::new(Reason::BadField, "`object` must be an entity or its id"))?;
    let place = things::place(object);
    let found = [
        (Field::School, things::school(item)),
        (Field::Book, place.book),
        (Field::Chapter, place.chapter),
        (Field::Session, item.get("session").and_then(entity::id).map(str::to_owned)),
        (Field::Query, (name == "search").then(|| query(item)).flatten()),
    ];
    for (field, value) in found {
        if let Some(value) = value {
            set(field, value.into());
        }
    }
    if action::closes(done)
        && let Some(milliseconds) = milliseconds(item)?
    {
        draft.set(Field::DurationMs, Scalar::Fraction(milliseconds.round()));
    }
    // What the event was called, and no more: extensions and ids may name the person.
    for (key, value) in [("type", Some(kind)), ("action", Some(done)), ("object_type", entity::kind(object))] {
        if let Some(value) = value {
            draft.others.insert(key.to_owned(), value.into());
        }
    }
    draft.others.insert("standard".to_owned(), "caliper".into());
    draft.finish(now)
}

/// The action as a term; 1.0 wrote an IRI that ends in it.
fn term(action: &str) -> &str {
    action.rsplit_once('#').map_or(action, |(_, term)| term)
}

/// Whether an id stands for anybody: a blank node's, or a bare type's.
pub(crate) fn names_nobody(id: &str) -> bool {
    id.starts_with("_:") || NOBODY.contains(&id)
}

/// The person's IRI, as it stands.
fn actor(item: &Map<String, Value>) -> Result<&str, Reject> {
    let actor = item.get("actor").ok_or_else(|| missing("actor"))?;
    let id = entity::id(actor).ok_or_else(|| missing("actor.id"))?;
    if entity::kind(actor).is_some_and(|kind| kind != "Person") {
        let detail = "`actor` is not a Person; what software and organisations do is not counted";
        return Err(Reject::new(Reason::BadField, detail));
    }
    if names_nobody(id) {
        let detail = "`actor` stands for anybody; an event needs the person's own id";
        return Err(Reject::new(Reason::BadField, detail));
    }
    Ok(id)
}

/// `membership.roles`; a thinned membership does not tell them.
fn role_names(item: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let roles = item.get("membership").and_then(|membership| membership.get("roles"));
    let one = roles.and_then(Value::as_str);
    let list = roles.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    one.into_iter().chain(list)
}

/// The search terms: of the response's query, or of the query where a sensor gives that alone.
fn query(item: &Map<String, Value>) -> Option<String> {
    let generated = item.get("generated")?;
    let terms = generated.get("query").and_then(|query| query.get("searchTerms"));
    let terms = terms.or_else(|| generated.get("searchTerms"))?.as_str()?.trim();
    (!terms.is_empty()).then(|| terms.to_owned())
}

/// How long an attempt took: the `duration` of what was generated, or of its attempt, else the time between beginning and
/// end. An attempt left open for more than a day was not worked at for so long, so that is no duration.
fn milliseconds(item: &Map<String, Value>) -> Result<Option<f64>, Reject> {
    let Some(generated) = item.get("generated") else { return Ok(None) };
    let attempts = [Some(generated), generated.get("attempt")];
    let attempts = || attempts.iter().flatten().filter_map(|attempt| attempt.as_object());
    if let Some(told) = attempts().find_map(|attempt| attempt.get("duration")) {
        return match told.as_str().and_then(duration::parse) {
            Some(Span::Milliseconds(milliseconds)) => Ok(Some(milliseconds)),
            _ => Err(Reject::new(
                Reason::BadField,
                "`generated.duration` must be a duration of ISO 8601 without years and months, such as PT40M12S",
            )),
        };
    }
    let time = |attempt: &Map<String, Value>, key| DateTime::parse_from_rfc3339(text(attempt, key)?).ok();
    let between = attempts().find_map(|attempt| Some(time(attempt, "endedAtTime")? - time(attempt, "startedAtTime")?));
    Ok(between.map(|span| span.num_milliseconds() as f64).filter(|ms| check::duration_ms(*ms).is_some()))
}

fn required<'a>(item: &'a Map<String, Value>, key: &str) -> Result<&'a str, Reject> {
    match item.get(key) {
        Some(Value::String(_)) | Some(Value::Null) | None => text(item, key).ok_or_else(|| missing(key)),
        Some(_) => Err(Reject::new(Reason::BadField, format!("`{key}` must be a text"))),
    }
}

fn missing(key: &str) -> Reject {
    Reject::new(Reason::MissingField, format!("`{key}` is missing or empty"))
}
