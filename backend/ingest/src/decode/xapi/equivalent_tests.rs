//! When two statements are the same, and what holds for any JSON in their place.

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::statement_tests::{GIVEN, full, now, read, with};
use super::{Essence, Version, statements};
use crate::decode::as_native::{any_json, places};
use crate::enrich::SiteSecret;

#[test]
fn decode_xapi_the_same_statement_may_be_written_otherwise() {
    let mut other = full();
    other["id"] = GIVEN.to_lowercase().into();
    other["stored"] = "2026-03-09T00:00:00Z".into();
    other["timestamp"] = "2026-03-01T07:30:00.125Z".into();
    other["version"] = "1.0.0".into();
    other["verb"]["display"] = json!({"en": "replied"});
    other["actor"]["mbox"] = "mailto:7b@R.TEST".into();
    other["actor"]["member"].as_array_mut().unwrap().reverse();
    other["object"].as_object_mut().unwrap().remove("definition");
    other["object"].as_object_mut().unwrap().remove("objectType");
    other["context"]["contextActivities"]["grouping"] = json!({"id": "https://r.test/b/1", "definition": {}});
    other["result"]["score"]["raw"] = 5.0.into();
    for key in ["authority", "attachments"] {
        other.as_object_mut().unwrap().remove(key);
    }
    assert!(equivalent(&full(), &other) && equivalent(&other, &full()));
    other.as_object_mut().unwrap().remove("timestamp");
    assert!(equivalent(&full(), &other));
    for (place, value) in [
        ("/timestamp", json!("2026-03-01T09:30:00.126+02:00")),
        ("/actor/mbox", json!("mailto:7B@r.test")),
        ("/actor/name", json!("7c")),
        ("/verb/id", json!("http://adlnet.gov/expapi/verbs/attempted")),
        ("/object/id", json!("https://r.test/q/2")),
        ("/result/duration", json!("PT90S")),
        ("/result/score/raw", json!(6)),
        ("/result/extensions/x:y", json!(null)),
        ("/context/language", json!("en")),
        ("/context/contextActivities/other", json!({"id": "x:y"})),
    ] {
        assert!(!equivalent(&full(), &with(place, value)), "{place}");
    }
}

pub(super) fn equivalent(a: &Value, b: &Value) -> bool {
    let secret = SiteSecret::new(&[7; 32]);
    let print = |value: &Value| value.as_object().map(|map| Essence::of(map).fingerprint(&secret));
    print(a).zip(print(b)).is_some_and(|(a, b)| a.same(&b))
}

const WORDS: &[&str] = &[
    "id",
    "actor",
    "verb",
    "object",
    "result",
    "context",
    "timestamp",
    "objectType",
    "Group",
    "Agent",
    "SubStatement",
    "StatementRef",
    "mbox",
    "mailto:a@r.test",
    "account",
    "member",
    "x:y",
    "PT1S",
    "2026-03-01T09:30:00Z",
    "extensions",
    "contextActivities",
    "parent",
    "definition",
    "type",
    "score",
    "raw",
    "et",
    GIVEN,
];

proptest! {
    #[test]
    fn decode_xapi_arbitrary_bodies_never_panic(body in any_json(WORDS), bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = read(&body, Version::V1);
        let _ = read(&json!([body]), Version::V2);
        let _ = statements(&bytes, Version::V1, now(), Uuid::nil);
        let _ = equivalent(&body, &full());
        prop_assert!(equivalent(&body, &body) || !body.is_object());
    }

    #[test]
    fn decode_xapi_a_statement_with_any_place_changed_is_taken_or_named(
        at in any::<prop::sample::Index>(),
        value in any_json(WORDS),
    ) {
        let places = places(&full());
        let mut body = full();
        *body.pointer_mut(&places[at.index(places.len())]).unwrap() = value;
        match read(&body, Version::V2) {
            Ok(found) if body.is_object() => {
                let kept: Value = serde_json::from_slice(&found[0].json).unwrap();
                prop_assert!(equivalent(&kept, &body));
                // What is kept is valid and means the same again; of its numbers the last digit may move when it is read.
                let again = read(&kept, Version::V2).unwrap().remove(0);
                prop_assert_eq!((&again.id, &again.decoded), (&found[0].id, &found[0].decoded));
                prop_assert!(equivalent(&serde_json::from_slice(&again.json).unwrap(), &kept));
            }
            Ok(_) => {}
            Err(invalid) => {
                let near = invalid.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                prop_assert!(body.pointer(near).is_some(), "{} is nowhere", invalid.pointer);
            }
        }
    }
}
