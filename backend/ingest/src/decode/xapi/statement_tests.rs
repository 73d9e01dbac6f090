use chrono::{DateTime, TimeZone, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::equivalent_tests::equivalent;
use super::{Invalid, Statement, Version, decode, statements};
use crate::event::{Decoded, Reason};

pub(super) const GIVEN: &str = "0190D2F4-7C1E-4ABC-8DEF-0123456789AB";

pub(super) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 10, 12, 0, 0).unwrap()
}

/// A statement with every property that the standard has.
pub(super) fn full() -> Value {
    json!({
        "id": GIVEN,
        "actor": {"objectType": "Group", "name": "7b", "mbox": "mailto:7b@r.test", "member": [
            {"account": {"homePage": "https://r.test", "name": "pupil-1"}},
            {"objectType": "Agent", "mbox_sha1sum": "0123456789abcdef0123456789abcdef01234567"},
            {"openid": "https://r.test/id/3"},
        ]},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en-US": "answered", "et": "vastas"}},
        "object": {"objectType": "Activity", "id": "https://r.test/q/1", "definition": {
            "name": {"et": "Küsimus"}, "description": {"et": "…"}, "type": "http://adlnet.gov/expapi/activities/question",
            "moreInfo": "https://r.test/q/1/more", "extensions": {"https://r.test/x": null}, "interactionType": "choice",
            "correctResponsesPattern": ["a"], "choices": [{"id": "a", "description": {"et": "jah"}}, {"id": "b"}],
        }},
        "result": {"score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10}, "success": true, "completion": false,
            "response": "a", "duration": "PT1M30S", "extensions": {}},
        "context": {"registration": GIVEN, "instructor": {"mbox": "mailto:t@r.test"},
            "team": {"objectType": "Group", "member": [{"mbox": "mailto:t@r.test"}]},
            "contextActivities": {"parent": {"id": "https://r.test/t/1"}, "grouping": [{"id": "https://r.test/b/1"}],
                "category": [], "other": []},
            "revision": "3", "platform": "reader", "language": "et",
            "statement": {"objectType": "StatementRef", "id": GIVEN}, "extensions": {"https://r.test/y": {"z": null}}},
        "timestamp": "2026-03-01T09:30:00.125+02:00",
        "stored": "2026-03-01T09:30:00Z",
        "authority": {"objectType": "Group", "member": [{"mbox": "mailto:a@r.test"}, {"mbox": "mailto:b@r.test"}]},
        "version": "1.0.3",
        "attachments": [{"usageType": "https://r.test/u", "display": {"et": "pilt"}, "description": {"et": "p"},
            "contentType": "image/png", "length": 12, "sha2": "ab", "fileUrl": "https://r.test/f"}],
    })
}

pub(super) fn read(body: &Value, version: Version) -> Result<Vec<Statement>, Invalid> {
    let mut made = 0;
    statements(body.to_string().as_bytes(), version, now(), || {
        made += 1;
        Uuid::from_u128(made)
    })
}

pub(super) fn with(place: &str, value: Value) -> Value {
    let mut changed = full();
    let (parent, key) = place.rsplit_once('/').unwrap();
    changed.pointer_mut(parent).unwrap_or_else(|| panic!("{place}"))[key] = value;
    changed
}

fn pointer(body: &Value, version: Version) -> String {
    read(body, version).map(|found| panic!("accepted: {found:?}")).unwrap_err().pointer
}

#[test]
fn decode_xapi_a_statement_with_everything_is_valid_in_both_versions() {
    let one = read(&full(), Version::V1).unwrap();
    assert_eq!(one[0].id.to_string(), GIVEN.to_lowercase());
    let kept: Value = serde_json::from_slice(&one[0].json).unwrap();
    assert_eq!((&kept["id"], &kept["stored"]), (&json!(GIVEN.to_lowercase()), &json!("2026-03-10T12:00:00.000Z")));
    assert_eq!(kept["context"]["contextActivities"]["parent"], json!([{"id": "https://r.test/t/1"}]));
    assert_eq!(kept["timestamp"], "2026-03-01T09:30:00.125+02:00");
    assert!(equivalent(&kept, &full()));
    assert!(read(&full(), Version::V2).is_ok());
    let related =
        json!([{"objectType": "contextAgent", "agent": {"mbox": "mailto:a@r.test"}, "relevantTypes": ["x:y"]}]);
    assert!(read(&with("/context/contextAgents", related.clone()), Version::V2).is_ok());
    assert_eq!(pointer(&with("/context/contextAgents", related), Version::V1), "/context/contextAgents");
}

#[test]
fn decode_xapi_what_is_missing_is_filled_in() {
    let bare = json!({"actor": {"mbox": "mailto:p@r.test"}, "verb": {"id": "x:y"}, "object": {"id": "x:z"}});
    let found = read(&json!([bare, bare]), Version::V2).unwrap();
    assert_eq!(found.iter().map(|one| one.id.as_u128()).collect::<Vec<_>>(), [1, 2]);
    let kept: Value = serde_json::from_slice(&found[1].json).unwrap();
    assert_eq!(kept["id"], "00000000-0000-0000-0000-000000000002");
    assert_eq!((&kept["timestamp"], &kept["stored"]), (&kept["stored"], &json!("2026-03-10T12:00:00.000Z")));
    assert_eq!(kept["version"], "2.0.0");
    assert!(found[0].json.starts_with(br#"{"actor":{"mbox":"#));
    assert!(equivalent(&kept, &bare));
    assert_eq!(read(&json!([]), Version::V1).unwrap(), []);
}

#[test]
fn decode_xapi_errors_name_their_place() {
    for (place, value) in [
        ("/id", json!("0190d2f47c1e4abc8def0123456789ab")),
        ("/extra", json!(1)),
        ("/Actor", json!({})),
        ("/actor/account", json!({"homePage": "https://r.test", "name": "x"})),
        ("/actor/mbox", json!("pupil@r.test")),
        ("/actor/member/0/account/name", json!("")),
        ("/actor/member/0/account/homePage", json!("r.test")),
        ("/actor/member/0/objectType", json!("agent")),
        ("/actor/member/1/mbox_sha1sum", json!("abc")),
        ("/actor/member/2/openid", json!(null)),
        ("/verb/id", json!("answered")),
        ("/verb/display/en_US", json!("x")),
        ("/verb/display/et", json!(null)),
        ("/object/id", json!("")),
        ("/object/objectType", json!("activity")),
        ("/object/definition/type", json!("question")),
        ("/object/definition/interactionType", json!("Choice")),
        ("/object/definition/choices/1/id", json!("a")),
        ("/object/definition/extensions/x", json!(1)),
        ("/result/score/scaled", json!(1.5)),
        ("/result/score/raw", json!("5")),
        ("/result/score/raw", json!(11)),
        ("/result/score/min", json!(10)),
        ("/result/success", json!("true")),
        ("/result/duration", json!("90 s")),
        ("/result/response", json!(null)),
        ("/context/registration", json!("x")),
        ("/context/team/objectType", json!("Agent")),
        ("/context/contextActivities/parent", json!("x:y")),
        ("/context/contextActivities/sibling", json!([])),
        ("/context/platform", json!(5)),
        ("/context/language", json!("estonian_lang")),
        ("/context/statement/objectType", json!("Statement")),
        ("/timestamp", json!("2026-03-01T09:30:00-00:00")),
        ("/timestamp", json!("2026-03-01")),
        ("/version", json!("0.9")),
        ("/attachments/0/length", json!(1.5)),
        ("/attachments/0/usageType", json!("x")),
    ] {
        let place = if place == "/actor/account" { "/actor" } else { place };
        let body = if place == "/actor" { with("/actor/account", value) } else { with(place, value) };
        assert_eq!(pointer(&body, Version::V1), place);
        assert_eq!(pointer(&json!([with("/id", json!(Uuid::nil())), body]), Version::V1), format!("/1{place}"));
    }
    for place in
        ["/actor", "/verb", "/object", "/verb/id", "/object/id", "/context/statement/id", "/attachments/0/fileUrl"]
    {
        let mut body = full();
        let (parent, key) = place.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
        let invalid = read(&body, Version::V1).unwrap_err();
        assert_eq!((invalid.pointer.as_str(), invalid.detail.as_str()), (place, "is missing"));
    }
}

#[test]
fn decode_xapi_actors_have_exactly_one_identifier() {
    let detail = |actor: Value| read(&with("/actor", actor), Version::V1).unwrap_err().detail;
    assert!(detail(json!({"name": "Mari"})).starts_with("needs one"));
    assert!(detail(json!({"mbox": "mailto:a@r.test", "openid": "x:y"})).starts_with("has more than one"));
    assert!(detail(json!({"objectType": "Group"})).contains("needs its members"));
    assert!(detail(json!({"mbox": "mailto:a@r.test", "member": []})).contains("allows here"));
    assert_eq!(detail(json!("mailto:a@r.test")), "must be an object");
}

#[test]
fn decode_xapi_objects_of_each_kind_are_checked() {
    let on = |object: Value| {
        let mut body = full();
        body["object"] = object;
        let context = body["context"].as_object_mut().unwrap();
        context.remove("platform");
        context.remove("revision");
        body
    };
    let sub = json!({"objectType": "SubStatement", "actor": {"mbox": "mailto:a@r.test"}, "verb": {"id": "x:y"},
        "object": {"id": "x:z"}, "context": {"platform": "reader"}});
    assert!(read(&on(sub.clone()), Version::V1).is_ok());
    assert!(read(&on(json!({"objectType": "Agent", "mbox": "mailto:a@r.test"})), Version::V1).is_ok());
    assert!(read(&on(json!({"objectType": "StatementRef", "id": GIVEN})), Version::V1).is_ok());
    let mut nested = sub.clone();
    nested["object"] = sub.clone();
    assert_eq!(pointer(&on(nested), Version::V1), "/object/object");
    let mut stored = sub.clone();
    stored["stored"] = "2026-03-01T09:30:00Z".into();
    assert_eq!(pointer(&on(stored), Version::V1), "/object/stored");
    let mut with_platform = on(sub);
    with_platform["context"]["platform"] = "reader".into();
    assert_eq!(pointer(&with_platform, Version::V1), "/context/platform");
    let mut void = full();
    void["verb"]["id"] = super::statement::VOIDED.into();
    assert_eq!(pointer(&void, Version::V1), "/object/objectType");
}

#[test]
fn decode_xapi_a_batch_is_taken_whole_or_not_at_all() {
    assert_eq!(pointer(&json!([full(), full()]), Version::V1), "/1/id");
    assert_eq!(pointer(&json!([full(), 5]), Version::V1), "/1");
    for bad in [&b"\xff"[..], b"", b"5", b"null", b"[", b"{\"id\":1,\"id\":1}", b"[[]]x"] {
        assert_eq!(statements(bad, Version::V1, now(), Uuid::nil).unwrap_err().pointer, "");
    }
    assert_eq!(pointer(&with("/timestamp", "2026-03-01T09:30:00".into()), Version::V2), "/timestamp");
    assert!(read(&with("/timestamp", "2026-03-01T09:30:00".into()), Version::V1).is_ok());
    assert_eq!(pointer(&with("/version", "2.0.0".into()), Version::V1), "/version");
    let escaped = with("/context/extensions", json!({"a/b~c": 1}));
    assert_eq!(pointer(&escaped, Version::V1), "/context/extensions/a~1b~0c");
}

#[test]
fn decode_xapi_a_statement_that_is_too_long_is_valid_and_refused() {
    let found = read(&with("/result/response", "x".repeat(1 << 20).into()), Version::V1).unwrap();
    let Decoded::Rejected(reject) = &found[0].decoded else { panic!("a statement of a mebibyte was decoded") };
    assert_eq!(reject.reason, Reason::TooLong);
}

#[test]
fn decode_xapi_a_record_that_is_not_valid_is_refused_without_the_keys_it_has() {
    let record = with("/pupil-4711", 1.into());
    assert_eq!(pointer(&record, Version::V1), "/pupil-4711");
    let Decoded::Rejected(reject) = decode(record.as_object().unwrap(), now()) else { panic!("it was decoded") };
    assert_eq!(reject.reason, Reason::BadField);
    assert!(reject.detail.starts_with("the statement is not valid xAPI: is no property"), "{}", reject.detail);
    assert!(!reject.detail.contains("4711"), "{}", reject.detail);
}
