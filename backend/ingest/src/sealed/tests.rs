//! What is sealed says the same but for its persons, and of them it tells nothing.

use chrono::{DateTime, TimeZone, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Receipt, marked, open};
use crate::decode::as_native::{any_json, places};
use crate::decode::xapi::Version;
use crate::decode::{caliper, xapi};
use crate::enrich::SiteSecret;
use crate::event::{Decoded, Person, Reason};

const ID: &str = "0190d2f4-7c1e-4abc-8def-0123456789ab";

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 10, 12, 0, 0).unwrap()
}

fn secret() -> SiteSecret {
    SiteSecret::new(&[7; 32])
}

fn viewed() -> Value {
    json!({
        "@context": "http://purl.imsglobal.org/ctx/caliper/v1p2", "id": format!("urn:uuid:{ID}"), "type": "ViewEvent",
        "profile": "ReadingProfile", "action": "Viewed", "eventTime": "2026-03-01T09:30:00.000Z",
        "actor": {"id": "https://r.test/users/CANARY-4711", "type": "Person", "name": "Canary Maasikas",
            "otherIdentifiers": [{"type": "SystemIdentifier", "identifierType": "EmailAddress", "identifier": "canary@r.test"}],
            "extensions": {"login": "canary.m", "seen": ["CANARY-4711"]}},
        "object": {"id": "https://r.test/pages/7?u=CANARY-4711", "type": "Page", "name": "Seen by Canary Maasikas",
            "creators": ["https://r.test/users/CANARY-4711", {"id": "https://r.test/users/CANARY-5", "name": "Canary Five"}],
            "isPartOf": {"id": "https://r.test/books/9780306406157", "type": "Document"}},
        "group": {"id": "https://r.test/orgs/s-7", "type": "Organization"},
        "membership": {"id": "https://r.test/m/1", "type": "Membership", "roles": ["Learner"],
            "member": "https://r.test/users/CANARY-4711", "organization": "https://r.test/orgs/s-7"},
        "session": {"id": "https://r.test/sessions/CANARY-4711-9", "type": "Session", "user": "https://r.test/users/CANARY-4711",
            "client": {"id": "c", "type": "SoftwareApplication", "ipAddress": "192.0.2.1"}},
        "federatedSession": {"id": "f", "type": "LtiSession", "messageParameters": {"lis_person_name_full": "Canary M."}},
        "extensions": {"school": "s-7", "real_user": "canary@r.test"},
    })
}

fn read_page() -> Value {
    let agent = json!({"mbox": "mailto:canary.five@r.test", "name": "Canary Five"});
    json!({
        "id": ID, "actor": {"account": {"homePage": "https://r.test", "name": "CANARY-4711"}, "name": "Canary Maasikas"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced", "display": {"en": "CANARY-4711 read"}},
        "object": {"id": "https://r.test/pages/7?u=CANARY-4711", "definition": {"name": {"et": "Canary Maasikas"},
            "extensions": {"https://r.test/who": "CANARY-4711"}}},
        "result": {"response": "I, canary maasikas", "duration": "PT5S", "extensions": {"https://r.test/x": "canary"}},
        "context": {"registration": ID, "instructor": agent, "platform": "reader of CANARY-4711",
            "team": {"objectType": "Group", "name": "Canary's class", "account": {"homePage": "https://r.test", "name": "s-7"},
                "member": [agent, {"openid": "https://r.test/CANARY-6"}]},
            "contextActivities": {"grouping": [{"id": "urn:isbn:9780306406157",
                "definition": {"extensions": {"https://r.test/x": "canary"}}}]},
            "extensions": {"https://r.test/role": ["Learner", {"who": "canary"}], "https://r.test/mail": "canary@r.test"}},
        "timestamp": "2026-03-01T09:30:00.125+02:00",
        "authority": {"mbox": "mailto:canary@r.test"},
        "attachments": [{"usageType": "https://r.test/u", "display": {"et": "Canary"}, "contentType": "image/png",
            "length": 12, "sha2": "ab", "fileUrl": "https://r.test/canary"}],
    })
}

fn with(mut value: Value, place: &str, new: Value) -> Value {
    *value.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = new;
    value
}

/// The item sealed, and what it said before.
fn item(item: &Value) -> (String, Decoded) {
    let body = json!({"sensor": "https://r.test/s", "sendTime": "2026-03-10T12:00:00Z", "data": [item],
        "dataVersion": "http://purl.imsglobal.org/ctx/caliper/v1p2"});
    let record = caliper::envelope(body.to_string().as_bytes(), now()).unwrap().records.remove(0);
    (Receipt { at: now(), agent: None, secret: &secret() }.seal_item(&record), record.decoded)
}

/// The statement sealed, and what it said before; `None` if it is not valid.
fn statement(statement: &Value) -> Option<(String, Decoded)> {
    let body = statement.to_string();
    let statement = xapi::statements(body.as_bytes(), Version::V2, now(), Uuid::nil).ok()?.pop()?;
    Some((Receipt { at: now(), agent: None, secret: &secret() }.seal_statement(&statement, "a").0, statement.decoded))
}

/// Whether both say the same, or are refused for the same reason.
fn same(sealed: &str, sent: &Decoded, exactly: bool) -> bool {
    let opened = open(sealed).unwrap();
    assert_eq!(opened.at, now());
    match (opened.decoded, sent.clone()) {
        (Decoded::Event(opened), Decoded::Event(mut sent)) => {
            let pseudonym = secret().pseudonym(sent.person.id().unwrap());
            sent.person = Person::Pseudonym(pseudonym);
            let term = |e: &crate::Event| (e.id, e.at, e.kind, e.role, e.duration_ms, e.person.clone());
            term(&opened) == term(&sent) && (!exactly || opened == sent)
        }
        (Decoded::Rejected(opened), Decoded::Rejected(sent)) => opened.reason == sent.reason,
        (Decoded::Skipped, Decoded::Skipped) => true,
        _ => false,
    }
}

fn tells(sealed: &str) -> bool {
    sealed.to_lowercase().contains("canary") || sealed.contains("192.0.2.1")
}

#[test]
fn a_sealed_event_of_a_standard_says_the_same_but_for_its_persons() {
    // The session and the page are named after the person.
    let plain = with(viewed(), "/session/id", json!("https://r.test/sessions/9"));
    let (sealed, sent) = item(&plain);
    assert!(same(&sealed, &sent, true) && matches!(sent, Decoded::Event(_)), "{sealed}");
    assert!(!tells(&sealed), "{sealed}");
    let (sealed, sent) = item(&viewed());
    assert!(same(&sealed, &sent, false) && !tells(&sealed), "{sealed}");
    let (sealed, sent) = statement(&read_page()).unwrap();
    assert!(same(&sealed, &sent, true) && matches!(sent, Decoded::Event(_)), "{sealed}");
    assert!(!tells(&sealed), "{sealed}");
    let kept = open(&sealed).unwrap().statement.unwrap();
    assert_eq!((kept.id.to_string().as_str(), kept.stored_at), (ID, now()));
    // It can be sent again as it was kept.
    let kept: Value = serde_json::from_str(&kept.json).unwrap();
    assert!(statement(&kept).is_some(), "{kept}");
}

#[test]
fn every_way_to_name_an_agent_is_sealed_and_told_apart() {
    let mut marks = std::collections::HashSet::new();
    for actor in [
        json!({"account": {"homePage": "https://r.test", "name": "CANARY-4711"}}),
        json!({"mbox": "mailto:Canary.4711@R.test", "name": "Canary"}),
        json!({"mbox_sha1sum": "0123456789ABCDEF0123456789abcdef01234567"}),
        json!({"openid": "https://r.test/CANARY-4711"}),
        json!({"objectType": "Agent", "account": {"homePage": "urn:octavo:person", "name": "pseudonym:00"}}),
    ] {
        let bare =
            json!({"id": ID, "actor": actor, "verb": read_page()["verb"]["id"], "object": {"id": "x:CANARY-4711"}});
        let sent = with(bare.clone(), "/verb", json!({"id": bare["verb"]}));
        let (sealed, decoded) = statement(&sent).unwrap();
        assert!(same(&sealed, &decoded, false), "{sealed}");
        assert!(!sealed.to_lowercase().contains("0123456789abcdef0123456789abcdef"), "{sealed}");
        let Decoded::Event(event) = open(&sealed).unwrap().decoded else { panic!("{sealed}") };
        assert!(marks.insert(event.person), "{actor}");
    }
    // The instructor is the actor, by whatever else is told of the two.
    let mut own = with(read_page(), "/context/instructor", read_page()["actor"].clone());
    own["context"]["instructor"]["name"] = "Canary M.".into();
    own["context"].as_object_mut().unwrap().remove("extensions");
    let (sealed, sent) = statement(&own).unwrap();
    assert!(same(&sealed, &sent, true) && !tells(&sealed), "{sealed}");
    let group =
        json!({"objectType": "Group", "name": "Canaries", "mbox": "mailto:canary@r.test", "member": [own["actor"]]});
    let (sealed, sent) = statement(&with(read_page(), "/actor", group)).unwrap();
    assert!(same(&sealed, &sent, false) && !tells(&sealed), "{sealed}");
    let sub = json!({"objectType": "SubStatement", "actor": own["actor"], "verb": own["verb"], "object": own["actor"]});
    let mut planned = with(read_page(), "/object", sub);
    planned["object"]["object"]["objectType"] = "Agent".into();
    planned["context"].as_object_mut().unwrap().remove("platform");
    let (sealed, sent) = statement(&planned).unwrap();
    assert!(same(&sealed, &sent, false) && !tells(&sealed), "{sealed}");
}

#[test]
fn nobody_can_send_a_pseudonym() {
    let mark = marked(secret().pseudonym("somebody"));
    let (sealed, sent) = item(&with(viewed(), "/actor", json!(mark)));
    assert!(same(&sealed, &sent, false), "{sealed}");
    let Decoded::Event(event) = open(&sealed).unwrap().decoded else { panic!("{sealed}") };
    assert_eq!(event.person, Person::Pseudonym(secret().pseudonym(&mark)));
    let agent = json!({"account": {"homePage": "urn:octavo:person", "name": mark}});
    let (sealed, _) = statement(&with(read_page(), "/actor", agent)).unwrap();
    let Decoded::Event(event) = open(&sealed).unwrap().decoded else { panic!("{sealed}") };
    assert_eq!(event.person, Person::Pseudonym(secret().pseudonym(&format!("urn:octavo:person|{mark}"))));
}

#[test]
fn what_is_refused_stays_refused_for_its_reason() {
    for (place, value, reason) in [
        ("/type", json!("ForumEvent"), Reason::UnknownKind),
        ("/actor", json!({"type": "Person"}), Reason::MissingField),
        ("/actor/type", json!("SoftwareApplication"), Reason::BadField),
        ("/actor/id", json!("_:CANARY-4711"), Reason::BadField),
        ("/actor/id", json!(format!("https://r.test/CANARY-4711{}", "x".repeat(512))), Reason::BadField),
        ("/id", json!("CANARY-4711"), Reason::BadField),
        ("/eventTime", json!("2036-03-01T09:30:00.000Z"), Reason::InFuture),
    ] {
        let (sealed, sent) = item(&with(viewed(), place, value));
        assert!(matches!(&sent, Decoded::Rejected(reject) if reject.reason == reason), "{place} {sent:?}");
        assert!(same(&sealed, &sent, false), "{place} {sealed}");
    }
    let (sealed, sent) = item(&json!("CANARY-4711"));
    assert!(same(&sealed, &sent, false) && !tells(&sealed));
    // A person whose name is a term of the standard.
    let (sealed, sent) = item(&with(viewed(), "/actor/name", json!("Viewed")));
    assert!(same(&sealed, &sent, false) && matches!(sent, Decoded::Event(_)), "{sealed}");
    let (sealed, sent) = statement(&with(read_page(), "/actor/name", json!("experienced"))).unwrap();
    assert!(same(&sealed, &sent, false) && matches!(sent, Decoded::Event(_)), "{sealed}");
}

const WORDS: &[&str] = &[
    "https://r.test/users/CANARY-4711",
    "CANARY-4711",
    "canary maasikas",
    "id",
    "type",
    "name",
    "Person",
    "extensions",
    "school",
    "isPartOf",
    "x:role",
    "mbox",
    "mailto:x@r.test",
    "account",
    "homePage",
    "https://r.test",
    "2026-03-01T09:30:00Z",
    "PT1S",
];

proptest! {
    #[test]
    fn nobody_is_told_by_a_sealed_item_whatever_stands_in_it(at in any::<prop::sample::Index>(), value in any_json(WORDS)) {
        let free: Vec<String> = places(&viewed()).into_iter().filter(|p| !p.is_empty() && !p.starts_with("/actor")).collect();
        let (sealed, sent) = item(&with(viewed(), &free[at.index(free.len())], value));
        prop_assert!(!tells(&sealed), "{}", sealed);
        prop_assert!(same(&sealed, &sent, false), "{} {:?}", sealed, sent);
    }

    #[test]
    fn nobody_is_told_by_a_sealed_statement_whatever_stands_in_it(
        at in any::<prop::sample::Index>(),
        value in any_json(WORDS),
    ) {
        let free: Vec<String> = places(&read_page()).into_iter().filter(|p| !p.is_empty() && !p.starts_with("/actor")).collect();
        if let Some((sealed, sent)) = statement(&with(read_page(), &free[at.index(free.len())], value)) {
            prop_assert!(!tells(&sealed), "{}", sealed);
            prop_assert!(same(&sealed, &sent, false), "{} {:?}", sealed, sent);
        }
    }

    #[test]
    fn any_item_and_any_actor_are_sealed_as_what_they_are(value in any_json(WORDS), actor in any_json(WORDS)) {
        for sent in [value, with(viewed(), "/actor", actor)] {
            let (sealed, sent) = item(&sent);
            prop_assert!(same(&sealed, &sent, false), "{} {:?}", sealed, sent);
        }
    }
}
