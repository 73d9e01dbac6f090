//! What may be asked at most: so often, so much at once, for so long, and by somebody who still waits.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use access::KeyScope;
use api::Quota;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use testkit::{Options, TestApp, seed};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::locked::Locked;
use crate::socket_client::Client;

const MANY: usize = 20;

fn quota(per_second: u32, at_once: usize) -> Quota {
    Quota { per_second: NonZeroU32::new(per_second).unwrap(), at_once: NonZeroUsize::new(at_once).unwrap() }
}

/// Another key of the user's account.
async fn another_key(app: &TestApp, user: &str) -> String {
    let account = app.store.accounts().find_account(&app.users[user].email).await.unwrap().unwrap();
    app.store.keys().create(account, "another", &KeyScope::ALL, None, seed::now()).await.unwrap().1
}

/// A question like no other, so that nobody waits for another's answer.
fn path(limit: usize) -> String {
    format!("/api/v1/query?metrics=views,readers&dimensions=book&from=2026-01-01&to=2026-03-31&limit={limit}")
}

async fn catalogs(app: &TestApp, key: &str) -> Vec<Response> {
    let mut requests = JoinSet::new();
    for _ in 0..MANY {
        requests.spawn(app.request(Method::GET, "/api/v1/catalog").bearer_auth(key).send());
    }
    requests.join_all().await.into_iter().map(Result::unwrap).collect()
}

/// What a response that was refused for its number says.
async fn refusal(response: Response) -> String {
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()["retry-after"], "1");
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["code"], "too_many_requests");
    problem["detail"].as_str().unwrap().to_string()
}

/// Waits until so many statements wait for the locked rollups.
async fn waiting(locked: &Locked, number: i64) {
    let reached = async {
        while locked.waiting().await != number {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), reached).await.unwrap_or_else(|_| panic!("{number} statements should wait"));
}

#[tokio::test]
async fn a_key_that_asks_too_often_is_told_when_to_go_on_and_no_other_is_slowed() {
    let app = TestApp::start_with(Options { caller: quota(1, 100), ..Options::default() }).await;
    let mut responses = catalogs(&app, &app.users["owner"].key).await;
    responses.retain(|response| response.status() != StatusCode::OK);
    assert!((1..MANY).contains(&responses.len()), "some are let in, and not all");
    assert!(refusal(responses.remove(0)).await.starts_with("you may send 1 requests a second"));

    let another = another_key(&app, "owner").await;
    let another = app.request(Method::GET, "/api/v1/catalog").bearer_auth(another).send().await.unwrap();
    assert_eq!(another.status(), StatusCode::OK, "a key has its own quota");
    assert_eq!(app.get("publisher", "/api/v1/catalog").await.status(), StatusCode::OK);
    sleep(Duration::from_millis(1100)).await;
    assert_eq!(app.get("owner", "/api/v1/catalog").await.status(), StatusCode::OK, "it was told to try again");
}

#[tokio::test]
async fn an_organisation_has_a_quota_for_all_its_keys_together() {
    let app = TestApp::start_with(Options { organisation: quota(1, 100), ..Options::default() }).await;
    let keys = [app.users["school"].key.clone(), another_key(&app, "school").await];
    let mut refused = Vec::new();
    for key in &keys {
        refused.extend(catalogs(&app, key).await.into_iter().filter(|r| r.status() != StatusCode::OK));
    }
    // Alone, either of them would have been let in once.
    assert!(refused.len() >= MANY, "{} of {} were refused", refused.len(), 2 * MANY);
    assert!(refusal(refused.remove(0)).await.starts_with("your organisation may send 1 requests a second"));
    assert_eq!(app.get("other_school", "/api/v1/catalog").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn so_many_are_answered_at_once_and_the_next_when_one_is_done() {
    let app = TestApp::start_with(Options { caller: quota(1000, 2), ..Options::default() }).await;
    let locked = Locked::rollups(&app.db, "").await;
    let mut asked = JoinSet::new();
    for limit in [1, 2] {
        asked.spawn(app.as_user("owner", Method::GET, &path(limit)).send());
    }
    waiting(&locked, 2).await;
    let refused = refusal(app.get("owner", &path(3)).await).await;
    assert!(refused.starts_with("you may have 2 requests answered at once"), "{refused}");
    let another = app.get("publisher", "/api/v1/catalog").await;
    assert_eq!(another.status(), StatusCode::OK, "another's place is another's");
    locked.release().await;
    assert!(asked.join_all().await.into_iter().all(|response| response.unwrap().status() == StatusCode::OK));
    assert_eq!(app.get("owner", &path(3)).await.status(), StatusCode::OK, "places are free again");
}

#[tokio::test]
async fn what_is_live_takes_no_place_and_its_operations_are_counted() {
    let app = TestApp::start_with(Options { caller: quota(1, 1), ..Options::default() }).await;
    let mut client = Client::connect(&app, "owner").await;
    let question = json!({"metrics": ["views"], "from": "2026-01-01", "to": "2026-03-31"});
    let live = "subscription($question: QuestionInput!) { answer(question: $question) { rows } }";
    client.subscribe("live", live, &question).await;
    assert!(client.next("live").await["data"]["answer"]["rows"].is_array());
    sleep(Duration::from_millis(1100)).await;
    assert_eq!(app.get("owner", &path(1)).await.status(), StatusCode::OK, "the one place is free");
    client.subscribe("more", "{ me { role } }", &json!({})).await;
    let refused = client.next("more").await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "too_many_requests", "{refused}");
}

#[tokio::test]
async fn a_question_that_takes_too_long_is_stopped_in_the_database() {
    let statement_timeout = Duration::from_millis(300);
    let app = TestApp::start_with(Options { statement_timeout, ..Options::default() }).await;
    let locked = Locked::rollups(&app.db, "").await;
    let response = app.get("owner", &path(1)).await;
    assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["code"], "timeout");
    assert!(problem["detail"].as_str().unwrap().contains("ask for fewer days"), "{problem}");
    assert_eq!(locked.waiting().await, 0);
    locked.release().await;
    assert_eq!(app.get("owner", &path(1)).await.status(), StatusCode::OK, "a refusal is not kept");
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_cancelled_in_the_database() {
    let app = TestApp::start().await;
    let locked = Locked::rollups(&app.db, "").await;
    let asked = [0, 1].map(|_| tokio::spawn(app.as_user("owner", Method::GET, &path(1)).send()));
    let other = tokio::spawn(app.as_user("owner", Method::GET, &path(2)).send());
    waiting(&locked, 2).await;
    asked[0].abort();
    sleep(Duration::from_millis(300)).await;
    assert_eq!(locked.waiting().await, 2, "one of the two still waits for it");
    asked[1].abort();
    waiting(&locked, 1).await;
    locked.release().await;
    assert_eq!(other.await.unwrap().unwrap().status(), StatusCode::OK, "another question goes on");
    assert_eq!(app.get("owner", &path(1)).await.status(), StatusCode::OK, "and so does who asks anew");
}
