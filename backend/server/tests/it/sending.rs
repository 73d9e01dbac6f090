//! API keys at the collector: for the sites their account may send for, from their networks, as long as they hold; also while the
//! database is away.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use access::KeyScope;
use chrono::TimeDelta;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{Options, TestApp, TestDatabase, seed};
use uuid::Uuid;

const EVENTS: &str = "/collect/v1/events";
const STATEMENTS: &str = "/collect/v1/xapi/statements";

async fn app() -> TestApp {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    TestApp::with_options(db, Options { trusted_proxies: 1, ..Options::default() }).await
}

fn event(n: u128) -> Value {
    json!({
        "id": Uuid::from_u128((7 << 76) | (2 << 62) | n), "at": seed::now().to_rfc3339(), "kind": "page_view",
        "person": "CANARY-1", "role": "student", "book": "9780000000001",
    })
}

/// A key of a user, which may be used from anywhere without networks.
async fn key(app: &TestApp, user: &str, scopes: &[KeyScope], networks: &[&str]) -> (Uuid, String) {
    let account = app.store.accounts().find_account(&format!("{user}@example.org")).await.unwrap().unwrap();
    let (id, key) = app.store.keys().create(account, "sender", scopes, None, seed::now()).await.unwrap();
    let networks = networks.join(",");
    app.db.execute(&format!("UPDATE app.api_key SET networks = '{{{networks}}}' WHERE id = '{id}'")).await;
    (id, key)
}

fn post(app: &TestApp, key: &str) -> RequestBuilder {
    app.request(Method::POST, EVENTS).bearer_auth(key)
}

async fn answer(request: RequestBuilder) -> (u16, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let told: Value = response.json().await.unwrap_or_default();
    (status, told["code"].as_str().unwrap_or_default().to_owned())
}

fn is(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn an_api_key_sends_for_the_site_that_is_named() {
    let app = app().await;
    let (_, own) = key(&app, "owner", &[KeyScope::EventsWrite], &[]).await;
    let body = json!([event(1), event(2)]);
    for site in ["ee", "us"] {
        assert_eq!(answer(post(&app, &own).header("octavo-site", site).json(&body)).await, is(202, ""));
        app.drain(site).await;
    }
    let client = app.db.warehouse.client().await.unwrap();
    let count = async |sql: &str| client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(count("SELECT count(*) FROM core.event").await, 4);
    assert_eq!(count("SELECT count(DISTINCT site_id) FROM core.event").await, 2);
    // The same person as with the site's write key.
    assert_eq!(answer(app.request(Method::POST, EVENTS).bearer_auth("ow_ee").json(&json!([event(3)]))).await.0, 202);
    app.drain("ee").await;
    assert_eq!(count("SELECT count(*) FROM core.person").await, 2);

    assert_eq!(answer(post(&app, &own).json(&body)).await, is(400, "bad_parameter"));
    assert_eq!(answer(post(&app, &own).header("octavo-site", "fi").json(&body)).await, is(400, "bad_parameter"));
    let page = post(&app, &own).header("octavo-site", "ee").header("origin", "https://book.example");
    assert_eq!(answer(page.json(&body)).await, is(403, "wrong_origin"), "a secret in a page");
    let beacon = json!({ "key": own, "events": body });
    let beacon = app.request(Method::POST, EVENTS).header("octavo-site", "ee").json(&beacon);
    assert_eq!(answer(beacon).await, is(401, "write_key"), "in a header only");

    // As learning record stores are given it, too; and it reads nothing.
    let xapi = |method: Method| {
        let request = app.request(method, STATEMENTS).header("x-experience-api-version", "1.0.3");
        request.header("octavo-site", "ee")
    };
    assert_eq!(answer(xapi(Method::POST).basic_auth(&own, Some("")).json(&json!([]))).await.0, 200);
    assert_eq!(answer(xapi(Method::GET).bearer_auth(&own)).await, is(403, "forbidden"));
    let caliper = app.request(Method::POST, "/collect/v1/caliper").header("octavo-site", "ee").bearer_auth(&own);
    assert_eq!(answer(caliper.json(&json!({}))).await, is(400, "bad_envelope"));

    let until = Instant::now() + Duration::from_secs(10);
    let used = "SELECT count(*) FROM app.api_key WHERE name = 'sender' AND last_used_at IS NOT NULL";
    let (used_by, connection) = tokio_postgres::connect(&app.db.url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    while used_by.query_one(used, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(Instant::now() < until, "its use is not noted");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn an_api_key_sends_no_more_than_its_scopes_its_account_and_its_networks_permit() {
    let app = app().await;
    let from = async |key: &str, address: &str| {
        let request = post(&app, key).header("octavo-site", "ee").header("x-forwarded-for", address);
        answer(request.json(&json!([event(1)]))).await
    };
    let (_, reads) = key(&app, "owner", &[KeyScope::UsageRead, KeyScope::StatementsRead], &[]).await;
    assert_eq!(from(&reads, "198.51.100.1").await, is(403, "forbidden"));
    for user in ["school", "publisher", "official", "operator"] {
        let (_, key) = key(&app, user, &KeyScope::ALL, &[]).await;
        assert_eq!(from(&key, "198.51.100.1").await, is(403, "forbidden"), "{user}");
    }
    let (id, near) = key(&app, "owner", &[KeyScope::EventsWrite], &["198.51.100.0/24", "2001:db8::/64"]).await;
    for (address, expected) in [
        ("198.51.100.9", is(202, "")),
        ("::ffff:198.51.100.9", is(202, "")),
        ("2001:db8::7", is(202, "")),
        ("198.51.101.9", is(401, "write_key")),
        ("198.51.100.9, 203.0.113.5", is(401, "write_key")),
    ] {
        assert_eq!(from(&near, address).await, expected, "{address}");
    }
    // One letter of it is another.
    let last = if near.ends_with('A') { "B" } else { "A" };
    let wrong = format!("{}{last}", &near[..near.len() - 1]);
    assert_eq!(from(&wrong, "198.51.100.9").await, is(401, "write_key"));

    // Those that end, end within the two seconds in which it is looked.
    let ends = async |key: &str, why: &str| {
        let until = Instant::now() + Duration::from_secs(10);
        while from(key, "198.51.100.9").await != is(401, "write_key") {
            assert!(Instant::now() < until, "{why}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    app.db.execute(&format!("UPDATE app.api_key SET revoked_at = '2026-04-02' WHERE id = '{id}'")).await;
    ends(&near, "revoked").await;
    let (id, short) = key(&app, "owner", &[KeyScope::EventsWrite], &[]).await;
    let expires = (seed::now() + TimeDelta::hours(1)).to_rfc3339();
    app.db.execute(&format!("UPDATE app.api_key SET expires_at = '{expires}' WHERE id = '{id}'")).await;
    assert_eq!(from(&short, "198.51.100.9").await.0, 202);
    app.clock.advance(TimeDelta::minutes(59));
    assert_eq!(from(&short, "198.51.100.9").await.0, 202);
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(from(&short, "198.51.100.9").await, is(401, "write_key"), "at once");
    let (_, left) = key(&app, "owner", &[KeyScope::EventsWrite], &[]).await;
    assert_eq!(from(&left, "198.51.100.9").await.0, 202);
    app.db.execute("UPDATE app.account SET active = false WHERE email = 'owner@example.org'").await;
    ends(&left, "the account is switched off").await;
}

/// `octavo collect`, killed when it is dropped.
struct Collector {
    process: Child,
    url: String,
    http: Client,
}

impl Collector {
    fn start(db: &TestDatabase, spool: &TempDir) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_octavo"))
            .arg("collect")
            .env("OCTAVO_APP_URL", &db.url)
            .env("OCTAVO_SPOOL", spool.path())
            .env("OCTAVO_LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { process, url: url.trim().to_owned(), http: Client::new() }
    }

    async fn send(&self, key: &str) -> (u16, String) {
        let request = self.http.post(format!("{}{EVENTS}", self.url)).bearer_auth(key).header("octavo-site", "ee");
        answer(request.json(&json!([event(1)]))).await
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn what_is_known_holds_while_the_database_is_away_and_nobody_is_refused_for_what_is_not() {
    // The collector's clock is the machine's, and so are the times of these keys.
    let app = app().await;
    let spool = TempDir::new().unwrap();
    let collector = Collector::start(&app.db, &spool);
    let (_, good) = key(&app, "owner", &[KeyScope::EventsWrite], &[]).await;
    let (short_id, short) = key(&app, "owner", &[KeyScope::EventsWrite], &[]).await;
    let (_, reads) = key(&app, "owner", &[KeyScope::UsageRead], &[]).await;
    let soon = "now() + interval '8 seconds'";
    app.db.execute(&format!("UPDATE app.api_key SET expires_at = {soon} WHERE id = '{short_id}'")).await;
    // Known as soon as it is used.
    assert_eq!(collector.send(&good).await, is(202, ""));
    assert_eq!(collector.send(&short).await, is(202, ""));
    assert_eq!(collector.send(&reads).await, is(403, "forbidden"));
    let none = "oct_00000000_0000000000000000000000000000000000000000000";
    assert_eq!(collector.send(none).await, is(401, "write_key"));

    app.db.shut().await;
    assert_eq!(collector.send(&good).await, is(202, ""));
    assert_eq!(collector.send("ow_ee").await, is(202, ""));
    assert_eq!(collector.send(&reads).await, is(403, "forbidden"));
    assert_eq!(collector.send(none).await, is(503, "unavailable"), "it may have been made a moment ago");
    drop(collector);
    // Begun without it.
    let collector = Collector::start(&app.db, &spool);
    assert_eq!(collector.send(&good).await, is(202, ""));
    let until = Instant::now() + Duration::from_secs(30);
    while collector.send(&short).await == is(202, "") {
        assert!(Instant::now() < until, "it has expired");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(collector.send(&short).await, is(503, "unavailable"), "it may hold for longer by now");
    app.db.open().await;
    let until = Instant::now() + Duration::from_secs(30);
    while collector.send(&short).await != is(401, "write_key") {
        assert!(Instant::now() < until, "it has expired, and the database says so");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(collector.send(none).await, is(401, "write_key"));
    assert_eq!(collector.send(&good).await, is(202, ""));
}
