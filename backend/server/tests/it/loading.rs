//! The load transaction: nothing lost, nothing double, nothing half done.

use ingest::load::batch::{Batch, Counts, Outcome};
use ingest::load::intake::{Intake, Rules};
use ingest::{Decoded, Event, Reason, Reject};
use testkit::{TestDatabase, seed};

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
    let again = batch("b", 0, vec![Event { id: uuid::Uuid::from_u128(1), ..events[0].clone() }]);
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
    let people =
        "SELECT (count(*) = max(person_no) AND count(DISTINCT person_no) = count(*))::int::bigint FROM core.person";
    assert_eq!(count(&db, people).await, 1, "person numbers are dense and given once");
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
