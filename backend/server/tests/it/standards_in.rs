//! Caliper and xAPI over HTTP: what their clients are answered, what becomes of it, and that nobody is told by it.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use testkit::{Options, TestApp, TestDatabase, seed};
use uuid::Uuid;

use crate::collecting::bring_in_school_77;

const CALIPER: &str = "/collect/v1/caliper";
const STATEMENTS: &str = "/collect/v1/xapi/statements";
const VERSION: &str = "x-experience-api-version";
const BOOK: &str = "https://r.test/books/9780000000001";

async fn app() -> TestApp {
    with_options(Options::default()).await
}

async fn with_options(options: Options) -> TestApp {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    TestApp::with_options(db, options).await
}

async fn count(app: &TestApp, sql: &str) -> i64 {
    app.db.warehouse.client().await.unwrap().query_one(sql, &[]).await.unwrap().get(0)
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// What waits in the spool, as it lies there.
fn spooled(app: &TestApp, site: &str) -> Vec<String> {
    let mut reader = spool::Reader::open(app.spool(), std::time::Duration::from_secs(1)).unwrap();
    let records = reader.read(site, 0, usize::MAX, usize::MAX).unwrap();
    records.into_iter().map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect()
}

async fn nobody_is_told(app: &TestApp) {
    for table in ["core.event", "core.person", "raw.quarantine", "raw.load", "raw.statement", "mart.live"] {
        let sql = format!("SELECT count(*) FROM {table} AS t WHERE t::text ILIKE '%canary%'");
        assert_eq!(count(app, &sql).await, 0, "{table}");
    }
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128((4 << 76) | (2 << 62) | n)
}

// Caliper

fn item(n: u128, kind: &str, action: &str, object: Value) -> Value {
    json!({
        "id": format!("urn:uuid:{}", id(n)), "type": kind, "action": action, "object": object,
        "eventTime": seed::now().to_rfc3339(), "extensions": {"school": "S1", "com.example": {"login": "canary"}},
        "actor": {"id": "https://r.test/users/CANARY-1", "type": "Person", "name": "Canary One"},
        "membership": {"id": "https://r.test/m/1", "type": "Membership", "roles": ["Learner"], "member": "https://r.test/users/CANARY-1"},
        "session": {"id": "https://r.test/sessions/9", "type": "Session", "user": "https://r.test/users/CANARY-1"},
    })
}

fn page() -> Value {
    let book = json!({"id": BOOK, "type": "Document"});
    json!({"id": "https://r.test/pages/7", "type": "Page", "name": "Read by Canary One", "isPartOf": book})
}

fn envelope(data: &[Value]) -> Value {
    json!({"sensor": "https://r.test/sensor", "sendTime": seed::now().to_rfc3339(),
        "dataVersion": "http://purl.imsglobal.org/ctx/caliper/v1p2", "data": data})
}

fn sensor(app: &TestApp, key: &str) -> RequestBuilder {
    app.request(Method::POST, CALIPER).bearer_auth(key)
}

#[tokio::test]
async fn an_envelope_of_a_textbook_is_loaded_and_says_what_became_of_each_item() {
    let app = app().await;
    let mut thinned = item(3, "NavigationEvent", "NavigatedTo", json!(BOOK));
    thinned["actor"] = json!("https://r.test/users/CANARY-2");
    thinned["membership"] = json!("https://r.test/m/2");
    let test =
        json!({"id": "https://r.test/tests/1", "type": "Assessment", "isPartOf": {"id": BOOK, "type": "Document"}});
    let mut unknown = item(8, "ViewEvent", "Viewed", page());
    unknown["object"]["isPartOf"]["id"] = "urn:isbn:9780306406157".into();
    let items = [
        item(1, "ViewEvent", "Viewed", page()),
        item(2, "MediaEvent", "Started", json!({"id": "https://r.test/v/1", "type": "VideoObject", "isPartOf": BOOK})),
        thinned,
        item(4, "AssessmentEvent", "Started", test.clone()),
        item(5, "AssessmentEvent", "Submitted", test),
        json!({"id": "https://r.test/users/CANARY-1", "type": "Person", "name": "Canary One"}),
        item(1, "ViewEvent", "Viewed", page()),
        item(7, "ForumEvent", "Subscribed", page()),
        unknown,
        json!("CANARY"),
    ];
    let (status, told) = answer(sensor(&app, "ow_ee").json(&envelope(&items))).await;
    assert_eq!(status, 202, "{told}");
    assert_eq!((&told["accepted"], &told["duplicate"], &told["skipped"]), (&json!(5), &json!(1), &json!(2)), "{told}");
    let rejected: Vec<_> =
        told["rejected"].as_array().unwrap().iter().map(|r| (r["index"].as_u64(), &r["reason"])).collect();
    assert_eq!(rejected, [(Some(7), &json!("unknown_kind")), (Some(9), &json!("bad_field"))]);
    let kept = spooled(&app, "ee");
    assert_eq!(kept.len(), 10);
    assert!(!kept.iter().any(|record| record.to_lowercase().contains("canary")), "{kept:?}");
    app.drain("ee").await;
    assert_eq!(count(&app, "SELECT count(*) FROM core.event WHERE book_id IS NOT NULL").await, 4);
    assert_eq!(count(&app, "SELECT count(DISTINCT person_no) FROM core.event").await, 2);
    let ledger =
        "SELECT sum(received) - sum(loaded + duplicate + quarantined + skipped) + 10 * sum(skipped) FROM raw.load";
    assert_eq!(count(&app, ledger).await, 20);
    let reasons = "SELECT count(*) FROM raw.quarantine WHERE reason IN ('unknown_kind', 'bad_field', 'unknown_book')";
    assert_eq!(count(&app, reasons).await, 3);
    // The same person as in the native form.
    let native = json!([{"id": id(99), "at": seed::now().to_rfc3339(), "kind": "page_view", "role": "student",
        "person": "https://r.test/users/CANARY-1"}]);
    let events = app.request(Method::POST, "/collect/v1/events").bearer_auth("ow_ee").json(&native);
    assert_eq!(answer(events).await.0, 202);
    app.drain("ee").await;
    assert_eq!(count(&app, "SELECT count(DISTINCT person_no) FROM core.event").await, 2);
    nobody_is_told(&app).await;
}

#[tokio::test]
async fn what_is_no_envelope_is_refused_as_a_whole() {
    let app = app().await;
    let plain = |body: String| sensor(&app, "ow_ee").header("content-type", "application/json").body(body);
    let mut other = envelope(&[]);
    other["dataVersion"] = "1.0".into();
    let many: Vec<Value> = (0..1001).map(|n| json!(n)).collect();
    for (request, status, code) in [
        (plain(String::new()), 400, "bad_envelope"),
        (plain("[]".into()), 400, "bad_envelope"),
        (plain(other.to_string()), 400, "bad_envelope"),
        (plain(envelope(&many).to_string()), 413, "too_large"),
        (plain(" ".repeat((1 << 20) + 1)), 413, "too_large"),
        (sensor(&app, "ow_ee").header("content-type", "text/plain").body("{}"), 415, "media_type"),
        (sensor(&app, "ow_none").json(&envelope(&[])), 401, "write_key"),
        (app.request(Method::POST, CALIPER).json(&envelope(&[])), 401, "write_key"),
        (app.request(Method::GET, CALIPER), 405, "method_not_allowed"),
    ] {
        let (answered, told) = answer(request).await;
        assert_eq!((answered, told["code"].as_str()), (status, Some(code)), "{told}");
    }
    assert_eq!(spooled(&app, "ee").len(), 0);
}

// xAPI

fn statement(n: u128, verb: &str) -> Value {
    json!({
        "id": id(n), "actor": {"account": {"homePage": "https://r.test", "name": format!("CANARY-{n}")}, "name": "Canary One"},
        "verb": {"id": format!("http://adlnet.gov/expapi/verbs/{verb}")},
        "object": {"id": "https://r.test/pages/7", "definition": {"name": {"et": "Canary One"}}},
        "context": {"contextActivities": {"grouping": [{"id": BOOK}]}, "instructor": {"mbox": "mailto:canary@r.test"},
            "extensions": {"https://r.test/school": "S1", "https://r.test/mail": "canary@r.test"}},
        "timestamp": seed::now().to_rfc3339(), "authority": {"mbox": "mailto:canary@r.test"},
    })
}

fn lrs(app: &TestApp, method: Method, path: &str) -> RequestBuilder {
    app.request(method, path).basic_auth("ow_ee", Some("any")).header(VERSION, "1.0.3")
}

fn post(app: &TestApp, body: &Value) -> RequestBuilder {
    lrs(app, Method::POST, STATEMENTS).json(body)
}

fn put(app: &TestApp, n: u128, body: &Value) -> RequestBuilder {
    lrs(app, Method::PUT, &format!("{STATEMENTS}?statementId={}", id(n))).json(body)
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn statements_are_taken_loaded_and_given_out_without_their_persons() {
    let app = app().await;
    let mut unnamed = statement(1, "experienced");
    unnamed.as_object_mut().unwrap().remove("id");
    let (code, told) = answer(post(&app, &unnamed)).await;
    assert_eq!(code, 200);
    let made = told[0].as_str().unwrap().to_owned();
    assert!(Uuid::parse_str(&made).is_ok(), "{told}");
    let many = json!([statement(2, "experienced"), statement(3, "initialized"), statement(4, "imagined")]);
    assert_eq!(answer(post(&app, &many)).await, (200, json!([id(2), id(3), id(4)])));
    assert_eq!(status(put(&app, 5, &statement(5, "answered"))).await, 204);
    let kept = spooled(&app, "ee");
    assert_eq!(kept.len(), 5);
    assert!(!kept.iter().any(|record| record.to_lowercase().contains("canary")), "{kept:?}");
    // Not there yet, and the answer says so.
    let early = lrs(&app, Method::GET, &format!("{STATEMENTS}?statementId={}", id(2))).send().await.unwrap();
    assert_eq!(early.status().as_u16(), 404);
    app.drain("ee").await;
    assert_eq!(
        count(&app, "SELECT count(*) FROM core.event WHERE book_id IS NOT NULL AND school_id IS NOT NULL").await,
        3
    );
    assert_eq!(count(&app, "SELECT count(*) FROM raw.quarantine WHERE reason = 'unknown_kind'").await, 1);
    assert_eq!(count(&app, "SELECT sum(skipped)::int8 FROM raw.load").await, 1);
    assert_eq!(count(&app, "SELECT count(*) FROM raw.statement").await, 5);
    nobody_is_told(&app).await;

    let (code, one) = answer(lrs(&app, Method::GET, &format!("{STATEMENTS}?statementId={}", id(4)))).await;
    assert_eq!((code, &one["id"], &one["verb"]), (200, &json!(id(4)), &statement(4, "imagined")["verb"]));
    assert_eq!(one["authority"]["account"]["name"], "ee");
    assert!(one["actor"]["account"]["name"].as_str().unwrap().starts_with("pseudonym:") && one["stored"].is_string());
    let (mut seen, mut path) = (Vec::new(), format!("{STATEMENTS}?limit=2&ascending=true"));
    while !path.is_empty() {
        let (code, part) = answer(lrs(&app, Method::GET, &path)).await;
        assert_eq!(code, 200, "{part}");
        assert!(!part.to_string().to_lowercase().contains("canary"), "{part}");
        seen.extend(part["statements"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()));
        path = part["more"].as_str().unwrap().to_owned();
    }
    let mut expected: Vec<String> = (2..=5).map(|n| id(n).to_string()).chain([made]).collect();
    expected.sort();
    assert_eq!(seen, expected);
    let since = seed::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let later = answer(lrs(&app, Method::GET, &format!("{STATEMENTS}?since={since}"))).await;
    assert_eq!(later, (200, json!({"statements": [], "more": ""})));
    let (_, until) = answer(lrs(&app, Method::GET, &format!("{STATEMENTS}?until={since}"))).await;
    assert_eq!(until["statements"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn the_same_id_is_the_same_statement_or_a_conflict() {
    let app = app().await;
    let mut other = statement(1, "experienced");
    other["actor"]["account"]["name"] = "CANARY-77".into();
    for round in ["waiting", "loaded"] {
        for _ in 0..2 {
            assert_eq!(status(put(&app, 1, &statement(1, "experienced"))).await, 204, "{round}");
        }
        assert_eq!(status(put(&app, 1, &other)).await, 409, "{round}");
        // Nothing of the batch is kept.
        let (code, told) = answer(post(&app, &json!([statement(2, "experienced"), other]))).await;
        assert_eq!((code, told["code"].as_str()), (409, Some("statement_conflict")));
        app.drain("ee").await;
        assert_eq!(count(&app, "SELECT count(*) FROM raw.statement").await, 1, "{round}");
        assert_eq!(count(&app, "SELECT count(*) FROM core.event").await, 1, "{round}");
    }
    // Another process knows what is loaded, and another site has ids of its own.
    let beside = app.beside().await;
    assert_eq!(status(put(&beside, 1, &other)).await, 409);
    let us = app.request(Method::PUT, &format!("{STATEMENTS}?statementId={}", id(1)));
    assert_eq!(status(us.bearer_auth("ow_us").header(VERSION, "2.0.0").json(&other)).await, 204);
    // Two that could not know of each other: the first that is loaded counts, the other waits with its reason.
    assert_eq!(status(put(&app, 3, &statement(3, "experienced"))).await, 204);
    let mut third = statement(3, "experienced");
    third["timestamp"] = (seed::now() - chrono::TimeDelta::days(1)).to_rfc3339().into();
    assert_eq!(status(put(&beside, 3, &third)).await, 204);
    app.drain("ee").await;
    beside.drain("ee").await;
    assert_eq!(count(&app, "SELECT count(*) FROM raw.quarantine WHERE reason = 'conflict'").await, 1);
    assert_eq!(count(&app, &format!("SELECT count(*) FROM core.event WHERE event_id = '{}'", id(3))).await, 1);
    nobody_is_told(&app).await;
}

#[tokio::test]
async fn what_is_wrong_with_one_statement_keeps_all_of_the_batch_out() {
    let app = app().await;
    let mut bad = statement(2, "experienced");
    bad["actor"]["mbox"] = "mailto:canary@r.test".into();
    let (code, told) = answer(post(&app, &json!([statement(1, "experienced"), bad]))).await;
    assert_eq!((code, told["code"].as_str(), told["pointer"].as_str()), (400, Some("bad_statement"), Some("/1/actor")));
    let good = statement(1, "experienced");
    let versioned = |version: &str| app.request(Method::POST, STATEMENTS).bearer_auth("ow_ee").header(VERSION, version);
    for (request, expected) in [
        (versioned("0.95").json(&good), 400),
        (app.request(Method::POST, STATEMENTS).bearer_auth("ow_ee").json(&good), 400),
        (app.request(Method::POST, STATEMENTS).json(&good), 401),
        (app.request(Method::GET, STATEMENTS).basic_auth("ow_none", Some("")).header(VERSION, "1.0.3"), 401),
        (versioned("1.0.3").header("content-type", "text/plain").body(good.to_string()), 400),
        (lrs(&app, Method::POST, &format!("{STATEMENTS}?method=PUT")).json(&good), 400),
        (lrs(&app, Method::POST, &format!("{STATEMENTS}?statementId={}", id(1))).json(&good), 400),
        (lrs(&app, Method::PUT, STATEMENTS).json(&good), 400),
        (put(&app, 2, &good), 400),
        (put(&app, 1, &json!([good])), 400),
        (post(&app, &json!(vec![good.clone(), good.clone()])), 400),
        (post(&app, &json!((0..1001).map(|n| statement(n + 1, "read")).collect::<Vec<_>>())), 413),
        (lrs(&app, Method::GET, &format!("{STATEMENTS}?verb=x:y")), 400),
        (lrs(&app, Method::GET, &format!("{STATEMENTS}?after=x")), 400),
        (lrs(&app, Method::GET, STATEMENTS).header("origin", "https://book.example"), 403),
        (lrs(&app, Method::DELETE, STATEMENTS), 405),
        (lrs(&app, Method::GET, "/collect/v1/xapi/activities/state"), 404),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(versions(&response), ["1.0.3"], "{}", response.url());
        let (code, url) = (response.status().as_u16(), response.url().clone());
        let told: Value = response.json().await.unwrap();
        assert_eq!(code, expected, "{url} {told}");
        assert!(told["detail"].as_str().unwrap().len() > 10, "{told}");
    }
    assert_eq!(spooled(&app, "ee").len(), 0);
    // The write key of pages sends, and reads nothing.
    let app = with_options(Options { write_origins: vec!["https://book.example".into()], ..Options::default() }).await;
    assert_eq!(status(post(&app, &good)).await, 200);
    assert_eq!(status(lrs(&app, Method::GET, STATEMENTS)).await, 403);
}

fn versions(response: &Response) -> Vec<&str> {
    response.headers().get_all(VERSION).iter().map(|value| value.to_str().unwrap()).collect()
}

#[tokio::test]
async fn every_answer_says_its_version_and_what_can_be_read() {
    let app = app().await;
    let about = app.request(Method::GET, "/collect/v1/xapi/about").send().await.unwrap();
    assert_eq!((about.status().as_u16(), versions(&about)), (200, vec!["1.0.3"]));
    assert!(about.json::<Value>().await.unwrap()["version"].as_array().unwrap().contains(&json!("2.0.0")));
    let two = lrs(&app, Method::GET, STATEMENTS).send().await.unwrap();
    assert_eq!(versions(&two), ["1.0.3"]);
    let posted =
        app.request(Method::POST, STATEMENTS).bearer_auth("ow_ee").header(VERSION, "2.0").json(&statement(1, "read"));
    let posted = posted.send().await.unwrap();
    assert_eq!((posted.status().as_u16(), versions(&posted)), (200, vec!["2.0.0"]));
    let through = |response: &Response| {
        let text = response.headers()["x-experience-api-consistent-through"].to_str().unwrap().to_owned();
        chrono::DateTime::parse_from_rfc3339(&text).unwrap().to_utc()
    };
    assert!(through(&posted) < seed::now() && through(&two) < seed::now());
    let listed = async || lrs(&app, Method::GET, STATEMENTS).send().await.unwrap();
    app.clock.advance(chrono::TimeDelta::minutes(1));
    assert!(through(&listed().await) <= seed::now(), "it waits in the spool");
    app.drain("ee").await;
    assert!(through(&listed().await) > seed::now(), "all is there");
    // Nothing of it is the other tenant's.
    let us = app.request(Method::GET, STATEMENTS).bearer_auth("ow_us").header(VERSION, "1.0.3");
    assert_eq!(answer(us).await.1["statements"], json!([]));
}

#[tokio::test]
async fn a_statement_that_waits_is_released_once_what_was_missing_is_there() {
    let app = app().await;
    let mut unknown = statement(1, "experienced");
    unknown["context"]["extensions"]["https://r.test/school"] = "S77".into();
    assert_eq!(status(post(&app, &unknown)).await, 200);
    let mut viewed = item(2, "ViewEvent", "Viewed", page());
    viewed["extensions"]["school"] = "S77".into();
    assert_eq!(answer(sensor(&app, "ow_ee").json(&envelope(&[viewed]))).await.0, 202);
    app.drain("ee").await;
    assert_eq!(count(&app, "SELECT count(*) FROM raw.quarantine WHERE reason = 'unknown_school'").await, 2);
    bring_in_school_77(&app).await;
    let cookie = app.sign_in("owner").await;
    let release = app.as_browser(&cookie, Method::POST, "/api/v1/quarantine/release").json(&json!({"site": "ee"}));
    let (code, told) = answer(release).await;
    assert_eq!((code, &told["tried"], &told["loaded"]), (200, &json!(2), &json!(2)), "{told}");
    assert_eq!(count(&app, "SELECT count(*) FROM core.event").await, 2);
}
