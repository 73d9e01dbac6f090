//! The log at its most talkative holds no secret and no pupil: neither keys, passwords, codes, cookies and links, nor who read what.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::app::{BROWSER, PASSWORD, SESSION, cookie};
use testkit::{TestApp, TestDatabase, seed};
use tracing::Dispatch;
use tracing_subscriber::Registry;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::graphql_walks::canaries;
use crate::own_account::{letter, sign_in_with, token_in};
use crate::totp::code_of;

/// A pupil as the platform that sends events knows them.
const PERSON: &str = "CANARY-person-4711";
const TYPED: &str = "CANARY typed in place of a password";
const NEW: &str = "CANARY vihmane teisipäev Võrus";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything that is said on this thread, which is all that the test does, until the guard is dropped.
fn capture() -> (Log, impl Sized) {
    // As long as there is one subscriber only, what another test's thread says first is never asked of it again.
    let other = Dispatch::new(Registry::default());
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(LevelFilter::DEBUG).with_ansi(false);
    (log, (subscriber.with_writer(move || writer.clone()).finish().set_default(), other))
}

/// The value of a cookie as it is sent back.
fn value(pair: &str) -> String {
    pair.split_once('=').unwrap().1.to_string()
}

#[tokio::test]
async fn no_secret_and_no_pupil_is_in_the_log() {
    let db = TestDatabase::platform().await;
    let (log, guard) = capture();
    let mut of_a_pupil = seed::events(9, "ee", 20);
    of_a_pupil.iter_mut().for_each(|event| event.person = PERSON.to_string().into());
    seed::load(&db, "ee", "logs", of_a_pupil).await;
    let app = TestApp::with(db).await;
    let mut secrets = [PERSON, PASSWORD, TYPED, NEW].map(String::from).to_vec();
    secrets.extend(app.users.values().map(|user| user.key[13..].to_string()));

    // Signing in, rightly and wrongly; a password typed in place of the address.
    let signed_in = sign_in_with(&app, json!({ "email": "school@example.org", "password": PASSWORD })).await;
    let session = cookie(&signed_in, SESSION).unwrap();
    secrets.extend([value(&session), value(&cookie(&signed_in, BROWSER).unwrap())]);
    sign_in_with(&app, json!({ "email": "school@example.org", "password": TYPED })).await;
    sign_in_with(&app, json!({ "email": TYPED, "password": "x" })).await;
    let cookie_of_nobody = format!("{SESSION}=CANARYCANARYCANARYCANA");
    app.as_browser(&cookie_of_nobody, Method::GET, "/api/v1/session").send().await.unwrap();
    secrets.push(value(&cookie_of_nobody));

    // Keys: made, used, and wrong.
    let send = async |method: Method, path: &str, body: Value| -> Value {
        let sent = app.as_browser(&session, method, path).json(&body).send().await.unwrap();
        sent.json().await.unwrap_or_default()
    };
    let made = send(Method::POST, "/api/v1/keys", json!({ "name": "n", "scopes": ["usage:read"] })).await;
    let key = made["secret"].as_str().unwrap();
    let question = "/api/v1/query?metrics=views,readers&dimensions=school&from=2026-01-01&to=2026-03-31";
    let asked = app.request(Method::GET, question).bearer_auth(key).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::OK);
    for wrong in [format!("{key}x"), "oct_00000000_CANARYofakey".into(), "CANARYofakey".into()] {
        app.request(Method::GET, question).bearer_auth(wrong).send().await.unwrap();
    }
    secrets.extend([key[13..].to_string(), "CANARYofakey".into()]);
    let graphql = json!({ "query": "{ me { role } schools { nodes { name } } }" });
    app.request(Method::POST, "/graphql").bearer_auth(key).json(&graphql).send().await.unwrap();

    // The second factor, and a new password.
    let set_up = send(Method::POST, "/api/v1/account/two-factor", json!({})).await;
    let secret = set_up["secret"].as_str().unwrap_or_else(|| panic!("{set_up}"));
    let code = code_of(secret, seed::now());
    let codes = send(Method::PUT, "/api/v1/account/two-factor", json!({ "code": code })).await;
    secrets.extend(codes["recovery_codes"].as_array().unwrap().iter().map(|c| c.as_str().unwrap().to_string()));
    secrets.push(secret.to_string());
    send(Method::PUT, "/api/v1/account/password", json!({ "current": PASSWORD, "password": NEW })).await;

    // Links in letters.
    for (path, body) in [
        ("/api/v1/password-resets", json!({ "email": "publisher@example.org" })),
        ("/api/v1/organisations/school-s1/invitations", json!({ "email": "a@example.org", "role": "school_admin" })),
    ] {
        send(Method::POST, path, body).await;
    }
    let reset = token_in(&letter(&app, "publisher@example.org", "password-reset").await, "password-reset");
    let reset_to = json!({ "token": reset, "password": NEW });
    let done = app.request(Method::PUT, "/api/v1/password-resets").json(&reset_to).send().await.unwrap();
    assert_eq!(done.status(), StatusCode::NO_CONTENT);
    let invited = token_in(&letter(&app, "a@example.org", "invitation").await, "invitation");
    app.request(Method::POST, "/api/v1/invitations/read").json(&json!({ "token": invited })).send().await.unwrap();
    secrets.extend([reset, invited]);
    // What cannot be read is told to who sent it, and to nobody else.
    let broken = format!("{{\"email\": \"school@example.org\", \"password\": \"{TYPED}\", ");
    let broken = app.request(Method::POST, "/api/v1/session").header("content-type", "application/json").body(broken);
    assert_eq!(broken.send().await.unwrap().status(), StatusCode::BAD_REQUEST);

    drop(guard);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    // The test would be worth little if nothing were said.
    for said in
        ["request{method=POST path=\"/api/v1/session\"", "tower_http::trace", "sqlx::query", "tokio_postgres::query"]
    {
        assert!(text.contains(said), "{said} is not in the log");
    }
    for secret in secrets {
        assert!(secret.len() >= 8, "{secret} is found anywhere");
        let line = text.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "the log holds {secret}");
    }
    // Nor the names of what tenants have, whoever it was told to.
    assert_eq!(canaries(&text), [""; 0], "the log holds a name");
    let address = text.lines().find(|line| line.contains("@example.org"));
    assert_eq!(address, None, "the log holds an address");
}
