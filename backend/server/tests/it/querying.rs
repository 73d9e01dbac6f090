//! The query route: forms, formats, comparisons, notes, the cache.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{TestApp, seed};

#[tokio::test]
async fn get_and_post_and_csv_give_the_same_numbers() {
    let app = TestApp::start().await;
    let question = json!({"metrics": ["views", "readers", "minutes"], "dimensions": ["book"], "grain": "month",
        "from": "2026-01-01", "to": "2026-03-31", "order": [{"by": "readers", "desc": true}], "limit": 20});
    let posted = app.ask("owner", &question).await;
    let path = "/api/v1/query?metrics=views,readers,minutes&dimensions=book&grain=month&from=2026-01-01&to=2026-03-31&order=-readers&limit=20";
    let got: Value = app.get("owner", path).await.json().await.unwrap();
    assert_eq!(posted["rows"], got["rows"]);
    assert_eq!(posted["rows"].as_array().unwrap().len(), 20);
    assert_eq!(posted["complete"], false);

    let response = app.as_user("owner", Method::GET, path).header("accept", "text/csv").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    let text = response.text().await.unwrap();
    let (table, trailer) = text.split_once("# ").unwrap();
    assert!(trailer.starts_with("20 of "), "{trailer}");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["month", "book", "book_name", "views", "readers", "minutes"]);
    let from_csv: Vec<Vec<String>> =
        reader.records().map(|r| r.unwrap().iter().map(str::to_string).collect()).collect();
    let plain = |v: &Value| match v {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    let from_json: Vec<Vec<String>> =
        posted["rows"].as_array().unwrap().iter().map(|r| r.as_array().unwrap().iter().map(plain).collect()).collect();
    assert_eq!(from_csv, from_json);
}

#[tokio::test]
async fn a_comparison_is_the_other_ranges_own_answer() {
    let app = TestApp::start().await;
    let ask = async |from: &str, to: &str, compare: Option<&str>| {
        let mut question = json!({"metrics": ["views", "readers"], "grain": "day", "from": from, "to": to});
        if let Some(compare) = compare {
            question["compare"] = compare.into();
        }
        app.ask("owner", &question).await
    };
    let compared = ask("2026-02-08", "2026-02-14", Some("previous_period")).await;
    let before = ask("2026-02-01", "2026-02-07", None).await;
    for (row, earlier) in compared["rows"].as_array().unwrap().iter().zip(before["rows"].as_array().unwrap()) {
        assert_eq!((&row[3], &row[4]), (&earlier[1], &earlier[2]));
    }
    assert_eq!(compared["totals"]["readers_previous"], before["totals"]["readers"]);
}

#[tokio::test]
async fn notes_say_what_one_has_to_know() {
    let app = TestApp::start().await;
    let notes = async |question: Value| -> Vec<(String, Value)> {
        let answer = app.ask("owner", &question).await;
        let note = |n: &Value| (n["code"].as_str().unwrap().to_string(), n["period"].clone());
        answer["notes"].as_array().unwrap().iter().map(note).collect()
    };
    let weeks = json!({"metrics": ["views"], "grain": "week", "from": "2026-03-04", "to": "2026-04-02"});
    let partial = |label: &str| ("partial_period".to_string(), Value::from(label));
    assert_eq!(notes(weeks).await, [partial("2026-W10"), partial("2026-W14")]);
    let month = json!({"metrics": ["views"], "grain": "month", "from": "2026-04-01", "to": "2026-04-30"});
    assert_eq!(notes(month).await, [partial("2026-04")]);
    let nothing = json!({"metrics": ["views"], "from": "2020-01-01", "to": "2020-01-31"});
    assert_eq!(notes(nothing).await, [("empty".to_string(), Value::Null)]);
    let grades = json!({"metrics": ["views"], "dimensions": ["grade"], "from": "2026-01-01", "to": "2026-01-31"});
    assert_eq!(notes(grades).await, [("multi_valued".to_string(), Value::Null)]);
}

#[tokio::test]
async fn a_question_that_no_rollup_keeps_is_read_from_the_events_if_they_are_few() {
    let app = TestApp::start().await;
    let question =
        json!({"metrics": ["views"], "dimensions": ["school", "device"], "from": "2026-01-01", "to": "2026-03-31"});
    assert_eq!(app.ask("owner", &question).await["plan"]["rollup"], "events");

    // Not the very question, whose answer is in the shared cache by now.
    let mut question = question;
    question["metrics"] = json!(["readers"]);
    let app = TestApp::with_most_events(app.db, 100.0).await;
    let response = app.as_user("owner", Method::POST, "/api/v1/query").json(&question).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["code"], "cannot_answer");
    assert!(problem["detail"].as_str().unwrap().contains("too many to read"), "{problem}");
    let kept = json!({"metrics": ["views"], "dimensions": ["school"], "from": "2026-01-01", "to": "2026-03-31"});
    assert_eq!(app.ask("owner", &kept).await["plan"]["rollup"], "school", "what a rollup keeps is not bounded");
}

#[tokio::test]
async fn bad_questions_are_problems_with_a_pointer() {
    let app = TestApp::start().await;
    let send = async |body: &str| {
        let request = app.as_user("owner", Method::POST, "/api/v1/query").header("content-type", "application/json");
        let response = request.body(body.to_string()).send().await.unwrap();
        let status = response.status().as_u16();
        let problem: Value = response.json().await.unwrap();
        (
            status,
            problem["code"].as_str().unwrap().to_string(),
            problem["pointer"].as_str().unwrap_or_default().to_string(),
        )
    };
    assert_eq!(send("{").await, (400, "bad_json".into(), String::new()));
    assert_eq!(
        send(r#"{"metrics":["views"],"from":"2026-01-01","to":"2026-01-31","sites":["ee"]}"#).await.1,
        "unknown_field"
    );
    assert_eq!(
        send(r#"{"metrics":["x"],"from":"2026-01-01","to":"2026-01-31"}"#).await,
        (400, "unknown_metric".into(), "/metrics/0".into())
    );
    assert_eq!(
        send(r#"{"metrics":["views"],"from":"2026-01-01","to":"9999999-01-31"}"#).await,
        (400, "bad_range".into(), "/to".into())
    );
    let form = app
        .as_user("owner", Method::POST, "/api/v1/query")
        .header("content-type", "text/plain")
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(form.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let large = app.as_user("owner", Method::POST, "/api/v1/query").json(&"x".repeat(300_000)).send().await.unwrap();
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_refresh_makes_the_cached_answer_unreachable() {
    let app = TestApp::start().await;
    let path = "/api/v1/query?metrics=views&from=2026-01-01&to=2026-03-31";
    let get = async || {
        let response = app.get("owner", path).await;
        let cache = response.headers()["x-octavo-cache"].to_str().unwrap().to_string();
        let answer: Value = response.json().await.unwrap();
        (cache, answer["totals"]["views"].as_i64().unwrap())
    };
    let (first, views) = get().await;
    assert_eq!(first, "miss");
    assert_eq!(get().await, ("hit".to_string(), views));
    let loaded = seed::load(&app.db, "us", "late", seed::events(50, "us", 400)).await.loaded;
    ingest::rollup::refresh::refresh_all(&app.db.warehouse, &app.db.model, seed::now()).await.unwrap();
    app.engine.renew().await.unwrap();
    let (cache, more) = get().await;
    assert_eq!(cache, "miss");
    assert!(more > views && more < views + loaded as i64, "{views} → {more}");
}

#[tokio::test]
async fn an_explanation_tells_everybody_why_and_the_owner_alone_how_much() {
    let app = TestApp::start().await;
    let question = json!({"metrics": ["readers"], "dimensions": ["book"], "from": "2026-01-01", "to": "2026-03-31"});
    let explained = async |user: &str, path: &str| -> Value {
        let response = app.as_user(user, Method::POST, path).json(&question).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    };
    let owner = explained("owner", "/api/v1/query?explain=true").await;
    let candidates = owner["explanation"]["candidates"].as_array().unwrap();
    let chosen: Vec<&Value> = candidates.iter().filter(|c| c["chosen"] == true).collect();
    assert_eq!(chosen.len(), 1);
    assert_eq!(chosen[0]["source"], owner["plan"]["rollup"]);
    assert!(chosen[0]["estimated_rows"].as_u64().unwrap() > 0);
    assert_eq!(candidates.len(), app.db.model.rollups.len() + 1, "each rollup has its verdict, and the events");
    let words = owner["explanation"]["words"].to_string();
    assert!(words.contains("school cannot answer: school does not keep book"), "{words}");
    assert_eq!(owner["rows"], app.ask("owner", &question).await["rows"], "the answer is the same");

    let publisher = explained("publisher", "/api/v1/query?explain=true").await["explanation"].to_string();
    assert!(publisher.contains("chosen") && !publisher.contains("estimated"), "{publisher}");
    assert!(app.ask("owner", &question).await.get("explanation").is_none());
    let wrong =
        app.as_user("owner", Method::POST, "/api/v1/query?explain=perhaps").json(&question).send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    assert_eq!(wrong.json::<Value>().await.unwrap()["code"], "bad_parameter");
}

#[tokio::test]
async fn an_answer_is_as_fresh_as_the_site_that_lags_most() {
    let app = TestApp::start().await;
    let ask = async |sites: Value| {
        let filters = json!([{"dimension": "site", "in": sites}]);
        let question = json!({"metrics": ["views"], "from": "2026-01-01", "to": "2026-03-31", "filters": filters});
        app.ask("owner", &question).await
    };
    let (first, later) = ("2026-04-02T12:00:00Z", "2026-04-02T13:00:00Z");
    seed::load(&app.db, "ee", "later", seed::events(90, "ee", 50)).await;
    app.engine.renew().await.unwrap();
    let waiting = ask(json!(["ee", "us"])).await;
    assert!(waiting["freshness"]["ee"]["pending"].as_i64().unwrap() > 0, "what waits is said");
    assert_eq!(waiting["freshness"]["us"]["pending"], 0);

    let directory = reference::read::directory(&app.db.warehouse).await.unwrap();
    let ee = directory.site("ee").unwrap();
    let now = later.parse().unwrap();
    while ingest::rollup::refresh::refresh(&app.db.warehouse, &app.db.model, ee, now).await.unwrap().pending > 0 {}
    app.engine.renew().await.unwrap();
    let both = ask(json!(["ee", "us"])).await;
    assert_eq!((&both["as_of"], &both["freshness"]["ee"]["refreshed_at"]), (&json!(first), &json!(later)));
    assert_eq!(both["freshness"]["ee"]["pending"], 0);
    assert_eq!(ask(json!(["ee"])).await["as_of"], later);
}
