//! Organisations, who belongs to them, and the invitations into them: within reach only.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::TestApp;
use testkit::app::PASSWORD;

use crate::own_account::{letter, problem, sign_in_with, token_in};

/// A ministry over the county of the official, and a group over the publisher.
async fn tree(app: &TestApp, owner: &str) {
    let make = async |body: Value| {
        let made = app.as_browser(owner, Method::POST, "/api/v1/organisations").json(&body).send().await.unwrap();
        assert_eq!(made.status(), StatusCode::CREATED, "{}", made.text().await.unwrap());
    };
    make(json!({ "name": "Ministry", "kind": "ministry" })).await;
    make(json!({ "name": "Group", "kind": "publisher_group" })).await;
    for (slug, parent) in [("harju", "ministry"), ("alma", "group"), ("cedar", "group")] {
        let path = format!("/api/v1/organisations/{slug}");
        let found: Value = app.as_browser(owner, Method::GET, &path).send().await.unwrap().json().await.unwrap();
        let about: Vec<&Value> = found["about"].as_array().unwrap().iter().map(|a| &a["code"]).collect();
        let body = json!({ "name": found["name"], "parent": parent, "about": about, "requires_two_factor": false });
        let put = app.as_browser(owner, Method::PUT, &path).json(&body).send().await.unwrap();
        assert_eq!(put.status(), StatusCode::OK, "{}", put.text().await.unwrap());
    }
}

async fn invite(app: &TestApp, by: &str, organisation: &str, body: Value) -> (u16, String) {
    let path = format!("/api/v1/organisations/{organisation}/invitations");
    problem(app.as_browser(by, Method::POST, &path).json(&body).send().await.unwrap()).await
}

async fn accept(app: &TestApp, email: &str, person: Value) -> (u16, String) {
    let mut body = person;
    body["token"] = json!(token_in(&letter(app, email, "invitation").await, "invitation"));
    problem(app.request(Method::POST, "/api/v1/invitations/accept").json(&body).send().await.unwrap()).await
}

#[tokio::test]
async fn who_is_invited_signs_in_and_sees_what_the_organisation_sees() {
    let app = TestApp::start().await;
    let school = app.sign_in("school").await;
    let body = json!({ "email": "Deputy@Example.org", "role": "school_admin", "language": "et" });
    assert_eq!(invite(&app, &school, "school-s1", body.clone()).await.0, 201);
    let token = token_in(&letter(&app, "deputy@example.org", "invitation").await, "invitation");
    let read = async |token: &str| {
        app.request(Method::POST, "/api/v1/invitations/read").json(&json!({ "token": token })).send().await.unwrap()
    };
    let offer: Value = read(&token).await.json().await.unwrap();
    assert_eq!((offer["organisation"].as_str(), offer["has_account"].as_bool()), (Some("School S1"), Some(false)));
    let weak = json!({ "name": "Dora", "password": "deputy@example" });
    assert_eq!(accept(&app, "deputy@example.org", weak).await, (422, "weak_password".into()));
    let person = json!({ "name": "Dora Deputy", "password": PASSWORD });
    assert_eq!(accept(&app, "deputy@example.org", person.clone()).await.0, 204);
    assert_eq!(accept(&app, "deputy@example.org", person).await, (410, "gone".into()));
    let signed = sign_in_with(&app, json!({ "email": "deputy@example.org", "password": PASSWORD })).await;
    let session: Value = signed.json().await.unwrap();
    assert_eq!(
        (session["home"]["code"].as_str(), session["account"]["language"].as_str()),
        (Some("ee:S1"), Some("et"))
    );
    assert_eq!(invite(&app, &school, "school-s1", body).await, (409, "already_member".into()));
}

#[tokio::test]
async fn nobody_invites_beyond_their_reach_or_above_themselves() {
    let app = TestApp::start().await;
    let owner = app.sign_in("owner").await;
    tree(&app, &owner).await;
    let (school, publisher) = (app.sign_in("school").await, app.sign_in("publisher").await);
    let body = |role: &str| json!({ "email": "x@example.org", "role": role });
    let missing = invite(&app, &school, "nowhere", body("school_admin")).await;
    for other in ["school-n1", "platform", "alma", "ministry"] {
        assert_eq!(invite(&app, &school, other, body("school_admin")).await, missing, "{other}");
    }
    assert_eq!(missing, (404, "not_found".into()));
    assert_eq!(invite(&app, &school, "school-s1", body("owner")).await.0, 403);
    assert_eq!(invite(&app, &school, "school-s1", body("official")).await, (422, "bad_role".into()));
    let part = json!({ "email": "x@example.org", "role": "publisher", "about": ["cedar"] });
    let nothing = json!({ "email": "x@example.org", "role": "publisher", "about": ["none"] });
    let (part, nothing) =
        (invite(&app, &publisher, "alma", part).await, invite(&app, &publisher, "alma", nothing).await);
    assert_eq!((part.clone(), part.1.as_str()), (nothing, "bad_about"), "another's and missing are the same");
    assert_eq!(invite(&app, &owner, "school-n1", body("school_admin")).await.0, 201, "the platform's owner may");
    assert!(app.letters().len() == 1, "and no other letter was sent");
}

#[tokio::test]
async fn a_group_sees_its_imprints_and_a_member_for_a_part_that_part() {
    let app = TestApp::start().await;
    let owner = app.sign_in("owner").await;
    tree(&app, &owner).await;
    for (email, about) in [("all@example.org", Value::Null), ("part@example.org", json!(["cedar"]))] {
        let body = json!({ "email": email, "role": "publisher", "about": about });
        assert_eq!(invite(&app, &owner, "group", body).await.0, 201);
        assert_eq!(accept(&app, email, json!({ "name": "N", "password": PASSWORD })).await.0, 204);
    }
    let seen = async |email: &str| {
        let response = sign_in_with(&app, json!({ "email": email, "password": PASSWORD })).await;
        let cookie = testkit::app::cookie(&response, testkit::app::SESSION).unwrap();
        let list = app.as_browser(&cookie, Method::GET, "/api/v1/publishers").send().await.unwrap();
        let list: Value = list.json().await.unwrap();
        let codes = list["items"].as_array().unwrap().iter().map(|i| i["code"].as_str().unwrap().to_string());
        codes.collect::<Vec<_>>()
    };
    assert_eq!(seen("all@example.org").await, ["alma", "cedar"]);
    assert_eq!(seen("part@example.org").await, ["cedar"]);
}

#[tokio::test]
async fn the_organisation_in_the_address_is_checked_against_who_asks() {
    let app = TestApp::start().await;
    let owner = app.sign_in("owner").await;
    let body = json!({ "email": "publisher@example.org", "role": "school_admin" });
    assert_eq!(invite(&app, &owner, "school-s1", body).await.0, 201);
    assert_eq!(accept(&app, "publisher@example.org", json!({})).await.0, 204, "who has an account needs no other");
    let both = app.sign_in("publisher").await;
    let role = async |path: &str| {
        let response = app.as_browser(&both, Method::GET, path).send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json::<Value>().await.unwrap()["role"].as_str().unwrap_or_default().to_string())
    };
    assert_eq!(role("/api/v1/session").await, (200, "publisher".into()), "the first, where none is named");
    assert_eq!(role("/o/alma/api/v1/session").await, (200, "publisher".into()));
    assert_eq!(role("/o/school-s1/api/v1/session").await, (200, "school_admin".into()));
    let get = async |path: &str| {
        let response = app.as_browser(&both, Method::GET, path).send().await.unwrap();
        (response.status().as_u16(), response.bytes().await.unwrap())
    };
    assert_eq!(get("/o/school-n1/api/v1/session").await, get("/o/nowhere/api/v1/session").await);
    assert_eq!(get("/o/nowhere/api/v1/session").await.0, 404);
    // Each tab has its own numbers, at the same time, through the same cookie.
    let question = "api/v1/query?metrics=views&dimensions=school&from=2026-01-01&to=2026-03-31";
    let (school, alma) = (get(&format!("/o/school-s1/{question}")).await, get(&format!("/o/alma/{question}")).await);
    assert!(String::from_utf8_lossy(&school.1).contains("CANARY-ee-S1"));
    assert_ne!(school, alma);
    // A key is for the organisation it was made in.
    let by_key = async |path: &str| app.get("publisher", path).await.status().as_u16();
    assert_eq!((by_key("/o/alma/api/v1/books").await, by_key("/o/school-s1/api/v1/books").await), (200, 404));
    let graphql =
        app.as_browser(&both, Method::POST, "/o/school-s1/graphql").json(&json!({ "query": "{ me { role } }" }));
    let me: Value = graphql.send().await.unwrap().json().await.unwrap();
    assert_eq!(me["data"]["me"]["role"], "school_admin");
}

#[tokio::test]
async fn a_membership_changed_or_ended_is_another_with_the_next_request() {
    let app = TestApp::start().await;
    let (owner, school) = (app.sign_in("owner").await, app.sign_in("school").await);
    let people: Value = app
        .as_browser(&owner, Method::GET, "/api/v1/organisations/school-s1/people")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let account = people["members"][0]["account"].as_str().unwrap();
    let path = format!("/api/v1/organisations/school-s1/people/{account}");
    let catalog = async || app.as_browser(&school, Method::GET, "/api/v1/catalog").send().await.unwrap().status();
    assert_eq!(catalog().await, StatusCode::OK);
    let until = json!({ "role": "school_admin", "valid_until": "2026-04-02T13:00:00Z" });
    let put = app.as_browser(&owner, Method::PUT, &path).json(&until).send().await.unwrap();
    assert_eq!(put.status(), StatusCode::OK);
    assert_eq!(catalog().await, StatusCode::OK);
    app.clock.advance(chrono::TimeDelta::minutes(59));
    assert_eq!(catalog().await, StatusCode::OK);
    app.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(catalog().await, StatusCode::UNAUTHORIZED, "to the minute, though it was known");
    assert_eq!(app.get("school", "/api/v1/catalog").await.status(), StatusCode::UNAUTHORIZED, "and so are the keys");
    let owner = app.sign_in("owner").await;
    let ended = app.as_browser(&owner, Method::DELETE, &path).send().await.unwrap();
    assert_eq!(ended.status(), StatusCode::NO_CONTENT);
    let last = app.as_browser(&owner, Method::GET, "/api/v1/organisations/platform/people").send().await.unwrap();
    let last: Value = last.json().await.unwrap();
    let me = last["members"].as_array().unwrap().iter().find(|m| m["role"] == "owner").unwrap();
    let path = format!("/api/v1/organisations/platform/people/{}", me["account"].as_str().unwrap());
    let refused = app.as_browser(&owner, Method::DELETE, &path).send().await.unwrap();
    assert_eq!(problem(refused).await, (409, "last_owner".into()));
}
