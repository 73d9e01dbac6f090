//! Sources let go of and count only what is committed.

use std::process::Command;

use chrono::TimeDelta;
use ingest::enrich::LATEST;
use ingest::load::intake::{Intake, Rules};
use ingest::load::staged::{Limits, Stage};
use ingest::load::strategy::Strategy;
use ingest::source::{Drain, Spooled};
use serde_json::json;
use tempfile::TempDir;
use testkit::{FaultyStore, TestApp, TestDatabase, seed};

use super::stream::choose;
use crate::archiving::{app, count, event, send};

async fn drain(app: &TestApp, store: &FaultyStore) -> Drain {
    let rules = Rules { latest: Some(LATEST), ..Rules::default() };
    let intake = Intake::open(&app.db.warehouse, "ee", &seed::SECRET, rules).await.unwrap();
    let stage = Stage { objects: store.objects(1), limits: Limits::default() };
    Drain::open(app.spool().to_owned(), intake.with_stage(Some(stage)), None).await.unwrap()
}

async fn send_some(app: &TestApp, numbers: std::ops::Range<u128>) {
    send(app, &numbers.map(|n| event(n, app)).collect::<Vec<_>>()).await;
}

#[tokio::test]
async fn a_spool_lets_go_of_nothing_that_waits() {
    let app = app().await;
    choose(&app.db, Strategy::Staged).await;
    let store = FaultyStore::new();
    let log = Spooled::open(app.spool(), "ee").unwrap();
    let stored = "SELECT count(*) FROM core.event";
    send_some(&app, 0..10).await;
    let mut one = drain(&app, &store).await;
    while one.load(app.clock.now()).await.unwrap() {}
    assert_eq!((log.first().unwrap(), one.position(), count(&app, stored).await), (0, 0, 0));
    // It is gone, and its successor reads the same once more.
    let mut two = drain(&app, &store).await;
    while two.load(app.clock.now()).await.unwrap() {}
    app.clock.advance(TimeDelta::seconds(31));
    assert!(!two.load(app.clock.now()).await.unwrap());
    assert_eq!((log.first().unwrap(), two.position(), count(&app, stored).await), (10, 10, 10));
    // The one that slept has what is loaded.
    one.load(app.clock.now()).await.unwrap();
    assert_eq!((one.position(), count(&app, stored).await), (10, 10));
    // Directly from now on: what waits is loaded first, by the loader that runs.
    send_some(&app, 10..15).await;
    two.load(app.clock.now()).await.unwrap();
    assert_eq!(log.first().unwrap(), 10);
    choose(&app.db, Strategy::Direct).await;
    two.load(app.clock.now()).await.unwrap();
    assert_eq!((log.first().unwrap(), count(&app, stored).await), (15, 15));
    send_some(&app, 15..20).await;
    two.load(app.clock.now()).await.unwrap();
    choose(&app.db, Strategy::Staged).await;
    send_some(&app, 20..25).await;
    two.load(app.clock.now()).await.unwrap();
    assert_eq!(log.first().unwrap(), 20);
    two.finish(app.clock.now()).await.unwrap();
    assert_eq!((log.first().unwrap(), count(&app, stored).await), (25, 25));
}

/// What the program says, and whether it was content.
fn octavo(db: &TestDatabase, store: &str, args: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_octavo"));
    command.args(args).env("OCTAVO_APP_URL", &db.url).env("OCTAVO_WAREHOUSE_URL", &db.url).env("OCTAVO_STORE", store);
    let out = command.output().unwrap();
    (out.status.success(), String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned())
}

#[tokio::test]
async fn a_file_is_counted_when_it_is_committed_and_the_program_moves_a_site() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let dir = TempDir::new().unwrap();
    let (file, store) = (dir.path().join("events.ndjson"), dir.path().join("store"));
    let line = |n: usize| {
        let id = uuid::Uuid::from_u128((7 << 76) | (2 << 62) | n as u128);
        let school = if n.is_multiple_of(10) { "S99" } else { "S1" };
        let at = "2026-03-01T10:00:00+02:00";
        json!({ "id": id, "at": at, "kind": "page_view", "person": format!("p{}", n % 7), "role": "student", "school": school })
    };
    let lines: Vec<String> = (0..40).chain(20..30).map(|n| line(n).to_string()).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let (file, store) = (file.to_str().unwrap(), store.to_str().unwrap());
    let (done, told) = octavo(&db, "", &["site", "strategy", "ee", "staged"]);
    assert!(!done && told.contains("OCTAVO_STORE"), "{told}");
    let (done, told) = octavo(&db, store, &["site", "strategy", "ee", "staged"]);
    assert!(done && told.contains("site ee is loaded staged from now on"), "{told}");
    for counts in ["loaded 36 + duplicate 9 + quarantined 5", "loaded 0 + duplicate 50 + quarantined 0"] {
        let (done, told) = octavo(&db, store, &["load", file, "--site", "ee"]);
        assert!(done && told.contains(&format!("received 50 = {counts} + skipped 0")), "{told}");
    }
    assert!(std::fs::read_dir(format!("{store}/stage/ee")).unwrap().count() == 1, "by way of files");
    assert!(!octavo(&db, store, &["site", "strategy", "nowhere", "direct"]).0);
    assert!(!octavo(&db, store, &["site", "strategy", "ee", "sideways"]).0);
    let (done, told) = octavo(&db, "", &["site", "strategy", "ee", "direct"]);
    assert!(done && told.contains("direct"), "{told}");
}
