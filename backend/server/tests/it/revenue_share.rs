//! Pools and statements: exact to the cent, each publisher its own, and never changed.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::TestApp;

async fn enter(app: &TestApp, site: &str, month: &str, amount: &str) -> (u16, Value) {
    let cookie = app.sign_in("owner").await;
    let request = app.request(Method::PUT, &format!("/api/v1/pools/{site}/{month}")).header("cookie", cookie);
    let response = request.json(&json!({ "amount": amount })).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn cents(amount: &Value) -> i64 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}

#[tokio::test]
async fn a_pool_is_shared_to_the_cent() {
    let app = TestApp::start().await;
    let (status, pool) = enter(&app, "ee", "2026-02", "10000.01").await;
    assert_eq!((status, &pool["amount"]), (200, &json!("10000.01")), "{pool}");
    let list: Value = app.get("owner", "/api/v1/statements?month=2026-02&site=ee").await.json().await.unwrap();
    let statements = list["items"].as_array().unwrap();
    assert_eq!(statements.len(), 3);
    assert_eq!(statements.iter().map(|s| cents(&s["amount"])).sum::<i64>(), 1_000_001);
    let question = json!({"metrics": ["weighted_views"], "dimensions": ["publisher"], "from": "2026-02-01", "to": "2026-02-28",
        "filters": [{"dimension": "site", "in": ["ee"]}]});
    let usage = app.ask("owner", &question).await;
    for s in statements {
        let id = s["id"].as_str().unwrap();
        let whole: Value = app.get("owner", &format!("/api/v1/statements/{id}")).await.json().await.unwrap();
        let lines = whole["lines"].as_array().unwrap();
        assert_eq!(lines.iter().map(|l| cents(&l["amount"])).sum::<i64>(), cents(&s["amount"]));
        // The statement's units are the very number of the API.
        let row = usage["rows"].as_array().unwrap().iter().find(|r| r[0] == s["publisher"]).unwrap();
        assert_eq!(row[2].as_f64().unwrap(), s["units"].as_str().unwrap().parse::<f64>().unwrap());
        // Book 3 went from Alma to Cedar in the middle of the month: both are paid for their days.
        let has = lines.iter().any(|l| l["book"] == "9780000000003");
        assert_eq!(has, s["publisher"] == "alma" || s["publisher"] == "cedar", "{whole}");
    }
}

#[tokio::test]
async fn a_publisher_pulls_its_own_statements_and_no_others() {
    let app = TestApp::start().await;
    assert_eq!(enter(&app, "ee", "2026-02", "10000.00").await.0, 200);
    let all: Value = app.get("owner", "/api/v1/statements").await.json().await.unwrap();
    let own: Value = app.get("publisher", "/api/v1/statements").await.json().await.unwrap();
    assert_eq!(own["total"], 1);
    assert_eq!(own["items"][0]["publisher"], "alma");
    let others = all["items"].as_array().unwrap().iter().find(|s| s["publisher"] == "cedar").unwrap();
    let other = app.get("publisher", &format!("/api/v1/statements/{}", others["id"].as_str().unwrap())).await;
    let missing = app.get("publisher", "/api/v1/statements/00000000-0000-0000-0000-000000000000").await;
    assert_eq!((other.status(), missing.status()), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(other.bytes().await.unwrap(), missing.bytes().await.unwrap());

    let csv =
        app.as_user("publisher", Method::GET, "/api/v1/statements").header("accept", "text/csv").send().await.unwrap();
    let csv = csv.text().await.unwrap();
    assert!(csv.lines().count() == 2 && csv.contains("alma") && !csv.contains("cedar"), "{csv}");
    let id = own["items"][0]["id"].as_str().unwrap();
    let lines = app.get("publisher", &format!("/api/v1/statements/{id}?format=csv")).await.text().await.unwrap();
    assert!(lines.starts_with("site,month,publisher,currency,book,"), "{lines}");
}

#[tokio::test]
async fn a_month_is_closed_once_and_only_when_it_is_over() {
    let app = TestApp::start().await;
    assert_eq!(enter(&app, "ee", "2026-02", "10000.00").await.0, 200);
    let (status, problem) = enter(&app, "ee", "2026-02", "20000.00").await;
    assert_eq!((status, &problem["code"]), (409, &json!("period_closed")));
    assert_eq!(enter(&app, "ee", "2026-04", "1.00").await.1["code"], "month_open");
    // Events of today that wait for the refresher are no reason to wait; late ones of the month are.
    let client = app.db.warehouse.client().await.unwrap();
    let mark = async |day: &str| {
        let sql = "INSERT INTO raw.dirty (site_id, day) SELECT site_id, $1::text::date FROM core.site";
        client.execute(sql, &[&day]).await.unwrap();
        app.engine.renew().await.unwrap();
    };
    mark("2026-04-02").await;
    assert_eq!(enter(&app, "ee", "2026-02", "1.00").await.1["code"], "period_closed");
    mark("2026-03-05").await;
    let (status, problem) = enter(&app, "ee", "2026-03", "1.00").await;
    assert_eq!((status, &problem["code"]), (503, &json!("unavailable")));
    for bad in ["-1", "1.001", "ten", "", "1e3", "99999999999999999999"] {
        assert_eq!(enter(&app, "ee", "2026-03", bad).await.1["code"], "bad_amount", "{bad}");
    }
    assert_eq!(enter(&app, "ee", "2020-01", "1.00").await.1["code"], "no_usage");
    assert_eq!(enter(&app, "xx", "2026-03", "1.00").await.0, 404);
    let pools: Value = {
        let cookie = app.sign_in("owner").await;
        app.request(Method::GET, "/api/v1/pools").header("cookie", cookie).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(pools["items"].as_array().unwrap().len(), 1);
}
