//! GraphQL over HTTP: what it refuses, and what documents that are kept mean.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::{Options, TestApp};

/// The codes of a response's errors.
pub fn codes(response: &Value) -> Vec<&str> {
    let errors = response["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors.iter().map(|e| e["extensions"]["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_is_anothers_and_what_is_missing_are_the_same_bytes() {
    let app = TestApp::start().await;
    let send = async |user: &str, field: &str, code: &str| {
        let document = json!({"query": format!("query($code: String!) {{ {field}(code: $code) {{ name }} }}"),
            "variables": {"code": code}});
        let response = app.as_user(user, Method::POST, "/graphql").json(&document).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.text().await.unwrap()
    };
    for (user, field, other, missing) in [
        ("school", "school", "ee:S2", "ee:S99"),
        ("school", "region", "ee:tartu", "ee:none"),
        ("school", "site", "us", "xx"),
        ("publisher", "book", "9780000000001", "1"),
        ("publisher", "publisher", "cedar", "none"),
        ("official", "school", "ee:S7", "ee:S99"),
    ] {
        let (a, b) = (send(user, field, other).await, send(user, field, missing).await);
        assert_eq!(a, b, "{user} {field}");
        assert!(a.contains(r#""code":"not_found""#) && a.contains(&format!(r#""data":{{"{field}":null}}"#)), "{a}");
    }
    // Neither does a cursor tell whether another's thing is there: the cursor of S2, and of none.
    let after = |cursor: &str| format!(r#"{{ schools(after: "{cursor}") {{ totalCount }} }}"#);
    let (other, missing) =
        (app.graphql("school", &after("ImVlOlMyIg")).await, app.graphql("school", &after("Inh4Ig")).await);
    assert_eq!(other, missing);
}

#[tokio::test]
async fn one_fields_failure_leaves_the_others() {
    let app = TestApp::start().await;
    let document = r#"{ me { role } answer(question: {metrics: ["nonsense"], from: "2026-01-01", to: "2026-01-31"}) { complete } }"#;
    let response = app.graphql("school", document).await;
    assert_eq!(response["data"], json!({"me": {"role": "school_admin"}, "answer": null}));
    assert_eq!(codes(&response), ["unknown_metric"]);
    assert_eq!(response["errors"][0]["path"], json!(["answer"]));
}

#[tokio::test]
async fn what_is_no_request_is_a_problem() {
    let app = TestApp::start().await;
    let body = json!({"query": "{ me { role } }"});
    let post = || app.as_user("owner", Method::POST, "/graphql");
    let code = async |request: reqwest::RequestBuilder| {
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        (response.status().as_u16(), response.json::<Value>().await.unwrap()["code"].as_str().unwrap().to_string())
    };
    assert_eq!(code(app.request(Method::POST, "/graphql").json(&body)).await, (401, "sign_in".into()));
    assert_eq!(
        code(app.as_user("owner", Method::GET, "/graphql?query={me{role}}")).await,
        (405, "method_not_allowed".into())
    );
    assert_eq!(
        code(post().header("content-type", "text/plain").body(body.to_string())).await,
        (415, "media_type".into())
    );
    let form = "multipart/form-data; boundary=x";
    assert_eq!(code(post().header("content-type", form).body("--x--")).await, (415, "media_type".into()));
    assert_eq!(code(post().json(&json!([body, body]))).await, (400, "bad_json".into()));
    assert_eq!(code(post().json(&json!(["{ me { role } }"]))).await, (400, "bad_json".into()));
    assert_eq!(code(post().json(&json!({"query": 1}))).await, (400, "bad_json".into()));
    let deep =
        format!(r#"{{"query": "{{ me {{ role }} }}", "variables": {{"a": {}{}}}}}"#, "[".repeat(500), "]".repeat(500));
    assert_eq!(code(post().header("content-type", "application/json").body(deep)).await, (400, "bad_json".into()));
    assert_eq!(code(post().json(&"x".repeat(300_000))).await, (413, "too_large".into()));
    let cookie = app.sign_in("owner").await;
    let forged =
        app.request(Method::POST, "/graphql").header("cookie", cookie).header("origin", "https://evil.example");
    assert_eq!(code(forged.json(&body)).await, (403, "cross_site".into()));
}

#[tokio::test]
async fn documents_that_cannot_be_run_are_refused_with_a_code() {
    let app = TestApp::start().await;
    for body in [
        json!({"query": ""}),
        json!({"query": "{ me { role }"}),
        json!({"query": "{ nonsense }"}),
        json!({"query": "query A { me { role } } query B { me { role } }"}),
        json!({"query": "query A { me { role } } query B { me { role } }", "operationName": "C"}),
        json!({"query": "mutation { me { role } }"}),
        json!({"query": "subscription { answer(question: {metrics: [], from: \"\", to: \"\"}) { complete } }"}),
        json!({"query": "query($code: String!) { school(code: $code) { code } }"}),
        json!({"query": "query($code: String!) { school(code: $code) { code } }", "variables": {"code": 1}}),
        json!({"query": "{ school(code: \"a\", code: \"b\") { code } }"}),
        json!({"query": "{ me { role } } fragment Unused on Query { me { role } }"}),
        json!({"query": "{ me @cut { role } }"}),
    ] {
        let request = app.as_user("owner", Method::POST, "/graphql").json(&body);
        let response = request.header("accept", "application/graphql-response+json").send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(response.headers()["content-type"], "application/graphql-response+json");
        let response: Value = response.json().await.unwrap();
        assert!(codes(&response).iter().all(|c| *c == "bad_document"), "{body} → {response}");
        assert!(!codes(&response).is_empty(), "{body}");
        assert_eq!(response["data"], Value::Null);
    }
    let empty = json!({"query": "{ me { role } }", "variables": null, "operationName": null});
    let request = app.as_user("owner", Method::POST, "/graphql").json(&empty);
    let response: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(response, json!({"data": {"me": {"role": "owner"}}}));
    let two = json!({"query": "query A { me { role } } query B { me { lens } }", "operationName": "B"});
    let response: Value =
        app.as_user("owner", Method::POST, "/graphql").json(&two).send().await.unwrap().json().await.unwrap();
    assert_eq!(response, json!({"data": {"me": {"lens": "exact"}}}));
}

#[tokio::test]
async fn the_schema_is_told_and_hinted_at_in_development_only() {
    let app = TestApp::start().await;
    for document in
        ["{ __schema { types { name } } }", r#"{ __type(name: "School") { name } }"#, "{ schoolz { code } }"]
    {
        let text = app.graphql("owner", document).await.to_string();
        assert!(text.contains("Unknown field") && !text.contains("Did you mean"), "{text}");
    }
    let text = app.graphql("owner", "{ schools(frist: 1) { totalCount } }").await.to_string();
    assert!(text.contains("Unknown argument") && !text.contains("Did you mean"), "{text}");

    let app = TestApp::start_with(Options { introspection: true, ..Options::default() }).await;
    let response = app.graphql("owner", "{ __schema { queryType { name } } }").await;
    assert_eq!(response["data"]["__schema"]["queryType"]["name"], "Query");
    let hint = app.graphql("publisher", "{ schoolz { code } }").await.to_string();
    assert!(
        hint.contains("Unknown field") && !hint.contains("\"schools\""),
        "not even a hint at what is not there: {hint}"
    );
    assert!(app.graphql("owner", "{ schoolz { code } }").await.to_string().contains("Did you mean"));
}

#[tokio::test]
async fn a_persisted_document_is_a_text_that_runs_under_each_callers_own_scope() {
    let app = TestApp::start().await;
    let document = "{ schools { nodes { name } } }";
    let hash = hex::encode(Sha256::digest(document));
    let persisted = |hash: &str, version: i32| json!({"persistedQuery": {"version": version, "sha256Hash": hash}});
    let send = async |user: &str, body: Value| {
        let request = app.as_user(user, Method::POST, "/graphql").json(&body);
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let by_hash = json!({"extensions": persisted(&hash, 1)});
    let unknown = send("school", by_hash.clone()).await;
    assert_eq!(codes(&unknown), ["persisted_query"]);
    assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound");
    for wrong in [persisted(&"0".repeat(64), 1), persisted(&hash, 2), json!({"persistedQuery": 1})] {
        assert_eq!(codes(&send("school", json!({"query": document, "extensions": wrong})).await), ["persisted_query"]);
    }
    let first = send("school", json!({"query": document, "extensions": persisted(&hash, 1)})).await;
    assert_eq!(first["data"]["schools"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(send("school", by_hash.clone()).await, first);
    let other = send("other_school", by_hash.clone()).await.to_string();
    assert!(other.contains("CANARY-us-N1") && !other.contains("CANARY-ee"), "{other}");
    // A role that has no schools has none of this document either.
    assert_eq!(codes(&send("publisher", by_hash).await), ["bad_document"]);
}
