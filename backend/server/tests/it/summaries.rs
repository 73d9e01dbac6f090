//! The summaries for analysts say what the rollups' months say, whatever comes late and from whichever site.

use std::collections::BTreeMap;

use ingest::rollup::refresh::{refresh, refresh_all};
use testkit::{TestDatabase, seed};

/// By site, month and key: all additive measures, from the view and added up from the months of the rollup.
async fn both(db: &TestDatabase, view: &str, rollup: &str, key: &str) -> [BTreeMap<String, Vec<i64>>; 2] {
    let measures: Vec<&str> = db.model.measures.iter().filter(|m| !m.is_set()).map(|m| m.name.as_str()).collect();
    let client = db.warehouse.client().await.unwrap();
    let ask = async |columns: &[String], rest: &str| {
        let sql = format!("SELECT concat_ws(' ', site_id, period, {key}), {} {rest}", columns.join(", "));
        let rows = client.query(&sql, &[]).await.unwrap();
        rows.iter().map(|r| (r.get(0), (1..r.len()).map(|i| r.get(i)).collect())).collect()
    };
    let plain: Vec<String> = measures.iter().map(|m| m.to_string()).collect();
    let sums: Vec<String> = measures.iter().map(|m| format!("sum({m})::bigint")).collect();
    [
        ask(&plain, &format!("FROM {view}")).await,
        ask(&sums, &format!("FROM {rollup} GROUP BY site_id, period, {key}")).await,
    ]
}

async fn assert_equal(db: &TestDatabase) {
    let declared: Vec<_> = db.model.rollups.iter().filter(|r| r.summary.is_some()).collect();
    assert!(declared.len() >= 3);
    for rollup in declared {
        let key = rollup.summary.as_ref().unwrap()[0].column();
        let [view, months] = both(db, &rollup.summary_view(), &rollup.table(model::Grain::Month), key).await;
        assert!(!months.is_empty());
        assert_eq!(view, months, "{}", rollup.summary_view());
    }
}

#[tokio::test]
async fn the_summaries_equal_the_rollups_also_after_late_events() {
    let db = TestDatabase::platform().await;
    assert_equal(&db).await;
    seed::load(&db, "us", "late", seed::events(77, "us", 300)).await;
    refresh_all(&db.warehouse, &db.model, seed::now()).await.unwrap();
    assert_equal(&db).await;
    refresh_all(&db.warehouse, &db.model, seed::now() + chrono::Days::new(30)).await.unwrap();
    assert_equal(&db).await;
}

#[tokio::test]
async fn refreshers_of_two_sites_at_once_leave_no_month_out() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    seed::load(&db, "ee", "seed", seed::events(1, "ee", 500)).await;
    seed::load(&db, "us", "seed", seed::events(2, "us", 500)).await;
    let directory = reference::read::directory(&db.warehouse).await.unwrap();
    let site = async |code: &str| {
        let site = directory.site(code).unwrap();
        while refresh(&db.warehouse, &db.model, site, seed::now()).await.unwrap().pending > 0 {}
    };
    tokio::join!(site("ee"), site("us"));
    // Marks that one left to the other are taken in the next pass.
    refresh_all(&db.warehouse, &db.model, seed::now()).await.unwrap();
    assert_equal(&db).await;
    let marks = db.warehouse.client().await.unwrap().query("SELECT FROM raw.dirty_month", &[]).await.unwrap();
    assert!(marks.is_empty());
}
