//! Many clients of several tenants on one cache, in any order, by every way that data leaves: never another's canary.

use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::TestApp;

use crate::graphql_walks::canaries;

const CLIENTS: usize = 64;

/// Who asks, and the canaries that may show.
const TENANTS: &[(&str, &[&str])] = &[
    ("school", &["ee-S1", "alma", "birch", "cedar"]),
    ("other_school", &["us-N1", "alma", "birch", "cedar"]),
    ("publisher", &["alma"]),
    ("other_publisher", &["cedar"]),
    ("official", &["ee-S1", "ee-S2", "ee-S3", "ee-S4"]),
];

/// For how long; more with OCTAVO_SECONDS.
fn lasts() -> Duration {
    Duration::from_secs(std::env::var("OCTAVO_SECONDS").ok().and_then(|n| n.parse().ok()).unwrap_or(4))
}

/// One of the ways that data leaves, the same for every tenant but for what is theirs.
async fn pull(app: &TestApp, user: &str, cookie: &str, dice: &mut ChaCha8Rng) -> String {
    let dimension = ["school", "publisher", "book", "region", "site"][dice.random_range(0..5)];
    let of = ["ee:S1", "ee:S2", "us:N1", "alma", "cedar", "9780000000000", "none"][dice.random_range(0..7)];
    let month = dice.random_range(1..=3);
    let range = format!("from=2026-0{month}-01&to=2026-0{month}-28");
    let sorted = ["", "&order=-views", "&order=views&limit=2"][dice.random_range(0..3)];
    let question = format!("metrics=views&dimensions={dimension}&{range}{sorted}");
    let path = match dice.random_range(0..9) {
        0 | 1 => format!("/api/v1/query?{question}"),
        2 => format!("/api/v1/query?{question}&format=csv"),
        3 => format!("/api/v1/query?{question}&filter.{dimension}={of}"),
        4 => format!("/api/v1/{}s?q=CANARY", ["school", "publisher", "book", "region"][dice.random_range(0..4)]),
        5 => format!("/api/v1/{}s/{of}", ["school", "publisher", "book", "region"][dice.random_range(0..4)]),
        6 => "/api/v1/session".into(),
        7 => format!(
            "/api/v1/access?metric=views&organisation={}",
            ["school-s1", "alma", "platform"][dice.random_range(0..3)]
        ),
        _ => "/api/v1/audit?q=CANARY".into(),
    };
    let request = match dice.random_range(0..3) {
        0 => app.as_user(user, Method::GET, &path),
        1 => app.as_browser(cookie, Method::GET, &path),
        _ => {
            let document = json!({ "query": format!("{{ answer(question: {{metrics: [\"views\"], dimensions: [\"{dimension}\"],
                from: \"2026-0{month}-01\", to: \"2026-0{month}-28\"}}) {{ rows totals notes {{ text }} }} }}") });
            app.as_browser(cookie, Method::POST, "/graphql").json(&document)
        }
    };
    let response = request.send().await.unwrap();
    assert!(response.status().as_u16() < 500, "{user}: {path} → {}", response.status());
    let headers = format!("{:?}", response.headers());
    headers + &response.text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_client_of_many_sees_another_tenants_canary() {
    let app = TestApp::start().await;
    let mut cookies = Vec::new();
    for (user, _) in TENANTS {
        cookies.push(app.sign_in(user).await);
    }
    let until = Instant::now() + lasts();
    let clients = (0..CLIENTS).map(|client| {
        let (app, cookies) = (&app, &cookies);
        async move {
            let ((user, may_show), cookie) = (TENANTS[client % TENANTS.len()], &cookies[client % TENANTS.len()]);
            let mut dice = ChaCha8Rng::seed_from_u64(client as u64);
            let (mut asked, mut shown) = (0_u64, 0_u64);
            while Instant::now() < until {
                let text = pull(app, user, cookie, &mut dice).await;
                for canary in canaries(&text) {
                    assert!(may_show.contains(&canary), "{user} sees {canary}: {text}");
                    shown += 1;
                }
                asked += 1;
            }
            (asked, shown)
        }
    });
    let done = futures::future::join_all(clients).await;
    let (asked, shown) = done.iter().fold((0, 0), |(a, s), (asked, shown)| (a + asked, s + shown));
    println!("{asked} answers to {CLIENTS} clients, {shown} canaries of their own");
    // The test would be worth little if nothing were shown, or everything refused.
    assert!(asked > CLIENTS as u64 && shown > asked / 10, "{asked} asked, {shown} shown");
    let whole: Value = app.ask("owner", &json!({"metrics": ["views"], "from": "2026-01-01", "to": "2026-03-31"})).await;
    assert!(whole["totals"]["views"].as_u64().is_some_and(|views| views > 0));
}
