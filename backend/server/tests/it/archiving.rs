//! The archive: what was received is in it before the spool lets go of it, whatever fails on the way, and not before it is committed.

use chrono::TimeDelta;
use ingest::archive::{Archive, Keeper, Limits};
use ingest::enrich::LATEST;
use ingest::load::intake::{Intake, Rules};
use ingest::source::{Drain, DrainError, Spooled};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Fault, FaultyStore, Options, TestApp, TestDatabase, seed};

/// Pieces of ten records, or of what is older than ten minutes.
pub const TENS: Limits = Limits { records: 10, bytes: 8 << 20, age: TimeDelta::minutes(10) };

pub async fn app() -> TestApp {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    TestApp::with_options(db, Options::default()).await
}

/// Event number `n`, of one of seven persons.
pub fn event(n: u128, app: &TestApp) -> Value {
    json!({
        "id": uuid::Uuid::from_u128((7 << 76) | (2 << 62) | n), "at": app.clock.now().to_rfc3339(), "kind": "page_view",
        "person": format!("CANARY-{}", n % 7), "role": "student", "school": "S1", "book": "9780000000001",
    })
}

pub async fn send(app: &TestApp, events: &[Value]) {
    let request = app.request(Method::POST, "/collect/v1/events").bearer_auth("ow_ee").json(events);
    assert_eq!(request.send().await.unwrap().status(), 202);
}

async fn send_some(app: &TestApp, numbers: std::ops::Range<u128>) {
    send(app, &numbers.map(|n| event(n, app)).collect::<Vec<_>>()).await;
}

/// Loads what was collected, and lets go of none of it.
pub async fn load(app: &TestApp, archive: &Archive) -> Result<(), DrainError> {
    let rules = Rules { latest: Some(LATEST), ..Rules::default() };
    let intake = Intake::open(&app.db.warehouse, "ee", &seed::SECRET, rules).await.unwrap();
    let mut drain = Drain::open(app.spool().to_owned(), intake, Some(archive.clone())).await?;
    while drain.load(app.clock.now()).await? {}
    Ok(())
}

pub async fn keep(app: &TestApp, archive: &Archive, limits: Limits) -> Result<i64, DrainError> {
    let log = Spooled::open(app.spool(), "ee").unwrap();
    let mut keeper = Keeper::open(log, archive.clone(), app.db.warehouse.clone(), limits).await?;
    keeper.keep(app.clock.now()).await
}

pub async fn count(app: &TestApp, sql: &str) -> i64 {
    app.db.warehouse.client().await.unwrap().query_one(sql, &[]).await.unwrap().get(0)
}

/// The first offset that the spool has, and what it has from there on.
fn spooled(app: &TestApp) -> (i64, Vec<Vec<u8>>) {
    let log = Spooled::open(app.spool(), "ee").unwrap();
    let first = log.first().unwrap();
    (first, log.records(first, usize::MAX, usize::MAX).unwrap())
}

/// All that is in the archive, which has no gap and nothing twice.
async fn archived(archive: &Archive) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for piece in archive.pieces().await.unwrap() {
        assert_eq!(piece.first, all.len() as i64, "{}", piece.name);
        all.extend(archive.read(&piece).await.unwrap());
    }
    all
}

#[tokio::test]
async fn what_was_received_is_archived_as_it_was_and_then_let_go_of() {
    let app = app().await;
    let store = FaultyStore::new();
    let archive = Archive::new(store.objects(1), "ee");
    send_some(&app, 0..35).await;
    let (_, sent) = spooled(&app);
    // Not committed: not archived.
    assert_eq!(keep(&app, &archive, TENS).await.unwrap(), 0);
    load(&app, &archive).await.unwrap();
    assert_eq!(spooled(&app).1.len(), 35, "it waits for the archive");
    assert_eq!(keep(&app, &archive, TENS).await.unwrap(), 30);
    let ranges: Vec<_> = archive.pieces().await.unwrap().into_iter().map(|p| (p.first, p.next)).collect();
    assert_eq!(ranges, [(0, 10), (10, 20), (20, 30)]);
    assert_eq!(archived(&archive).await, sent[..30]);
    assert_eq!(spooled(&app), (30, sent[30..].to_vec()));
    // Old enough, however few they are.
    app.clock.advance(TimeDelta::minutes(9));
    assert_eq!(keep(&app, &archive, TENS).await.unwrap(), 30);
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(keep(&app, &archive, TENS).await.unwrap(), 35);
    assert_eq!((archived(&archive).await, spooled(&app)), (sent, (35, vec![])));
    assert_eq!(count(&app, "SELECT count(*) FROM core.event").await, 35);
    // By their bytes, one at least.
    send_some(&app, 35..38).await;
    load(&app, &archive).await.unwrap();
    let small = Limits { bytes: 1, ..TENS };
    assert_eq!(keep(&app, &archive, small).await.unwrap(), 38);
    assert_eq!(archive.pieces().await.unwrap().len(), 7);
    let text = archived(&archive).await.concat();
    assert!(!String::from_utf8_lossy(&text).contains("CANARY-"), "nobody's id is kept");
}

#[tokio::test]
async fn a_store_that_fails_at_any_step_loses_and_doubles_nothing() {
    let app = app().await;
    let store = FaultyStore::new();
    let sound = Archive::new(store.objects(1), "ee");
    let (mut sent, mut n, mut failures) = (Vec::new(), 0, 0);
    for fault in Fault::ALL {
        for nth in 0.. {
            send_some(&app, n..n + 12).await;
            n += 12;
            sent.extend(spooled(&app).1.split_off(spooled(&app).1.len() - 12));
            let failing = store.failing(nth, fault);
            let archive = Archive::new(failing.objects(1), "ee");
            load(&app, &archive).await.unwrap();
            let kept = keep(&app, &archive, TENS).await;
            let (first, rest) = spooled(&app);
            // Whatever happened, each record is in one of the two.
            assert!(archived(&sound).await.len() as i64 >= first);
            assert_eq!(rest, sent[first as usize..]);
            if !failing.has_failed() {
                kept.unwrap();
                break;
            }
            failures += 1;
            keep(&app, &sound, TENS).await.unwrap();
        }
    }
    assert!(failures >= 12, "{failures}");
    app.clock.advance(TimeDelta::minutes(11));
    keep(&app, &sound, TENS).await.unwrap();
    assert_eq!((archived(&sound).await, spooled(&app).1.len()), (sent, 0));
}

#[tokio::test]
async fn two_that_keep_the_same_spool_do_no_harm() {
    let app = app().await;
    let store = FaultyStore::new();
    let archive = Archive::new(store.objects(3), "ee");
    let open = async || {
        let log = Spooled::open(app.spool(), "ee").unwrap();
        Keeper::open(log, archive.clone(), app.db.warehouse.clone(), TENS).await.unwrap()
    };
    let (mut one, mut other) = (open().await, open().await);
    send_some(&app, 0..40).await;
    let (_, sent) = spooled(&app);
    load(&app, &archive).await.unwrap();
    let (a, b) = tokio::join!(one.keep(app.clock.now()), other.keep(app.clock.now()));
    // One may find that the other has let go already; it is opened anew then.
    assert!(a.is_ok() || b.is_ok());
    assert_eq!(open().await.keep(app.clock.now()).await.unwrap(), 40);
    assert_eq!((archived(&archive).await, spooled(&app).1.len()), (sent, 0));
}

#[tokio::test]
async fn a_warehouse_that_was_brought_back_as_it_was_earlier_is_filled_from_the_archive() {
    let app = app().await;
    let archive = Archive::new(FaultyStore::new().objects(1), "ee");
    send_some(&app, 0..35).await;
    load(&app, &archive).await.unwrap();
    keep(&app, &archive, TENS).await.unwrap();
    let all = "SELECT count(*) FROM core.event WHERE day = (SELECT max(day) FROM core.event)";
    assert_eq!(count(&app, all).await, 35);
    app.db
        .execute(
            "DELETE FROM raw.dirty; DELETE FROM core.event; DELETE FROM raw.load; UPDATE raw.position SET next = 0",
        )
        .await;
    load(&app, &archive).await.unwrap();
    assert_eq!(count(&app, all).await, 35);
    assert_eq!(count(&app, "SELECT sum(loaded) FROM raw.load").await, 35);
    // Without an archive nothing is left out in silence.
    app.db.execute("UPDATE raw.position SET next = 0").await;
    let empty = Archive::new(FaultyStore::new().objects(1), "ee");
    assert!(load(&app, &empty).await.unwrap_err().to_string().contains("trimmed already"));
}
