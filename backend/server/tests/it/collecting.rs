//! The collector: what it acknowledges is loaded once, what it refuses is told why, and nobody's id is kept.

use std::io::Write;

use chrono::TimeDelta;
use flate2::Compression;
use flate2::write::GzEncoder;
use ingest::load::intake::{Intake, Rules};
use ingest::source::Spooled;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use testkit::{Options, TestApp, TestDatabase, seed};
use warehouse::Dialect;

const EVENTS: &str = "/collect/v1/events";

async fn app() -> TestApp {
    started(Options::default()).await
}

/// With the reference data and no events.
async fn started(options: Options) -> TestApp {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    TestApp::with_options(db, options).await
}

fn post(app: &TestApp) -> RequestBuilder {
    app.request(Method::POST, EVENTS).bearer_auth("ow_ee")
}

/// Event number `n`, of one of seven persons.
fn event(n: u128) -> Value {
    json!({
        "id": uuid::Uuid::from_u128((7 << 76) | (2 << 62) | n), "at": seed::now().to_rfc3339(), "kind": "page_view",
        "person": format!("CANARY-{}", n % 7), "role": "student", "school": "S1", "book": "9780000000001",
    })
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn count(app: &TestApp, sql: &str) -> i64 {
    app.db.warehouse.client().await.unwrap().query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn what_is_acknowledged_is_loaded_once_whichever_way_it_is_sent() {
    let app = app().await;
    let some = |range: std::ops::Range<u128>| range.map(event).collect::<Vec<_>>();
    assert_eq!(answer(post(&app).json(&some(0..10))).await.0, 202);
    let lines = some(5..15).iter().map(|e| format!("{e}\n")).collect::<String>();
    let (status, told) = answer(post(&app).header("content-type", "application/x-ndjson").body(lines)).await;
    assert_eq!((status, told), (202, json!({ "accepted": 10, "duplicate": 0, "rejected": [] })));
    let beacon = json!({ "key": "ow_ee", "events": some(15..20) }).to_string();
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(beacon.as_bytes()).unwrap();
    let beacon = app.request(Method::POST, EVENTS).header("content-type", "text/plain;charset=UTF-8");
    let beacon = beacon.header("content-encoding", "gzip").body(packed.finish().unwrap());
    assert_eq!(answer(beacon).await.0, 202);
    app.drain("ee").await;
    assert_eq!(count(&app, "SELECT count(*) FROM core.event").await, 20);
    let ledger = "SELECT sum(received) - sum(loaded + duplicate) FROM raw.load";
    assert_eq!(count(&app, ledger).await, 0);
    // Drained again, and sent again: nothing more.
    assert_eq!(answer(post(&app).json(&some(0..20))).await.0, 202);
    app.drain("ee").await;
    assert_eq!(count(&app, "SELECT count(*) FROM core.event").await, 20);
}

/// Full, it would take nothing that leads to another load.
#[tokio::test]
async fn a_spool_is_emptied_although_the_loader_died_between_its_commit_and_letting_go() {
    let app = app().await;
    assert_eq!(answer(post(&app).json(&[event(1), event(2)])).await.0, 202);
    let log = Spooled::open(app.spool(), "ee").unwrap();
    let mut intake = Intake::open(&app.db.warehouse, "ee", &seed::SECRET, Rules::default()).await.unwrap();
    intake.load(log.read(0).unwrap().unwrap(), seed::now()).await.unwrap();
    assert_eq!(log.first().unwrap(), 0, "loaded, and still there");
    app.drain("ee").await;
    assert_eq!(log.first().unwrap(), 2);
    assert_eq!(count(&app, "SELECT count(*) FROM core.event").await, 2);
}

#[tokio::test]
async fn one_bad_event_does_not_keep_the_others() {
    let app = app().await;
    let mut events: Vec<Value> = (0..500).map(event).collect();
    events[3]["kind"] = json!("jump");
    events[4] = json!("no event");
    events[5]["duration_ms"] = json!(-1);
    events[6]["query"] = json!("a\u{0}b");
    events[7] = events[8].clone();
    events[9]["book"] = json!("unheard of");
    events[10]["at"] = json!((seed::now() - TimeDelta::days(31)).to_rfc3339());
    let (status, told) = answer(post(&app).json(&events)).await;
    assert_eq!(status, 202);
    let refused: Vec<(u64, &str)> = told["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["index"].as_u64().unwrap(), r["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(refused, [(3, "unknown_kind"), (4, "bad_json"), (5, "bad_field"), (6, "bad_field")]);
    assert_eq!((&told["accepted"], &told["duplicate"]), (&json!(495), &json!(1)));
    app.drain("ee").await;
    assert_eq!(count(&app, "SELECT count(*) FROM core.event").await, 493);
    let reasons = "SELECT count(*) FROM raw.quarantine WHERE (record_offset, reason) IN
        ((3, 'unknown_kind'), (4, 'bad_json'), (5, 'bad_field'), (6, 'bad_field'), (9, 'unknown_book'), (10, 'too_late'))";
    assert_eq!(count(&app, reasons).await, 6);
    assert_eq!(count(&app, "SELECT count(*) FROM raw.quarantine").await, 6);
}

#[tokio::test]
async fn nobodys_id_reaches_the_disk_or_the_warehouse() {
    let app = app().await;
    let mut events: Vec<Value> = (0..50).map(event).collect();
    for (i, event) in events.iter_mut().enumerate() {
        event["note"] = json!({ "seen_by": [event["person"].clone()] });
        match i % 3 {
            0 => event["kind"] = json!("jump"),
            1 => event["school"] = json!("unknown"),
            _ => {}
        }
    }
    assert_eq!(answer(post(&app).json(&events)).await.0, 202);
    let broken = format!("{{\"person\":\"CANARY-9\",\"id\":\"CANARY-9\n{}", events[2]);
    assert_eq!(answer(post(&app).header("content-type", "application/x-ndjson").body(broken)).await.0, 202);
    let reader = spool::Reader::open(app.spool(), std::time::Duration::from_secs(1)).unwrap();
    let kept = { reader }.read("ee", 0, usize::MAX, usize::MAX).unwrap();
    assert_eq!(kept.len(), 52);
    assert!(!kept.iter().any(|(_, record)| String::from_utf8_lossy(record).contains("CANARY-")), "in the spool");
    app.drain("ee").await;
    for table in ["core.event", "core.person", "raw.quarantine", "raw.load", "mart.live"] {
        let sql = format!("SELECT count(*) FROM {table} AS t WHERE t::text LIKE '%CANARY%'");
        assert_eq!(count(&app, &sql).await, 0, "{table}");
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_as_a_whole_with_what_to_do() {
    let app = app().await;
    let big = format!("[{}]", " ".repeat(1 << 20));
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![b' '; 64 << 20]).unwrap();
    let bomb = bomb.finish().unwrap();
    let mut small = GzEncoder::new(Vec::new(), Compression::best());
    small.write_all(b"[1, 2, 3]").unwrap();
    let small = small.finish().unwrap();
    let many = json!((0..1001).map(|_| 1).collect::<Vec<_>>()).to_string();
    let plain = |body: &str| post(&app).header("content-type", "application/json").body(body.to_owned());
    let packed = |body: Vec<u8>| {
        post(&app).header("content-type", "application/json").header("content-encoding", "gzip").body(body)
    };
    for (request, status, code) in [
        (plain(""), 400, "bad_json"),
        (plain("{}"), 400, "bad_json"),
        (plain("null"), 400, "bad_json"),
        (plain("[1"), 400, "bad_json"),
        (plain(r#"{"key":"ow_ee","key":"ow_us","events":[]}"#), 400, "bad_json"),
        (plain(&big), 413, "too_large"),
        (plain(&many), 413, "too_large"),
        (packed(bomb.clone()), 413, "too_large"),
        (packed(b"[]".to_vec()), 400, "bad_json"),
        (packed(small[..small.len() - 4].to_vec()), 400, "bad_json"),
        (plain("[]").header("content-encoding", "br"), 415, "media_type"),
        (plain("[]").header("content-encoding", "gzip, gzip"), 415, "media_type"),
        (post(&app).header("content-type", "text/html").body("[]"), 415, "media_type"),
        (app.request(Method::POST, EVENTS).json(&json!([])), 401, "write_key"),
        (app.request(Method::POST, &format!("{EVENTS}?key=ow_ee")).json(&json!([])), 401, "write_key"),
        (app.request(Method::POST, EVENTS).bearer_auth("ow_none").json(&json!([])), 401, "write_key"),
        (app.request(Method::GET, EVENTS), 405, "method_not_allowed"),
    ] {
        let (answered, told) = answer(request).await;
        assert_eq!((answered, told["code"].as_str()), (status, Some(code)), "{told}");
        assert!(told["detail"].as_str().unwrap().len() > 10);
    }
    assert_eq!(answer(plain("[]")).await, (202, json!({ "accepted": 0, "duplicate": 0, "rejected": [] })));
    app.drain("ee").await;
    assert_eq!(count(&app, "SELECT count(*) FROM raw.load").await, 0);
}

#[tokio::test]
async fn the_key_says_the_site_and_one_site_cannot_suppress_anothers_events() {
    let app = app().await;
    let mut one = event(1);
    one["school"] = json!(null);
    // The header decides, whatever the envelope says.
    let body = json!({ "key": "ow_us", "events": [one] });
    assert_eq!(answer(post(&app).json(&body)).await.0, 202);
    assert_eq!(answer(app.request(Method::POST, EVENTS).json(&body)).await.0, 202);
    let mut named = event(2);
    named["site"] = json!("us");
    let (_, told) = answer(post(&app).json(&json!([named]))).await;
    assert_eq!(told["rejected"][0]["reason"], "bad_field");
    app.drain("ee").await;
    app.drain("us").await;
    let both = "SELECT count(DISTINCT site_id) FROM core.event WHERE event_id::text LIKE '%1'";
    assert_eq!(count(&app, both).await, 2);
}

#[tokio::test]
async fn pages_of_other_origins_may_send_unless_the_key_names_its_own() {
    let own = "https://book.example";
    let app = started(Options { write_origins: vec![own.into()], ..Options::default() }).await;
    let from = |origin: &str| {
        post(&app).header("origin", origin).header("sec-fetch-site", "cross-site").json(&json!([event(1)]))
    };
    let response = from(own).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.headers()["access-control-allow-origin"].as_bytes()),
        (202, &b"*"[..])
    );
    let (status, told) = answer(from("https://other.example")).await;
    assert_eq!((status, told["code"].as_str()), (403, Some("wrong_origin")));
    let preflight = app.request(Method::OPTIONS, EVENTS).header("origin", own);
    let preflight = preflight
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization");
    let headers = preflight.send().await.unwrap().headers().clone();
    assert!(headers["access-control-allow-headers"].to_str().unwrap().contains("authorization"));
    // Nothing else of the app is open to them.
    let elsewhere = app.as_user("owner", Method::GET, "/api/v1/sites").header("origin", own).send().await.unwrap();
    assert!(!elsewhere.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn robots_are_kept_and_counted_nowhere() {
    let app = app().await;
    let page = |agent: &str, n| {
        post(&app).header("origin", "https://book.example").header("user-agent", agent).json(&json!([event(n)]))
    };
    assert_eq!(answer(page("Mozilla/5.0 (compatible; Googlebot/2.1)", 1)).await.0, 202);
    assert_eq!(answer(page("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1", 2)).await.0, 202);
    // A program that sends for people says nothing of them by its own name.
    assert_eq!(answer(post(&app).header("user-agent", "python-requests/2.31").json(&json!([event(3)]))).await.0, 202);
    app.drain("ee").await;
    assert_eq!(count(&app, "SELECT count(*) FROM core.event").await, 3);
    assert_eq!(count(&app, "SELECT count(*) FROM core.event WHERE robot").await, 1);
    assert_eq!(count(&app, "SELECT count(*) FROM core.event WHERE device = 2").await, 1);
    ingest::rollup::refresh::refresh_all(&app.db.warehouse, &app.db.model, seed::now()).await.unwrap();
    app.engine.renew().await.unwrap();
    let day = seed::now().date_naive();
    for grain in ["day", "hour"] {
        let one = json!([{ "dimension": "site", "in": ["ee"] }]);
        let question = json!({ "metrics": ["views"], "grain": grain, "from": day, "to": day, "filters": one });
        assert_eq!(app.ask("owner", &question).await["totals"]["views"], 2, "{grain}");
    }
    let site = app.engine.snapshot().directory.site("ee").unwrap().clone();
    let report = ingest::rollup::check::check(&app.db.warehouse, &app.db.model, &site, |_| {}).await.unwrap();
    assert!(report.differences.is_empty(), "{:?}", report.differences);
}

#[tokio::test]
async fn what_was_missing_is_brought_in_and_what_waited_for_it_released() {
    let app = app().await;
    let mut events: Vec<Value> = (0..40).map(event).collect();
    for event in &mut events[..10] {
        event["school"] = json!("S77");
    }
    events[10]["kind"] = json!("jump");
    events[11]["at"] = json!((seed::now() - TimeDelta::days(100)).to_rfc3339());
    answer(post(&app).json(&events)).await;
    app.drain("ee").await;
    let cookie = app.sign_in("owner").await;
    let health = async || {
        let health = app.as_browser(&cookie, Method::GET, "/api/v1/data-health").send().await.unwrap();
        let health: Value = health.json().await.unwrap();
        health["sites"].as_array().unwrap().iter().find(|s| s["site"] == "ee").unwrap().clone()
    };
    let adds_up = |h: &Value| {
        let n = |name: &str| h[name].as_i64().unwrap();
        assert_eq!(n("sent"), n("loaded") + n("duplicate") + n("quarantined") + n("skipped"), "{h}");
        (n("sent"), n("loaded"), n("quarantined"))
    };
    assert_eq!(adds_up(&health().await), (40, 28, 12));
    let waits = app.as_browser(&cookie, Method::GET, "/api/v1/quarantine").send().await.unwrap();
    let waits: Value = waits.json().await.unwrap();
    assert_eq!((&waits["items"][0]["reason"], &waits["items"][0]["count"]), (&json!("unknown_school"), &json!(10)));
    assert!(waits["items"][0]["samples"][0]["record"].as_str().unwrap().contains("pseudonym:"));

    bring_in_school_77(&app).await;
    let release = async |body: Value| {
        answer(app.as_browser(&cookie, Method::POST, "/api/v1/quarantine/release").json(&body)).await
    };
    let (status, told) = release(json!({ "site": "ee", "reason": "unknown_school" })).await;
    assert_eq!((status, &told["tried"], &told["loaded"]), (200, &json!(10), &json!(10)), "{told}");
    assert_eq!(adds_up(&health().await), (40, 38, 2));
    let recorded =
        app.as_browser(&cookie, Method::GET, "/api/v1/audit?action=quarantine_released").send().await.unwrap();
    let recorded: Value = recorded.json().await.unwrap();
    let entry = &recorded["items"][0];
    assert_eq!((&entry["subject"], &entry["detail"]["reason"]), (&json!("ee"), &json!("unknown_school")), "{recorded}");
    assert_eq!((&entry["actor"], &entry["via"]), (&json!("owner@example.org"), &json!("session")));
    // The rest: what came late is counted now, what is no event stays.
    let (_, told) = release(json!({ "site": "ee" })).await;
    assert_eq!((&told["tried"], &told["loaded"], &told["quarantined"]), (&json!(2), &json!(1), &json!(1)), "{told}");
    assert_eq!(adds_up(&health().await), (40, 39, 1));
    assert_eq!(release(json!({ "site": "none" })).await.0, 404);
}

/// The school that events were waiting for.
pub async fn bring_in_school_77(app: &TestApp) {
    let school = reference::NewSchool {
        external_id: "S77".into(),
        name: "School 77".into(),
        region: None,
        licences: None,
        since: "2020-01-01".parse().unwrap(),
    };
    let mut client = app.db.warehouse.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    reference::write::schools(
        &tx,
        Dialect::Postgres,
        app.engine.snapshot().directory.site("ee").unwrap().id,
        &[school],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}
