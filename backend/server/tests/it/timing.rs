//! What is another's and what is missing, an address that is known and one that is not: the same answer. How long each takes is
//! printed for people to compare; more calls with OCTAVO_CALLS.

use std::time::{Duration, Instant};

use reqwest::{Method, RequestBuilder};
use serde_json::json;
use testkit::TestApp;

fn calls() -> usize {
    std::env::var("OCTAVO_CALLS").ok().and_then(|n| n.parse().ok()).unwrap_or(5)
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

/// Asks both in turn, so that whatever else the machine does meets both alike.
async fn compare(what: &str, a: impl Fn() -> RequestBuilder, b: impl Fn() -> RequestBuilder) {
    let (mut times, mut said) = ([Vec::new(), Vec::new()], Vec::new());
    for _ in 0..calls() {
        for (at, request) in [a(), b()].into_iter().enumerate() {
            let since = Instant::now();
            let response = request.send().await.unwrap();
            let answer = (response.status(), response.bytes().await.unwrap());
            times[at].push(since.elapsed());
            said.push(answer);
        }
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{what}: {said:?}");
    let [a, b] = times.map(median);
    println!("{what}: medians {a:.2} and {b:.2} ms, {:.2} ms apart, over {} calls each", (a - b).abs(), calls());
}

#[tokio::test]
async fn nothing_tells_what_is_there_from_what_is_not() {
    let app = TestApp::start().await;
    let get = |path: &'static str| app.as_user("school", Method::GET, path);
    compare("school", || get("/api/v1/schools/ee:S2"), || get("/api/v1/schools/ee:S99")).await;
    let cookie = app.sign_in("school").await;
    let within = |path: &'static str| app.as_browser(&cookie, Method::GET, path);
    compare("organisation", || within("/o/alma/api/v1/books"), || within("/o/nowhere/api/v1/books")).await;
    let people = |slug: &'static str| within(slug);
    compare(
        "people",
        || people("/api/v1/organisations/alma/people"),
        || people("/api/v1/organisations/nowhere/people"),
    )
    .await;
    let sign_in = |email: &'static str| {
        app.request(Method::POST, "/api/v1/session").json(&json!({ "email": email, "password": "wrong wrong wrong" }))
    };
    compare("signing in", || sign_in("school@example.org"), || sign_in("nobody@example.org")).await;
    let forgot =
        |email: &'static str| app.request(Method::POST, "/api/v1/password-resets").json(&json!({ "email": email }));
    compare("a forgotten password", || forgot("school@example.org"), || forgot("nobody@example.org")).await;
}
