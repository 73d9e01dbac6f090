//! Looking as somebody else, the record of it and of all else, and why somebody sees what they see.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::TestApp;

use crate::own_account::problem;
use crate::second_wall::printed;

const REASON: &str = "the head says that her numbers are gone";

async fn view(app: &TestApp, by: &str, email: &str, organisation: &str, reason: &str) -> (u16, String) {
    let body = json!({ "email": email, "organisation": organisation, "reason": reason, "minutes": 30 });
    problem(app.as_browser(by, Method::POST, "/api/v1/viewings").json(&body).send().await.unwrap()).await
}

#[tokio::test]
async fn support_sees_the_heads_screen_changes_nothing_and_is_in_both_records() {
    let app = TestApp::start().await;
    let (operator, school) = (app.sign_in("operator").await, app.sign_in("school").await);
    let get = async |path: &str| app.as_browser(&operator, Method::GET, path).send().await.unwrap();
    assert_eq!(get("/o/school-s1/api/v1/session").await.status(), StatusCode::NOT_FOUND, "not before");
    assert_eq!(view(&app, &school, "owner@example.org", "platform", REASON).await.0, 403, "a school does not");
    assert_eq!(view(&app, &operator, "school@example.org", "school-s1", "because").await, (422, "bad_reason".into()));
    for (email, organisation) in
        [("owner@example.org", "platform"), ("school@example.org", "school-n1"), ("x@example.org", "school-s1")]
    {
        let refused = view(&app, &operator, email, organisation, REASON).await;
        assert_eq!(refused, (422, "not_to_be_viewed".into()), "{email} of {organisation}");
    }
    assert_eq!(view(&app, &operator, "school@example.org", "school-s1", REASON).await.0, 201);

    let session: Value = get("/o/school-s1/api/v1/session").await.json().await.unwrap();
    assert_eq!(
        (session["role"].as_str(), session["viewing"]["by"].as_str()),
        (Some("school_admin"), Some("operator@example.org"))
    );
    let question = "api/v1/query?metrics=views&dimensions=school&from=2026-01-01&to=2026-03-31";
    let seen = get(&format!("/o/school-s1/{question}")).await.json::<Value>().await.unwrap();
    let own = app.as_browser(&school, Method::GET, &format!("/{question}")).send().await.unwrap();
    assert_eq!(seen["rows"], own.json::<Value>().await.unwrap()["rows"]);
    assert_eq!(get("/api/v1/session").await.json::<Value>().await.unwrap()["role"], "operator", "elsewhere as ever");
    let body = json!({ "email": "x@example.org", "role": "school_admin", "name": "n", "scopes": ["usage:read"] });
    for (method, path) in [
        (Method::POST, "/o/school-s1/api/v1/organisations/school-s1/invitations"),
        (Method::POST, "/o/school-s1/api/v1/keys"),
        (Method::PUT, "/o/school-s1/api/v1/account"),
        (Method::DELETE, "/o/school-s1/api/v1/account/two-factor"),
    ] {
        let refused = app.as_browser(&operator, method, path).json(&body).send().await.unwrap();
        assert_eq!(problem(refused).await, (403, "viewing_only".into()), "{path}");
    }
    let record = async |cookie: &str| -> Value {
        let path = "/api/v1/audit?action=view_as_started";
        app.as_browser(cookie, Method::GET, path).send().await.unwrap().json().await.unwrap()
    };
    let owner = app.sign_in("owner").await;
    for reader in [&school, &owner] {
        let entry = record(reader).await["items"][0].clone();
        assert_eq!(
            (entry["actor"].as_str(), entry["subject"].as_str()),
            (Some("operator@example.org"), Some("school@example.org"))
        );
        assert_eq!(entry["detail"]["reason"], REASON);
    }
    assert_eq!(record(&app.sign_in("other_school").await).await["items"], json!([]));

    app.clock.advance(TimeDelta::minutes(29));
    assert_eq!(get("/o/school-s1/api/v1/session").await.status(), StatusCode::OK);
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(get("/o/school-s1/api/v1/session").await.status(), StatusCode::NOT_FOUND, "its time is over");
}

#[tokio::test]
async fn a_view_is_ended_by_who_looks() {
    let app = TestApp::start().await;
    let owner = app.sign_in("owner").await;
    assert_eq!(view(&app, &owner, "publisher@example.org", "alma", REASON).await.0, 201);
    let status = async || {
        app.as_browser(&owner, Method::GET, "/o/alma/api/v1/statements").send().await.unwrap().status().as_u16()
    };
    assert_eq!(status().await, 200);
    // From where one looks, which is where the button is.
    let ended = app.as_browser(&owner, Method::DELETE, "/o/alma/api/v1/viewings").send().await.unwrap();
    assert_eq!((ended.status().as_u16(), status().await), (204, 404));
}

#[tokio::test]
async fn the_record_says_who_what_by_which_rule_and_from_where_to_those_whose_part_it_is() {
    let app = TestApp::start().await;
    let (school, other) = (app.sign_in("school").await, app.sign_in("other_school").await);
    let wrong = json!({ "email": "school@example.org", "password": "wrong wrong wrong" });
    app.request(Method::POST, "/api/v1/session").json(&wrong).send().await.unwrap();
    let csv = "/api/v1/query?metrics=views&from=2026-01-01&to=2026-01-31&format=csv";
    assert_eq!(app.as_browser(&school, Method::GET, csv).send().await.unwrap().status(), StatusCode::OK);
    let read = async |cookie: &str, query: &str| -> Value {
        let path = format!("/api/v1/audit?{query}");
        app.as_browser(cookie, Method::GET, &path).send().await.unwrap().json().await.unwrap()
    };
    let all = read(&school, "").await;
    let entry = |action: &str| {
        let items = all["items"].as_array().unwrap();
        items.iter().find(|e| e["action"] == action).unwrap_or_else(|| panic!("{action} in {all}")).clone()
    };
    let export = entry("export");
    assert_eq!((export["actor"].as_str(), export["from"].as_str()), (Some("school@example.org"), Some("127.0.0.1")));
    assert_eq!(export["rule"], "usage.read: school_admin of School S1");
    assert!(export["request"].as_str().is_some_and(|id| id.len() == 36));
    assert_eq!(entry("sign_in_refused")["outcome"], "refused");
    assert_eq!(entry("sign_in")["detail"]["method"], "password");
    assert!(!all.to_string().contains("wrong wrong") && !all.to_string().contains("N1"));
    let others = read(&other, "").await.to_string();
    assert!(!others.contains("\"school@example.org") && !others.contains("School S1"), "{others}");
    assert_eq!(
        read(&school, "organisation=school-n1").await["items"],
        read(&school, "organisation=none").await["items"]
    );
    assert_eq!(read(&school, "q=%25").await["items"], json!([]), "what is searched for is literal");
    let page = read(&school, "limit=1").await;
    let next = read(&school, &format!("limit=1&before={}", page["next"])).await;
    assert!(next["items"][0]["id"].as_i64() < page["items"][0]["id"].as_i64());
    let file = app.as_browser(&school, Method::GET, "/api/v1/audit?format=csv").send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "text/csv; charset=utf-8");
    assert!(file.text().await.unwrap().starts_with("id,at,action,outcome,actor,via,organisation,subject,rule,from,"));
}

#[tokio::test]
async fn why_somebody_sees_a_number_is_on_one_page() {
    let app = TestApp::start().await;
    let (school, official) = (app.sign_in("school").await, app.sign_in("official").await);
    let read = async |cookie: &str, query: &str| {
        let path = format!("/api/v1/access?{query}");
        app.as_browser(cookie, Method::GET, &path).send().await.unwrap()
    };
    let own: Value = read(&school, "metric=views").await.json().await.unwrap();
    assert_eq!(
        (own["rows"]["kind"].as_str(), own["rows"]["items"][0]["code"].as_str()),
        (Some("schools"), Some("ee:S1"))
    );
    assert_eq!((own["metric"]["allowed"].as_bool(), own["lens"].as_str()), (Some(true), Some("exact")));
    assert!(own["sources"][0]["refreshed_at"].is_string() && own["sources"][0]["last_load_at"].is_string());
    let pool = own["actions"].as_array().unwrap().iter().find(|a| a["action"] == "pool.write").unwrap();
    assert_eq!(
        (pool["allowed"].as_bool(), pool["because"].as_str()),
        (Some(false), Some("this action is not part of the role"))
    );
    let protected: Value = read(&official, "").await.json().await.unwrap();
    assert!(protected["rule"].as_str().unwrap().contains("small counts hidden"), "{protected}");
    let id = own_id(&app, &official).await;
    let other = read(&school, &format!("organisation=harju&account={id}")).await;
    let missing = read(&school, &format!("organisation=nowhere&account={id}")).await;
    assert_eq!((other.status().as_u16(), other.bytes().await.unwrap()), (404, missing.bytes().await.unwrap()));
    let owner = app.sign_in("owner").await;
    let by_owner: Value = read(&owner, &format!("organisation=harju&account={id}")).await.json().await.unwrap();
    assert_eq!(by_owner["rule"], protected["rule"]);
}

async fn own_id(app: &TestApp, cookie: &str) -> String {
    let session = app.as_browser(cookie, Method::GET, "/api/v1/session").send().await.unwrap();
    session.json::<Value>().await.unwrap()["account"]["id"].as_str().unwrap().to_string()
}

#[tokio::test]
async fn whoever_tries_what_they_may_not_is_on_record() {
    let app = TestApp::start().await;
    let (owner, school) = (app.sign_in("owner").await, app.sign_in("school").await);
    let refused = app.as_browser(&school, Method::GET, "/api/v1/pools").send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert_eq!(app.get("publisher", "/api/v1/data-health").await.status(), StatusCode::FORBIDDEN);
    let record = app.as_browser(&owner, Method::GET, "/api/v1/audit?action=refused").send().await.unwrap();
    let record: Value = record.json().await.unwrap();
    let entry = |n: usize| ["subject", "actor", "outcome", "organisation"].map(|f| record["items"][n][f].clone());
    assert_eq!(entry(0), ["load.read", "publisher@example.org", "refused", "Alma"]);
    assert_eq!(entry(1), ["pool.read", "school@example.org", "refused", "School S1"]);
    assert!(record["items"][0]["via"].as_str().unwrap().starts_with("key oct_"));
}

#[tokio::test]
async fn what_is_done_by_a_command_on_the_machine_is_in_the_record_too() {
    let app = TestApp::start().await;
    let run = |words: &str| printed(&app.db, &words.split(' ').collect::<Vec<_>>()).trim().to_string();
    let write_key = run("site key ee --name pages");
    run(&format!("site end-key {write_key}"));
    run("account add --email new@example.org --role publisher --organisation Alma");
    let key = run("key add --account new@example.org --scope usage:read");
    let cookie = app.sign_in("owner").await;
    let record: Value =
        app.as_browser(&cookie, Method::GET, "/api/v1/audit").send().await.unwrap().json().await.unwrap();
    let items = record["items"].as_array().unwrap();
    for (action, subject) in [
        ("write_key_made", write_key.as_str()),
        ("write_key_ended", &write_key),
        ("account_made", "new@example.org"),
        ("membership_changed", "new@example.org"),
        ("key_made", &key[..12]),
    ] {
        let entry = items.iter().find(|e| e["action"] == action && e["subject"] == subject && e["via"] == "cli");
        assert!(entry.is_some(), "{action} of {subject} in {record}");
    }
    assert!(!record.to_string().contains(&key[13..]));
}
