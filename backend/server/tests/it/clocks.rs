//! Days and hours where clocks change, weeks at the turn of the year, leap days: against plain SQL over the events.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use ingest::Event;
use query::{Filter, Question};
use reference::{NewSite, write};
use testkit::{TestDatabase, seed};
use uuid::Uuid;
use warehouse::Dialect;

use crate::asking::{ask, engine};
use crate::oracle;

/// Zones whose clocks change on different nights and by different amounts, and the nights.
const NIGHTS: &[(&str, &str, [&str; 2])] = &[
    ("ta", "Europe/Tallinn", ["2026-03-29", "2025-10-26"]),
    ("ny", "America/New_York", ["2026-03-08", "2025-11-02"]),
    ("lh", "Australia/Lord_Howe", ["2025-10-05", "2026-04-05"]),
];

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn sites(db: &TestDatabase) {
    let mut client = db.warehouse.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    for (code, zone, _) in NIGHTS {
        let (code, name, zone) = (code.to_string(), code.to_uppercase(), zone.parse().unwrap());
        let site = NewSite { code, name, zone, currency: "EUR".into(), locale: "en".into() };
        write::site(&tx, Dialect::Postgres, &site).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Page views of different persons, one every so many minutes.
fn every(minutes: i64, from: DateTime<Utc>, n: u32) -> Vec<Event> {
    let template = seed::events(1, "ee", 1).pop().unwrap();
    (0..n)
        .map(|i| Event {
            id: Uuid::now_v7(),
            at: (from + TimeDelta::minutes(minutes) * i as i32).fixed_offset(),
            kind: 1,
            person: format!("p{}", i % 7).into(),
            school: None,
            book: None,
            chapter: None,
            ..template.clone()
        })
        .collect()
}

async fn same_as_sql(
    db: &TestDatabase,
    engine: &std::sync::Arc<engine::Engine>,
    site: &str,
    grain: &str,
    range: (NaiveDate, NaiveDate),
) -> i64 {
    let question = Question {
        metrics: vec!["views".into(), "readers".into()],
        grain: Some(grain.into()),
        from: range.0.to_string(),
        to: range.1.to_string(),
        filters: vec![Filter::is_in("site", vec![site.into()])],
        ..Question::default()
    };
    let answer = ask(engine, &question).await;
    let expected: oracle::Rows =
        oracle::ask(db, &question, "true").await.into_iter().filter(|(_, c)| oracle::counted(c)).collect();
    assert!(!expected.is_empty());
    assert_eq!(oracle::rows_of(&answer, &question), expected, "{site} by {grain}");
    answer.body.rows.iter().map(|r| r[1].as_i64().unwrap()).sum()
}

#[tokio::test]
async fn the_hours_of_both_nights_of_the_clocks_make_up_their_days_in_three_zones() {
    let db = TestDatabase::create().await;
    sites(&db).await;
    for (site, _, nights) in NIGHTS {
        for night in nights {
            let from = d(night).and_hms_opt(0, 0, 0).unwrap().and_utc() - TimeDelta::hours(30);
            seed::load(&db, site, night, every(15, from, 4 * 72)).await;
        }
    }
    ingest::rollup::refresh::refresh_all(&db.warehouse, &db.model, seed::now() + TimeDelta::days(30)).await.unwrap();
    let engine = engine(&db).await;
    for (site, zone, nights) in NIGHTS {
        for night in nights {
            let night = d(night);
            let range = (night - Days::new(1), night + Days::new(1));
            let by_day = same_as_sql(&db, &engine, site, "day", range).await;
            let by_hour = same_as_sql(&db, &engine, site, "hour", range).await;
            assert_eq!(by_hour, by_day, "{zone} {night}");
        }
    }
    // The long night has its hour twice, the short one leaves it out.
    let rows = async |site: &str, day: &str| {
        let json = format!(
            r#"{{"metrics":["views"],"grain":"hour","from":"{day}","to":"{day}","filters":[{{"dimension":"site","in":["{site}"]}}]}}"#
        );
        ask(&engine, &crate::asking::question(&json)).await.body.rows
    };
    assert_eq!((rows("ta", "2026-03-29").await.len(), rows("ta", "2025-10-26").await.len()), (23, 25));
    assert_eq!(rows("ta", "2025-10-26").await[3][0], "2025-10-26T03:00+03:00");
    assert_eq!(rows("ta", "2025-10-26").await[4][0], "2025-10-26T03:00+02:00");
}

#[tokio::test]
async fn week_53_and_the_leap_day_are_periods_like_any_other() {
    let db = TestDatabase::create().await;
    sites(&db).await;
    let noon = |day: &str| d(day).and_hms_opt(12, 0, 0).unwrap().and_utc();
    seed::load(&db, "ta", "turn", every(24 * 60, noon("2020-12-20"), 25)).await;
    seed::load(&db, "ta", "leap", every(24 * 60, noon("2024-02-20"), 25)).await;
    ingest::rollup::refresh::refresh_all(&db.warehouse, &db.model, seed::now()).await.unwrap();
    let engine = engine(&db).await;
    for grain in ["day", "week", "month"] {
        assert_eq!(same_as_sql(&db, &engine, "ta", grain, (d("2020-12-20"), d("2021-01-13"))).await, 25);
        assert_eq!(same_as_sql(&db, &engine, "ta", grain, (d("2024-02-20"), d("2024-03-15"))).await, 25);
    }
    let labels = async |json: &str| {
        let rows = ask(&engine, &crate::asking::question(json)).await.body.rows;
        rows.iter().map(|r| r[0].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    let weeks = labels(r#"{"metrics":["views"],"grain":"week","from":"2020-12-21","to":"2021-01-10"}"#).await;
    assert_eq!(weeks, ["2020-W52", "2020-W53", "2021-W01"]);
    let days = labels(r#"{"metrics":["views"],"grain":"day","from":"2024-02-28","to":"2024-03-01"}"#).await;
    assert_eq!(days, ["2024-02-28", "2024-02-29", "2024-03-01"]);
}
