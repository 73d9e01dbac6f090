//! Against a certified provider: `oidc-provider`, with accounts as HarID tells of them.

use access::Role;
use chrono::Duration;
use identity::{BadToken, Email, Membership, Pending, Person, Provider, Providers, Refused, Returned, Start};
use peers::Peer;
use reqwest::redirect::Policy;
use url::Url;

use crate::{now, open};

const BACK: &str = "http://127.0.0.1/back";

fn settings(slug: &str, peer: &Peer) -> String {
    let issuer = peer.ready()["issuer"].as_str().unwrap();
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
        starts = "start_date"
        ends = "end_date"

        [[provider.membership]]
        claim = "roles"
        when = {{ marker = "official" }}
        role = "official"
        about = "region"
        "#
    )
}

/// A browser that follows the provider until it sends back here.
fn browser() -> reqwest::Client {
    let until_back = Policy::custom(|attempt| match attempt.url().as_str().starts_with(BACK) {
        true => attempt.stop(),
        false => attempt.follow(),
    });
    reqwest::Client::builder().cookie_store(true).redirect(until_back).build().unwrap()
}

/// What the browser brings back.
async fn brought_back(response: reqwest::Response) -> Returned {
    let Some(location) = response.headers().get("location").cloned() else {
        panic!("the provider does not send back: {}", response.text().await.unwrap());
    };
    let url = Url::parse(location.to_str().unwrap()).unwrap();
    let of = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    Returned { code: of("code"), state: of("state"), error: of("error"), iss: of("iss") }
}

async fn at_provider(url: &str, account: &str) -> Returned {
    let url = format!("{url}&login_hint={account}");
    brought_back(browser().get(url).send().await.unwrap()).await
}

async fn begin(providers: &Providers, account: &str) -> (Pending, Returned) {
    let Start { url, pending } = provider(providers).start(BACK, now()).await.unwrap();
    // As it is between the two halves: written down and read again.
    let pending = serde_json::from_str(&serde_json::to_string(&pending).unwrap()).unwrap();
    (pending, at_provider(&url, account).await)
}

fn provider(providers: &Providers) -> &Provider {
    providers.find(&providers.list()[0].slug).unwrap()
}

async fn sign_in(providers: &Providers, account: &str) -> Result<Person, Refused> {
    let (pending, returned) = begin(providers, account).await;
    provider(providers).finish(BACK, &pending, &returned, now()).await
}

#[tokio::test]
async fn a_principal_signs_in_and_is_the_administrator_of_one_school() {
    let peer = Peer::start("oidc.mjs", &[]).await;
    let person = sign_in(&open(&settings("harid", &peer)), "principal").await.unwrap();
    let about = Some("ee:1001".to_string());
    let organisation = Some("Tallinna Näidiskool".to_string());
    let expected = Person {
        issuer: peer.ready()["issuer"].as_str().unwrap().to_string(),
        subject: "principal".to_string(),
        email: Some(Email { address: "mari.maasikas@kool.example".to_string(), verified: true }),
        name: Some("Mari Maasikas".to_string()),
        language: Some("et".to_string()),
        memberships: vec![Membership { role: Role::SchoolAdmin, about, organisation }],
    };
    assert!(person == expected, "{person:?}");
    assert!(!format!("{person:?}").contains("Mari"), "who it is does not go into a log");
}

#[tokio::test]
async fn it_is_the_same_when_the_id_token_holds_all_claims() {
    let peer = Peer::start("oidc.mjs", &["--claims-in-id-token"]).await;
    let person = sign_in(&open(&settings("harid", &peer)), "principal").await.unwrap();
    assert_eq!((person.memberships.len(), person.name.as_deref()), (1, Some("Mari Maasikas")));
}

#[tokio::test]
async fn others_are_what_the_rules_make_of_them() {
    let peer = Peer::start("oidc.mjs", &[]).await;
    let providers = open(&settings("harid", &peer));
    for account in ["teacher", "former"] {
        let person = sign_in(&providers, account).await.unwrap();
        assert_eq!((person.subject.as_str(), person.memberships), (account, Vec::new()));
    }
    let official = sign_in(&providers, "official").await.unwrap();
    let region = Membership { role: Role::Official, about: Some("37".to_string()), organisation: None };
    assert_eq!(official.memberships, [region]);
    assert!(!official.email.unwrap().verified);
}

#[tokio::test]
async fn who_declines_is_refused_with_the_providers_word() {
    let peer = Peer::start("oidc.mjs", &[]).await;
    let refused = sign_in(&open(&settings("harid", &peer)), "nobody").await.unwrap_err();
    assert_eq!(refused, Refused::ProviderSaid("access_denied".to_string()));
    assert_eq!(refused.code(), "provider_refused");
}

#[tokio::test]
async fn a_code_serves_once() {
    let peer = Peer::start("oidc.mjs", &[]).await;
    let providers = open(&settings("harid", &peer));
    let (pending, returned) = begin(&providers, "principal").await;
    provider(&providers).finish(BACK, &pending, &returned, now()).await.unwrap();
    let again = provider(&providers).finish(BACK, &pending, &returned, now()).await;
    assert_eq!(again.unwrap_err(), Refused::CodeRefused);
}

#[tokio::test]
async fn a_code_without_its_verifier_is_worth_nothing() {
    let peer = Peer::start("oidc.mjs", &[]).await;
    let providers = open(&settings("harid", &peer));
    let (_, stolen) = begin(&providers, "principal").await;
    let (pending, own) = begin(&providers, "teacher").await;
    let planted = Returned { code: stolen.code, ..own };
    let refused = provider(&providers).finish(BACK, &pending, &planted, now()).await;
    assert_eq!(refused.unwrap_err(), Refused::CodeRefused);
}

#[tokio::test]
async fn an_answer_to_another_sign_in_is_refused_before_anything_is_asked() {
    let peer = Peer::start("oidc.mjs", &[]).await;
    let providers = open(&settings("harid", &peer));
    let (pending, returned) = begin(&providers, "principal").await;
    let finish = |returned: Returned, at| {
        let (providers, pending) = (&providers, &pending);
        async move { provider(providers).finish(BACK, pending, &returned, at).await.unwrap_err() }
    };
    for state in [None, Some(String::new()), Some("another".to_string())] {
        assert_eq!(finish(Returned { state, ..returned.clone() }, now()).await, Refused::StateMismatch);
    }
    let declined = Returned { error: Some("access_denied".to_string()), ..Returned::default() };
    assert_eq!(finish(declined, now()).await, Refused::StateMismatch);
    let mixed_up = Returned { iss: Some("https://another.example".to_string()), ..returned.clone() };
    assert_eq!(finish(mixed_up, now()).await, Refused::BadToken(BadToken::Issuer));
    let unnamed = Returned { iss: None, ..returned.clone() };
    assert_eq!(finish(unnamed, now()).await, Refused::BadToken(BadToken::Issuer));
    assert_eq!(finish(returned.clone(), now() + Duration::seconds(601)).await, Refused::Expired);
    // None of this used the code up.
    provider(&providers).finish(BACK, &pending, &returned, now()).await.unwrap();
}

#[tokio::test]
async fn several_providers_stand_side_by_side_and_their_answers_do_not_mix() {
    let (one, other) = (Peer::start("oidc.mjs", &[]).await, Peer::start("oidc.mjs", &[]).await);
    let providers = open(&(settings("one", &one) + &settings("other", &other)));
    let listed: Vec<_> = providers.list().into_iter().map(|p| (p.slug, p.title)).collect();
    let expected = [("one", "Provider one"), ("other", "Provider other")];
    assert_eq!(listed, expected.map(|(slug, title)| (slug.to_string(), title.to_string())));
    let (first, second) = (providers.find("one").unwrap(), providers.find("other").unwrap());
    let mut people = Vec::new();
    for provider in [first, second] {
        let start = provider.start(BACK, now()).await.unwrap();
        let returned = at_provider(&start.url, "principal").await;
        let elsewhere = if provider.slug() == "one" { second } else { first };
        let mixed = elsewhere.finish(BACK, &start.pending, &returned, now()).await;
        assert_eq!(mixed.unwrap_err(), Refused::StateMismatch);
        people.push(provider.finish(BACK, &start.pending, &returned, now()).await.unwrap());
    }
    assert_eq!(people[0].subject, people[1].subject);
    assert_ne!(people[0].issuer, people[1].issuer);
    assert!(providers.find("neither").is_none());
}

#[tokio::test]
async fn a_person_types_their_account_on_the_providers_page() {
    let peer = Peer::start("oidc.mjs", &[]).await;
    let providers = open(&settings("harid", &peer));
    let start = provider(&providers).start(BACK, now()).await.unwrap();
    let browser = browser();
    let page = browser.get(&start.url).send().await.unwrap();
    let address = page.url().clone();
    assert!(page.text().await.unwrap().contains("<input name=\"account\""));
    let typed = |body: &'static str| {
        let request = browser.post(address.clone()).header("content-type", "application/x-www-form-urlencoded");
        request.body(body).send()
    };
    let again = typed("account=whoever").await.unwrap().text().await.unwrap();
    assert!(again.contains("There is no such account."), "{again}");
    let returned = brought_back(typed("account=teacher").await.unwrap()).await;
    let person = provider(&providers).finish(BACK, &start.pending, &returned, now()).await.unwrap();
    assert_eq!(person.subject, "teacher");
}
