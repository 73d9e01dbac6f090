//! Signing in with a school's or national identity provider: a real one (`oidc-provider`), through the browser's whole way.

use std::net::TcpListener;

use access::OrganisationKind;
use identity::{ProviderSettings, Providers};
use peers::Peer;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::app::{SESSION, cookie};
use testkit::{Options, TestApp};

struct Elsewhere {
    app: TestApp,
    _peer: Peer,
    dir: TempDir,
}

/// The app with a provider whose people are those of this school, among others.
async fn elsewhere() -> Elsewhere {
    let dir = TempDir::new().unwrap();
    let role = |marker: &str, school: &str| json!({ "marker": marker, "active": true, "provider_ehis_id": school, "provider_name": "Named elsewhere" });
    let person = |name: &str, roles: Value| json!({ "given_name": name, "family_name": "X", "email": "school@example.org", "email_verified": true, "roles": roles });
    let accounts = json!({
        "head": person("Helga", json!([role("principal", "S1"), role("principal", "S5")])),
        "new_head": person("Nora", json!([role("principal", "S2")])),
        "teacher": person("Toomas", json!([role("teacher", "S1")])),
        "lost": person("Lea", json!([role("principal", "S99")])),
    });
    let (file, settings) = (dir.path().join("accounts.json"), dir.path().join("providers.toml"));
    std::fs::write(&file, accounts.to_string()).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let issuer = format!("http://127.0.0.1:{port}");
    std::fs::write(&settings, toml(&issuer)).unwrap();
    let settings = ProviderSettings::read(&settings).unwrap();
    let providers = Box::new(move |_: &str| Providers::open(settings));
    let app = TestApp::start_with(Options { providers, ..Options::default() }).await;
    // The provider's tokens are of today.
    #[expect(clippy::disallowed_methods, reason = "it is the provider that lives today")]
    let today = chrono::Utc::now();
    app.clock.advance(today - app.clock.now());
    let back = format!("{}/auth/harid/callback", app.url);
    let args = ["--port", &port.to_string(), "--redirect-uri", &back, "--accounts", file.to_str().unwrap()];
    let peer = Peer::start("oidc.mjs", &args).await;
    assert_eq!(peer.ready()["issuer"], issuer);
    Elsewhere { app, _peer: peer, dir }
}

fn toml(issuer: &str) -> String {
    let provider = |slug: &str, issuer: &str| {
        format!(
            r#"
            [[provider]]
            slug = "{slug}"
            title = "Provider {slug}"
            issuer = "{issuer}"
            client_id = "octavo"
            client_secret = "octavo secret & more"
            scopes = ["openid", "profile", "email", "roles"]
            [[provider.membership]]
            claim = "roles"
            when = {{ marker = "principal", active = true }}
            role = "school_admin"
            site = "ee"
            about = "provider_ehis_id"
            organisation = "provider_name"
            "#
        )
    };
    provider("harid", issuer) + &provider("away", "http://127.0.0.1:9")
}

impl Elsewhere {
    async fn start(&self, slug: &str, to: &str) -> (Response, Option<String>) {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let address = format!("{}/auth/{slug}/start?to={to}", self.app.url);
        let response = client.get(address).send().await.unwrap();
        let session = cookie(&response, SESSION);
        (response, session)
    }

    /// What the provider sends the browser back with, after the person of this name has signed in there.
    async fn at_provider(&self, start: &Response, name: &str) -> String {
        let back = self.app.url.clone();
        let until_back = Policy::custom(move |attempt| match attempt.url().as_str().starts_with(&back) {
            true => attempt.stop(),
            false => attempt.follow(),
        });
        let browser = Client::builder().cookie_store(true).redirect(until_back).build().unwrap();
        let address = format!("{}&login_hint={name}", location(start));
        location(&browser.get(address).send().await.unwrap())
    }

    async fn come_back(&self, address: &str, session: Option<&str>) -> Response {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        client.get(address).header("cookie", session.unwrap_or_default()).send().await.unwrap()
    }

    async fn sign_in(&self, name: &str, to: &str) -> Response {
        let (start, session) = self.start("harid", to).await;
        let back = self.at_provider(&start, name).await;
        self.come_back(&back, session.as_deref()).await
    }

    async fn session(&self, signed: &Response) -> Value {
        let cookie = cookie(signed, SESSION).expect("a session");
        self.app.as_browser(&cookie, Method::GET, "/api/v1/session").send().await.unwrap().json().await.unwrap()
    }
}

fn location(response: &Response) -> String {
    response.headers()["location"].to_str().unwrap().to_string()
}

#[tokio::test]
async fn a_head_lands_in_her_school_with_nothing_to_set_up() {
    let e = elsewhere().await;
    let list: Value =
        e.app.request(Method::GET, "/api/v1/identity-providers").send().await.unwrap().json().await.unwrap();
    assert_eq!(list["items"][0], json!({ "slug": "harid", "title": "Provider harid" }));
    let signed = e.sign_in("head", "/books").await;
    assert_eq!((signed.status(), location(&signed).as_str()), (StatusCode::SEE_OTHER, "/books"));
    let session = e.session(&signed).await;
    assert_eq!(
        (session["account"]["name"].as_str(), session["role"].as_str()),
        (Some("Helga X"), Some("school_admin"))
    );
    let places: Vec<&str> = session["memberships"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["organisation"]["slug"].as_str().unwrap())
        .collect();
    assert_eq!(places.len(), 2, "both of her schools: {places:?}");
    assert!(places.contains(&"school-s1"), "the organisation that was there: {places:?}");
    // The address was not trusted: she is not the account that has it.
    assert_ne!(session["account"]["email"], "school@example.org");
    let again = e.session(&e.sign_in("head", "/").await).await;
    assert_eq!(again["account"]["id"], session["account"]["id"]);
    let (new, s2) = (e.session(&e.sign_in("new_head", "/").await).await, "School S2 CANARY-ee-S2");
    assert_eq!(new["organisation"]["name"], s2, "made when its first member came, by the name it has here");
}

#[tokio::test]
async fn who_has_no_place_here_is_told_so_and_leaves_nothing() {
    let e = elsewhere().await;
    for name in ["teacher", "lost"] {
        let refused = e.sign_in(name, "/").await;
        assert_eq!(location(&refused), "/sign-in?refused=no_membership", "{name}");
    }
    assert_eq!(e.app.store.organisations().named("Named elsewhere", OrganisationKind::School).await.unwrap(), None);
    let (away, _) = e.start("away", "/").await;
    assert_eq!(location(&away), "/sign-in?refused=provider_unavailable");
    assert_eq!(e.start("none", "/").await.0.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_code_is_good_once_and_for_the_browser_that_asked() {
    let e = elsewhere().await;
    let (start, session) = e.start("harid", "//evil.example").await;
    let back = e.at_provider(&start, "head").await;
    for (stranger, why) in [(None, "no session"), (e.start("harid", "/").await.1, "another session")] {
        let refused = e.come_back(&back, stranger.as_deref()).await;
        assert!(location(&refused).starts_with("/sign-in?refused="), "{why}");
    }
    let wrong = format!("{back}x");
    let signed = e.come_back(&back, session.as_deref()).await;
    assert_eq!(location(&signed), "/", "not to another host");
    let replayed = e.come_back(&back, session.as_deref()).await;
    assert_eq!(location(&replayed), "/sign-in?refused=link_expired");
    assert!(location(&e.come_back(&wrong, session.as_deref()).await).starts_with("/sign-in?refused="));
}

#[tokio::test]
async fn who_leaves_is_out_the_same_day_and_what_was_given_here_stays() {
    let e = elsewhere().await;
    let signed = e.sign_in("head", "/").await;
    let cookie = cookie(&signed, SESSION).unwrap();
    let status = async || e.app.as_browser(&cookie, Method::GET, "/api/v1/catalog").send().await.unwrap().status();
    assert_eq!(status().await, StatusCode::OK);
    // She is principal of one school only from now on.
    let file = e.dir.path().join("accounts.json");
    let left = std::fs::read_to_string(&file).unwrap();
    assert!(left.contains("S5"));
    for _ in 0..4 {
        e.app.clock.advance(chrono::TimeDelta::hours(6));
        let _ = status().await;
    }
    assert_eq!(status().await, StatusCode::UNAUTHORIZED, "a day without having been at the provider");
}
