//! A log with all that can be in one, a source that reads it, and what is compared afterwards.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use ingest::decode::xapi::Fingerprint;
use ingest::kept::Kept;
use ingest::load::batch::{Batch, Counts, LoadError, Received, Retained};
use ingest::load::intake::{Intake, Rules, Taken};
use ingest::load::staged::{Limits, Stage};
use ingest::load::strategy::Strategy;
use ingest::rollup::check::check;
use ingest::rollup::refresh::refresh_all;
use ingest::{Creates, Decoded, Event, Reason, Reject};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use stage::Objects;
use testkit::{TestDatabase, seed};
use uuid::Uuid;

pub const LOG: (&str, &str) = ("log:1", "p");

/// Texts that mean something to a reader of CSV, or look as if they did.
const TEXTS: [&str; 9] = ["", "a,b", "say \"a\"", "\"", "two\nlines\r\n\\.\nthree", "\\N", "\\.", "õ 本 😀", "\t\\t '"];

/// So many records: good ones, repeated ones of the same and of other words, robots', refused ones and statements.
pub fn records(seed: u64, n: usize) -> Vec<Received> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut events = seed::events(seed, "ee", n);
    // Some of the last half hour, which is watched live.
    for event in &mut events {
        if rng.random_ratio(1, 20) {
            event.at = (seed::now() - TimeDelta::nanoseconds(rng.random_range(0..1_200_000_000_000))).fixed_offset();
        }
    }
    let (mut out, mut ids): (Vec<Received>, Vec<Uuid>) = (Vec::new(), Vec::new());
    for (offset, mut event) in events.into_iter().enumerate() {
        adorn(&mut rng, &mut event);
        let received_at = seed::now() - TimeDelta::microseconds(rng.random_range(0..1_800_000_000));
        let kept = Retained::AsItCame(format!("record {offset}").into_bytes());
        let mut decoded = Decoded::Event(Box::new(event.clone()));
        let mut statement = None;
        match rng.random_range(0..20) {
            0..3 => {
                if let Some(Received { decoded: Decoded::Event(before), .. }) = out.choose(&mut rng) {
                    let duration_ms = rng.random_range(0..2) * 1000;
                    let again = Event { id: before.id, at: before.at, duration_ms, ..event };
                    decoded = Decoded::Event(Box::new(again));
                }
            }
            3 => decoded = Decoded::Event(Box::new(Event { school: Some("S99".into()), ..event })),
            4 => decoded = Decoded::Rejected(Reject::new(Reason::BadJson, "not JSON")),
            5 => decoded = Decoded::Skipped,
            6 => decoded = Decoded::Event(Box::new(Event { user_agent: Some("Googlebot/2.1".into()), ..event })),
            7 => {
                let creates = Creates {
                    school_name: None,
                    book_title: Some("Made".into()),
                    publisher: Some(("made".into(), "Made".into())),
                };
                let book = Some(format!("made-{}", rng.random_range(0..3)));
                decoded = Decoded::Event(Box::new(Event { book, chapter: None, creates: Some(creates), ..event }));
            }
            // Ids that come again, the last time with another content: some are repetitions and some are conflicts, whichever come
            // together. Some name what is not known.
            8..12 => {
                let known = (!ids.is_empty() && rng.random_ratio(2, 3)).then(|| rng.random_range(0..ids.len()));
                let (id, digest) = match known {
                    Some(at) if rng.random_ratio(1, 3) => (ids.swap_remove(at), "other"),
                    Some(at) => (ids[at], "one"),
                    None => {
                        ids.push(Uuid::from_u128(offset as u128 + 1));
                        (ids[ids.len() - 1], "one")
                    }
                };
                let print = Fingerprint { digest: digest.into(), at: None };
                let json = format!("{{\"n\":{offset}}}");
                statement = Some(Kept { id, stored_at: received_at, print, sender: "s".into(), json });
                decoded = match rng.random_range(0..4) {
                    0 => Decoded::Skipped,
                    1 => Decoded::Event(Box::new(Event { id, book: Some("unheard of".into()), ..event })),
                    _ => Decoded::Event(Box::new(Event { id, ..event })),
                };
            }
            _ => {}
        }
        out.push(Received { offset: offset as i64, received_at, decoded, kept, statement });
    }
    out
}

fn adorn(rng: &mut ChaCha8Rng, event: &mut Event) {
    let mut text = || rng.random_ratio(1, 3).then(|| (*TEXTS.choose(rng).expect("there are some")).to_owned());
    (event.session, event.query, event.variant) = (text(), text(), text());
    (event.campaign, event.placement) = (text(), text());
    if rng.random_ratio(1, 3) {
        (event.x, event.y) = (Some(rng.random()), Some(0.1));
        event.referrer = Some("https://pupils.example/a?b=c".into());
        event.props.insert("k\"ey".into(), json!([TEXTS.choose(rng), 1.50, -3, null, { "a": event.at.day() }]));
    }
    event.person = format!("{}-{}", event.person.id().expect("it is seeded"), rng.random_range(0..2)).into();
}

/// Directly, or by way of this store, with manifests of so many events.
pub async fn open(db: &TestDatabase, objects: Option<&Objects>, rows: u64) -> Intake {
    let intake = Intake::open(&db.warehouse, "ee", &seed::SECRET, Rules::default()).await.unwrap();
    let limits = Limits { rows, ..Limits::default() };
    intake.with_stage(objects.map(|objects| Stage { objects: objects.clone(), limits }))
}

pub async fn choose(db: &TestDatabase, strategy: Strategy) {
    assert!(strategy.choose(&db.warehouse, "ee").await.unwrap());
}

/// Records from an offset on, as a batch.
pub fn batch(records: &[Received], from: i64, most: usize) -> Option<Batch> {
    let some: Vec<Received> = records.iter().skip(from as usize).take(most).cloned().collect();
    let next = some.last()?.offset + 1;
    let (source, partition) = (LOG.0.into(), LOG.1.into());
    Some(Batch { source, partition, first: from, next, records: some, mark: Some(format!("mark {next}")) })
}

/// Reads the log from where the warehouse is to its end, in batches of any size up to this.
pub async fn read(
    intake: &mut Intake,
    records: &[Received],
    rng: &mut ChaCha8Rng,
    most: usize,
) -> Result<Counts, LoadError> {
    let mut counts = Counts::default();
    let mut from = intake.position(LOG.0, LOG.1).await?;
    loop {
        let taken = match batch(records, from, rng.random_range(1..=most)) {
            Some(batch) => vec![intake.take(intake.steps().prepare(batch), seed::now()).await?],
            None => intake.flush(seed::now()).await?.into_iter().map(|flushed| flushed.taken).collect(),
        };
        if taken.is_empty() {
            return Ok(counts);
        }
        for taken in taken {
            from = match taken {
                Taken::Committed { next, counts: done } | Taken::Moved { next, counts: done } => {
                    counts += done;
                    next
                }
                Taken::Waits { next } => next,
            };
        }
    }
}

pub fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// A database in which the records were loaded directly, and what came of it.
pub async fn direct(records: &[Received]) -> (TestDatabase, Vec<String>) {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    read(&mut open(&db, None, 0).await, records, &mut rng(1), 500).await.unwrap();
    let all = all(&db).await;
    assert!(all.len() > records.len() / 2);
    (db, all)
}

/// What is compared: all that does not depend on which records were loaded together.
const COMPARED: &[&str] = &[
    "SELECT e.site_id, e.day, e.event_id, e.at, e.offset_min, e.received_at, p.pseudonym, e.kind, e.role, e.device, e.school_id,
        b.external_id, e.chapter_id, e.duration_ms, e.session, e.query, e.placement, e.campaign, e.variant, e.x, e.y, e.props,
        e.robot, e.referrer FROM core.event AS e JOIN core.person AS p USING (site_id, person_no)
        LEFT JOIN core.book AS b ON b.book_id = e.book_id",
    "SELECT count(*) = max(person_no), min(person_no), count(DISTINCT person_no) = count(*) FROM core.person",
    "SELECT source, partition, next, mark FROM raw.position",
    "SELECT source, partition, sum(received), sum(loaded), sum(duplicate), sum(quarantined), sum(skipped)
        FROM raw.load GROUP BY 1, 2",
    "SELECT site_id, record_offset, reason, detail, received_at, record, settled_load_id FROM raw.quarantine",
    "SELECT site_id, statement_id, stored_at, happened_at, digest, sender, statement FROM raw.statement",
    "SELECT code, name FROM core.publisher",
    "SELECT external_id, title FROM core.book",
    "SELECT sum((steps::jsonb -> 'resolve' ->> 'refused')::int), sum((steps::jsonb -> 'resolve' ->> 'changed')::int)
        FROM raw.load",
    "SELECT unnest(at) FROM mart.live",
    "SELECT DISTINCT day FROM raw.dirty",
];

pub async fn all(db: &TestDatabase) -> Vec<String> {
    let client = db.warehouse.client().await.unwrap();
    let mut out = Vec::new();
    for sql in COMPARED {
        let sql = format!("SELECT t::text FROM ({sql}) AS t ORDER BY 1");
        out.extend(client.query(&sql, &[]).await.unwrap().iter().map(|row| row.get::<_, String>(0)));
    }
    out
}

/// The two are the same.
pub fn assert_same(found: &[String], expected: &[String], about: &str) {
    let [more, less] = [(found, expected), (expected, found)]
        .map(|(one, other)| one.iter().filter(|line| !other.contains(line)).take(5).collect::<Vec<_>>());
    assert!(found == expected, "{about}: more {more:#?}\nless {less:#?}");
}

/// The rollups without their sets, whose numbers of persons depend on which were loaded together; those are checked by themselves.
pub async fn rollups(db: &TestDatabase, now: DateTime<Utc>) -> Vec<String> {
    refresh_all(&db.warehouse, &db.model, now).await.unwrap();
    let directory = reference::read::directory(&db.warehouse).await.unwrap();
    for site in directory.sites.values() {
        let report = check(&db.warehouse, &db.model, site, |_| {}).await.unwrap();
        assert!(report.differences.is_empty());
    }
    let client = db.warehouse.client().await.unwrap();
    let columns = "SELECT table_name::text, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
        FROM information_schema.columns WHERE table_schema = 'mart' AND data_type <> 'bytea'
            AND table_name IN ('site_day', 'school_day', 'site_week', 'site_month')
        GROUP BY table_name ORDER BY 1";
    let mut out = Vec::new();
    for row in client.query(columns, &[]).await.unwrap() {
        let (table, columns): (String, String) = (row.get(0), row.get(1));
        let sql = format!("SELECT t::text FROM (SELECT {columns} FROM mart.{table}) AS t ORDER BY 1");
        let rows = client.query(&sql, &[]).await.unwrap();
        out.extend(rows.iter().map(|row| format!("{table} {}", row.get::<_, String>(0))));
    }
    assert!(!out.is_empty());
    out
}
