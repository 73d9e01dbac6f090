//! A valid statement → event.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

use super::kind::{Outcome, outcome};
use super::person::person;
use super::statement::VOIDED;
use super::{forms, things};
use crate::decode::check;
use crate::decode::draft::{Draft, Field};
use crate::decode::duration::{self, Span};
use crate::decode::naming::last_segment;
use crate::decode::scalar::Scalar;
use crate::event::{Event, Reason, Reject};

/// `None` for what is left out by rule.
pub(super) fn read(statement: &Map<String, Value>, now: DateTime<Utc>) -> Result<Option<Event>, Reject> {
    let about = statement.get("object").unwrap_or(&Value::Null);
    let verb = text(statement, &["verb", "id"]).unwrap_or_default();
    let no_event = |detail: &str| Err(Reject::new(Reason::UnknownKind, detail));
    match about.get("objectType").and_then(Value::as_str) {
        None | Some("Activity") => {}
        Some("StatementRef") if verb == VOIDED => {
            return no_event(
                "the statement takes another one back; Octavo keeps what was counted, so it was not applied",
            );
        }
        Some("StatementRef") => return no_event("the object is another statement; only activities are counted"),
        Some("SubStatement") => {
            return no_event("the object is a SubStatement, which is planned or told and did not happen by itself");
        }
        _ => return no_event("the object is an agent or a group; only activities are counted"),
    }
    match outcome(verb, things::family_of(about)) {
        Outcome::Kind(name) => event(statement, verb, name, now).map(Some),
        Outcome::Skipped => Ok(None),
        Outcome::Unknown => {
            let kind = text(statement, &["object", "definition", "type"]);
            let kind = kind.map_or(Cow::Borrowed("no type"), |kind| shown(kind, statement));
            let verb = shown(verb, statement);
            no_event(&format!("Octavo counts nothing for the verb {verb} on an activity of {kind}"))
        }
    }
}

fn event(statement: &Map<String, Value>, verb: &str, name: &'static str, now: DateTime<Utc>) -> Result<Event, Reject> {
    let actor = statement.get("actor").unwrap_or(&Value::Null);
    if actor.get("objectType").is_some_and(|kind| kind == "Group") {
        let detail = "the actor is a group; an event is what one person did";
        return Err(Reject::new(Reason::BadField, detail));
    }
    let place = things::place(statement);
    let found = [
        (Field::Id, text(statement, &["id"]).map(str::to_owned)),
        (Field::At, at(statement)?),
        (Field::Kind, Some(name.to_owned())),
        (Field::Person, person(actor)),
        (Field::Role, Some(things::role(statement).to_owned())),
        (Field::School, things::school(statement)),
        (Field::Book, place.book),
        (Field::Chapter, place.chapter),
        (Field::Session, things::session(statement)),
        (Field::Query, (name == "search").then(|| things::query(statement)).flatten()),
    ];
    let mut draft = Draft::default();
    for (field, value) in found {
        if let Some(value) = value {
            draft.set(field, Scalar::Text(Cow::Owned(value)));
        }
    }
    match text(statement, &["result", "duration"]).and_then(duration::parse) {
        Some(Span::Milliseconds(milliseconds)) => {
            draft.set(Field::DurationMs, Scalar::Fraction(milliseconds.round()));
        }
        Some(Span::Calendar) => {
            let detail = "`result.duration` counts years or months, which are of no fixed length";
            return Err(Reject::new(Reason::BadField, detail));
        }
        None => {}
    }
    // What the statement was called, and no more: extensions and ids may name the person.
    let kind = text(statement, &["object", "definition", "type"]);
    for (key, value) in [("standard", Some("xapi")), ("verb", Some(verb)), ("object_type", kind)] {
        if let Some(value) = value {
            draft.others.insert(key.to_owned(), value.into());
        }
    }
    draft.finish(now)
}

/// The statement's time, else when it was stored, as RFC 3339.
fn at(statement: &Map<String, Value>) -> Result<Option<String>, Reject> {
    let Some(time) = text(statement, &["timestamp"]).or_else(|| text(statement, &["stored"])) else { return Ok(None) };
    let time = forms::as_time(time)
        .ok_or_else(|| Reject::new(Reason::BadField, "`timestamp` must be a time such as 2026-03-01T09:30:00.000Z"))?;
    Ok(Some(time.to_rfc3339_opts(SecondsFormat::AutoSi, true)))
}

/// The word of an IRI, for a sentence, unless it is one of the actor's names.
fn shown<'a>(iri: &'a str, statement: &'a Map<String, Value>) -> Cow<'a, str> {
    let word = last_segment(iri);
    let address = text(statement, &["actor", "mbox"]).and_then(|mbox| mbox.strip_prefix("mailto:"));
    let names = [
        text(statement, &["actor", "account", "name"]),
        text(statement, &["actor", "name"]),
        address.and_then(|address| address.split('@').next()),
        text(statement, &["actor", "openid"]).map(last_segment),
    ];
    check::shown(word, names.into_iter().flatten().find(|name| *name == word))
}

fn text<'a>(statement: &'a Map<String, Value>, path: &[&str]) -> Option<&'a str> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(statement.get(*first)?, |value, key| value.get(*key))?.as_str()
}
