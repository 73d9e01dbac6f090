//! Lists and single things, as each role sees them.

use reqwest::StatusCode;
use serde_json::Value;
use testkit::TestApp;

async fn codes(app: &TestApp, user: &str, path: &str) -> Vec<String> {
    let body: Value = app.get(user, path).await.json().await.unwrap();
    assert_eq!(body["complete"], true, "{path}");
    body["items"].as_array().unwrap().iter().map(|i| i["code"].as_str().unwrap().to_string()).collect()
}

#[tokio::test]
async fn each_role_sees_its_own_things_and_no_others() {
    let app = TestApp::start().await;
    assert_eq!(codes(&app, "owner", "/api/v1/schools").await.len(), 13);
    assert_eq!(codes(&app, "school", "/api/v1/schools").await, ["ee:S1"]);
    assert_eq!(codes(&app, "school", "/api/v1/sites").await, ["ee"]);
    // S4 lay in Harju until January: its figures of then are Harju's.
    assert_eq!(codes(&app, "official", "/api/v1/schools").await, ["ee:S1", "ee:S2", "ee:S3", "ee:S4"]);
    assert_eq!(codes(&app, "official", "/api/v1/regions").await, ["ee:harju"]);
    assert!(codes(&app, "publisher", "/api/v1/schools").await.is_empty());
    assert_eq!(codes(&app, "publisher", "/api/v1/publishers").await, ["alma"]);
    assert_eq!(codes(&app, "publisher", "/api/v1/books").await.len(), 4);
    // Book 3 was Alma's until February.
    assert!(codes(&app, "publisher", "/api/v1/books").await.contains(&"9780000000003".to_string()));
    assert!(codes(&app, "other_publisher", "/api/v1/books").await.contains(&"9780000000003".to_string()));
}

#[tokio::test]
async fn lists_are_searched_and_say_when_they_are_cut() {
    let app = TestApp::start().await;
    assert_eq!(codes(&app, "owner", "/api/v1/schools?q=school%20n2").await, ["us:N2"]);
    assert_eq!(codes(&app, "owner", "/api/v1/schools?site=us").await.len(), 5);
    let body: Value = app.get("owner", "/api/v1/schools?limit=3").await.json().await.unwrap();
    assert_eq!(
        (body["items"].as_array().unwrap().len(), &body["total"], &body["complete"]),
        (3, &13.into(), &false.into())
    );
    assert_eq!(app.get("owner", "/api/v1/schools?limit=0").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_book_has_its_chapters_and_who_owns_it_now() {
    let app = TestApp::start().await;
    let book: Value = app.get("owner", "/api/v1/books/9780000000003").await.json().await.unwrap();
    assert_eq!(book["publisher"], "cedar");
    assert_eq!(book["chapters"].as_array().unwrap().len(), 3);
}
