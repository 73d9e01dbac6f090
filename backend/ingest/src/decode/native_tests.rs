use chrono::{DateTime, TimeZone, Utc};
use model::{DEVICES, KINDS, ROLES};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::native::{decode, decode_row};
use crate::event::{Decoded, Event, Reason, Reject};

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 10, 12, 0, 0).unwrap()
}

const PERSON: &str = "pupil-canary-4711";

fn base() -> Map<String, Value> {
    let event = json!({
        "id": "0190d2f4-7c1e-7abc-8def-0123456789ab",
        "at": "2026-03-01T09:30:00+02:00",
        "kind": "page_view",
        "person": PERSON,
        "role": "student",
    });
    event.as_object().unwrap().clone()
}

fn read(text: &str) -> Result<Event, Reject> {
    match decode(text.as_bytes(), now()) {
        Decoded::Event(event) => Ok(*event),
        Decoded::Rejected(reject) => {
            assert!(!reject.detail.contains(PERSON), "the person's id is in: {}", reject.detail);
            Err(reject)
        }
        Decoded::Skipped => panic!("the native form skips nothing"),
    }
}

/// The base event with one field set, or removed by null.
fn with(field: &str, value: Value) -> Result<Event, Reject> {
    let mut event = base();
    event.insert(field.to_owned(), value);
    read(&Value::Object(event).to_string())
}

fn reason(field: &str, value: Value) -> Reason {
    with(field, value.clone()).map(|event| panic!("{field} = {value} was accepted: {event:?}")).unwrap_err().reason
}

#[test]
fn decode_native_every_field_arrives() {
    let mut full = base();
    for name in ["school", "book", "chapter", "session", "query", "placement", "campaign", "variant"] {
        full.insert(name.to_owned(), format!("the {name} õ").into());
    }
    full.insert("duration_ms".into(), 1500.into());
    full.insert("device".into(), "tablet".into());
    full.insert("x".into(), 0.25.into());
    full.insert("y".into(), (-1).into());
    full.insert("props".into(), json!({"a": [1, {"b": null}]}));
    full.insert("new_field".into(), json!({"deep": 9_007_199_254_740_993_u64}));
    let event = read(&Value::Object(full).to_string()).unwrap();
    assert_eq!(event.id.to_string(), "0190d2f4-7c1e-7abc-8def-0123456789ab");
    assert_eq!(event.at.to_rfc3339(), "2026-03-01T09:30:00+02:00");
    assert_eq!((KINDS.name(event.kind), ROLES.name(event.role)), (Some("page_view"), Some("student")));
    assert_eq!((event.person.id().unwrap(), event.school.as_deref()), (PERSON, Some("the school õ")));
    assert_eq!((event.book.as_deref(), event.chapter.as_deref()), (Some("the book õ"), Some("the chapter õ")));
    assert_eq!((event.session.as_deref(), event.query.as_deref()), (Some("the session õ"), Some("the query õ")));
    assert_eq!(event.placement.as_deref(), Some("the placement õ"));
    assert_eq!((event.campaign.as_deref(), event.variant.as_deref()), (Some("the campaign õ"), Some("the variant õ")));
    assert_eq!((event.duration_ms, DEVICES.name(event.device)), (1500, Some("tablet")));
    assert_eq!((event.x, event.y), (Some(0.25), Some(-1.0)));
    let props = json!({"a": [1, {"b": null}], "new_field": {"deep": 9_007_199_254_740_993_u64}});
    assert_eq!(Value::Object(event.props), props);
    assert_eq!(event.creates, None);
}

#[test]
fn decode_native_required_fields_are_missing_when_absent_null_or_blank() {
    for field in ["id", "at", "kind", "person", "role"] {
        assert_eq!(reason(field, Value::Null), Reason::MissingField);
        assert_eq!(reason(field, " ".into()), Reason::MissingField);
        let mut event = base();
        event.remove(field);
        let reject = read(&Value::Object(event).to_string()).unwrap_err();
        assert_eq!(reject.detail, format!("field `{field}` is missing or empty"));
        for wrong in [json!(5), json!(true), json!([PERSON]), json!({"a": PERSON})] {
            assert_eq!(reason(field, wrong), Reason::BadField);
        }
    }
    let bare = read(&Value::Object(base()).to_string()).unwrap();
    assert_eq!((bare.duration_ms, bare.device, bare.book, bare.x), (0, 0, None, None));
    assert_eq!(with("school", "".into()).unwrap().school, None);
}

#[test]
fn decode_native_ids_are_canonicalised() {
    let same = with("id", "0190D2F4-7C1E-7ABC-8DEF-0123456789AB".into()).unwrap();
    assert_eq!(same.id, read(&Value::Object(base()).to_string()).unwrap().id);
    for bad in ["x".repeat(10_240), "1234".into(), uuid::Uuid::nil().to_string()] {
        assert_eq!(reason("id", bad.into()), Reason::BadField);
    }
}

#[test]
fn decode_native_times_outside_of_reason_are_refused() {
    assert_eq!(reason("at", "1970-01-01T00:00:00Z".into()), Reason::TooOld);
    assert_eq!(reason("at", "9999-01-01T00:00:00Z".into()), Reason::InFuture);
    assert_eq!(reason("at", "2026-03-10T13:00:01Z".into()), Reason::InFuture);
    assert!(with("at", "2026-03-10T13:00:00Z".into()).is_ok());
    for bad in ["2016-12-31T23:59:60Z", "2026-03-01T24:00:00Z", "2026-03-01T09:30:00", "2026-02-30T09:30:00Z"] {
        assert_eq!(reason("at", bad.into()), Reason::BadField);
    }
    assert_eq!(reason("at", 1_541_105_830_796_i64.into()), Reason::BadField);
}

#[test]
fn decode_native_closed_lists_are_closed_but_for_devices() {
    assert_eq!(reason("kind", "video_play".into()), Reason::UnknownKind);
    assert_eq!(reason("role", "Student".into()), Reason::UnknownRole);
    assert_eq!(reason("kind", PERSON.into()), Reason::UnknownKind);
    let reject = with("kind", "video_play".into()).unwrap_err();
    assert!(reject.detail.starts_with("`video_play` is not a kind; known are page_view, "), "{}", reject.detail);
    assert_eq!(DEVICES.name(with("device", "fridge".into()).unwrap().device), Some("other"));
    assert_eq!(reason("device", 5.into()), Reason::BadField);
}

#[test]
fn decode_native_texts_and_numbers_are_limited() {
    for field in ["person", "school", "book", "chapter", "session", "query", "placement", "campaign", "variant"] {
        assert_eq!(reason(field, "x".repeat(513).into()), Reason::BadField);
        assert_eq!(reason(field, "a\u{0}b".into()), Reason::BadField);
        assert_eq!(reason(field, "a\rb".into()), Reason::BadField);
        assert!(with(field, "x".repeat(512).into()).is_ok());
    }
    for bad in [json!(-1), json!(86_400_001), json!(1e12), json!(0.5), json!("5"), json!(u64::MAX), json!(true)] {
        assert_eq!(reason("duration_ms", bad), Reason::BadField);
    }
    for good in [json!(86_400_000), json!(5.0), json!(-0.0)] {
        assert!(with("duration_ms", good).is_ok());
    }
    for bad in [json!(1e39), json!("0"), json!([])] {
        assert_eq!(reason("x", bad.clone()), Reason::BadField);
        assert_eq!(reason("y", bad), Reason::BadField);
    }
}

#[test]
fn decode_native_an_event_does_not_choose_its_site() {
    for value in [json!("ee"), Value::Null, json!({"a": [1]})] {
        let reject = with("site", value).unwrap_err();
        assert_eq!(reject.reason, Reason::BadField);
        assert_eq!(reject.detail, "the site comes from the write key or the command line, never from the event");
    }
}

#[test]
fn decode_native_props_keep_what_can_be_kept() {
    assert!(with("props", Value::Null).unwrap().props.is_empty());
    for bad in [json!([]), json!("x"), json!({"a": "\u{0}"}), json!({"a": {"\u{0}": 1}}), json!({"\u{0}": 1})] {
        assert_eq!(reason("props", bad), Reason::BadField);
    }
    assert_eq!(reason("extra", "\u{0}".into()), Reason::BadField);
    let mut both = base();
    both.insert("extra".into(), 1.into());
    both.insert("props".into(), json!({"extra": 2}));
    assert_eq!(read(&Value::Object(both).to_string()).unwrap_err().reason, Reason::BadField);
}

#[test]
fn decode_native_bad_json_is_never_half_read() {
    let event = Value::Object(base()).to_string();
    let open = event.strip_suffix('}').unwrap();
    let deep = format!("{open},\"props\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let in_field = format!("{open},\"book\":{}{}}}", "{\"a\":".repeat(100_000), "1".to_owned() + &"}".repeat(100_000));
    let bad = [
        format!("{open},\"person\":\"{PERSON}\"}}"),
        format!("{open},\"site\":\"ee\",\"site\":\"lv\"}}"),
        format!("{open},\"extra\":1,\"extra\":1}}"),
        format!("{open},\"props\":{{\"a\":1,\"a\":2}}}}"),
        format!("{open},\"props\":{{}},\"props\":{{}}}}"),
        format!("{open},\"\\u0061t\":\"2026-03-01T09:30:00Z\"}}"),
        format!("{open},\"book\":\"\\ud800\"}}"),
        format!("{open},\"props\":{{\"a\":\"\\udc00\"}}}}"),
        format!("{open},\"book\":1e400}}"),
        format!("{open},\"x\":NaN}}"),
        format!("[{event}]"),
        format!("{event}{event}"),
        format!("\"{PERSON}\""),
        open.to_owned(),
        "null".to_owned(),
        "1".to_owned(),
        String::new(),
        deep,
    ];
    for text in bad {
        let reject = read(&text).unwrap_err();
        assert_eq!(reject.reason, Reason::BadJson, "{}", &text[..text.len().min(300)]);
    }
    // A field's own nesting is passed over without recursion, and is of the wrong type anyway.
    assert_eq!(read(&in_field).unwrap_err().reason, Reason::BadField);
    let utf8 = [open.as_bytes(), b",\"book\":\"\xff\"}"].concat();
    let Decoded::Rejected(reject) = decode(&utf8, now()) else { panic!("not UTF-8, yet accepted") };
    assert_eq!(reject.reason, Reason::BadUtf8);
    // 2^64 and beyond cannot be kept exactly.
    assert_eq!(read(&format!("{open},\"n\":18446744073709551616}}")).unwrap_err().reason, Reason::BadField);
    assert!(read(&format!("{open},\"n\":18446744073709551615}}")).is_ok());
}

#[test]
fn decode_native_rows_are_the_same_event() {
    let row = |pairs: &[(&str, &str)]| {
        let mut row: Map<String, Value> = base();
        row.extend(pairs.iter().map(|(name, text)| ((*name).to_owned(), Value::from(*text))));
        decode_row(&row, now())
    };
    let mut json = base();
    json.extend(json!({"duration_ms": 12, "x": 0.5, "props": {"a": 1}, "more": "z"}).as_object().unwrap().clone());
    let pairs = [("duration_ms", "12"), ("x", "0.5"), ("y", ""), ("props", "{\"a\":1}"), ("more", "z"), ("site", "")];
    assert_eq!(row(&pairs), decode(Value::Object(json).to_string().as_bytes(), now()));
    for bad in
        [("duration_ms", "long"), ("duration_ms", "1.5"), ("x", "inf"), ("props", "a"), ("site", "ee"), ("at", "x")]
    {
        let Decoded::Rejected(reject) = row(&[bad]) else { panic!("{bad:?} was accepted") };
        assert_eq!(reject.reason, Reason::BadField);
    }
}

proptest! {
    #[test]
    fn decode_native_arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        decode(&bytes, now());
        decode(&[b"{\"at\":\"", bytes.as_slice(), b"\"}"].concat(), now());
    }

    #[test]
    fn decode_native_an_event_with_any_bytes_changed_never_panics_nor_tells_the_person(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        field in "[a-z_]{1,11}",
        value in "\\PC{0,20}",
    ) {
        let mut event = base();
        event.insert(field, value.into());
        let text = Value::Object(event).to_string();
        let mut bytes = text.clone().into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        for text in [text.as_bytes(), &bytes] {
            if let Decoded::Rejected(reject) = decode(text, now()) {
                prop_assert!(!reject.detail.contains(PERSON));
            }
        }
    }

    #[test]
    fn decode_native_any_time_text_is_answered(text in "\\PC{0,30}") {
        let _ = with("at", text.into());
    }
}
