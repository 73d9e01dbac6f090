//! Tenants do not see each other: every route, every role, other and missing alike, and never a canary.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use testkit::TestApp;

use crate::contracts::assert_documented;

const ROLES: &[&str] = &["owner", "school", "publisher", "official", "operator"];

type Row = (&'static str, &'static str, u16, [u16; 5], [u16; 5]);

/// Method and path as the document has them → status for nobody, then for each of [`ROLES`] signed in, and with a key of all
/// scopes. A route that is not here fails the test, so that none is added without saying who may use it. Signing out comes last.
const MATRIX: &[Row] = &[
    ("post", "/api/v1/session", 400, [400, 400, 400, 400, 400], [400, 400, 400, 400, 400]),
    ("get", "/api/v1/session", 401, [200, 200, 200, 200, 200], [200, 200, 200, 200, 200]),
    ("post", "/api/v1/session/proof", 401, [401, 401, 401, 401, 401], [403, 403, 403, 403, 403]),
    ("get", "/api/v1/identity-providers", 200, [200, 200, 200, 200, 200], [200, 200, 200, 200, 200]),
    ("get", "/auth/{provider}/start", 404, [404, 404, 404, 404, 404], [404, 404, 404, 404, 404]),
    ("get", "/auth/{provider}/callback", 404, [404, 404, 404, 404, 404], [404, 404, 404, 404, 404]),
    ("get", "/api/v1/account", 401, [200, 200, 200, 200, 200], [403, 403, 403, 403, 403]),
    ("put", "/api/v1/account", 401, [400, 400, 400, 400, 400], [403, 403, 403, 403, 403]),
    ("put", "/api/v1/account/password", 401, [400, 400, 400, 400, 400], [403, 403, 403, 403, 403]),
    ("post", "/api/v1/account/email", 401, [400, 400, 400, 400, 400], [403, 403, 403, 403, 403]),
    ("post", "/api/v1/account/two-factor", 401, [200, 200, 200, 200, 200], [403, 403, 403, 403, 403]),
    ("put", "/api/v1/account/two-factor", 401, [400, 400, 400, 400, 400], [403, 403, 403, 403, 403]),
    ("delete", "/api/v1/account/two-factor", 401, [204, 204, 204, 204, 204], [403, 403, 403, 403, 403]),
    ("post", "/api/v1/account/recovery-codes", 401, [404, 404, 404, 404, 404], [403, 403, 403, 403, 403]),
    ("get", "/api/v1/account/sessions", 401, [200, 200, 200, 200, 200], [403, 403, 403, 403, 403]),
    ("delete", "/api/v1/account/sessions", 401, [204, 204, 204, 204, 204], [403, 403, 403, 403, 403]),
    ("delete", "/api/v1/account/sessions/{id}", 401, [404, 404, 404, 404, 404], [403, 403, 403, 403, 403]),
    ("post", "/api/v1/password-resets", 400, [400, 400, 400, 400, 400], [400, 400, 400, 400, 400]),
    ("put", "/api/v1/password-resets", 400, [400, 400, 400, 400, 400], [400, 400, 400, 400, 400]),
    ("post", "/api/v1/email-changes", 400, [400, 400, 400, 400, 400], [400, 400, 400, 400, 400]),
    ("post", "/api/v1/invitations/read", 400, [400, 400, 400, 400, 400], [400, 400, 400, 400, 400]),
    ("post", "/api/v1/invitations/accept", 400, [400, 400, 400, 400, 400], [400, 400, 400, 400, 400]),
    ("get", "/api/v1/organisations", 401, [200, 200, 200, 200, 200], [403, 403, 403, 403, 403]),
    ("post", "/api/v1/organisations", 401, [400, 403, 403, 403, 403], [403, 403, 403, 403, 403]),
    ("get", "/api/v1/organisations/{organisation}", 401, [404, 404, 404, 404, 404], [403, 403, 403, 403, 403]),
    ("put", "/api/v1/organisations/{organisation}", 401, [400, 400, 400, 400, 403], [403, 403, 403, 403, 403]),
    ("get", "/api/v1/organisations/{organisation}/people", 401, [404, 404, 404, 404, 404], [403, 403, 403, 403, 403]),
    (
        "put",
        "/api/v1/organisations/{organisation}/people/{account}",
        401,
        [400, 400, 400, 400, 403],
        [403, 403, 403, 403, 403],
    ),
    (
        "delete",
        "/api/v1/organisations/{organisation}/people/{account}",
        401,
        [404, 404, 404, 404, 403],
        [403, 403, 403, 403, 403],
    ),
    (
        "post",
        "/api/v1/organisations/{organisation}/invitations",
        401,
        [400, 400, 400, 400, 403],
        [403, 403, 403, 403, 403],
    ),
    (
        "delete",
        "/api/v1/organisations/{organisation}/invitations/{id}",
        401,
        [404, 404, 404, 404, 403],
        [403, 403, 403, 403, 403],
    ),
    (
        "post",
        "/api/v1/organisations/{organisation}/invitations/{id}/again",
        401,
        [404, 404, 404, 404, 403],
        [403, 403, 403, 403, 403],
    ),
    ("put", "/api/v1/accounts/{account}/active", 401, [400, 403, 403, 403, 403], [403, 403, 403, 403, 403]),
    ("delete", "/api/v1/accounts/{account}/sessions", 401, [404, 403, 403, 403, 403], [403, 403, 403, 403, 403]),
    ("get", "/api/v1/keys", 401, [200, 200, 200, 200, 403], [403, 403, 403, 403, 403]),
    ("post", "/api/v1/keys", 401, [400, 400, 400, 400, 403], [403, 403, 403, 403, 403]),
    ("delete", "/api/v1/keys/{id}", 401, [404, 404, 404, 404, 403], [403, 403, 403, 403, 403]),
    ("post", "/api/v1/keys/{id}/rotation", 401, [400, 400, 400, 400, 403], [403, 403, 403, 403, 403]),
    ("get", "/api/v1/audit", 401, [200, 200, 200, 200, 403], [403, 403, 403, 403, 403]),
    ("post", "/api/v1/viewings", 401, [400, 403, 403, 403, 400], [403, 403, 403, 403, 403]),
    ("delete", "/api/v1/viewings", 401, [204, 204, 204, 204, 204], [403, 403, 403, 403, 403]),
    ("get", "/api/v1/access", 401, [200, 200, 200, 200, 200], [403, 403, 403, 403, 403]),
    ("get", "/api/v1/catalog", 401, [200, 200, 200, 200, 403], [200, 200, 200, 200, 403]),
    ("post", "/api/v1/query", 401, [400, 400, 400, 400, 403], [400, 400, 400, 400, 403]),
    ("get", "/api/v1/query", 401, [400, 400, 400, 400, 403], [400, 400, 400, 400, 403]),
    ("get", "/api/v1/sites", 401, [200, 200, 200, 200, 403], [200, 200, 200, 200, 403]),
    ("get", "/api/v1/sites/{code}", 401, [404, 404, 404, 404, 403], [404, 404, 404, 404, 403]),
    ("get", "/api/v1/regions", 401, [200, 200, 200, 200, 403], [200, 200, 200, 200, 403]),
    ("get", "/api/v1/regions/{code}", 401, [404, 404, 404, 404, 403], [404, 404, 404, 404, 403]),
    ("get", "/api/v1/schools", 401, [200, 200, 200, 200, 403], [200, 200, 200, 200, 403]),
    ("get", "/api/v1/schools/{code}", 401, [404, 404, 404, 404, 403], [404, 404, 404, 404, 403]),
    ("get", "/api/v1/publishers", 401, [200, 200, 200, 200, 403], [200, 200, 200, 200, 403]),
    ("get", "/api/v1/publishers/{code}", 401, [404, 404, 404, 404, 403], [404, 404, 404, 404, 403]),
    ("get", "/api/v1/books", 401, [200, 200, 200, 200, 403], [200, 200, 200, 200, 403]),
    ("get", "/api/v1/books/{code}", 401, [404, 404, 404, 404, 403], [404, 404, 404, 404, 403]),
    ("get", "/api/v1/live", 401, [200, 200, 200, 403, 403], [200, 200, 200, 403, 403]),
    ("get", "/api/v1/data-health", 401, [200, 403, 403, 403, 200], [403, 403, 403, 403, 403]),
    ("get", "/api/v1/quarantine", 401, [200, 403, 403, 403, 200], [403, 403, 403, 403, 403]),
    ("post", "/api/v1/quarantine/release", 401, [400, 403, 403, 403, 403], [403, 403, 403, 403, 403]),
    ("get", "/api/v1/aliases", 401, [200, 403, 403, 403, 200], [403, 403, 403, 403, 403]),
    ("post", "/api/v1/aliases", 401, [400, 403, 403, 403, 403], [403, 403, 403, 403, 403]),
    ("delete", "/api/v1/aliases", 401, [400, 403, 403, 403, 403], [403, 403, 403, 403, 403]),
    ("get", "/api/v1/write-keys", 401, [200, 403, 403, 403, 200], [403, 403, 403, 403, 403]),
    ("post", "/api/v1/write-keys", 401, [400, 403, 403, 403, 403], [403, 403, 403, 403, 403]),
    ("delete", "/api/v1/write-keys/{key}", 401, [404, 403, 403, 403, 403], [403, 403, 403, 403, 403]),
    ("post", "/collect/v1/events", 400, [400, 400, 400, 400, 400], [400, 400, 400, 400, 400]),
    ("post", "/collect/v1/caliper", 401, [401, 401, 401, 401, 401], [400, 403, 403, 403, 403]),
    ("get", "/collect/v1/xapi/about", 200, [200, 200, 200, 200, 200], [200, 200, 200, 200, 200]),
    ("get", "/collect/v1/xapi/statements", 401, [401, 401, 401, 401, 401], [400, 403, 403, 403, 403]),
    ("put", "/collect/v1/xapi/statements", 401, [401, 401, 401, 401, 401], [400, 403, 403, 403, 403]),
    ("post", "/collect/v1/xapi/statements", 401, [401, 401, 401, 401, 401], [400, 403, 403, 403, 403]),
    ("get", "/api/v1/pools", 401, [200, 403, 403, 403, 403], [403, 403, 403, 403, 403]),
    ("put", "/api/v1/pools/{site}/{month}", 401, [400, 403, 403, 403, 403], [403, 403, 403, 403, 403]),
    ("get", "/api/v1/statements", 401, [200, 403, 200, 403, 403], [200, 403, 200, 403, 403]),
    ("get", "/api/v1/statements/{id}", 401, [404, 403, 404, 403, 403], [404, 403, 404, 403, 403]),
    ("get", "/health/live", 200, [200, 200, 200, 200, 200], [200, 200, 200, 200, 200]),
    ("get", "/health/ready", 200, [200, 200, 200, 200, 200], [200, 200, 200, 200, 200]),
    ("delete", "/api/v1/session", 204, [204, 204, 204, 204, 204], [204, 204, 204, 204, 204]),
];

#[tokio::test]
async fn every_route_is_in_the_matrix_and_answers_each_role_as_it_says() {
    let app = TestApp::start().await;
    let document: Value = app.request(Method::GET, "/openapi.json").send().await.unwrap().json().await.unwrap();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        routes.extend(methods.as_object().unwrap().keys().map(|m| (m.clone(), path.clone())));
    }
    let listed: Vec<_> = MATRIX.iter().map(|(m, p, ..)| (m.to_string(), p.to_string())).collect();
    for route in &routes {
        assert!(listed.contains(route), "{route:?} is not in the matrix; say who may use it");
    }
    assert_eq!(routes.len(), listed.len(), "the matrix lists a route that is gone");

    let mut cookies = Vec::new();
    for role in ROLES {
        cookies.push(app.sign_in(role).await);
    }
    for (method, path, nobody, sessions, keys) in MATRIX {
        let url = path.replace("{month}", "2026-01");
        let url = url.split('/').map(|part| if part.starts_with('{') { "none" } else { part }).collect::<Vec<_>>();
        let (url, method): (String, Method) = (url.join("/"), method.to_uppercase().parse().unwrap());
        let status = async |request: RequestBuilder| {
            let request = if matches!(method, Method::POST | Method::PUT) { request.json(&json!({})) } else { request };
            let answered = request.send().await.unwrap();
            assert_documented(&document, method.as_str(), path, &answered);
            answered.status().as_u16()
        };
        assert_eq!(status(app.request(method.clone(), &url)).await, *nobody, "{method} {path} by nobody");
        for (role, expected) in ROLES.iter().zip(keys) {
            let answered = status(app.as_user(role, method.clone(), &url)).await;
            assert_eq!(answered, *expected, "{method} {path} by {role}, with an API key");
        }
        for ((role, cookie), expected) in ROLES.iter().zip(&cookies).zip(sessions) {
            let answered = status(app.request(method.clone(), &url).header("cookie", cookie)).await;
            assert_eq!(answered, *expected, "{method} {path} by {role}, signed in");
        }
    }
}

#[tokio::test]
async fn what_is_anothers_and_what_is_missing_are_the_same_bytes() {
    let app = TestApp::start().await;
    let cases = [
        ("school", "/api/v1/schools/ee:S2", "/api/v1/schools/ee:S99"),
        ("school", "/api/v1/regions/ee:tartu", "/api/v1/regions/ee:none"),
        ("school", "/api/v1/sites/us", "/api/v1/sites/xx"),
        ("publisher", "/api/v1/books/9780000000001", "/api/v1/books/1"),
        ("publisher", "/api/v1/publishers/cedar", "/api/v1/publishers/none"),
        ("official", "/api/v1/schools/ee:S7", "/api/v1/schools/ee:S99"),
    ];
    for (user, other, missing) in cases {
        let (a, b) = (app.get(user, other).await, app.get(user, missing).await);
        assert_eq!((a.status(), b.status()), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{other}");
        assert_eq!(a.headers().get("content-type"), b.headers().get("content-type"));
        assert_eq!(a.bytes().await.unwrap(), b.bytes().await.unwrap(), "{other}");
    }
}

#[tokio::test]
async fn a_filter_on_anothers_thing_answers_like_one_on_nothing() {
    let app = TestApp::start().await;
    let ask = async |user: &str, dimension: &str, value: &str| {
        let question = json!({"metrics": ["views", "readers"], "from": "2026-01-01", "to": "2026-03-31",
            "filters": [{"dimension": dimension, "in": [value]}]});
        let answer = app.ask(user, &question).await;
        (answer["rows"].clone(), answer["totals"].clone(), answer["notes"].clone(), answer["freshness"].clone())
    };
    assert_eq!(ask("school", "school", "ee:S2").await, ask("school", "school", "ee:S99").await);
    assert_eq!(ask("publisher", "book", "9780000000001").await, ask("publisher", "book", "1").await);
    assert_eq!(ask("publisher", "publisher", "cedar").await, ask("publisher", "publisher", "none").await);
}

/// Asks for what is another's, rightly and wrongly, by every way there is to ask.
#[tokio::test]
async fn no_problem_holds_another_tenants_canary() {
    let app = TestApp::start().await;
    let pool = app.as_browser(&app.sign_in("owner").await, Method::PUT, "/api/v1/pools/ee/2026-02");
    assert_eq!(pool.json(&json!({ "amount": "10000.00" })).send().await.unwrap().status(), 200);
    let statements: Value = app.get("owner", "/api/v1/statements").await.json().await.unwrap();
    let of_birch = statements["items"].as_array().unwrap().iter().find(|s| s["publisher"] == "birch").unwrap();
    let paths = [
        "/api/v1/schools/ee:S5",
        "/api/v1/regions/us:none",
        "/api/v1/publishers/birch",
        "/api/v1/books/none",
        &format!("/api/v1/statements/{}", of_birch["id"].as_str().unwrap()),
        "/api/v1/organisations/harju/people",
        "/api/v1/access?organisation=harju&account=none",
        "/o/harju/api/v1/session",
        "/api/v1/schools?site=none&limit=-1&q=CANAR",
        "/api/v1/query?metrics=views&from=2026-01-01&to=2026-03-31&filter.school=ee:S5&filter.publisher=birch&order=none",
        "/api/v1/query?metrics=none&dimensions=school,publisher&contains.school=CANAR&from=2026-01-01&to=2026-03-31",
    ];
    let asked = json!({"metrics": ["views"], "from": "2026-03-31", "to": "2026-01-01",
        "filters": [{"dimension": "school", "in": ["ee:S5"]}, {"dimension": "publisher", "contains": "CANAR"}]});
    let documents = [
        r#"{ school(code: "ee:S5") { name region { name } } }"#,
        r#"{ publisher(code: "birch") { name books(first: 3) { nodes { name } } } }"#,
        r#"{ schools(q: "CANAR", first: 1000) { nodes { name } } }"#,
        r#"{ answer(question: {metrics: ["views"], dimensions: ["none"], from: "2026-01-01", to: "2026-03-31"}) { rows } }"#,
    ];
    for user in ["school", "other_school", "publisher", "other_publisher", "official", "operator"] {
        let cookie = app.sign_in(user).await;
        let mut told = Vec::new();
        for path in paths {
            for request in [app.as_browser(&cookie, Method::GET, path), app.as_user(user, Method::GET, path)] {
                told.push(request.send().await.unwrap());
            }
        }
        told.push(app.as_user(user, Method::POST, "/api/v1/query").json(&asked).send().await.unwrap());
        let mut problems = 0;
        for response in told {
            let (status, url) = (response.status(), response.url().clone());
            let text = response.text().await.unwrap();
            // What was found is the caller's own, and other tests' matter.
            if status.is_success() {
                continue;
            }
            problems += 1;
            assert!(!text.contains("CANARY-"), "{user} is told of another's by {url}: {text}");
        }
        assert!(problems > paths.len(), "{user}: {problems} problems are few");
        for document in documents {
            let errors = app.graphql(user, document).await["errors"].to_string();
            assert!(!errors.contains("CANARY-"), "{user}: {document} → {errors}");
        }
    }
}

/// Asks the same as several tenants, over and over and at once, and looks for the others' names.
#[tokio::test]
async fn no_answer_holds_another_tenants_canary_cached_or_not() {
    let app = TestApp::start().await;
    let question = |dimension: &str| json!({"metrics": ["views", "readers"], "dimensions": [dimension], "from": "2026-01-01", "to": "2026-03-31", "limit": 1000});
    // Who asks, by what, and which canary alone may show.
    let tenants = [
        ("school", "school", "CANARY-ee-S1"),
        ("other_school", "school", "CANARY-us-N1"),
        ("publisher", "publisher", "CANARY-alma"),
        ("other_publisher", "publisher", "CANARY-cedar"),
    ];
    for round in 0..3 {
        let asks = tenants.iter().map(|(user, dimension, own)| {
            let (app, question) = (&app, question(dimension));
            async move {
                let text = app.ask(user, &question).await.to_string();
                assert!(text.contains(own), "{user} sees its own, round {round}");
                let canaries = text.matches("CANARY-").count();
                assert_eq!(canaries, text.matches(own).count(), "{user} sees only its own: {text}");
            }
        });
        futures::future::join_all(asks).await;
    }
}

#[tokio::test]
async fn a_tag_of_one_tenant_is_no_tag_of_another() {
    let app = TestApp::start().await;
    let path = "/api/v1/query?metrics=views&from=2026-01-01&to=2026-03-31";
    let first = app.get("school", path).await;
    let tag = first.headers()["etag"].clone();
    assert_eq!(first.headers()["cache-control"], "private, no-cache");
    let with_tag = async |user: &str| {
        app.as_user(user, Method::GET, path).header("if-none-match", tag.clone()).send().await.unwrap().status()
    };
    assert_eq!(with_tag("school").await, StatusCode::NOT_MODIFIED);
    assert_eq!(with_tag("other_school").await, StatusCode::OK);
    assert_eq!(with_tag("owner").await, StatusCode::OK);
}
