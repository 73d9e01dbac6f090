//! Comparisons: which range each is with, and that its numbers are that range's own.

use chrono::NaiveDate;
use engine::EngineError;
use query::Question;
use testkit::{TestDatabase, seed};

use crate::asking::{ask, caller, engine, question};

const EE: &str = r#"[{"dimension":"site","in":["ee"]}]"#;

fn asked(compare: &str, from: &str, to: &str, rest: &str) -> Question {
    question(&format!(
        r#"{{"metrics":["views","readers"],"from":"{from}","to":"{to}","compare":"{compare}","filters":{EE}{rest}}}"#
    ))
}

/// The numbers of the other range, asked for themselves.
async fn own(engine: &std::sync::Arc<engine::Engine>, from: &str, to: &str) -> (serde_json::Value, serde_json::Value) {
    let answer = ask(
        engine,
        &question(&format!(r#"{{"metrics":["views","readers"],"from":"{from}","to":"{to}","filters":{EE}}}"#)),
    )
    .await;
    (answer.body.totals["views"].clone(), answer.body.totals["readers"].clone())
}

#[tokio::test]
async fn each_comparison_is_with_the_range_it_says() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    // Two years of events, so that every range has some.
    for year in 0..3u64 {
        let back = chrono::TimeDelta::days(364 * year as i64);
        let events =
            seed::events(20 + year, "ee", 2500).into_iter().map(|e| ingest::Event { at: e.at - back, ..e }).collect();
        seed::load(&db, "ee", &format!("y{year}"), events).await;
    }
    ingest::rollup::refresh::refresh_all(&db.warehouse, &db.model, seed::now()).await.unwrap();
    let engine = engine(&db).await;
    let weekday = r#","match_weekday":true"#;
    let calendar = db.model.calendar("ee").unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let term = calendar.term(day("2026-02-16")).unwrap();
    let year = calendar.years.iter().position(|y| y.span.contains(day("2026-02-16"))).unwrap();
    let at = calendar.years[year].terms.iter().position(|t| t.name == term.name).unwrap();
    let before = &calendar.years[year - 1].terms[at];
    let into_before = |text: &str| before.span.from + (day(text) - term.span.from);
    let text = |d: NaiveDate| d.to_string();
    let cases = [
        ("previous_period", "2026-02-10", "2026-02-16", "", "2026-02-03".to_string(), "2026-02-09".to_string()),
        ("previous_period", "2026-03-01", "2026-03-31", "", "2026-02-01".into(), "2026-02-28".into()),
        ("previous_period", "2026-02-10", "2026-02-18", weekday, "2026-01-27".into(), "2026-02-04".into()),
        ("previous_year", "2026-02-01", "2026-02-28", "", "2025-02-01".into(), "2025-02-28".into()),
        ("previous_year", "2025-02-01", "2025-02-28", "", "2024-02-01".into(), "2024-02-29".into()),
        ("previous_year", "2026-03-02", "2026-03-08", weekday, "2025-03-03".into(), "2025-03-09".into()),
        (
            "same_term_last_year",
            "2026-02-16",
            "2026-02-18",
            "",
            text(into_before("2026-02-16")),
            text(into_before("2026-02-18")),
        ),
        (
            "same_term_last_year",
            &text(term.span.from),
            &text(term.span.to),
            "",
            text(before.span.from),
            text(before.span.to),
        ),
    ];
    for (compare, from, to, rest, first, last) in cases {
        let answer = ask(&engine, &asked(compare, from, to, rest)).await;
        let days = answer.body.compared.unwrap();
        assert_eq!(
            (days.from.to_string(), days.to.to_string()),
            (first.clone(), last.clone()),
            "{compare} {from} {to}"
        );
        let previous = (answer.body.totals["views_previous"].clone(), answer.body.totals["readers_previous"].clone());
        assert_eq!(previous, own(&engine, &first, &last).await, "{compare} {from} to {to} {rest}: {first} to {last}");
        assert!(previous.0.as_i64().unwrap() > 0, "{compare} {from}: nothing to compare");
    }
}

#[tokio::test]
async fn a_day_stands_beside_the_same_date_also_after_a_leap_day() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let events = |seed: u64, days: i64| {
        let back = chrono::TimeDelta::days(days);
        seed::events(seed, "ee", 4000).into_iter().map(|e| ingest::Event { at: e.at - back, ..e }).collect()
    };
    seed::load(&db, "ee", "leap", events(31, 731)).await;
    seed::load(&db, "ee", "before", events(32, 731 + 365)).await;
    ingest::rollup::refresh::refresh_all(&db.warehouse, &db.model, seed::now()).await.unwrap();
    let engine = engine(&db).await;
    let by_day = |from: &str, to: &str, compare: &str| {
        question(&format!(r#"{{"metrics":["views"],"grain":"day","from":"{from}","to":"{to}"{compare}}}"#))
    };
    let compared = ask(&engine, &by_day("2024-02-25", "2024-03-05", r#","compare":"previous_year""#)).await.body.rows;
    let before = ask(&engine, &by_day("2023-02-25", "2023-03-05", "")).await.body.rows;
    let found = |date: &str| compared.iter().find(|r| r[0] == date).unwrap()[2].clone();
    assert_eq!(found("2024-02-28"), before[3][1]);
    assert_eq!(found("2024-02-29"), 0);
    assert_eq!(found("2024-03-01"), before[4][1]);
    assert!(before[4][1].as_i64().unwrap() > 0 && before[3][1] != before[4][1], "the days can be told apart");
}

#[tokio::test]
async fn what_a_calendar_does_not_give_is_refused_with_the_way_out() {
    let db = TestDatabase::platform().await;
    let engine = engine(&db).await;
    let owner = caller(access::Role::Owner, vec![]);
    let refused = async |json: &str| match engine.answer(&owner, &question(json), seed::now()).await {
        Err(EngineError::Invalid(invalid)) => (invalid.pointer, invalid.detail),
        other => panic!("{json}: {other:?}"),
    };
    let term = |from: &str, to: &str, filters: &str| {
        format!(
            r#"{{"metrics":["views"],"from":"{from}","to":"{to}","compare":"same_term_last_year","filters":{filters}}}"#
        )
    };
    let (at, detail) = refused(&term("2026-02-16", "2026-02-18", "[]")).await;
    assert!(at == "/compare" && detail.contains("filter one site"), "{detail}");
    let (at, detail) = refused(&term("2025-12-01", "2026-03-01", EE)).await;
    assert!(at == "/compare" && detail.contains("one term"), "{detail}");
    let (at, detail) = refused(r#"{"metrics":["views"],"grain":"term","from":"2010-01-01","to":"2010-02-01"}"#).await;
    assert!(at == "/from" && detail.contains("is known from"), "{detail}");
    let (at, detail) = refused(r#"{"metrics":["views"],"grain":"hour","from":"2026-01-01","to":"2026-01-02"}"#).await;
    assert!(at == "/grain" && detail.contains("one site"), "{detail}");
}
