use chrono::{DateTime, TimeZone, Utc};
use model::{KINDS, ROLES};
use serde_json::{Value, json};

use super::decode;
use crate::decode::as_native::same_natively;
use crate::event::{Decoded, Event, Reason, Reject};

pub(super) const PERSON: &str = "https://r.test/users/canary-4711";

pub(super) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 10, 12, 0, 0).unwrap()
}

/// A page of a chapter of a book, viewed by a pupil.
pub(super) fn viewed() -> Value {
    json!({
        "@context": "http://purl.imsglobal.org/ctx/caliper/v1p2",
        "id": "urn:uuid:0190d2f4-7c1e-4abc-8def-0123456789ab",
        "type": "ViewEvent",
        "profile": "ReadingProfile",
        "actor": {"id": PERSON, "type": "Person"},
        "action": "Viewed",
        "object": {
            "id": "https://r.test/pages/7", "type": "Page",
            "isPartOf": {
                "id": "https://r.test/chapters/c-3", "type": "Chapter",
                "isPartOf": {"id": "urn:isbn:9780306406157", "type": "Document"},
            },
        },
        "eventTime": "2026-03-01T09:30:00.125Z",
        "edApp": "https://r.test",
        "group": {"id": "https://r.test/schools/s-7", "type": "Organization"},
        "membership": {"id": "https://r.test/m/1", "type": "Membership", "roles": ["Learner"]},
        "session": {"id": "https://r.test/sessions/9", "type": "Session"},
        "extensions": {"com.example.pupil": PERSON},
    })
}

pub(super) fn with(place: &str, value: Value) -> Value {
    let mut event = viewed();
    match event.pointer_mut(place) {
        Some(found) => *found = value,
        None => {
            event[place.trim_start_matches('/')] = value;
        }
    }
    event
}

pub(super) fn read(item: &Value) -> Result<Option<Event>, Reject> {
    match decode(item.as_object().unwrap(), now()) {
        Decoded::Event(event) => {
            same_natively(&event, now());
            Ok(Some(*event))
        }
        Decoded::Skipped => Ok(None),
        Decoded::Rejected(reject) => {
            assert!(!reject.detail.contains("4711"), "the person's id is in: {}", reject.detail);
            Err(reject)
        }
    }
}

pub(super) fn event(item: &Value) -> Event {
    read(item).unwrap().expect("an event")
}

fn reason(item: &Value) -> Reason {
    read(item).map(|found| panic!("accepted: {found:?}")).unwrap_err().reason
}

#[test]
fn decode_caliper_every_field_arrives() {
    let event = event(&viewed());
    assert_eq!(event.id.to_string(), "0190d2f4-7c1e-4abc-8def-0123456789ab");
    assert_eq!(event.at.to_rfc3339(), "2026-03-01T09:30:00.125+00:00");
    assert_eq!((KINDS.name(event.kind), ROLES.name(event.role)), (Some("page_view"), Some("student")));
    assert_eq!((event.person.id(), event.school.as_deref()), (Some(PERSON), Some("s-7")));
    assert_eq!((event.book.as_deref(), event.chapter.as_deref()), (Some("9780306406157"), Some("c-3")));
    assert_eq!(event.session.as_deref(), Some("https://r.test/sessions/9"));
    let props = json!({"standard": "caliper", "type": "ViewEvent", "action": "Viewed", "object_type": "Page"});
    assert_eq!(Value::Object(event.props), props);
}

#[test]
fn decode_caliper_actions_have_their_kinds() {
    for (kind, action, expected) in [
        ("NavigationEvent", "NavigatedTo", "page_view"),
        ("MediaEvent", "Started", "media"),
        ("MediaEvent", "JumpedTo", "media"),
        ("AssessmentEvent", "Submitted", "test"),
        ("AssessmentItemEvent", "Completed", "exercise"),
        ("AssessmentItemEvent", "Skipped", "exercise"),
        ("SearchEvent", "Searched", "search"),
        ("SessionEvent", "LoggedIn", "sign_in"),
        ("SessionEvent", "http://purl.imsglobal.org/vocab/caliper/v1/action#LoggedIn", "sign_in"),
    ] {
        let mut item = with("/type", kind.into());
        item["action"] = action.into();
        assert_eq!(KINDS.name(event(&item).kind), Some(expected), "{kind} {action}");
    }
    for (kind, action) in [
        ("SessionEvent", "LoggedOut"),
        ("SessionEvent", "TimedOut"),
        ("MediaEvent", "Muted"),
        ("AssessmentEvent", "Paused"),
        ("AssessmentEvent", "Started"),
        ("AssessmentItemEvent", "Started"),
    ] {
        // What is skipped need not be well-formed.
        assert_eq!(read(&json!({"type": kind, "action": action, "actor": 5})), Ok(None), "{kind} {action}");
    }
    for (kind, action) in [("AnnotationEvent", "Highlighted"), ("ViewEvent", "Muted"), ("ViewEvent", PERSON)] {
        let mut item = with("/type", kind.into());
        item["action"] = action.into();
        assert_eq!(reason(&item), Reason::UnknownKind, "{kind} {action}");
    }
    let mut mixed_up = with("/action", "Mari".into());
    mixed_up["actor"]["id"] = "https://r.test/users/Mari".into();
    let reject = read(&mixed_up).unwrap_err();
    assert_eq!(reject.detail, "Octavo counts nothing for the action what it holds of the type `ViewEvent`");
    let reject = read(&with("/type", "ForumEvent".into())).unwrap_err();
    assert_eq!(reject.detail, "Octavo counts nothing for the action `Viewed` of the type `ForumEvent`");
}

#[test]
fn decode_caliper_thinned_events_are_read_as_far_as_ids_go() {
    let item = json!({
        "id": "urn:uuid:0190d2f4-7c1e-4abc-8def-0123456789ab", "type": "NavigationEvent", "actor": PERSON,
        "action": "NavigatedTo", "object": "https://r.test/pages/7", "eventTime": "2026-03-01T09:30:00.000Z",
        "group": "https://r.test/sections/1", "membership": "https://r.test/m/1", "session": "https://r.test/sessions/9",
    });
    let event = event(&item);
    assert_eq!((event.person.id(), ROLES.name(event.role)), (Some(PERSON), Some("other")));
    assert_eq!((event.school, event.book), (None, None));
    assert_eq!(event.session.as_deref(), Some("https://r.test/sessions/9"));
}

#[test]
fn decode_caliper_what_is_missing_or_wrong_is_said() {
    for key in ["id", "actor", "object", "eventTime", "action"] {
        let mut item = viewed();
        item.as_object_mut().unwrap().remove(key);
        let reject = read(&item).unwrap_err();
        assert_eq!((reject.reason, reject.detail), (Reason::MissingField, format!("`{key}` is missing or empty")));
    }
    for (place, value, expected) in [
        ("/id", json!("https://r.test/events/1"), Reason::BadField),
        ("/id", json!(5), Reason::BadField),
        ("/eventTime", json!("2026-03-01T09:30:00"), Reason::BadField),
        ("/eventTime", json!("2036-03-01T09:30:00Z"), Reason::InFuture),
        ("/eventTime", json!("1999-03-01T09:30:00Z"), Reason::TooOld),
        ("/actor/type", json!("SoftwareApplication"), Reason::BadField),
        ("/actor", json!("_:somebody"), Reason::BadField),
        ("/actor", json!("http://purl.imsglobal.org/ctx/caliper/Person"), Reason::BadField),
        ("/actor", json!({"type": "Person"}), Reason::MissingField),
        ("/actor/id", json!(format!("{PERSON}{}", "x".repeat(512))), Reason::BadField),
        ("/object", json!({"type": "Page"}), Reason::BadField),
        ("/session/id", json!("a\u{0}b"), Reason::BadField),
    ] {
        assert_eq!(reason(&with(place, value)), expected, "{place}");
    }
    let reject = read(&with("/eventTime", "noon".into())).unwrap_err();
    assert!(reject.detail.starts_with("field `eventTime` does not begin with a date"), "{}", reject.detail);
}

#[test]
fn decode_caliper_attempts_that_are_over_have_a_duration() {
    let taken = |action: &str, generated: Value| {
        let mut item = with("/type", "AssessmentEvent".into());
        item["action"] = action.into();
        item["generated"] = generated;
        item
    };
    let told = json!({"id": "a", "type": "Attempt", "duration": "PT10M30S"});
    assert_eq!(event(&taken("Submitted", told.clone())).duration_ms, 630_000);
    let viewed = Value::Object(
        taken("Viewed", told)
            .as_object()
            .unwrap()
            .clone()
            .into_iter()
            .chain([("type".into(), "ViewEvent".into())])
            .collect(),
    );
    assert_eq!(event(&viewed).duration_ms, 0);
    let times = json!({"attempt": {"startedAtTime": "2026-03-01T09:00:00Z", "endedAtTime": "2026-03-01T09:00:10.5Z"}});
    assert_eq!(event(&taken("Submitted", times)).duration_ms, 10_500);
    for none in [
        json!({"startedAtTime": "2026-03-01T09:00:00Z"}),
        json!({"startedAtTime": "2026-03-01T09:00:00Z", "endedAtTime": "2026-02-01T09:00:00Z"}),
        json!({"startedAtTime": "2026-02-01T09:00:00Z", "endedAtTime": "2026-03-01T09:00:00Z"}),
        json!("https://r.test/attempts/1"),
    ] {
        assert_eq!(event(&taken("Submitted", none)).duration_ms, 0);
    }
    for bad in ["P1M", "ten minutes", "P2D"] {
        assert_eq!(reason(&taken("Submitted", json!({"duration": bad}))), Reason::BadField);
    }
}

#[test]
fn decode_caliper_searches_have_their_terms() {
    let mut item = with("/type", "SearchEvent".into());
    item["action"] = "Searched".into();
    item["generated"] =
        json!({"type": "SearchResponse", "query": {"type": "Query", "searchTerms": " murrud AND arvud "}});
    assert_eq!(event(&item).query.as_deref(), Some("murrud AND arvud"));
    item["generated"] = json!({"type": "Query", "searchTerms": "murrud"});
    assert_eq!(event(&item).query.as_deref(), Some("murrud"));
    item["generated"] = "https://r.test/searches/1".into();
    assert_eq!(event(&item).query, None);
}
