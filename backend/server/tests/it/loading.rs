//! The load transaction: nothing lost, nothing double, nothing half done.

use ingest::decode::native;
use ingest::enrich::SiteSecret;
use ingest::load::batch::{Batch, Counts, Outcome};
use ingest::load::intake::{Intake, Rules};
use ingest::{Decoded, Event, Reason, Reject};
use serde_json::{Value, json};
use testkit::{TestDatabase, seed};
use uuid::Uuid;

async fn count(db: &TestDatabase, sql: &str) -> i64 {
    db.warehouse.client().await.unwrap().query_one(sql, &[]).await.unwrap().get(0)
}

fn batch(source: &str, first: i64, events: Vec<Event>) -> Batch {
    Batch::dense(source, "p", first, seed::now(), events.into_iter().map(|e| Decoded::Event(Box::new(e))))
}

async fn open(db: &TestDatabase) -> Intake {
    Intake::open(&db.warehouse, "ee", &seed::SECRET, Rules::default()).await.unwrap()
}

#[tokio::test]
async fn the_same_events_from_another_source_are_duplicates() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let events = seed::events(3, "ee", 500);
    assert_eq!(seed::load(&db, "ee", "a", events.clone()).await.loaded, 500);
    let mut shuffled = events.clone();
    shuffled.reverse();
    shuffled.extend(seed::events(4, "ee", 100));
    let counts = seed::load(&db, "ee", "b", shuffled).await;
    assert_eq!((counts.received, counts.loaded, counts.duplicate), (600, 100, 500));
    assert_eq!(count(&db, "SELECT count(*) FROM core.event").await, 600);
    // The same id twice in one batch: one is stored.
    let twice = vec![events[0].clone(), events[0].clone(), seed::events(5, "ee", 1).remove(0)];
    let counts = seed::load(&db, "ee", "c", twice).await;
    assert_eq!((counts.loaded, counts.duplicate), (1, 2));
}

/// Rows by the names of their columns, and what their numbers stand for.
const STORED: &str = "SELECT to_jsonb(e) - '{site_id, load_id, person_no, school_id, book_id, chapter_id}'::text[]
        || jsonb_build_object('site', s.code, 'load', l.source, 'person', encode(p.pseudonym, 'hex'),
            'school', h.external_id, 'book', b.external_id, 'chapter', c.code, 'partition', e.tableoid::regclass::text)
    FROM core.event AS e JOIN core.site AS s ON s.site_id = e.site_id JOIN raw.load AS l ON l.load_id = e.load_id
        JOIN core.person AS p ON p.site_id = e.site_id AND p.person_no = e.person_no
        LEFT JOIN core.school AS h ON h.school_id = e.school_id LEFT JOIN core.book AS b ON b.book_id = e.book_id
        LEFT JOIN core.chapter AS c ON c.chapter_id = e.chapter_id
    ORDER BY e.day";

#[tokio::test]
async fn every_value_of_an_event_is_stored_in_its_own_column() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let full = json!({
        // Of the next day in the site's zone.
        "id": Uuid::from_u128(0x11), "at": "2026-03-01T19:30:00.25-03:00", "kind": "media", "person": "one", "role": "teacher",
        "school": "S2", "book": "9780000000003", "chapter": "2", "session": "a session", "duration_ms": 1234,
        "query": "a query", "placement": "a placement", "campaign": "a campaign", "variant": "a variant",
        "referrer": "https://host.example/path", "user_agent": "Googlebot/2.1", "device": "phone", "x": 0.25, "y": -4.5,
        "props": { "a": [1, null] },
    });
    let bare = json!({
        "id": Uuid::from_u128(0x12), "at": "2026-03-03T12:00:00+01:00", "kind": "sign_in", "person": "other",
        "role": "student",
    });
    let records = [&bare, &full].map(|event| native::decode(event.to_string().as_bytes(), seed::now()));
    let outcome = open(&db).await.load(Batch::dense("a log", "p", 0, seed::now(), records), seed::now()).await.unwrap();
    assert!(matches!(outcome, Outcome::Committed(Counts { loaded: 2, .. })), "{outcome:?}");
    let client = db.warehouse.client().await.unwrap();
    let stored: Vec<Value> = client.query(STORED, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    let person = |id: &str| hex::encode(SiteSecret::new(&seed::SECRET).pseudonym(id));
    let expected = [
        json!({
            "site": "ee", "partition": "core.event_20260302", "day": "2026-03-02", "event_id": full["id"],
            "at": "2026-03-01T22:30:00.25+00:00", "offset_min": -180, "received_at": "2026-04-02T12:00:00+00:00",
            "load": "a log", "person": person("one"), "kind": 5, "role": 2, "device": 3, "school": "S2",
            "book": "9780000000003", "chapter": "2", "duration_ms": 1234, "session": "a session", "query": "a query",
            "placement": "a placement", "campaign": "a campaign", "variant": "a variant", "x": 0.25, "y": -4.5,
            "props": { "a": [1, null] }, "robot": true, "referrer": "host.example",
        }),
        json!({
            "site": "ee", "partition": "core.event_20260303", "day": "2026-03-03", "event_id": bare["id"],
            "at": "2026-03-03T11:00:00+00:00", "offset_min": 60, "received_at": "2026-04-02T12:00:00+00:00",
            "load": "a log", "person": person("other"), "kind": 8, "role": 1, "device": 0, "school": null,
            "book": null, "chapter": null, "duration_ms": 0, "session": null, "query": null,
            "placement": null, "campaign": null, "variant": null, "x": null, "y": null,
            "props": null, "robot": false, "referrer": null,
        }),
    ];
    assert_eq!(stored, expected);
}

#[tokio::test]
async fn what_is_refused_keeps_no_other_of_its_id_out() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let good = seed::events(3, "ee", 1).remove(0);
    let bad = Event { school: Some("S77".into()), ..good.clone() };
    // Whether they come together or not makes no difference.
    let together = seed::load(&db, "ee", "a", vec![bad.clone(), good.clone(), bad.clone()]).await;
    assert_eq!((together.loaded, together.duplicate, together.quarantined), (1, 0, 2));
    for (source, event, quarantined) in [("b", bad, 1), ("c", good, 0)] {
        assert_eq!(seed::load(&db, "ee", source, vec![event]).await.quarantined, quarantined);
    }
    assert_eq!(count(&db, "SELECT count(*) FROM core.event").await, 1);
}

#[tokio::test]
async fn a_batch_that_was_committed_is_not_committed_again() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let mut loader = open(&db).await;
    let events = seed::events(3, "ee", 50);
    assert!(matches!(loader.load(batch("a", 0, events.clone()), seed::now()).await.unwrap(), Outcome::Committed(_)));
    // A retry after an unknown outcome, and a zombie with its own memory.
    for loader in [&mut loader, &mut open(&db).await] {
        let again = loader.load(batch("a", 0, events.clone()), seed::now()).await.unwrap();
        assert_eq!(again, Outcome::Moved { next: 50 });
    }
    assert_eq!(count(&db, "SELECT count(*) FROM raw.load").await, 1);
}

#[tokio::test]
async fn a_day_that_was_taken_out_of_the_table_takes_no_events_with_it() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let mut loader = open(&db).await;
    let events: Vec<Event> = seed::events(3, "ee", 400);
    let day = events[0].at.with_timezone(&loader.site().zone).date_naive();
    loader.load(batch("a", 0, events[..1].to_vec()), seed::now()).await.unwrap();
    db.execute(&format!("ALTER TABLE core.event DETACH PARTITION core.event_{}", day.format("%Y%m%d"))).await;
    let again = batch("b", 0, vec![Event { id: Uuid::from_u128(1), ..events[0].clone() }]);
    let refused = loader.load(again.clone(), seed::now()).await.unwrap_err();
    assert!(refused.to_string().contains("was taken out of core.event"), "{refused}");
    assert_eq!(loader.position("b", "p").await.unwrap(), 0);
    // A loader that comes after it puts the day back, with what it holds.
    let outcome = open(&db).await.load(again, seed::now()).await.unwrap();
    assert!(matches!(outcome, Outcome::Committed(Counts { loaded: 1, .. })), "{outcome:?}");
    assert_eq!(count(&db, "SELECT count(*) FROM core.event").await, 2);
}

#[tokio::test]
async fn two_loaders_on_one_log_load_each_record_once() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let events = seed::events(9, "ee", 2_000);
    let run = |mut loader: Intake, events: Vec<Event>| async move {
        let mut counts = Counts::default();
        loop {
            let first = loader.position("log", "p").await.unwrap();
            let rest: Vec<Event> = events.iter().skip(first as usize).take(100).cloned().collect();
            if rest.is_empty() {
                return counts;
            }
            if let Outcome::Committed(done) = loader.load(batch("log", first, rest), seed::now()).await.unwrap() {
                counts += done;
            }
        }
    };
    let (mut one, other) = tokio::join!(run(open(&db).await, events.clone()), run(open(&db).await, events.clone()));
    one += other;
    assert_eq!((one.received, one.loaded, one.duplicate), (2_000, 2_000, 0));
    assert_eq!(count(&db, "SELECT count(*) FROM core.event").await, 2_000);
    assert_eq!(count(&db, DENSE).await, 1, "person numbers are dense and given once");
}

const DENSE: &str =
    "SELECT (count(*) = max(person_no) AND count(DISTINCT person_no) = count(*))::int::bigint FROM core.person";

#[tokio::test]
async fn two_loaders_that_meet_the_same_persons_give_them_the_same_numbers() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let run = |mut loader: Intake, log: &'static str, seed: u64| async move {
        for (round, first) in (0..40).zip((0..).step_by(50)) {
            let mut events = seed::events(seed + round, "ee", 50);
            for (n, event) in events.iter_mut().enumerate() {
                event.person = format!("{round}-{}", n % 40).into();
            }
            let outcome = loader.load(batch(log, first, events), seed::now()).await.unwrap();
            assert!(matches!(outcome, Outcome::Committed(_)), "{outcome:?}");
        }
    };
    let (one, other) = (open(&db).await, open(&db).await);
    tokio::join!(run(one, "one", 1_000), run(other, "other", 2_000));
    assert_eq!(count(&db, "SELECT count(*) FROM core.person").await, 1_600);
    assert_eq!(count(&db, DENSE).await, 1);
    let strangers = "SELECT count(*) FROM core.event AS e LEFT JOIN core.person AS p USING (site_id, person_no)
        WHERE p.person_no IS NULL";
    assert_eq!(count(&db, strangers).await, 0);
}

#[tokio::test]
async fn a_load_that_fails_leaves_nothing_behind() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let client = db.warehouse.client().await.unwrap();
    // The ledger's own check fails the transaction at its last but one step.
    client.batch_execute("ALTER TABLE raw.load ADD CONSTRAINT planted CHECK (loaded < 10)").await.unwrap();
    let mut loader = open(&db).await;
    assert!(loader.load(batch("a", 0, seed::events(3, "ee", 50)), seed::now()).await.is_err());
    for table in ["core.event", "raw.load", "raw.dirty", "raw.quarantine", "core.person"] {
        assert_eq!(count(&db, &format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    client.batch_execute("ALTER TABLE raw.load DROP CONSTRAINT planted").await.unwrap();
    let done = loader.load(batch("a", 0, seed::events(3, "ee", 50)), seed::now()).await.unwrap();
    assert!(matches!(done, Outcome::Committed(Counts { loaded: 50, .. })), "{done:?}");
}

#[tokio::test]
async fn what_is_refused_is_kept_with_its_reason_and_the_rest_is_loaded() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let mut events = seed::events(3, "ee", 3);
    events[0].school = Some("S99".into());
    events[1].book = Some("none".into());
    let mut records: Vec<_> = events.into_iter().map(|e| Decoded::Event(Box::new(e))).collect();
    records.push(Decoded::Rejected(Reject::new(Reason::BadJson, "not JSON")));
    records.push(Decoded::Skipped);
    let batch = Batch::dense("a", "p", 0, seed::now(), records);
    let done = open(&db).await.load(batch, seed::now()).await.unwrap();
    let expected = Counts { received: 5, loaded: 1, duplicate: 0, quarantined: 3, skipped: 1 };
    assert_eq!(done, Outcome::Committed(expected));
    let rows = db.warehouse.client().await.unwrap();
    let rows = rows.query("SELECT record_offset, reason FROM raw.quarantine ORDER BY 1", &[]).await.unwrap();
    let found: Vec<(i64, String)> = rows.iter().map(|r| (r.get(0), r.get(1))).collect();
    let expected = [(0, "unknown_school"), (1, "unknown_book"), (3, "bad_json")].map(|(o, r)| (o, r.to_string()));
    assert_eq!(found, expected);
}

#[tokio::test]
async fn no_person_is_stored_as_sent() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let mut events = seed::events(3, "ee", 20);
    for (i, event) in events.iter_mut().enumerate() {
        event.person = format!("CANARY-PERSON-{i}").into();
        if i % 2 == 0 {
            event.school = Some("unknown".into());
        }
    }
    seed::load(&db, "ee", "a", events).await;
    for table in ["core.event", "core.person", "raw.quarantine", "raw.load"] {
        let sql = format!("SELECT count(*) FROM {table} t WHERE t::text LIKE '%CANARY-PERSON%'");
        assert_eq!(count(&db, &sql).await, 0, "{table}");
    }
    assert_eq!(count(&db, "SELECT count(*) FROM core.person WHERE octet_length(pseudonym) = 16").await, 10);
}
