//! The contract keeps its own rules, and the app keeps the contract.

use reqwest::{Method, Response};
use serde_json::{Value, json};
use testkit::TestApp;

#[test]
fn every_operation_has_an_id_of_its_own() {
    let document = serde_json::to_value(api::openapi()).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_string()), "{method} {path}: {id} is taken");
        }
    }
}

/// (method, path, operation) of the whole document.
fn operations(document: &Value) -> Vec<(&String, &String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |(m, o)| (m, path, o))).collect()
}

#[test]
fn every_operation_says_what_the_layers_before_it_answer() {
    let document = serde_json::to_value(api::openapi()).unwrap();
    for (method, path, operation) in operations(&document) {
        let responses = operation["responses"].as_object().unwrap();
        let mut wanted = vec!["400", "500", "504"];
        if operation["requestBody"].is_object() {
            wanted.extend(["413", "415"]);
        }
        if responses.contains_key("401") {
            wanted.extend(["403", "404", "429", "503"]);
        }
        if method != "get" {
            wanted.push("403");
        }
        for status in wanted {
            assert!(responses.contains_key(status), "{method} {path} does not say {status}");
        }
    }
}

#[test]
fn every_refusal_is_a_problem_and_every_answer_has_words() {
    let document = serde_json::to_value(api::openapi()).unwrap();
    for (method, path, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let at = format!("{method} {path} {status}");
            assert!(response["description"].as_str().is_some_and(|words| !words.is_empty()), "{at} has no words");
            let media: Vec<&String> = response["content"].as_object().iter().flat_map(|c| c.keys()).collect();
            // What is not ready says how much of it is, as what is ready does.
            let is_readiness = path == "/health/ready" && status == "503";
            if status.as_str() >= "400" && !is_readiness {
                assert_eq!(media, ["application/problem+json"], "{at}");
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{at}");
            } else {
                assert!(!media.iter().any(|m| *m == "application/problem+json"), "{at}");
            }
        }
    }
}

/// What was answered is in the document, with its media type.
pub fn assert_documented(document: &Value, method: &str, path: &str, answered: &Response) {
    let status = answered.status().as_u16().to_string();
    let said = &document["paths"][path][method.to_lowercase()]["responses"][&status];
    assert!(said.is_object(), "{method} {path} answers {status}, which the document does not say");
    let Some(media) = answered.headers().get("content-type").filter(|_| said["content"].is_object()) else { return };
    let media = media.to_str().unwrap().split(';').next().unwrap();
    assert!(said["content"][media].is_object(), "{method} {path} answers {status} as {media}: {said}");
}

#[tokio::test]
async fn what_goes_wrong_before_a_handler_is_answered_as_the_document_says() {
    let app = TestApp::start().await;
    let document = serde_json::to_value(api::openapi()).unwrap();
    let cookie = app.sign_in("owner").await;
    let (get, put, post) = (Method::GET, Method::PUT, Method::POST);
    let cases = [
        (get.clone(), "/api/v1/schools/{code}", app.as_browser(&cookie, get.clone(), "/api/v1/schools/%FF"), 404),
        (get.clone(), "/api/v1/schools/{code}", app.as_browser(&cookie, get.clone(), "/api/v1/schools/a%00"), 404),
        (get.clone(), "/api/v1/books", app.as_browser(&cookie, get.clone(), "/api/v1/books?q=%00"), 400),
        (get.clone(), "/health/live", app.request(get.clone(), "/health/live?q=%00"), 400),
        (get.clone(), "/api/v1/books", app.as_browser(&cookie, get.clone(), "/o/none/api/v1/books"), 404),
        (
            get.clone(),
            "/api/v1/books",
            app.request(get.clone(), "/api/v1/books").header("authorization", "Basic x"),
            401,
        ),
        (
            put.clone(),
            "/api/v1/pools/{site}/{month}",
            app.as_browser(&cookie, put.clone(), "/api/v1/pools/ee/2026-01").body("{}"),
            415,
        ),
        (
            put.clone(),
            "/api/v1/pools/{site}/{month}",
            app.as_browser(&cookie, put.clone(), "/api/v1/pools/ee/2026-01").json(&"x".repeat(300_000)),
            413,
        ),
        (
            put.clone(),
            "/api/v1/pools/{site}/{month}",
            app.as_browser(&cookie, put, "/api/v1/pools/ee/2026-01").header("sec-fetch-site", "cross-site"),
            403,
        ),
        (
            post.clone(),
            "/api/v1/query",
            app.as_user("owner", post, "/api/v1/query").json(&json!({ "metrics": 1 })),
            400,
        ),
        (
            get.clone(),
            "/api/v1/query",
            app.as_user("owner", get, "/api/v1/query?metrics=views&from=2026-01-01&to=2026-01-31&format=csv"),
            200,
        ),
    ];
    for (method, path, request, status) in cases {
        let answered = request.send().await.unwrap();
        assert_eq!(answered.status().as_u16(), status, "{method} {path}");
        assert_documented(&document, method.as_str(), path, &answered);
    }
}
