//! What was asked lately is answered anew after the data changed, before it is asked again.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{TestApp, seed};

const ROLES: [&str; 4] = ["owner", "school", "publisher", "official"];

/// A role's first screen: cards and a curve, with what was before.
fn overview(user: &str) -> Value {
    match user {
        "official" => json!({"metrics": ["views", "active"], "dimensions": ["region"], "grain": "month",
            "from": "2026-01-01", "to": "2026-03-31"}),
        _ => json!({"metrics": ["views", "readers"], "grain": "day", "from": "2026-03-01", "to": "2026-03-31",
            "compare": "previous_period"}),
    }
}

/// Whether it was cached, and its totals and rows.
async fn ask(app: &TestApp, user: &str) -> (bool, Value) {
    let response = app.as_user(user, Method::POST, "/api/v1/query").json(&overview(user)).send().await.unwrap();
    let hit = response.headers()["x-octavo-cache"] == "hit";
    let answer: Value = response.json().await.unwrap();
    (hit, json!([answer["rows"], answer["totals"]]))
}

async fn more(app: &TestApp, seed: u64) {
    seed::load(&app.db, "ee", &format!("more {seed}"), seed::events(seed, "ee", 300)).await;
    ingest::rollup::refresh::refresh_all(&app.db.warehouse, &app.db.model, seed::now()).await.unwrap();
    app.engine.renew().await.unwrap();
}

#[tokio::test]
async fn every_roles_overview_is_cached_again_after_a_refresh() {
    let app = TestApp::start().await;
    assert_eq!(app.engine.warm(seed::now()).await.unwrap(), 0, "nobody has asked anything");
    for user in ROLES {
        assert!(!ask(&app, user).await.0, "{user} is the first to ask");
    }
    more(&app, 80).await;
    let mut before = Vec::new();
    for user in ROLES {
        let (hit, numbers) = ask(&app, user).await;
        assert!(!hit, "{user}: without warming what changed is computed when it is asked");
        before.push(numbers);
    }
    more(&app, 81).await;
    assert_eq!(app.engine.warm(seed::now()).await.unwrap(), ROLES.len());
    for (user, before) in ROLES.iter().zip(before) {
        let (hit, numbers) = ask(&app, user).await;
        assert!(hit, "{user}'s overview should be there");
        assert_ne!(numbers, before, "{user}'s overview should be the new one");
    }
    assert_eq!(app.engine.warm(seed::now()).await.unwrap(), 0, "nothing has changed since");
}
