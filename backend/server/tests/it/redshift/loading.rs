//! Loading: whatever PostgreSQL holds of a log, the stand-in holds of the same log.

use chrono::NaiveDate;
use ingest::load::batch::{Counts, Received, Retained};
use ingest::load::intake::{Intake, Taken};
use ingest::load::strategy::Strategy;
use ingest::quarantine::release;
use ingest::{Decoded, Event};
use reference::{NewSchool, write};
use serde_json::json;
use stage::Objects;
use testkit::{FaultyStore, TestDatabase, seed};
use tokio_postgres::Client;

use super::StandIn;
use crate::staging::stream::{assert_same, batch, choose, direct, open, read, records, rng};

/// What is compared: all that does not depend on which records were loaded together, without numbers that are given out. A pseudonym
/// is bytes here and hexadecimal there, and a list of grades one text.
const COMPARED: &[&str] = &[
    "SELECT e.site_id, e.day, e.event_id::text, e.at, e.offset_min, e.received_at, {pseudonym}, e.kind, e.role, e.device,
        s.external_id, b.external_id, c.code, e.duration_ms, e.session, e.query, e.placement, e.campaign, e.variant, e.x, e.y,
        e.props::jsonb, e.robot, e.referrer
        FROM core.event AS e JOIN core.person AS p USING (site_id, person_no)
        LEFT JOIN core.school AS s ON s.school_id = e.school_id LEFT JOIN core.book AS b ON b.book_id = e.book_id
        LEFT JOIN core.chapter AS c ON c.chapter_id = e.chapter_id",
    "SELECT site_id, count(*) = max(person_no), min(person_no), count(DISTINCT person_no) = count(*) FROM core.person GROUP BY 1",
    r#"SELECT source, "partition", next, mark FROM "raw".position"#,
    r#"SELECT source, "partition", sum(received), sum(loaded), sum(duplicate), sum(quarantined), sum(skipped)
        FROM "raw".load GROUP BY 1, 2"#,
    r#"SELECT site_id, record_offset, reason, detail, received_at, record, settled_load_id IS NULL FROM "raw".quarantine"#,
    r#"SELECT DISTINCT site_id, day FROM "raw".dirty"#,
    "SELECT site_id, code, name, zone, currency, locale FROM core.site",
    "SELECT r.site_id, r.code, r.name, p.code FROM core.region AS r LEFT JOIN core.region AS p ON p.region_id = r.parent_id",
    "SELECT s.site_id, s.external_id, s.name, s.licences, h.since, r.code FROM core.school AS s
        LEFT JOIN core.school_region AS h USING (school_id) LEFT JOIN core.region AS r USING (region_id)",
    "SELECT code, name FROM core.publisher",
    "SELECT b.external_id, b.title, b.subject, {grades}, b.language, b.weight_milli, h.since, p.code FROM core.book AS b
        LEFT JOIN core.book_publisher AS h USING (book_id) LEFT JOIN core.publisher AS p USING (publisher_id)",
    "SELECT b.external_id, c.code, c.title FROM core.chapter AS c JOIN core.book AS b USING (book_id)",
];

async fn all(client: &Client, forms: [&str; 2]) -> Vec<String> {
    let mut out = Vec::new();
    for (nth, sql) in COMPARED.iter().enumerate() {
        let sql = sql.replace("{pseudonym}", forms[0]).replace("{grades}", forms[1]);
        let sql = format!("SELECT t::text FROM ({sql}) AS t ORDER BY 1");
        let rows = client.query(&sql, &[]).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        out.extend(rows.iter().map(|row| format!("{nth} {}", row.get::<_, String>(0))));
    }
    out
}

/// What the stand-in holds.
pub async fn held(own: &StandIn) -> Vec<String> {
    all(&own.beside, ["p.pseudonym", "b.grades"]).await
}

/// What a database of PostgreSQL holds.
pub async fn holds(db: &TestDatabase) -> Vec<String> {
    all(&db.warehouse.client().await.unwrap(), ["encode(p.pseudonym, 'hex')", "array_to_string(b.grades, ',')"]).await
}

/// Records without statements, which are not kept there.
pub fn events(seed: u64, n: usize) -> Vec<Received> {
    let mut records = records(seed, n);
    records.iter_mut().for_each(|record| record.statement = None);
    records
}

/// What PostgreSQL makes of the records.
pub async fn expected(records: &[Received]) -> Vec<String> {
    holds(&direct(records).await.0).await
}

#[tokio::test]
async fn the_same_events_come_to_the_same_rows_as_in_postgresql() {
    for (seed, rows) in [(60, 1), (61, 150), (62, 400), (63, 10_000)] {
        let records = events(seed, 900);
        let store = FaultyStore::new();
        let own = StandIn::start(&store.objects(1)).await;
        let mut intake = open(&own.db, Some(&store.objects(1)), rows).await;
        let counts = read(&mut intake, &records, &mut rng(seed), 200).await.unwrap();
        assert_same(&held(&own).await, &expected(&records).await, &format!("seed {seed}, {rows} rows"));
        let Counts { received, loaded, duplicate, quarantined, skipped } = counts;
        assert_eq!(received, 900);
        assert!(loaded > 400 && duplicate > 50 && quarantined > 50 && skipped > 20, "{counts}");
        let sums = r#"SELECT count(*) FROM "raw".load WHERE received <> loaded + duplicate + quarantined + skipped"#;
        assert_eq!(own.count(sums).await, 0, "no CHECK is there to see it");
    }
}

#[tokio::test]
async fn of_one_log_read_twice_and_of_another_with_the_same_events_each_is_stored_once() {
    let records = events(64, 300);
    let store = FaultyStore::new();
    let own = StandIn::start(&store.objects(1)).await;
    read(&mut open(&own.db, Some(&store.objects(1)), 100).await, &records, &mut rng(1), 60).await.unwrap();
    let stored = own.count("SELECT count(*) FROM core.event").await;
    let persons = own.count("SELECT count(*) FROM core.person").await;
    let mut intake = open(&own.db, Some(&store.objects(1)), 100).await;
    assert_eq!(read(&mut intake, &records, &mut rng(2), 60).await.unwrap(), Counts::default());
    let mut again = batch(&records, 0, 300).unwrap();
    again.source = "log:2".into();
    let taken = intake.take(intake.steps().prepare(again), seed::now()).await.unwrap();
    let Taken::Committed { next: 300, counts } = taken else { panic!("{taken:?}") };
    assert_eq!(counts.loaded, 0);
    assert!(counts.duplicate > 150, "{counts}");
    assert_eq!(own.count("SELECT count(*) FROM core.event").await, stored);
    assert_eq!(own.count("SELECT count(*) FROM core.person").await, persons);
}

#[tokio::test]
async fn of_two_loaders_at_once_one_commits_each_range() {
    let records = events(65, 600);
    let store = FaultyStore::new();
    let own = StandIn::start(&store.objects(1)).await;
    let run = async |seed: u64| {
        let mut intake = open(&own.db, Some(&store.objects(1)), 80).await;
        read(&mut intake, &records, &mut rng(seed), 60).await.unwrap()
    };
    let (one, two) = tokio::join!(run(1), run(2));
    assert_eq!(one.received + two.received, 600, "{one} and {two}");
    assert_same(&held(&own).await, &expected(&records).await, "two loaders");
}

#[tokio::test]
async fn two_loaders_of_different_logs_wait_for_each_other() {
    let records = events(66, 500);
    let store = FaultyStore::new();
    let own = StandIn::start(&store.objects(1)).await;
    let run = async |log: &str| {
        let mut intake = open(&own.db, Some(&store.objects(1)), 40).await;
        let mut counts = Counts::default();
        for from in (0..500).step_by(50) {
            let mut batch = batch(&records, from, 50).unwrap();
            batch.source = log.into();
            let taken = intake.take(intake.steps().prepare(batch), seed::now()).await.unwrap();
            if let Taken::Committed { counts: done, .. } = taken {
                counts += done;
            }
        }
        for flushed in intake.flush(seed::now()).await.unwrap() {
            if let Taken::Committed { counts: done, .. } = flushed.taken {
                counts += done;
            }
        }
        counts
    };
    let (one, two) = tokio::join!(run("a"), run("b"));
    assert_eq!((one.received, two.received), (500, 500));
    let twice = "SELECT count(*) - count(DISTINCT (site_id, day, event_id)) FROM core.event";
    assert_eq!(own.count(twice).await, 0, "no key is there to keep it");
    assert_eq!(own.count("SELECT count(*) FROM core.event").await as u64, one.loaded + two.loaded);
    assert_eq!(own.count("SELECT count(*) - count(DISTINCT (site_id, person_no)) FROM core.person").await, 0);
    assert_eq!(own.count(r#"SELECT count(*) - count(DISTINCT load_id) FROM "raw".load"#).await, 0);
}

#[tokio::test]
async fn what_is_loaded_directly_elsewhere_is_loaded_by_a_manifest_of_its_own() {
    let records = events(67, 200);
    let store = FaultyStore::new();
    let own = StandIn::start(&store.objects(1)).await;
    choose(&own.db, Strategy::Direct).await;
    read(&mut open(&own.db, None, 0).await, &records, &mut rng(1), 60).await.unwrap();
    assert_same(&held(&own).await, &expected(&records).await, "direct");
}

/// The school that the refused ones name, and then trying them again.
async fn release_all(db: &TestDatabase, intake: &mut Intake) -> Counts {
    let mut client = db.warehouse.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let school = NewSchool {
        external_id: "S99".into(),
        name: "School S99".into(),
        region: Some("tartu".into()),
        licences: None,
        since: NaiveDate::from_ymd_opt(2020, 1, 1).unwrap(),
    };
    write::schools(&tx, db.warehouse.dialect(), intake.site().id, &[school]).await.unwrap();
    tx.commit().await.unwrap();
    release(intake, &db.warehouse, None, seed::now()).await.unwrap()
}

/// Records as a sender's, some of which name a school that is not known yet.
fn native(n: u32) -> Vec<Received> {
    let events = seed::events(9, "ee", n as usize).into_iter().enumerate();
    let one = |(offset, event): (usize, Event)| {
        let school = if offset.is_multiple_of(4) { "S99" } else { "S1" };
        let kept = json!({ "id": event.id, "at": event.at, "kind": "sign_in", "person": "p", "role": "student", "school": school });
        let event = Event { school: Some(school.into()), kind: 8, book: None, chapter: None, ..event };
        Received {
            offset: offset as i64,
            received_at: seed::now(),
            decoded: Decoded::Event(Box::new(event)),
            kept: Retained::AsItCame(kept.to_string().into_bytes()),
            statement: None,
        }
    };
    events.map(one).collect()
}

#[tokio::test]
async fn what_waits_in_the_quarantine_is_released_as_in_postgresql() {
    let records = native(120);
    let store = FaultyStore::new();
    let own = StandIn::start(&store.objects(1)).await;
    let postgres = TestDatabase::create().await;
    seed::reference(&postgres).await;
    let mut both = Vec::new();
    for (db, objects) in [(&own.db, Some(store.objects(1))), (&postgres, None)] {
        let mut intake = open(db, objects.as_ref(), 1_000).await;
        let counts = read(&mut intake, &records, &mut rng(1), 60).await.unwrap();
        both.push((counts, release_all(db, &mut intake).await, release_all(db, &mut intake).await));
    }
    assert_eq!(both[0], both[1]);
    assert_eq!((both[0].0.quarantined, both[0].1.loaded, both[0].2.received), (30, 30, 0), "{}", both[0].1);
    assert_same(&held(&own).await, &holds(&postgres).await, "released");
}

#[tokio::test]
async fn what_redshift_has_no_room_for_is_refused_and_stops_nothing() {
    let store = FaultyStore::new();
    let own = StandIn::start(&store.objects(1)).await;
    let mut records = native(8);
    let long = "õ".repeat(40_000);
    let Decoded::Event(event) = &mut records[1].decoded else { unreachable!() };
    event.props.insert("answer".into(), json!(long));
    records[4].kept = Retained::Sealed(json!({ "note": long }).to_string());
    let mut intake = open(&own.db, Some(&store.objects(1)), 1_000).await;
    let counts = read(&mut intake, &records, &mut rng(1), 60).await.unwrap();
    assert_eq!((counts.loaded, counts.quarantined), (5, 3), "{counts}");
    let told = r#"SELECT reason || ': ' || detail FROM "raw".quarantine WHERE record_offset = 1"#;
    let told: String = own.beside.query_one(told, &[]).await.unwrap().get(0);
    assert_eq!(told, "too_long: its `props` are 80013 bytes long; a warehouse in Redshift takes 65535");
    assert_eq!(own.count(r#"SELECT count(record) FROM "raw".quarantine"#).await, 2, "one is too long to be kept");
}

/// Objects of any other store than S3 are no way to Redshift.
#[test]
fn a_store_that_redshift_cannot_read_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let objects = Objects::open(dir.path().to_str().unwrap()).unwrap();
    let told = warehouse::Carriage::new(objects, super::ROLE).map(|_| ()).unwrap_err().to_string();
    assert!(told.contains("s3://BUCKET/PREFIX"), "{told}");
}
