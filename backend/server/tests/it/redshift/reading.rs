//! Rollups and answers: refreshed and asked on the stand-in, they are what PostgreSQL's are.

use chrono::TimeDelta;
use ingest::rollup::check::check;
use ingest::rollup::refresh::refresh_all;
use testkit::{FaultyStore, TestDatabase, seed};

use super::StandIn;
use super::loading::events;
use crate::asking::{ask, engine, question};
use crate::staging::stream::{direct, open, read, rng};

const QUESTIONS: &[&str] = &[
    r#"{ "metrics": ["views", "readers"], "dimensions": ["school"], "from": "2025-12-20", "to": "2026-04-02" }"#,
    r#"{ "metrics": ["views", "readers"], "dimensions": ["book"], "grain": "month", "from": "2025-12-20", "to": "2026-04-02" }"#,
    r#"{ "metrics": ["readers"], "dimensions": ["publisher"], "grain": "week", "from": "2026-01-01", "to": "2026-03-15" }"#,
    r#"{ "metrics": ["views", "readers"], "dimensions": ["role", "device"], "grain": "day", "from": "2026-03-01", "to": "2026-04-02" }"#,
    r#"{ "metrics": ["views"], "grain": "hour", "from": "2026-03-28", "to": "2026-03-30",
        "filters": [{ "dimension": "site", "in": ["ee"] }] }"#,
];

/// What the questions are answered.
async fn answers(db: &TestDatabase) -> Vec<String> {
    let engine = engine(db).await;
    let mut out = Vec::new();
    for json in QUESTIONS {
        let answer = ask(&engine, &question(json)).await;
        let mut rows: Vec<String> = answer.body.rows.iter().map(|row| format!("{row:?}")).collect();
        assert!(!rows.is_empty(), "{json}");
        rows.sort();
        out.push(format!("{json}: {rows:#?}"));
    }
    out
}

/// No difference, and nothing that waits; how many periods were looked at.
async fn sound(db: &TestDatabase) -> usize {
    let directory = reference::read::directory(&db.warehouse).await.unwrap();
    let mut periods = 0;
    for site in directory.sites.values() {
        let report = check(&db.warehouse, &db.model, site, |_| {}).await.unwrap();
        assert!(report.differences.is_empty() && report.pending == 0, "{report:?}");
        periods += report.periods;
    }
    periods
}

#[tokio::test]
async fn answers_are_those_of_postgresql_from_rollups_that_are_checked() {
    let records = events(80, 900);
    let (postgres, _) = direct(&records).await;
    let store = FaultyStore::new();
    let own = StandIn::start(&store.objects(1)).await;
    let mut intake = open(&own.db, Some(&store.objects(1)), 300).await;
    // Some of it is refreshed before the rest comes.
    read(&mut intake, &records[..500], &mut rng(1), 100).await.unwrap();
    for now in [seed::now() - TimeDelta::days(3), seed::now() - TimeDelta::days(1)] {
        refresh_all(&own.db.warehouse, &own.db.model, now).await.unwrap();
    }
    read(&mut intake, &records, &mut rng(2), 100).await.unwrap();
    for db in [&own.db, &postgres] {
        assert!(refresh_all(&db.warehouse, &db.model, seed::now()).await.unwrap() > 20);
    }
    assert_eq!(sound(&own.db).await, sound(&postgres).await);
    let (found, expected) = (answers(&own.db).await, answers(&postgres).await);
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(own.count(r#"SELECT count(*) FROM "raw".dirty"#).await, 0);
    // A planted row is found.
    own.beside.batch_execute("UPDATE mart.site_day SET views = views + 1 WHERE period = '2026-03-10'").await.unwrap();
    let directory = reference::read::directory(&own.db.warehouse).await.unwrap();
    let report = check(&own.db.warehouse, &own.db.model, directory.site("ee").unwrap(), |_| {}).await.unwrap();
    assert!(report.differences.iter().any(|d| d.period == "2026-03-10".parse().unwrap()), "{report:?}");
}

#[tokio::test]
async fn two_refreshers_at_once_take_turns_and_one_that_breaks_off_leaves_nothing() {
    let records = events(81, 300);
    let store = FaultyStore::new();
    let own = StandIn::start(&store.objects(1)).await;
    read(&mut open(&own.db, Some(&store.objects(1)), 100).await, &records, &mut rng(1), 100).await.unwrap();
    for after in [3, 40, 200] {
        own.wire.faults.break_after(after);
        refresh_all(&own.db.warehouse, &own.db.model, seed::now()).await.unwrap_err();
        own.wire.faults.none();
        assert_eq!(own.count("SELECT count(*) FROM mart.site_day").await, 0, "broken after {after}");
    }
    let run = async || refresh_all(&own.db.warehouse, &own.db.model, seed::now()).await.unwrap();
    let (one, two) = tokio::join!(run(), run());
    assert!(one + two > 20, "{one} and {two}");
    assert!(sound(&own.db).await > 100);
}
