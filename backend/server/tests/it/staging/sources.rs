//! Sources let go of and count only what is committed.

use chrono::TimeDelta;
use ingest::enrich::LATEST;
use ingest::load::intake::{Intake, Rules};
use ingest::load::staged::{Limits, Stage};
use ingest::load::strategy::Strategy;
use ingest::source::{Drain, Spooled};
use testkit::{FaultyStore, TestApp, seed};

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
