//! API keys: made, used, rotated and revoked over HTTP.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Options, TestApp};

use crate::own_account::problem;

async fn make(app: &TestApp, by: &str, body: Value) -> (u16, Value) {
    let made = app.as_browser(by, Method::POST, "/api/v1/keys").json(&body).send().await.unwrap();
    (made.status().as_u16(), made.json().await.unwrap())
}

async fn pull(app: &TestApp, key: &str) -> StatusCode {
    app.request(Method::GET, "/api/v1/statements").bearer_auth(key).send().await.unwrap().status()
}

#[tokio::test]
async fn a_publisher_rotates_at_night_without_a_failed_pull() {
    let app = TestApp::start().await;
    let publisher = app.sign_in("publisher").await;
    let (_, made) = make(&app, &publisher, json!({ "name": "nightly", "scopes": ["statements:read"] })).await;
    let (old, id) = (made["secret"].as_str().unwrap(), made["key"]["id"].as_str().unwrap());
    assert!(old.starts_with(&format!("oct_{}", made["key"]["prefix"].as_str().unwrap())));
    assert_eq!(pull(&app, old).await, StatusCode::OK);
    let path = format!("/api/v1/keys/{id}/rotation");
    let rotate = app.as_browser(&publisher, Method::POST, &path).json(&json!({ "overlap_hours": 2 }));
    let rotated: Value = rotate.send().await.unwrap().json().await.unwrap();
    let new = rotated["secret"].as_str().unwrap();
    assert_eq!((pull(&app, old).await, pull(&app, new).await), (StatusCode::OK, StatusCode::OK));
    app.clock.advance(TimeDelta::minutes(119));
    assert_eq!(pull(&app, old).await, StatusCode::OK);
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!((pull(&app, old).await, pull(&app, new).await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
    let listed: Value =
        app.as_browser(&publisher, Method::GET, "/api/v1/keys").send().await.unwrap().json().await.unwrap();
    assert!(!listed.to_string().contains(&new[13..]), "no list shows a secret");
    let entry = listed["items"].as_array().unwrap().iter().find(|k| k["id"] == id).unwrap();
    assert_eq!(entry["replaced_by"], rotated["key"]["id"]);
}

#[tokio::test]
async fn a_key_is_for_its_networks_scopes_and_maker_only() {
    let app = TestApp::start_with(Options { trusted_proxies: 1, ..Options::default() }).await;
    let (publisher, school) = (app.sign_in("publisher").await, app.sign_in("school").await);
    let body = json!({ "name": "n", "scopes": ["statements:read"], "networks": ["198.51.100.7/24", "2001:db8::1"] });
    let (status, made) = make(&app, &publisher, body).await;
    assert_eq!((status, made["key"]["networks"].clone()), (201, json!(["198.51.100.0/24", "2001:db8::1/128"])));
    let key = made["secret"].as_str().unwrap();
    let from = async |address: &str| {
        let request = app.request(Method::GET, "/api/v1/statements").bearer_auth(key);
        request.header("x-forwarded-for", address).send().await.unwrap().status().as_u16()
    };
    for (address, expected) in
        [("198.51.100.99", 200), ("198.51.101.1", 401), ("2001:db8::1", 200), ("198.51.100.9, 203.0.113.5", 401)]
    {
        assert_eq!(from(address).await, expected, "{address}");
    }
    for (body, code) in [
        (json!({ "name": "n", "scopes": ["statements:read"] }), "bad_scope"),
        (json!({ "name": "n", "scopes": ["events:write"] }), "bad_scope"),
        (json!({ "name": "n", "scopes": [] }), "bad_scope"),
        (json!({ "name": "n", "scopes": ["usage:read"], "networks": ["everywhere"] }), "bad_network"),
        (json!({ "name": "n", "scopes": ["usage:read"], "expires_at": "2020-01-01" }), "bad_date"),
        (json!({ "name": " ", "scopes": ["usage:read"] }), "bad_name"),
        (json!({ "name": "n", "scopes": ["usage:read"], "role": "owner" }), "unknown_field"),
    ] {
        assert_eq!(make(&app, &school, body.clone()).await.1["code"], code, "{body}");
    }
    let id = made["key"]["id"].as_str().unwrap();
    let path = format!("/api/v1/keys/{id}");
    let revoke = async |cookie: &str| app.as_browser(cookie, Method::DELETE, &path).send().await.unwrap();
    assert_eq!(problem(revoke(&school).await).await, (404, "not_found".into()), "another tenant's");
    assert_eq!(revoke(&publisher).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(from("198.51.100.99").await, 401);
    let listed = app.as_browser(&school, Method::GET, "/api/v1/keys").send().await.unwrap().text().await.unwrap();
    assert!(!listed.contains(id) && !listed.contains("publisher@"));
}
