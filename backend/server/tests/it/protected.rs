//! What an official gets: the published table, small cells hidden and marked, never zero.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::TestApp;

fn table() -> Value {
    json!({"metrics": ["active", "pupils_active", "teachers_active", "readers", "views"], "dimensions": ["region", "school"],
        "grain": "month", "from": "2026-01-01", "to": "2026-03-31", "limit": 10000})
}

#[tokio::test]
async fn small_cells_are_hidden_with_what_would_give_them_away() {
    let app = TestApp::start().await;
    let exact = app.ask("owner", &table()).await;
    let answer = app.ask("official", &table()).await;
    assert_eq!(answer["totals"], json!({}));
    let rows = answer["rows"].as_array().unwrap();
    assert!(!rows.is_empty());
    let mut hidden_schools = 0;
    for row in rows {
        let same = |other: &&Value| (0..5).all(|i| other[i] == row[i]);
        let truth = exact["rows"].as_array().unwrap().iter().find(same).expect("the owner sees it too");
        assert_eq!(row[1], "ee:harju");
        for i in 5..10 {
            if row[i] == "c" {
                continue;
            }
            assert_eq!(row[i], truth[i], "what is shown is exact: {row}");
            assert!(i == 9 || row[i] == 0 || row[i].as_i64().unwrap() >= 10, "fewer than ten are shown: {row}");
        }
        hidden_schools += u32::from(row[5] == "c");
    }
    // S3 has four persons; one more school is hidden with it every month.
    assert!(hidden_schools >= 6, "{answer}");
    assert!(answer["notes"].as_array().unwrap().iter().any(|n| n["code"] == "hidden"), "{answer}");

    let csv = app.as_user("official", Method::POST, "/api/v1/query").header("accept", "text/csv").json(&table()).send();
    let csv = csv.await.unwrap().text().await.unwrap();
    assert!(csv.lines().any(|l| l.contains("ee:S3") && l.ends_with(",c,c,c,c,c")), "{csv}");
    assert!(csv.lines().last().unwrap().starts_with("# "), "{csv}");
}

#[tokio::test]
async fn hidden_cells_are_the_same_however_one_asks() {
    let app = TestApp::start().await;
    let whole = app.ask("official", &table()).await;
    let hidden = |answer: &Value, school: usize, active: usize| -> Vec<String> {
        let rows = answer["rows"].as_array().unwrap().iter().filter(|r| r[active] == "c");
        let mut out: Vec<String> = rows.map(|r| format!("{} {}", r[0], r[school])).collect();
        out.sort();
        out
    };
    let by_school = json!({"metrics": ["active"], "dimensions": ["school"], "grain": "month", "from": "2026-01-01", "to": "2026-03-31"});
    let by_school = app.ask("official", &by_school).await;
    assert_eq!(hidden(&whole, 3, 5), hidden(&by_school, 1, 3));
    // One month, one school: what was hidden in the table stays hidden alone.
    let one = json!({"metrics": ["active"], "dimensions": ["school"], "grain": "month", "from": "2026-02-01", "to": "2026-02-28",
        "filters": [{"dimension": "school", "in": ["ee:S3"]}]});
    assert_eq!(app.ask("official", &one).await["rows"][0][3], "c");
}

#[tokio::test]
async fn what_could_be_subtracted_is_refused() {
    let app = TestApp::start().await;
    let base = table();
    let mut cases = Vec::new();
    for (field, value) in [
        ("grain", json!("day")),
        ("grain", Value::Null),
        ("from", json!("2026-01-02")),
        ("to", json!("2026-04-30")),
        ("compare", json!("previous_period")),
        ("dimensions", json!(["role"])),
        ("dimensions", json!(["site"])),
        ("filters", json!([{"dimension": "role", "in": ["student"]}])),
    ] {
        let mut question = base.clone();
        question[field] = value;
        cases.push(question);
    }
    let mut summed = base.clone();
    summed["dimensions"] = json!([]);
    summed["filters"] = json!([{"dimension": "school", "not_in": ["ee:S3"]}]);
    cases.push(summed);
    for question in cases {
        let response = app.as_user("official", Method::POST, "/api/v1/query").json(&question).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{question}");
    }
}
