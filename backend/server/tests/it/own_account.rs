//! One's own account: password, address, second factor, and where one is signed in.

use chrono::TimeDelta;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use testkit::app::{BROWSER, PASSWORD, SESSION, cookie};
use testkit::{Options, TestApp};

use crate::totp::code_of;

const NEW: &str = "vihmane teisipäev Võrus";

pub async fn sign_in_with(app: &TestApp, body: Value) -> Response {
    app.request(Method::POST, "/api/v1/session").json(&body).send().await.unwrap()
}

/// The status and the stable name of a refusal.
pub async fn problem(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap_or_default();
    (status, body["code"].as_str().unwrap_or_default().to_string())
}

/// What stands behind the `#` of the link in a letter, as quoted-printable text has it.
pub fn token_in(letter: &str, page: &str) -> String {
    let letter = letter.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=");
    let (_, rest) = letter.split_once(&format!("/{page}#")).unwrap_or_else(|| panic!("no link to {page}: {letter}"));
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}

/// Letters go on their own; this one within seconds.
pub async fn letter(app: &TestApp, to: &str, page: &str) -> String {
    for _ in 0..200 {
        let about = |letter: &&String| letter.contains(&format!("To: {to}")) && letter.contains(&format!("/{page}"));
        if let Some(found) = app.letters().iter().rfind(about) {
            return found.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no letter to {to} about {page}: {:?}", app.letters());
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_ends_the_other_sessions() {
    let app = TestApp::start().await;
    let (here, there) = (app.sign_in("school").await, app.sign_in("school").await);
    let change = async |current: &str, password: &str| {
        let body = json!({ "current": current, "password": password });
        app.as_browser(&here, Method::PUT, "/api/v1/account/password").json(&body).send().await.unwrap()
    };
    assert_eq!(problem(change("not it at all", NEW).await).await, (401, "bad_credentials".into()));
    assert_eq!(problem(change(PASSWORD, "short").await).await, (422, "weak_password".into()));
    assert_eq!(problem(change(PASSWORD, "password123456").await).await, (422, "weak_password".into()));
    assert_eq!(change(PASSWORD, NEW).await.status(), StatusCode::NO_CONTENT);
    let status =
        async |cookie: &str| app.as_browser(cookie, Method::GET, "/api/v1/session").send().await.unwrap().status();
    assert_eq!((status(&here).await, status(&there).await), (StatusCode::OK, StatusCode::UNAUTHORIZED));
    let with = async |password: &str| {
        sign_in_with(&app, json!({ "email": "school@example.org", "password": password })).await.status()
    };
    assert_eq!((with(PASSWORD).await, with(NEW).await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_by_a_letter_once() {
    let app = TestApp::start().await;
    let here = app.sign_in("publisher").await;
    for email in ["publisher@example.org", "nobody@example.org", "publisher@example.org\r\nBcc: x@example.org"] {
        let asked = app.request(Method::POST, "/api/v1/password-resets").json(&json!({ "email": email }));
        let asked = asked.header("host", "evil.example").send().await.unwrap();
        assert_eq!((asked.status().as_u16(), asked.text().await.unwrap()), (202, String::new()), "{email}");
    }
    let letter = letter(&app, "publisher@example.org", "password-reset").await;
    assert!(!letter.contains("evil.example"), "links are never made of what a request says");
    assert_eq!(app.letters().len(), 1);
    let token = token_in(&letter, "password-reset");
    let set = async |token: &str, password: &str| {
        let body = json!({ "token": token, "password": password });
        problem(app.request(Method::PUT, "/api/v1/password-resets").json(&body).send().await.unwrap()).await
    };
    assert_eq!(set("guessed", NEW).await, (410, "gone".into()));
    assert_eq!(set(&token, "alma alma alma").await, (422, "weak_password".into()));
    assert_eq!(set(&token, NEW).await.0, 204);
    assert_eq!(set(&token, NEW).await, (410, "gone".into()));
    let ended = app.as_browser(&here, Method::GET, "/api/v1/session").send().await.unwrap();
    assert_eq!(ended.status(), StatusCode::UNAUTHORIZED, "all sessions end");
    let again = sign_in_with(&app, json!({ "email": "publisher@example.org", "password": NEW })).await;
    assert_eq!(again.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_letters_link_is_worth_nothing_after_an_hour() {
    let app = TestApp::start().await;
    app.request(Method::POST, "/api/v1/password-resets")
        .json(&json!({ "email": "school@example.org" }))
        .send()
        .await
        .unwrap();
    let token = token_in(&letter(&app, "school@example.org", "password-reset").await, "password-reset");
    app.clock.advance(TimeDelta::minutes(60));
    let body = json!({ "token": token, "password": NEW });
    let late = app.request(Method::PUT, "/api/v1/password-resets").json(&body).send().await.unwrap();
    assert_eq!(problem(late).await, (410, "gone".into()));
}

#[tokio::test]
async fn another_address_has_to_be_read_before_it_is_taken() {
    let app = TestApp::start().await;
    let here = app.sign_in("school").await;
    let ask = async |email: &str| {
        let request = app.as_browser(&here, Method::POST, "/api/v1/account/email");
        problem(request.json(&json!({ "email": email })).send().await.unwrap()).await
    };
    assert_eq!(ask("no address").await, (422, "bad_email".into()));
    assert_eq!(ask("owner@example.org").await.0, 202, "who else has an address is not told");
    assert_eq!(ask("head@example.org").await.0, 202);
    let token = token_in(&letter(&app, "head@example.org", "e-mail-change").await, "e-mail-change");
    let take = async |token: &str| {
        let request = app.request(Method::POST, "/api/v1/email-changes");
        problem(request.json(&json!({ "token": token })).send().await.unwrap()).await
    };
    assert_eq!(take(&token).await.0, 204);
    assert_eq!(take(&token).await, (410, "gone".into()));
    let with = async |email: &str| sign_in_with(&app, json!({ "email": email, "password": PASSWORD })).await.status();
    assert_eq!(with("head@example.org").await, StatusCode::OK);
    assert_eq!(with("school@example.org").await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn with_a_second_factor_a_password_alone_opens_nothing() {
    let app = TestApp::start().await;
    let here = app.sign_in("publisher").await;
    let call = async |method: Method, path: &str, body: Value| {
        app.as_browser(&here, method, path).json(&body).send().await.unwrap()
    };
    let made: Value = call(Method::POST, "/api/v1/account/two-factor", json!({})).await.json().await.unwrap();
    assert!(made["qr_svg"].as_str().unwrap().contains("<svg"));
    let secret = made["secret"].as_str().unwrap().to_string();
    let code = |app: &TestApp| code_of(&secret, app.clock.now());
    let wrong = call(Method::PUT, "/api/v1/account/two-factor", json!({ "code": "000000" })).await;
    assert_eq!(problem(wrong).await, (401, "bad_code".into()));
    let on = call(Method::PUT, "/api/v1/account/two-factor", json!({ "code": code(&app) })).await;
    let on: Value = on.json().await.unwrap();
    let recovery = on["recovery_codes"][0].as_str().unwrap().to_string();
    assert_eq!(on["recovery_codes"].as_array().unwrap().len(), 10);

    let attempt = async |code: Option<&str>| {
        let body = json!({ "email": "publisher@example.org", "password": PASSWORD, "code": code });
        problem(sign_in_with(&app, body).await).await
    };
    assert_eq!(attempt(None).await, (401, "code_needed".into()));
    assert_eq!(attempt(Some("123456")).await, (401, "bad_code".into()));
    assert_eq!(attempt(Some(&code(&app))).await, (401, "bad_code".into()), "it was used to turn it on");
    app.clock.advance(TimeDelta::seconds(30));
    let former = code_of(&secret, app.clock.now() - TimeDelta::seconds(30));
    assert_eq!(attempt(Some(&code(&app))).await.0, 200);
    assert_eq!(attempt(Some(&code(&app))).await, (401, "bad_code".into()), "used");
    assert_eq!(attempt(Some(&former)).await, (401, "bad_code".into()), "of a window before one that was used");
    assert_eq!(attempt(Some(&recovery.to_uppercase())).await.0, 200);
    assert_eq!(attempt(Some(&recovery)).await, (401, "bad_code".into()), "a recovery code is good once");
    let wrong = json!({ "email": "publisher@example.org", "password": "wrong wrong wrong", "code": code(&app) });
    assert_eq!(problem(sign_in_with(&app, wrong).await).await, (401, "bad_credentials".into()));
}

#[tokio::test]
async fn an_organisation_that_asks_for_a_second_factor_shows_nothing_without() {
    let app = TestApp::start().await;
    let here = app.sign_in("publisher").await;
    let get = async |path: &str| app.as_browser(&here, Method::GET, path).send().await.unwrap();
    let mut alma: Value = get("/api/v1/organisations/alma").await.json().await.unwrap();
    alma["requires_two_factor"] = json!(true);
    let about: Vec<Value> = alma["about"].as_array().unwrap().iter().map(|a| a["code"].clone()).collect();
    alma["about"] = json!(about);
    for field in ["slug", "kind", "people"] {
        alma.as_object_mut().unwrap().remove(field);
    }
    let put = app.as_browser(&here, Method::PUT, "/api/v1/organisations/alma").json(&alma).send().await.unwrap();
    assert_eq!(put.status(), StatusCode::OK, "{}", put.text().await.unwrap());

    assert_eq!(problem(get("/api/v1/books").await).await, (403, "two_factor_needed".into()));
    assert_eq!(problem(get("/api/v1/statements?format=csv").await).await, (403, "two_factor_needed".into()));
    let graphql = app.as_browser(&here, Method::POST, "/graphql");
    let answer = graphql.json(&json!({ "query": "{ books { nodes { code } } }" })).send().await.unwrap();
    assert!(!answer.text().await.unwrap().contains("97800"));
    let session: Value = get("/api/v1/session").await.json().await.unwrap();
    assert_eq!((session["needs"].as_str(), session["can"].clone()), (Some("two_factor"), json!(["account.write"])));

    let enrol = app.as_browser(&here, Method::POST, "/api/v1/account/two-factor").send().await.unwrap();
    let secret = enrol.json::<Value>().await.unwrap()["secret"].as_str().unwrap().to_string();
    let code = json!({ "code": code_of(&secret, app.clock.now()) });
    app.as_browser(&here, Method::PUT, "/api/v1/account/two-factor").json(&code).send().await.unwrap();
    assert_eq!(get("/api/v1/books").await.status(), StatusCode::OK);
    assert_eq!(app.as_browser(&here, Method::DELETE, "/api/v1/account/two-factor").send().await.unwrap().status(), 204);
    assert_eq!(problem(get("/api/v1/books").await).await, (403, "two_factor_needed".into()), "and without it again");
}

#[tokio::test]
async fn what_matters_most_is_asked_for_anew_after_ten_minutes() {
    let app = TestApp::start().await;
    let here = app.sign_in("publisher").await;
    let make = async || {
        let body = json!({ "name": "night", "scopes": ["statements:read"] });
        problem(app.as_browser(&here, Method::POST, "/api/v1/keys").json(&body).send().await.unwrap()).await
    };
    assert_eq!(make().await.0, 201);
    app.clock.advance(TimeDelta::minutes(11));
    assert_eq!(make().await, (403, "prove_again".into()));
    let prove = async |password: &str| {
        let request = app.as_browser(&here, Method::POST, "/api/v1/session/proof");
        problem(request.json(&json!({ "password": password })).send().await.unwrap()).await
    };
    assert_eq!(prove("not it at all").await, (401, "bad_credentials".into()));
    assert_eq!(make().await, (403, "prove_again".into()));
    assert_eq!(prove(PASSWORD).await.0, 204);
    assert_eq!(make().await.0, 201);
}

#[tokio::test]
async fn ones_browsers_are_listed_and_ended() {
    let app = TestApp::start().await;
    let body = json!({ "email": "school@example.org", "password": PASSWORD });
    let lynx = app.request(Method::POST, "/api/v1/session").header("user-agent", "Lynx").json(&body).send().await;
    let (here, there) = (app.sign_in("school").await, cookie(&lynx.unwrap(), SESSION).unwrap());
    let other = app.sign_in("publisher").await;
    let list = async || -> Value {
        app.as_browser(&here, Method::GET, "/api/v1/account/sessions").send().await.unwrap().json().await.unwrap()
    };
    let items = list().await["items"].as_array().unwrap().clone();
    let lynx = items.iter().find(|item| item["agent"] == "Lynx").expect("the other browser");
    assert_eq!((lynx["current"].as_bool(), lynx["from"].as_str()), (Some(false), Some("127.0.0.1")));
    let path = format!("/api/v1/account/sessions/{}", lynx["id"].as_str().unwrap());
    let end = async |cookie: &str| app.as_browser(cookie, Method::DELETE, &path).send().await.unwrap().status();
    assert_eq!(end(&other).await, StatusCode::NOT_FOUND, "another's session");
    assert_eq!(end(&here).await, StatusCode::NO_CONTENT);
    let ended = app.as_browser(&there, Method::GET, "/api/v1/session").send().await.unwrap();
    assert_eq!(ended.status(), StatusCode::UNAUTHORIZED);
    app.as_browser(&here, Method::DELETE, "/api/v1/account/sessions").send().await.unwrap();
    let left = list().await["items"].as_array().unwrap().clone();
    assert_eq!((left.len(), left[0]["current"].as_bool()), (1, Some(true)));
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_when_it_is_old() {
    let app = TestApp::start().await;
    let (school, owner) = (app.sign_in("school").await, app.sign_in("owner").await);
    let status = async |cookie: &str| {
        app.as_browser(cookie, Method::GET, "/api/v1/session").send().await.unwrap().status().as_u16()
    };
    app.clock.advance(TimeDelta::minutes(29));
    assert_eq!((status(&school).await, status(&owner).await), (200, 200));
    app.clock.advance(TimeDelta::minutes(31));
    assert_eq!((status(&school).await, status(&owner).await), (200, 401), "who sees everything is out sooner");
    for _ in 0..24 {
        app.clock.advance(TimeDelta::hours(7));
        assert!([200, 401].contains(&status(&school).await));
    }
    assert_eq!(status(&school).await, 401, "in use all the time, and a week old");
}

#[tokio::test]
async fn an_attacker_is_slowed_and_the_owner_gets_in() {
    let app = TestApp::start_with(Options { paces: api::Paces::default(), ..Options::default() }).await;
    let right = json!({ "email": "school@example.org", "password": PASSWORD });
    let first = sign_in_with(&app, right.clone()).await;
    let browser = cookie(&first, BROWSER).expect("a known browser");
    let wrong = json!({ "email": "school@example.org", "password": "wrong wrong wrong" });
    let mut refused = 0;
    for _ in 0..30 {
        let response = sign_in_with(&app, wrong.clone()).await;
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            assert!(response.headers()["retry-after"].to_str().unwrap().parse::<u32>().unwrap() >= 1);
            refused += 1;
        }
    }
    assert_eq!(refused, 20);
    assert_eq!(problem(sign_in_with(&app, right.clone()).await).await.1, "too_many_attempts", "from elsewhere");
    let known = app.request(Method::POST, "/api/v1/session").header("cookie", &browser).json(&right);
    assert_eq!(known.send().await.unwrap().status(), StatusCode::OK, "from where one signed in before");
    let other = json!({ "email": "publisher@example.org", "password": PASSWORD });
    assert_eq!(sign_in_with(&app, other).await.status(), StatusCode::OK, "another account");
    app.clock.advance(TimeDelta::minutes(6));
    assert_eq!(sign_in_with(&app, right).await.status(), StatusCode::OK, "a while later");
}
