use chrono::{DateTime, TimeZone, Utc};
use model::{KINDS, ROLES};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Version, decode, statements};
use crate::decode::as_native::{any_json, places, same_natively};
use crate::event::{Decoded, Event, Reason, Reject};

const PERSON: &str = "canary-4711";

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 10, 12, 0, 0).unwrap()
}

/// A page of a chapter of a book, read by a pupil.
pub(super) fn read_page() -> Value {
    json!({
        "id": "0190d2f4-7c1e-4abc-8def-0123456789ab",
        "actor": {"account": {"homePage": "https://r.test", "name": PERSON}},
        "verb": {"id": "http://activitystrea.ms/schema/1.0/read"},
        "object": {"id": "https://r.test/pages/7", "definition": {"type": "http://activitystrea.ms/schema/1.0/page"}},
        "result": {"duration": "PT1M30.5S"},
        "context": {
            "registration": "0190D2F4-7C1E-4ABC-8DEF-000000000001",
            "platform": "Reader",
            "contextActivities": {
                "parent": [{"id": "https://r.test/chapters/c-3",
                    "definition": {"type": "http://id.tincanapi.com/activitytype/chapter"}}],
                "grouping": [{"id": "https://r.test/books/9780306406157"}],
            },
            "extensions": {"https://r.test/xapi/school": "s-7", "https://r.test/xapi/role": "Learner"},
        },
        "timestamp": "2026-03-01T09:30:00.125+02:00",
    })
}

pub(super) fn with(place: &str, value: Value) -> Value {
    let mut changed = read_page();
    let (parent, key) = place.rsplit_once('/').unwrap();
    changed.pointer_mut(parent).unwrap_or_else(|| panic!("{place}"))[key] = value;
    changed
}

fn answer(statement: &Value) -> Result<Option<Event>, Reject> {
    let found = statements(statement.to_string().as_bytes(), Version::V1, now(), || Uuid::from_u128(7)).unwrap();
    let kept: Value = serde_json::from_slice(&found[0].json).unwrap();
    assert_eq!(decode(kept.as_object().unwrap(), now()), found[0].decoded, "a replay differs");
    match &found[0].decoded {
        Decoded::Event(event) => {
            same_natively(event, now());
            Ok(Some((**event).clone()))
        }
        Decoded::Skipped => Ok(None),
        Decoded::Rejected(reject) => {
            assert!(!reject.detail.contains("4711"), "the person's id is in: {}", reject.detail);
            Err(reject.clone())
        }
    }
}

pub(super) fn event(statement: &Value) -> Event {
    answer(statement).unwrap().expect("an event")
}

fn refused(statement: &Value) -> (Reason, String) {
    let reject = answer(statement).map(|found| panic!("accepted: {found:?}")).unwrap_err();
    (reject.reason, reject.detail)
}

#[test]
fn decode_xapi_every_field_arrives() {
    let event = event(&read_page());
    assert_eq!(event.id.to_string(), "0190d2f4-7c1e-4abc-8def-0123456789ab");
    assert_eq!(event.at.to_rfc3339(), "2026-03-01T09:30:00.125+02:00");
    assert_eq!((KINDS.name(event.kind), ROLES.name(event.role)), (Some("page_view"), Some("student")));
    assert_eq!((event.person.id(), event.school.as_deref()), (Some("https://r.test|canary-4711"), Some("s-7")));
    assert_eq!((event.book.as_deref(), event.chapter.as_deref()), (Some("9780306406157"), Some("c-3")));
    assert_eq!(event.session.as_deref(), Some("0190d2f4-7c1e-4abc-8def-000000000001"));
    assert_eq!(event.duration_ms, 90_500);
    let props = json!({"standard": "xapi", "verb": "http://activitystrea.ms/schema/1.0/read",
        "object_type": "http://activitystrea.ms/schema/1.0/page"});
    assert_eq!(Value::Object(event.props), props);
}

#[test]
fn decode_xapi_verbs_have_their_kinds() {
    let adl = |word: &str| format!("http://adlnet.gov/expapi/{word}");
    let of = |verb: String, kind: Option<String>| {
        let mut statement = with("/verb/id", verb.into());
        statement["object"]["definition"] = kind.map_or(json!({}), |kind| json!({"type": kind}));
        statement
    };
    let video = "https://w3id.org/xapi/video/activity-type/video";
    for (verb, kind, expected) in [
        (adl("verbs/experienced"), None, "page_view"),
        (adl("verbs/launched"), Some(adl("activities/course")), "page_view"),
        (adl("verbs/interacted"), None, "page_view"),
        (
            "http://id.tincanapi.com/verb/viewed".into(),
            Some("http://id.tincanapi.com/activitytype/book".into()),
            "page_view",
        ),
        ("https://w3id.org/xapi/dod-isd/verbs/navigated".into(), None, "page_view"),
        (adl("verbs/answered"), Some(adl("activities/cmi.interaction")), "exercise"),
        (adl("verbs/answered"), None, "exercise"),
        (adl("verbs/attempted"), Some(adl("activities/question")), "exercise"),
        (adl("verbs/passed"), Some(adl("activities/interaction")), "exercise"),
        (adl("verbs/completed"), Some(adl("activities/assessment")), "test"),
        (adl("verbs/submitted"), Some("https://w3id.org/xapi/openedx/activity/timed-assessment".into()), "test"),
        (adl("verbs/completed"), Some(adl("activities/attempt")), "test"),
        ("https://w3id.org/xapi/video/verbs/played".into(), Some(video.into()), "media"),
        ("https://w3id.org/xapi/video/verbs/seeked".into(), Some(video.into()), "media"),
        ("http://activitystrea.ms/schema/1.0/watch".into(), None, "media"),
        (adl("verbs/completed"), Some(video.into()), "media"),
        ("https://w3id.org/xapi/dod-isd/verbs/searched".into(), None, "search"),
        ("https://brindlewaye.com/xAPITerms/verbs/loggedin/".into(), None, "sign_in"),
        ("https://w3id.org/xapi/adl/verbs/logged-in".into(), None, "sign_in"),
    ] {
        assert_eq!(KINDS.name(event(&of(verb.clone(), kind.clone())).kind), Some(expected), "{verb} {kind:?}");
    }
    for (verb, kind) in [
        (adl("verbs/interacted"), Some(video.to_owned())),
        (adl("verbs/initialized"), Some(video.to_owned())),
        ("https://w3id.org/xapi/adl/verbs/logged-out".into(), None),
        (adl("verbs/attempted"), Some(adl("activities/assessment"))),
        (adl("verbs/passed"), Some(adl("activities/assessment"))),
        (adl("verbs/failed"), Some("https://w3id.org/xapi/openedx/activity/timed-assessment".into())),
        (adl("verbs/scored"), Some(adl("activities/assessment"))),
        ("https://w3id.org/xapi/acrossx/verbs/evaluated".into(), Some(adl("activities/cmi.interaction"))),
    ] {
        assert_eq!(answer(&of(verb.clone(), kind)), Ok(None), "{verb}");
    }
    let detail = "Octavo counts nothing for the verb `completed` on an activity of `course`";
    assert_eq!(
        refused(&of(adl("verbs/completed"), Some(adl("activities/course")))),
        (Reason::UnknownKind, detail.into())
    );
    for actor in [
        json!({"account": {"homePage": "https://r.test", "name": "Mari"}}),
        json!({"mbox": "mailto:Mari@r.test"}),
        json!({"openid": "https://r.test/Mari"}),
        json!({"openid": "https://r.test/1", "name": "Mari"}),
    ] {
        let mut mixed_up = of("x:/Mari".into(), Some("x:/Mari".into()));
        mixed_up["actor"] = actor;
        assert!(!refused(&mixed_up).1.contains("Mari"));
    }
    for verb in [adl("verbs/registered"), "https://example.org/verbs/viewed".into(), format!("x:/{PERSON}")] {
        assert_eq!(refused(&of(verb, None)).0, Reason::UnknownKind);
    }
}

#[test]
fn decode_xapi_objects_that_are_no_activities_are_refused_each_with_its_sentence() {
    let on = |object: Value| {
        let mut statement = with("/object", object);
        statement["context"].as_object_mut().unwrap().remove("platform");
        statement
    };
    let reference = json!({"objectType": "StatementRef", "id": "0190d2f4-7c1e-4abc-8def-0123456789ab"});
    let sub = json!({"objectType": "SubStatement", "actor": {"mbox": "mailto:a@r.test"}, "verb": {"id": "x:y"},
        "object": {"id": "x:z"}});
    for (object, word) in [
        (reference.clone(), "another statement"),
        (sub, "SubStatement"),
        (json!({"objectType": "Agent", "mbox": "mailto:a@r.test"}), "agent"),
    ] {
        let (reason, detail) = refused(&on(object));
        assert!(reason == Reason::UnknownKind && detail.contains(word), "{detail}");
    }
    let mut voiding = on(reference);
    voiding["verb"]["id"] = super::statement::VOIDED.into();
    assert!(refused(&voiding).1.contains("takes another one back"));
    let group = json!({"objectType": "Group", "member": [{"mbox": "mailto:a@r.test"}]});
    let (reason, detail) = refused(&with("/actor", group));
    assert_eq!((reason, detail.as_str()), (Reason::BadField, "the actor is a group; an event is what one person did"));
}

#[test]
fn decode_xapi_persons_are_told_apart_by_what_identifies_them() {
    let person = |actor: Value| event(&with("/actor", actor)).person;
    assert_eq!(
        person(json!({"mbox": "mailto:Mari@R.Test", "name": "Mari"})),
        String::from("mailto:Mari@r.test").into()
    );
    let hash = "0123456789ABCDEF0123456789abcdef01234567";
    assert_eq!(person(json!({"mbox_sha1sum": hash})), format!("sha1:{}", hash.to_lowercase()).into());
    assert_eq!(person(json!({"openid": "https://r.test/id/3"})), String::from("https://r.test/id/3").into());
    let long = json!({"account": {"homePage": "https://r.test", "name": format!("{PERSON}{}", "x".repeat(512))}});
    assert_eq!(refused(&with("/actor", long)).0, Reason::BadField);
    let teacher = json!({"account": {"homePage": "https://r.test", "name": PERSON}});
    let mut own = with("/context/instructor", teacher);
    own["context"]["extensions"] = json!({});
    assert_eq!(ROLES.name(event(&own).role), Some("teacher"));
    own["context"].as_object_mut().unwrap().remove("instructor");
    assert_eq!(ROLES.name(event(&own).role), Some("other"));
}

#[test]
fn decode_xapi_times_durations_and_searches() {
    for (time, expected) in [("2036-03-01T09:30:00Z", Reason::InFuture), ("1999-03-01T09:30:00Z", Reason::TooOld)] {
        assert_eq!(refused(&with("/timestamp", time.into())).0, expected);
    }
    let mut late = read_page();
    late.as_object_mut().unwrap().remove("timestamp");
    assert_eq!(event(&late).at, now());
    assert_eq!(
        event(&with("/timestamp", "2026-03-01T09:30:00+0200".into())).at.to_rfc3339(),
        "2026-03-01T09:30:00+02:00"
    );
    for bad in ["P1M", "P2D"] {
        assert_eq!(refused(&with("/result/duration", bad.into())).0, Reason::BadField);
    }
    let mut search = with("/verb/id", "http://activitystrea.ms/schema/1.0/search".into());
    search["result"]["response"] = " murrud ".into();
    assert_eq!(event(&search).query.as_deref(), Some("murrud"));
    search["result"] = json!({"extensions": {"https://r.test/Query": "arvud"}});
    assert_eq!(event(&search).query.as_deref(), Some("arvud"));
}

const WORDS: &[&str] = &[
    "id",
    "http://adlnet.gov/expapi/verbs/answered",
    "http://id.tincanapi.com/activitytype/book",
    "https://r.test/a/b?c#d",
    "urn:isbn:9780306406157",
    "x:/role",
    "x:/school",
    "PT1S",
    "2026-03-01T09:30:00Z",
    "a@r.test",
    PERSON,
];

proptest! {
    #[test]
    fn decode_xapi_a_changed_statement_is_invalid_or_answered_without_telling_the_person(
        at in any::<prop::sample::Index>(),
        value in any_json(WORDS),
    ) {
        let places = places(&read_page());
        let mut statement = read_page();
        *statement.pointer_mut(&places[at.index(places.len())]).unwrap() = value;
        let valid = statements(statement.to_string().as_bytes(), Version::V1, now(), Uuid::nil).is_ok();
        if valid && statement.is_object() {
            let _ = answer(&statement);
        } else if let Some(map) = statement.as_object() {
            // A record that was never checked is refused, and nobody is named.
            match decode(map, now()) {
                Decoded::Rejected(reject) => prop_assert!(!reject.detail.contains("4711"), "{}", reject.detail),
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }

    #[test]
    fn decode_xapi_ids_and_times_round_trip(id in any::<u128>(), ms in 946_684_800_000_i64..1_773_000_000_000) {
        prop_assume!(id != 0);
        let at = DateTime::from_timestamp_millis(ms).unwrap();
        let mut statement = with("/id", json!(Uuid::from_u128(id)));
        statement["timestamp"] = at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true).into();
        let event = event(&statement);
        prop_assert_eq!((event.id.as_u128(), event.at.timestamp_millis()), (id, ms));
    }
}
