//! Signing in and out.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::TestApp;

#[tokio::test]
async fn a_session_is_a_safe_cookie_that_ends_on_the_server() {
    let app = TestApp::start().await;
    let body = json!({ "email": "school@example.org", "password": testkit::app::PASSWORD });
    let response = app.request(Method::POST, "/api/v1/session").json(&body).send().await.unwrap();
    let set = response.headers().get_all("set-cookie").iter().map(|v| v.to_str().unwrap());
    let cookie = set.into_iter().find(|cookie| cookie.starts_with("__Host-octavo=")).unwrap().to_string();
    for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let me: Value = response.json().await.unwrap();
    assert_eq!(me["role"], "school_admin");
    assert_eq!(me["home"]["code"], "ee:S1");
    assert_eq!(me["sites"][0]["today"], "2026-04-02");

    let cookie = cookie.split(';').next().unwrap();
    let with = |method: Method| app.request(method, "/api/v1/session").header("cookie", cookie).send();
    assert_eq!(with(Method::GET).await.unwrap().status(), StatusCode::OK);
    assert_eq!(with(Method::DELETE).await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(with(Method::GET).await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_the_same_answer() {
    let app = TestApp::start().await;
    let mut bodies = Vec::new();
    for email in ["school@example.org", "nobody@example.org"] {
        let body = json!({ "email": email, "password": "not the right password" });
        let response = app.request(Method::POST, "/api/v1/session").json(&body).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        bodies.push(response.bytes().await.unwrap());
    }
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn a_session_id_from_before_signing_in_is_worth_nothing() {
    let app = TestApp::start().await;
    let planted = app.sign_in("school").await;
    let body = json!({ "email": "owner@example.org", "password": testkit::app::PASSWORD });
    let response =
        app.request(Method::POST, "/api/v1/session").header("cookie", &planted).json(&body).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let now = app.request(Method::GET, "/api/v1/session").header("cookie", &planted).send().await.unwrap();
    assert_eq!(now.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_change_sent_from_another_sites_page_is_refused() {
    let app = TestApp::start().await;
    let cookie = app.sign_in("owner").await;
    let send = |name: &'static str, value: &'static str| {
        let request = app.request(Method::DELETE, "/api/v1/session").header("cookie", &cookie);
        request.header(name, value).send()
    };
    assert_eq!(send("sec-fetch-site", "cross-site").await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(send("origin", "https://evil.example").await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(send("sec-fetch-site", "same-origin").await.unwrap().status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_role_taken_away_is_gone_with_the_next_request() {
    let app = TestApp::start().await;
    let cookie = app.sign_in("school").await;
    let get = || app.request(Method::GET, "/api/v1/catalog").header("cookie", &cookie).send();
    assert_eq!(get().await.unwrap().status(), StatusCode::OK);
    let accounts = app.store.accounts();
    let account = accounts.find_account("school@example.org").await.unwrap().unwrap();
    accounts.set_active(account, false, testkit::seed::now()).await.unwrap();
    assert_eq!(get().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(app.get("school", "/api/v1/catalog").await.status(), StatusCode::UNAUTHORIZED, "and so are the keys");
}

#[tokio::test]
async fn what_ends_in_one_process_ends_in_all() {
    let here = TestApp::start().await;
    let there = here.beside().await;
    let status = async |app: &TestApp, cookie: &str| {
        let get = app.request(Method::GET, "/api/v1/catalog").header("cookie", cookie);
        get.send().await.unwrap().status()
    };
    let soon = async |cookie: &str, what: &str| {
        let since = Instant::now();
        loop {
            let asked = since.elapsed();
            if status(&there, cookie).await == StatusCode::UNAUTHORIZED {
                return;
            }
            assert!(asked < Duration::from_secs(1), "{what}");
        }
    };
    let (ended, put_out) = (here.sign_in("school").await, here.sign_in("publisher").await);
    for cookie in [&ended, &put_out] {
        assert_eq!(status(&there, cookie).await, StatusCode::OK);
        assert_eq!(status(&there, cookie).await, StatusCode::OK);
    }
    let sign_out = here.request(Method::DELETE, "/api/v1/session").header("cookie", &ended).send().await.unwrap();
    assert_eq!(sign_out.status(), StatusCode::NO_CONTENT);
    soon(&ended, "signed out").await;
    let account = here.store.accounts().find_account("publisher@example.org").await.unwrap().unwrap();
    here.store.accounts().set_active(account, false, testkit::seed::now()).await.unwrap();
    soon(&put_out, "not active").await;
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    let response = app.get("owner", "/api/v1/catalog").await;
    for name in ["content-security-policy", "x-content-type-options", "strict-transport-security", "x-request-id"] {
        assert!(response.headers().contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn a_session_in_use_does_not_end() {
    let app = TestApp::start().await;
    let cookie = app.sign_in("school").await;
    let get = async || app.request(Method::GET, "/api/v1/session").header("cookie", &cookie).send().await.unwrap();
    // The first use is noted, and the cookie's life begins anew; the next within minutes costs no write.
    assert!(get().await.headers().contains_key("set-cookie"));
    assert!(!get().await.headers().contains_key("set-cookie"));
}
