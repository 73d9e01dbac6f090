//! What holds for every answer and every request.

use reqwest::{Method, StatusCode};
use serde_json::json;
use testkit::TestApp;
use testkit::app::PASSWORD;

#[tokio::test]
async fn what_is_somebodys_own_is_stored_nowhere() {
    let app = TestApp::start().await;
    let cookie = app.sign_in("owner").await;
    for path in [
        "account",
        "account/sessions",
        "organisations",
        "keys",
        "audit",
        "access",
        "session",
        "pools",
        "data-health",
        "books",
    ] {
        let path = format!("/api/v1/{path}");
        let response = app.as_browser(&cookie, Method::GET, &path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let cache = response.headers()["cache-control"].to_str().unwrap();
        assert!(cache.contains("no-store"), "{path}: {cache}");
        let vary: Vec<&str> = response.headers().get_all("vary").iter().map(|v| v.to_str().unwrap()).collect();
        assert!(vary.join(", ").contains("Cookie"), "{path}: {vary:?}");
    }
    let answer = "/api/v1/query?metrics=views&from=2026-01-01&to=2026-01-31";
    let response = app.as_browser(&cookie, Method::GET, answer).send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "private, no-cache");
}

#[tokio::test]
async fn no_other_site_reads_or_changes_anything() {
    let app = TestApp::start().await;
    let cookie = app.sign_in("owner").await;
    let read = app.as_browser(&cookie, Method::GET, "/api/v1/account").header("origin", "https://evil.example");
    let read = read.send().await.unwrap();
    assert!(!read.headers().keys().any(|name| name.as_str().starts_with("access-control-")), "no CORS");
    let body = json!({ "name": "X", "language": "en" });
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")] {
        let change = app.as_browser(&cookie, Method::PUT, "/api/v1/account").header(name, value).json(&body);
        assert_eq!(change.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
    let form = app.as_browser(&cookie, Method::PUT, "/api/v1/account").header("content-type", "text/plain");
    let form = form.body(body.to_string()).send().await.unwrap();
    assert_eq!(form.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "what a form of another site could send");
    for method in [Method::TRACE, Method::PATCH] {
        let refused = app.as_browser(&cookie, method.clone(), "/api/v1/account").send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

#[tokio::test]
async fn bodies_and_passwords_that_are_too_much_cost_nothing() {
    let app = TestApp::start().await;
    let huge = json!({ "email": "owner@example.org", "password": "x".repeat(1_000_000) });
    let refused = app.request(Method::POST, "/api/v1/session").json(&huge).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    for password in ["x".repeat(200_000), format!("{PASSWORD}\0"), format!(" {PASSWORD}"), String::new()] {
        let body = json!({ "email": "owner@example.org", "password": password });
        let refused = app.request(Method::POST, "/api/v1/session").json(&body).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    }
    let unknown = json!({ "email": "owner@example.org", "password": PASSWORD, "role": "owner" });
    let refused = app.request(Method::POST, "/api/v1/session").json(&unknown).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn who_finds_a_weakness_finds_whom_to_tell() {
    let app = TestApp::start().await;
    let file = app.request(Method::GET, "/.well-known/security.txt").send().await.unwrap().text().await.unwrap();
    assert!(file.starts_with("Contact: mailto:security@octavo.example\nExpires: 2026-10-02T12:00:00Z\n"), "{file}");
}

#[tokio::test]
async fn parameters_that_cannot_be_read_are_a_problem_like_any_other() {
    let app = TestApp::start().await;
    let cookie = app.sign_in("owner").await;
    for query in
        ["audit?limit=abc", "audit?colour=red", "access?metric=a&metric=b", "statements?site=%00", "books?limit=-1"]
    {
        let path = format!("/api/v1/{query}");
        let refused = app.as_browser(&cookie, Method::GET, &path).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(refused.headers()["content-type"], "application/problem+json", "{query}");
    }
}
