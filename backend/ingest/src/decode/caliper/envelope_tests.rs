//! Envelopes, and what holds for any JSON in them.

use chrono::DateTime;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::tests::{PERSON, event, now, read, viewed, with};
use super::{Envelope, decode, envelope};
use crate::decode::as_native::{any_json, places};
use crate::event::{Decoded, Reason, Reject};

fn packed(data: Value) -> Value {
    json!({
        "sensor": "https://r.test/sensors/1", "sendTime": "2026-03-01T09:31:00.000Z",
        "dataVersion": "http://purl.imsglobal.org/ctx/caliper/v1p2", "data": data,
    })
}

fn unpack(body: &Value) -> Result<Envelope, Reject> {
    envelope(body.to_string().as_bytes(), now())
}

#[test]
fn decode_caliper_every_item_of_an_envelope_is_accounted_for() {
    let entity = json!({"id": PERSON, "type": "Person", "dateCreated": "2026-01-01T00:00:00Z"});
    let found =
        unpack(&packed(json!([viewed(), entity, with("/type", "ForumEvent".into()), 5, {"type": "Person"}]))).unwrap();
    assert_eq!(
        (found.sensor.as_str(), found.sent_at.to_rfc3339()),
        ("https://r.test/sensors/1", "2026-03-01T09:31:00+00:00".into())
    );
    let kinds: Vec<&str> = found
        .records
        .iter()
        .map(|record| match &record.decoded {
            Decoded::Event(_) => "event",
            Decoded::Skipped => "skipped",
            Decoded::Rejected(reject) => reject.reason.as_str(),
        })
        .collect();
    assert_eq!(kinds, ["event", "skipped", "unknown_kind", "bad_field", "missing_field"]);
    let again: Value = serde_json::from_slice(&found.records[0].json).unwrap();
    assert_eq!(again, viewed());
    assert_eq!(unpack(&packed(json!([]))).unwrap().records, []);
    let long = unpack(&packed(json!([with("/extensions", "x".repeat(1 << 20).into())]))).unwrap();
    let Decoded::Rejected(reject) = &long.records[0].decoded else { panic!("a record of a mebibyte was accepted") };
    assert_eq!(reject.reason, Reason::TooLong);
}

#[test]
fn decode_caliper_envelopes_that_cannot_be_read_are_refused_whole() {
    for key in ["sensor", "sendTime", "dataVersion", "data"] {
        let mut body = packed(json!([]));
        body.as_object_mut().unwrap().remove(key);
        let reject = unpack(&body).unwrap_err();
        assert_eq!(reject.detail, format!("`{key}` of the envelope is missing or empty"));
        body[key] = json!(5);
        assert_eq!(unpack(&body).unwrap_err().reason, Reason::BadField);
    }
    let mut body = packed(json!([]));
    body["dataVersion"] = "https://purl.imsglobal.org/ctx/caliper/v1p1".into();
    assert!(unpack(&body).is_ok());
    for bad in ["http://purl.imsglobal.org/ctx/caliper/v1p0", "1.2"] {
        body["dataVersion"] = bad.into();
        let detail = unpack(&body).unwrap_err().detail;
        assert!(detail.contains("http://purl.imsglobal.org/ctx/caliper/v1p2"), "{detail}");
    }
    for (bytes, expected) in [
        (&b"\xff"[..], Reason::BadUtf8),
        (b"[]", Reason::BadJson),
        (b"{", Reason::BadJson),
        (b"{\"a\":1,\"a\":1}", Reason::BadJson),
    ] {
        assert_eq!(envelope(bytes, now()).unwrap_err().reason, expected);
    }
}

const WORDS: &[&str] = &[
    "id",
    "type",
    "actor",
    "action",
    "object",
    "eventTime",
    "membership",
    "roles",
    "group",
    "session",
    "generated",
    "Person",
    "Organization",
    "subOrganizationOf",
    "isPartOf",
    "ViewEvent",
    "Viewed",
    "AssessmentEvent",
    "Submitted",
    "duration",
    "PT1S",
    "urn:isbn:9780306406157",
    "2026-03-01T09:30:00.000Z",
    "Chapter",
    "Document",
    "https://r.test/a/b?c=d#e",
    PERSON,
];

proptest! {
    #[test]
    fn decode_caliper_arbitrary_items_end_as_one_of_three(item in any_json(WORDS)) {
        let found = unpack(&packed(json!([item]))).unwrap();
        prop_assert_eq!(found.records.len(), 1);
        // The record's own bytes decode to the same again: a replay changes nothing.
        if let Ok(Value::Object(map)) = serde_json::from_slice(&found.records[0].json) {
            prop_assert_eq!(&decode(&map, now()), &found.records[0].decoded);
        }
    }

    #[test]
    fn decode_caliper_arbitrary_bodies_never_panic(body in any_json(WORDS), bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = unpack(&body);
        let _ = envelope(&bytes, now());
    }

    #[test]
    fn decode_caliper_an_event_with_any_place_changed_is_answered_and_never_tells_the_person(
        at in any::<prop::sample::Index>(),
        value in any_json(WORDS),
    ) {
        let places = places(&viewed());
        let item = with(&places[at.index(places.len())], value);
        if item.is_object() && item != json!({}) {
            let _ = read(&item);
        }
    }

    #[test]
    fn decode_caliper_ids_and_times_round_trip(id in any::<u128>(), ms in 946_684_800_000_i64..1_773_000_000_000) {
        prop_assume!(id != 0);
        let at = DateTime::from_timestamp_millis(ms).unwrap();
        let mut item = with("/id", uuid::Uuid::from_u128(id).urn().to_string().into());
        item["eventTime"] = at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true).into();
        let event = event(&item);
        prop_assert_eq!((event.id.as_u128(), event.at.timestamp_millis()), (id, ms));
    }
}
