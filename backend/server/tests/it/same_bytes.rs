//! What is another tenant's is refused with the very bytes that what does not exist is refused with.

use reqwest::{Method, Response};
use serde_json::{Value, json};
use testkit::TestApp;

const NONE: &str = "00000000-0000-4000-8000-000000000000";

/// Status, headers that are not of the moment, and the body; what was asked for may be told again. A session's cookie is sent anew
/// when it is used after minutes, whatever for.
async fn whole(response: Response, asked: &str) -> (u16, Vec<(String, String)>, String) {
    let status = response.status().as_u16();
    let mut headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .filter(|(name, _)| !["date", "x-request-id", "content-length", "set-cookie"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_string()))
        .collect();
    headers.sort();
    (status, headers, response.text().await.unwrap().replace(asked, "…"))
}

#[tokio::test]
async fn anothers_keys_people_and_organisations_are_as_those_that_are_not_there() {
    let app = TestApp::start().await;
    let (school, other) = (app.sign_in("school").await, app.sign_in("other_school").await);
    let read = async |cookie: &str, path: &str| -> Value {
        app.as_browser(cookie, Method::GET, path).send().await.unwrap().json().await.unwrap()
    };
    let people = read(&other, "/api/v1/organisations/school-n1/people").await;
    let account = people["members"][0]["account"].as_str().unwrap().to_string();
    let key = read(&other, "/api/v1/keys").await["items"][0]["id"].as_str().unwrap().to_string();
    let browser = read(&other, "/api/v1/account/sessions").await["items"][0]["id"].as_str().unwrap().to_string();
    let invite = json!({ "email": "a@example.org", "role": "school_admin" });
    let invited = app.as_browser(&other, Method::POST, "/api/v1/organisations/school-n1/invitations").json(&invite);
    let invited: Value = invited.send().await.unwrap().json().await.unwrap();
    let before = read(&other, "/api/v1/organisations/school-n1/people").await;
    let invitation = invited["id"].as_str().unwrap_or_else(|| panic!("{invited}")).to_string();
    let member = json!({ "role": "school_admin" });
    let change = json!({ "name": "X", "requires_two_factor": false, "about": [] });
    let (n1, none) = ("school-n1", "nowhere");
    let cases = [
        (Method::GET, "/api/v1/organisations/@", n1, none, None),
        (Method::PUT, "/api/v1/organisations/@", n1, none, Some(&change)),
        (Method::GET, "/api/v1/organisations/@/people", n1, none, None),
        (Method::POST, "/api/v1/organisations/@/invitations", n1, none, Some(&invite)),
        (Method::PUT, "/api/v1/organisations/school-n1/people/@", &account, NONE, Some(&member)),
        (Method::PUT, "/api/v1/organisations/school-s1/people/@", &account, NONE, Some(&member)),
        (Method::DELETE, "/api/v1/organisations/school-s1/people/@", &account, NONE, None),
        (Method::DELETE, "/api/v1/organisations/school-n1/people/@", &account, NONE, None),
        (Method::DELETE, "/api/v1/organisations/school-n1/invitations/@", &invitation, NONE, None),
        (Method::DELETE, "/api/v1/organisations/school-s1/invitations/@", &invitation, NONE, None),
        (Method::POST, "/api/v1/organisations/school-s1/invitations/@/again", &invitation, NONE, None),
        (Method::DELETE, "/api/v1/keys/@", &key, NONE, None),
        (Method::POST, "/api/v1/keys/@/rotation", &key, NONE, Some(&json!({ "overlap_hours": 1 }))),
        (Method::DELETE, "/api/v1/account/sessions/@", &browser, NONE, None),
        (Method::GET, "/api/v1/access?organisation=@", n1, none, None),
        (Method::GET, "/api/v1/access?account=@", &account, NONE, None),
        (Method::GET, "/api/v1/audit?organisation=@", n1, none, None),
        (Method::GET, "/o/@/api/v1/session", n1, none, None),
    ];
    for (method, path, anothers, missing, body) in cases {
        let ask = async |name: &str| {
            let request = app.as_browser(&school, method.clone(), &path.replace('@', name));
            let request = if let Some(body) = body { request.json(body) } else { request };
            whole(request.send().await.unwrap(), name).await
        };
        let (anothers, missing) = (ask(anothers).await, ask(missing).await);
        assert_eq!(anothers, missing, "{method} {path}");
        let empty = path.contains("audit");
        assert_eq!(anothers.0, if empty { 200 } else { 404 }, "{method} {path}: {anothers:?}");
    }
    // All of it is there for whose it is.
    assert_eq!(read(&other, "/api/v1/organisations/school-n1/people").await, before);
    assert_eq!(read(&other, "/api/v1/keys").await["items"][0]["revoked_at"], Value::Null);
}

#[tokio::test]
async fn a_filter_of_any_form_tells_nothing_of_anothers_thing() {
    let app = TestApp::start().await;
    let cases = [
        ("school", "school", "ee:S2", "ee:S99"),
        ("publisher", "book", "9780000000001", "9999999999999"),
        ("publisher", "publisher", "cedar", "dedar"),
        ("official", "school", "ee:S7", "ee:S99"),
        ("official", "region", "ee:tartu", "ee:nowhere"),
    ];
    for (user, dimension, anothers, missing) in cases {
        for form in ["filter", "not", "contains", "from"] {
            for end in ["", "&format=csv", "&explain=true"] {
                let ask = async |value: &str| {
                    let days = "metrics=views&dimensions=region&from=2026-02-01&to=2026-02-28";
                    let path = format!("/api/v1/query?{days}&{form}.{dimension}={value}{end}");
                    let (status, mut headers, body) = whole(app.get(user, &path).await, value).await;
                    // A tag is of the question, and the explanation names it.
                    headers.retain(|(name, _)| name != "etag" && name != "x-octavo-cache");
                    (status, headers, body)
                };
                assert_eq!(ask(anothers).await, ask(missing).await, "{user}: {form}.{dimension}{end}");
            }
        }
    }
}
