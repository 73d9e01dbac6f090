//! Write keys: made and ended over HTTP, and what collectors make of them.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::TestApp;

use crate::own_account::problem;

const PATH: &str = "/api/v1/write-keys";

async fn make(app: &TestApp, by: &str, body: Value) -> (u16, Value) {
    let made = app.as_browser(by, Method::POST, PATH).json(&body).send().await.unwrap();
    (made.status().as_u16(), made.json().await.unwrap())
}

/// Sends no event with the key, from a page of the origin.
async fn sent(app: &TestApp, key: &str, origin: &str) -> u16 {
    let request = app.request(Method::POST, "/collect/v1/events").bearer_auth(key).header("origin", origin);
    request.json(&json!([])).send().await.unwrap().status().as_u16()
}

/// Waits until collectors know of it: they look every two seconds.
async fn until(app: &TestApp, key: &str, origin: &str, expected: u16) {
    let until = Instant::now() + Duration::from_secs(15);
    while sent(app, key, origin).await != expected {
        assert!(Instant::now() < until, "{key} of {origin} does not come to {expected}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn the_owner_makes_a_write_key_for_some_pages_and_ends_it() {
    let app = TestApp::start().await;
    let owner = app.sign_in("owner").await;
    let body = json!({ "site": "ee", "name": "Reader", "origins": ["https://Book.example/", "http://localhost:3000"] });
    let (status, made) = make(&app, &owner, body).await;
    assert_eq!(status, 201, "{made}");
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with("ow_"));
    assert_eq!(made["origins"], json!(["https://book.example", "http://localhost:3000"]));
    until(&app, key, "https://book.example", 202).await;
    assert_eq!(sent(&app, key, "https://other.example").await, 403);

    let list =
        async |by: &str| -> Value { app.as_browser(by, Method::GET, PATH).send().await.unwrap().json().await.unwrap() };
    let listed = list(&owner).await;
    assert!(listed["collector"].as_str().unwrap().starts_with("http://"));
    let find = |listed: &Value| listed["items"].as_array().unwrap().iter().find(|k| k["key"] == key).unwrap().clone();
    assert_eq!(find(&listed), made);
    let path = format!("{PATH}/{key}");
    let end = async |by: &str| app.as_browser(by, Method::DELETE, &path).send().await.unwrap();
    let operator = app.sign_in("operator").await;
    assert_eq!(find(&list(&operator).await), made, "an operator sees them");
    assert_eq!(end(&operator).await.status(), 403);
    assert_eq!(end(&owner).await.status(), 204);
    until(&app, key, "https://book.example", 401).await;
    assert_eq!(problem(end(&owner).await).await, (404, "not_found".into()), "once");
    assert!(find(&list(&owner).await)["ended_at"].is_string());

    let audit = app.as_browser(&owner, Method::GET, "/api/v1/audit").send().await.unwrap();
    let audit: Value = audit.json().await.unwrap();
    let actions: Vec<&str> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["subject"] == key)
        .map(|row| row["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["write_key_ended", "write_key_made"]);
}

#[tokio::test]
async fn a_write_key_that_would_not_work_is_not_made() {
    let app = TestApp::start().await;
    let owner = app.sign_in("owner").await;
    let many: Vec<String> = (0..21).map(|n| format!("https://{n}.example")).collect();
    for (body, code) in [
        (json!({ "site": "ee", "name": "x", "origins": ["book.example"] }), "bad_origin"),
        (json!({ "site": "ee", "name": "x", "origins": ["https://book.example/page"] }), "bad_origin"),
        (json!({ "site": "ee", "name": "x", "origins": many }), "bad_limit"),
        (json!({ "site": "ee", "name": " " }), "bad_name"),
        (json!({ "site": "none", "name": "x" }), "not_found"),
        (json!({ "site": "ee", "name": "x", "key": "ow_mine" }), "unknown_field"),
    ] {
        assert_eq!(make(&app, &owner, body.clone()).await.1["code"], code, "{body}");
    }
    // As for other keys one proves again who one is.
    app.clock.advance(TimeDelta::minutes(11));
    assert_eq!(make(&app, &owner, json!({ "site": "ee", "name": "x" })).await.1["code"], "prove_again");
    let absent = async |path: &str| {
        let answered = app.as_browser(&owner, Method::DELETE, path).send().await.unwrap();
        (answered.status().as_u16(), answered.bytes().await.unwrap())
    };
    assert_eq!(absent(&format!("{PATH}/ow_none")).await, absent("/api/v1/keys/none").await);
}
