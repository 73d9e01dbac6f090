//! The live numbers, over a real WebSocket.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{TestApp, seed};
use tokio_tungstenite::tungstenite::Error;

use crate::graphql_walks::canaries;
use crate::socket_client::{Client, QUIET};

const LIVE: &str = "subscription($question: QuestionInput!) { answer(question: $question) { rows totals asOf } }";

fn views() -> Value {
    json!({"metrics": ["views", "readers"], "from": "2026-01-01", "to": "2026-03-31"})
}

/// New events of a site, in the rollups and known to the engine.
async fn more(app: &TestApp, site: &str, seed: u64) {
    seed::load(&app.db, site, &format!("more {seed}"), seed::events(seed, site, 300)).await;
    ingest::rollup::refresh::refresh_all(&app.db.warehouse, &app.db.model, seed::now()).await.unwrap();
    app.engine.renew().await.unwrap();
}

#[tokio::test]
async fn an_answer_comes_at_once_and_again_when_it_has_changed() {
    let app = TestApp::start().await;
    let mut client = Client::connect(&app, "school").await;
    client.subscribe("1", LIVE, &views()).await;
    let first = client.next("1").await;
    let rest = app.ask("school", &views()).await;
    assert_eq!(
        (&first["data"]["answer"]["rows"], &first["data"]["answer"]["totals"]),
        (&rest["rows"], &rest["totals"])
    );

    app.engine.renew().await.unwrap();
    assert!(client.is_quiet().await, "nothing was renewed");
    more(&app, "us", 70).await;
    assert!(client.is_quiet().await, "another site's data is not this school's");
    more(&app, "ee", 71).await;
    let second = client.next("1").await;
    let rest = app.ask("school", &views()).await;
    assert_ne!(second["data"]["answer"]["totals"], first["data"]["answer"]["totals"]);
    assert_eq!(second["data"]["answer"]["totals"], rest["totals"]);

    client.say(json!({"type": "complete", "id": "1"})).await;
    assert_eq!(client.hear().await, Ok(json!({"type": "complete", "id": "1"})));
    more(&app, "ee", 72).await;
    assert!(client.is_quiet().await, "what is complete says nothing more");
}

#[tokio::test]
async fn queries_and_refusals_go_over_the_connection_too() {
    let app = TestApp::start().await;
    let mut client = Client::connect(&app, "publisher").await;
    client.subscribe("q", "{ me { role } }", &json!({})).await;
    assert_eq!(client.next("q").await, json!({"data": {"me": {"role": "publisher"}}}));
    assert_eq!(client.hear().await, Ok(json!({"type": "complete", "id": "q"})));
    client.subscribe("r", "{ schools { totalCount } }", &json!({})).await;
    assert_eq!(client.next("r").await["errors"][0]["extensions"]["code"], "bad_document");
    assert_eq!(client.hear().await, Ok(json!({"type": "complete", "id": "r"})));
    let mut question = views();
    question["dimensions"] = json!(["school"]);
    client.subscribe("s", LIVE, &question).await;
    let refused = client.next("s").await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "unknown_dimension");
    assert_eq!(refused["errors"][0]["extensions"]["pointer"], "/dimensions/0");
    assert_eq!(client.hear().await, Ok(json!({"type": "complete", "id": "s"})));
    client.subscribe("d", &format!("{{{}", "a{".repeat(50)), &json!({})).await;
    assert_eq!(client.next("d").await["errors"][0]["extensions"]["code"], "too_complex");
    assert_eq!(client.hear().await, Ok(json!({"type": "complete", "id": "d"})));
    let mut operator = Client::connect(&app, "operator").await;
    operator.subscribe("o", LIVE, &views()).await;
    assert_eq!(operator.next("o").await["errors"][0]["extensions"]["code"], "bad_document", "it has none of this");
    client.say(json!({"type": "ping"})).await;
    assert_eq!(client.hear().await.unwrap()["type"], "pong");
    client.say(json!({"type": "nonsense"})).await;
    assert!(client.hear().await.is_err());
}

#[tokio::test]
async fn nobody_is_served_without_proof() {
    let app = TestApp::start().await;
    let mut client = Client::upgrade(&app, &[]).await.unwrap();
    client.say(json!({"type": "connection_init"})).await;
    assert_eq!(client.hear().await.unwrap_err().0, 4403);
    let mut client = Client::upgrade(&app, &[]).await.unwrap();
    client.say(json!({"type": "connection_init", "payload": {"authorization": "Bearer oct_00000000_x"}})).await;
    assert_eq!(client.hear().await.unwrap_err().0, 4403);
    let mut client = Client::upgrade(&app, &[("cookie", "octavo=AAAAAAAAAAAAAAAAAAAAAA")]).await.unwrap();
    client.say(json!({"type": "connection_init"})).await;
    assert_eq!(client.hear().await.unwrap_err().0, 4403);
    let mut client = Client::upgrade(&app, &[]).await.unwrap();
    client.subscribe("1", LIVE, &views()).await;
    assert_eq!(client.hear().await.unwrap_err().0, 4401);
    let mut client = Client::upgrade(&app, &[]).await.unwrap();
    assert_eq!(client.hear().await.unwrap_err().0, 4408, "nothing was said");
}

#[tokio::test]
async fn a_cookie_serves_octavos_own_pages_only() {
    let app = TestApp::start().await;
    let cookie = app.sign_in("school").await;
    let refused = Client::upgrade(&app, &[("cookie", &cookie), ("origin", "https://evil.example")]).await;
    let Err(Error::Http(response)) = refused else { panic!("another site's page is refused") };
    assert_eq!(response.status(), 403);
    let mut client = Client::upgrade(&app, &[("cookie", &cookie), ("origin", &app.url)]).await.unwrap();
    client.say(json!({"type": "connection_init"})).await;
    assert_eq!(client.hear().await, Ok(json!({"type": "connection_ack"})));
    client.subscribe("1", LIVE, &views()).await;
    assert_eq!(client.next("1").await["data"]["answer"]["rows"], app.ask("school", &views()).await["rows"]);

    // Signing out ends it, though nothing else happens.
    let signed_out = app.request(Method::DELETE, "/api/v1/session").header("cookie", &cookie).send().await.unwrap();
    assert_eq!(signed_out.status(), StatusCode::NO_CONTENT);
    assert_eq!(client.hear().await.unwrap_err().0, 4403);
}

#[tokio::test]
async fn a_lost_membership_ends_a_subscription_with_the_next_message() {
    let app = TestApp::start().await;
    let mut client = Client::connect(&app, "school").await;
    client.subscribe("1", LIVE, &views()).await;
    client.next("1").await;
    let account = app.store.accounts().find_account("school@example.org").await.unwrap().unwrap();
    app.store.accounts().set_active(account, false, testkit::seed::now()).await.unwrap();
    more(&app, "ee", 73).await;
    // Whichever looks first: the subscription or the connection.
    match client.hear().await {
        Ok(message) => {
            assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "sign_in", "{message}");
            assert_eq!(message["payload"]["data"], Value::Null);
        }
        Err((code, _)) => assert_eq!(code, 4403),
    }
}

#[tokio::test]
async fn a_connection_is_for_who_one_was_when_it_began() {
    let mut app = TestApp::start().await;
    let mut client = Client::connect(&app, "school").await;
    // The school's account becomes another school's: what it may see is another set of rows.
    app.add_user("moved", access::Role::SchoolAdmin, "School S1", &["ee:S2"]).await;
    client.subscribe("1", LIVE, &views()).await;
    match client.hear().await {
        Ok(message) => assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "sign_in", "{message}"),
        Err((code, _)) => assert_eq!(code, 4403),
    }
}

#[tokio::test]
async fn operations_at_once_are_bounded_and_free_when_complete() {
    let app = TestApp::start().await;
    let mut client = Client::connect(&app, "owner").await;
    for i in 0..api::graphql::socket::OPERATIONS {
        client.subscribe(&i.to_string(), LIVE, &views()).await;
        assert!(client.next(&i.to_string()).await.get("errors").is_none());
    }
    client.subscribe("more", LIVE, &views()).await;
    assert_eq!(client.next("more").await["errors"][0]["extensions"]["code"], "too_many_operations");
    assert_eq!(client.hear().await, Ok(json!({"type": "complete", "id": "more"})));
    client.say(json!({"type": "complete", "id": "3"})).await;
    assert_eq!(client.hear().await, Ok(json!({"type": "complete", "id": "3"})));
    client.subscribe("again", LIVE, &views()).await;
    assert!(client.next("again").await.get("errors").is_none());
}

#[tokio::test]
async fn connections_of_an_account_are_bounded_and_free_when_closed() {
    let app = TestApp::start().await;
    let mut open = Vec::new();
    for _ in 0..api::connections::CONNECTIONS {
        open.push(Client::connect(&app, "owner").await);
    }
    let init =
        json!({"type": "connection_init", "payload": {"authorization": format!("Bearer {}", app.users["owner"].key)}});
    let mut more = Client::upgrade(&app, &[]).await.unwrap();
    more.say(init.clone()).await;
    let (code, reason) = more.hear().await.unwrap_err();
    assert_eq!((code, reason.as_str()), (4403, "close another of your connections first"));
    Client::connect(&app, "school").await;
    open.pop().unwrap().0.close(None).await.unwrap();
    tokio::time::sleep(QUIET).await;
    Client::connect(&app, "owner").await;
}

#[tokio::test]
async fn what_opens_no_websocket_is_a_problem() {
    let app = TestApp::start().await;
    let response = app.get("owner", "/graphql/ws").await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(response.json::<Value>().await.unwrap()["code"], "websocket");
    let refused = Client::upgrade(&app, &[("sec-websocket-protocol", "graphql-ws")]).await;
    assert!(matches!(refused, Err(Error::Http(response)) if response.status() == 400));
    assert_eq!(app.as_user("owner", Method::POST, "/graphql/ws").send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn no_push_holds_another_tenants_canary() {
    let app = TestApp::start().await;
    let tenants = [
        ("school", "school", "ee-S1"),
        ("other_school", "school", "us-N1"),
        ("publisher", "publisher", "alma"),
        ("other_publisher", "publisher", "cedar"),
    ];
    let mut clients = Vec::new();
    for (user, dimension, own) in tenants {
        let mut question = views();
        question["dimensions"] = json!([dimension]);
        let mut client = Client::connect(&app, user).await;
        client.subscribe(user, LIVE, &question).await;
        clients.push((client, user, own));
    }
    for round in 0..3 {
        for (client, user, own) in &mut clients {
            let text = client.next(user).await.to_string();
            assert_eq!(canaries(&text), [*own], "{user} in round {round}: {text}");
        }
        // All at once, so that each tenant's answer has changed.
        seed::load(&app.db, "us", &format!("us {round}"), seed::events(80 + round, "us", 300)).await;
        more(&app, "ee", 90 + round).await;
    }
}
