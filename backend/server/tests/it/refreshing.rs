//! Rollups equal the events, whatever happens and in whatever order; and the check sees it when they do not.

use std::time::Duration;

use access::Role;
use chrono::NaiveDate;
use ingest::rollup::check::check;
use ingest::rollup::install::install;
use ingest::rollup::refresh::{pass, refresh, refresh_all};
use testkit::{TestDatabase, seed};

use crate::asking::{ask, caller, engine, question};

async fn differences(db: &TestDatabase) -> usize {
    let directory = reference::read::directory(&db.warehouse).await.unwrap();
    let mut found = 0;
    for site in directory.sites.values() {
        let report = check(&db.warehouse, &db.model, site, |_| {}).await.unwrap();
        assert_eq!(report.pending, 0);
        assert!(report.periods > 0 || report.differences.is_empty());
        found += report.differences.len();
    }
    found
}

#[tokio::test]
async fn late_events_reach_their_own_day_week_and_month() {
    let db = TestDatabase::platform().await;
    assert_eq!(differences(&db).await, 0);
    seed::load(&db, "ee", "late", seed::events(77, "ee", 300)).await;
    refresh_all(&db.warehouse, &db.model, seed::now()).await.unwrap();
    assert_eq!(differences(&db).await, 0);
}

#[tokio::test]
async fn what_is_new_is_added_and_what_is_marked_whole_is_computed_anew() {
    let db = TestDatabase::platform().await;
    let client = db.warehouse.client().await.unwrap();
    // A row that no new event belongs to; an addition leaves it as it is, computing the day anew mends it.
    let planted = "UPDATE mart.site_day SET tests = tests + 1000 WHERE ctid = (SELECT min(ctid) FROM mart.site_day)";
    client.execute(planted, &[]).await.unwrap();
    seed::load(&db, "ee", "new", seed::events(78, "ee", 300)).await;
    refresh_all(&db.warehouse, &db.model, seed::now()).await.unwrap();
    assert!(differences(&db).await > 0, "days were read again from their first event");
    client
        .execute("INSERT INTO raw.dirty (site_id, day) SELECT DISTINCT site_id, day FROM core.event", &[])
        .await
        .unwrap();
    seed::load(&db, "ee", "newer", seed::events(79, "ee", 300)).await;
    refresh_all(&db.warehouse, &db.model, seed::now()).await.unwrap();
    assert_eq!(differences(&db).await, 0);
}

#[tokio::test]
async fn what_is_fresh_waits_for_no_backlog_and_a_backlog_not_for_what_is_fresh() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    seed::load(&db, "ee", "months", seed::events(81, "ee", 600)).await;
    let directory = reference::read::directory(&db.warehouse).await.unwrap();
    let site = directory.site("ee").unwrap();
    let days = async |table: &str, day: &str| -> Vec<NaiveDate> {
        let days = format!("SELECT DISTINCT {day} FROM {table} ORDER BY 1");
        let rows = db.warehouse.client().await.unwrap().query(&days, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    };
    let ends = |days: &[NaiveDate]| [*days.first().unwrap(), *days.last().unwrap()];
    let short = || pass(&db.warehouse, &db.model, site, seed::now(), Duration::ZERO);
    let marked = days("raw.dirty", "day").await;
    assert!(short().await.unwrap().pending > 0);
    assert_eq!(days("mart.site_day", "period").await, ends(&marked));
    // Whoever keeps sending keeps the days between from nothing.
    seed::load(&db, "ee", "fresh", seed::events(82, "ee", 600)).await;
    let marked = days("raw.dirty", "day").await;
    assert!(short().await.unwrap().pending > 0);
    let left = days("raw.dirty", "day").await;
    assert_eq!(left, marked[1..marked.len() - 1]);
    refresh_all(&db.warehouse, &db.model, seed::now()).await.unwrap();
    assert_eq!(differences(&db).await, 0);
}

/// Months, weeks and days pass while events come early, in time and late, and refreshers come when they like.
#[tokio::test]
async fn rollups_equal_the_events_however_loads_and_refreshes_follow_each_other() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    for step in 0..12 {
        let now = seed::now() - chrono::Days::new(44 - 4 * step);
        seed::load(&db, "ee", &format!("step {step}"), seed::events(step, "ee", 120)).await;
        if step % 3 != 1 {
            refresh_all(&db.warehouse, &db.model, now).await.unwrap();
        }
        if step % 3 == 2 {
            assert_eq!(differences(&db).await, 0, "after step {step}");
        }
    }
}

#[tokio::test]
async fn a_period_that_ends_gets_its_rows_without_a_new_event() {
    let db = TestDatabase::platform().await;
    let april = "SELECT count(*) FROM mart.site_month WHERE period = '2026-04-01'";
    let count = async || -> i64 { db.warehouse.client().await.unwrap().query_one(april, &[]).await.unwrap().get(0) };
    assert_eq!(count().await, 0, "a month that is not over has no rows of its own");
    refresh_all(&db.warehouse, &db.model, seed::now() + chrono::Days::new(30)).await.unwrap();
    assert!(count().await > 0);
    assert_eq!(differences(&db).await, 0);
}

#[tokio::test]
async fn the_check_sees_one_changed_row_in_any_grain() {
    for table in ["school_book_day", "book_week", "site_month"] {
        let db = TestDatabase::platform().await;
        let plant =
            format!("UPDATE mart.{table} SET views = views + 1 WHERE ctid = (SELECT min(ctid) FROM mart.{table})");
        db.warehouse.client().await.unwrap().execute(&plant, &[]).await.unwrap();
        assert!(differences(&db).await > 0, "{table}");
    }
}

#[tokio::test]
async fn the_check_sees_a_count_that_is_not_its_sets() {
    let db = TestDatabase::platform().await;
    let plant = "UPDATE mart.school_week SET readers_count = readers_count + 1
        WHERE ctid = (SELECT min(ctid) FROM mart.school_week)";
    assert_eq!(differences(&db).await, 0);
    db.warehouse.client().await.unwrap().execute(plant, &[]).await.unwrap();
    assert_eq!(differences(&db).await, 1);
}

#[tokio::test]
async fn a_mark_that_comes_while_its_day_is_computed_is_not_lost() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    seed::load(&db, "ee", "first", seed::events(1, "ee", 200)).await;
    let directory = reference::read::directory(&db.warehouse).await.unwrap();
    let site = directory.site("ee").unwrap();
    // Loads go on while refreshers, two of them, are at work.
    let loads = async {
        for i in 0..10 {
            seed::load(&db, "ee", &format!("more {i}"), seed::events(100 + i, "ee", 50)).await;
        }
    };
    let refreshes = || async {
        for _ in 0..30 {
            // A pass that meets a newer change gives up and is tried again, like the worker's.
            let _ = refresh(&db.warehouse, &db.model, site, seed::now()).await;
        }
    };
    tokio::join!(loads, refreshes(), refreshes());
    refresh_all(&db.warehouse, &db.model, seed::now()).await.unwrap();
    assert_eq!(differences(&db).await, 0);
}

#[tokio::test]
async fn a_rollup_that_is_made_when_events_are_there_answers_nothing_before_it_is_whole() {
    let mut db = TestDatabase::platform().await;
    let by_day = question(
        r#"{"metrics":["views","readers"],"grain":"day","from":"2026-01-01","to":"2026-03-31",
            "filters":[{"dimension":"site","in":["ee"]}]}"#,
    );
    let before = ask(&engine(&db).await, &by_day).await.body;
    assert_eq!(before.plan.rollup, "site");

    let site = db.model.rollups.iter_mut().find(|rollup| rollup.name == "site").unwrap();
    site.description += " Declared anew.";
    assert_eq!(install(&db.warehouse, &db.model).await.unwrap(), ["site"]);
    let engine = engine(&db).await;
    let meanwhile = ask(&engine, &by_day).await.body;
    assert_ne!(meanwhile.plan.rollup, "site", "it is empty yet");
    let explained = engine.explain(&caller(Role::Owner, vec![]), &by_day, seed::now()).unwrap();
    let weighed = explained.candidates.iter().find(|candidate| candidate.source == "site").unwrap();
    assert_eq!(weighed.reason, "it is new, and not all days of ee are computed yet");
    assert_eq!(meanwhile.rows, before.rows);

    // Some days are computed: still not all.
    let directory = reference::read::directory(&db.warehouse).await.unwrap();
    let ee = directory.site("ee").unwrap();
    assert!(pass(&db.warehouse, &db.model, ee, seed::now(), Duration::ZERO).await.unwrap().pending > 0);
    engine.renew().await.unwrap();
    assert_eq!(ask(&engine, &by_day).await.body.rows, before.rows);

    refresh_all(&db.warehouse, &db.model, seed::now()).await.unwrap();
    engine.renew().await.unwrap();
    let after = ask(&engine, &by_day).await.body;
    assert_eq!((after.plan.rollup.as_str(), &after.rows), ("site", &before.rows));
}
