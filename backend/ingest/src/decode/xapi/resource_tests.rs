use chrono::{DateTime, TimeZone, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::resource::{Known, MOST_LISTED, Question, about, content_type, ids, known, put, question, version};
use super::{Essence, Version};
use crate::enrich::SiteSecret;

const ID: &str = "0190d2f4-7c1e-4abc-8def-0123456789ab";

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 10, 12, 0, 0).unwrap()
}

#[test]
fn decode_xapi_versions_are_negotiated_by_the_header() {
    for (header, expected) in [("1.0", "1.0.3"), ("1.0.0", "1.0.3"), ("1.0.9", "1.0.3"), ("2.0.0", "2.0.0")] {
        assert_eq!(version(Some(header)).unwrap().answered(), expected);
    }
    for bad in [None, Some(""), Some("0.95"), Some("1.1.0"), Some("1.0.x"), Some("1.0."), Some("10.0"), Some("3.0")] {
        assert_eq!(version(bad).unwrap_err().status, 400, "{bad:?}");
    }
    for told in about()["version"].as_array().unwrap() {
        assert!(version(told.as_str()).is_ok());
    }
    assert!(content_type(Some("application/json; charset=UTF-8")).is_ok());
    assert!(content_type(Some("multipart/mixed; boundary=x")).unwrap_err().detail.contains("fileUrl"));
    assert!(content_type(None).is_err());
}

#[test]
fn decode_xapi_a_put_brings_one_statement_of_its_own_id() {
    let bare = json!({"actor": {"mbox": "mailto:p@r.test"}, "verb": {"id": "x:y"}, "object": {"id": "x:z"}});
    let put = |id, body: &Value| put(id, body.to_string().as_bytes(), Version::V1, now());
    assert_eq!(put(Some(ID), &bare).unwrap().id.to_string(), ID);
    let mut same = bare.clone();
    same["id"] = ID.to_uppercase().into();
    assert!(put(Some(ID), &same).is_ok());
    same["id"] = "0190d2f4-7c1e-4abc-8def-0123456789ac".into();
    assert_eq!(put(Some(ID), &same).unwrap_err().pointer.as_deref(), Some("/id"));
    for bad in [put(None, &bare), put(Some("1"), &bare), put(Some(ID), &json!([bare])), put(Some(ID), &json!({}))] {
        assert_eq!(bad.unwrap_err().status, 400);
    }
}

#[test]
fn decode_xapi_an_id_stands_for_one_statement() {
    let print = |verb| {
        let statement = json!({"id": ID, "verb": {"id": verb}});
        Essence::of(statement.as_object().unwrap()).fingerprint(&SiteSecret::new(&[7; 32]))
    };
    let (sent, other) = (print("x:y"), print("x:z"));
    assert_eq!(known(&sent, None), Known::New);
    assert_eq!(known(&sent, Some(&sent)), Known::Same);
    assert_eq!(known(&sent, Some(&other)), Known::Other);
    let id = Uuid::parse_str(ID).unwrap();
    assert_eq!(ids(&[(id, Known::New), (Uuid::nil(), Known::Same)]).unwrap(), json!([ID, Uuid::nil()]));
    assert_eq!(ids(&[(Uuid::nil(), Known::New), (id, Known::Other)]).unwrap_err().status, 409);
    assert_eq!(ids(&[]).unwrap(), json!([]));
}

#[test]
fn decode_xapi_questions_are_read_or_refused_by_name() {
    assert_eq!(question([("statementId", ID), ("format", "exact")]), Ok(Question::One(Uuid::parse_str(ID).unwrap())));
    let all = Question::List { since: None, until: None, limit: MOST_LISTED, ascending: false };
    assert_eq!(question([]), Ok(all.clone()));
    assert_eq!(question([("limit", "0"), ("attachments", "false")]), Ok(all));
    let since = DateTime::parse_from_rfc3339("2026-03-01T09:30:00Z").ok();
    let asked = question([("since", "2026-03-01T09:30:00Z"), ("limit", "5"), ("ascending", "true")]);
    assert_eq!(asked, Ok(Question::List { since, until: None, limit: 5, ascending: true }));
    for bad in [
        ("statementId", "1"),
        ("since", "yesterday"),
        ("limit", "-1"),
        ("ascending", "1"),
        ("format", "ids"),
        ("attachments", "true"),
        ("agent", "{}"),
        ("voidedStatementId", ID),
        ("Limit", "1"),
    ] {
        assert_eq!(question([bad]).unwrap_err().status, 400, "{bad:?}");
    }
    assert!(question([("statementId", ID), ("limit", "1")]).is_err());
}
