//! Against a provider that is told which lie to tell.

use chrono::{DateTime, Duration, Utc};
use identity::{BadToken, Pending, Person, Provider, Providers, Refused, Returned, Trouble};
use peers::Peer;
use url::Url;

use crate::{now, open};

const BACK: &str = "http://127.0.0.1/back";

pub fn providers(issuer: &str, secret: &str) -> Providers {
    open(&format!(
        "[[provider]]\nslug = \"hostile\"\ntitle = \"Hostile\"\nissuer = \"{issuer}\"\nclient_id = \"octavo\"\n\
         client_secret = \"{secret}\"\nscopes = [\"openid\", \"profile\", \"email\"]\n"
    ))
}

pub fn origin(peer: &Peer) -> &str {
    peer.ready()["issuer"].as_str().unwrap()
}

fn hostile(peer: &Peer) -> Providers {
    providers(origin(peer), "octavo-secret")
}

fn provider(providers: &Providers) -> &Provider {
    providers.find("hostile").unwrap()
}

/// What the browser would bring back for this fault.
fn returned(url: &str, fault: &str) -> Returned {
    let url = Url::parse(url).unwrap();
    let of = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let code = Some(format!("{fault}.{}", of("nonce")));
    Returned { code, state: Some(of("state")), ..Returned::default() }
}

async fn begin(providers: &Providers, fault: &str, at: DateTime<Utc>) -> (Pending, Returned) {
    let start = provider(providers).start(BACK, at).await.unwrap();
    let returned = returned(&start.url, fault);
    (start.pending, returned)
}

async fn sign_in(providers: &Providers, fault: &str, at: DateTime<Utc>) -> Result<Person, Refused> {
    let (pending, returned) = begin(providers, fault, at).await;
    provider(providers).finish(BACK, &pending, &returned, at).await
}

async fn keys_asked(peer: &Peer) -> u64 {
    let answer = reqwest::get(format!("{}/asked", origin(peer))).await.unwrap();
    answer.json::<serde_json::Value>().await.unwrap()["keys"].as_u64().unwrap()
}

#[tokio::test]
async fn what_is_right_is_accepted_even_if_it_is_unusual() {
    let peer = Peer::start("hostile-oidc.mjs", &[]).await;
    let providers = hostile(&peer);
    for fault in ["nothing", "elliptic", "unnamed", "own-party", "amr-text"] {
        let person = sign_in(&providers, fault, now()).await.unwrap_or_else(|error| panic!("{fault}: {error}"));
        assert_eq!((person.subject.as_str(), person.name.as_deref()), ("person-1", Some("Person One")), "{fault}");
    }
}

#[tokio::test]
async fn each_lie_is_refused_for_its_own_reason() {
    let peer = Peer::start("hostile-oidc.mjs", &[]).await;
    let providers = hostile(&peer);
    for (fault, reason) in [
        ("missing", BadToken::Missing),
        ("garbage", BadToken::Unreadable),
        ("none", BadToken::Algorithm),
        ("shared-secret", BadToken::Algorithm),
        ("shared-public-key", BadToken::Algorithm),
        ("unknown-key", BadToken::UnknownKey),
        ("stolen-name", BadToken::Signature),
        ("tampered", BadToken::Signature),
        ("issuer", BadToken::Issuer),
        ("audience", BadToken::Audience),
        ("several-audiences", BadToken::AuthorizedParty),
        ("another-party", BadToken::AuthorizedParty),
        ("expired", BadToken::Expired),
        ("future", BadToken::NotYet),
        ("nonce", BadToken::Nonce),
        ("no-nonce", BadToken::Nonce),
        ("no-subject", BadToken::Subject),
        ("at-hash", BadToken::AccessTokenHash),
        ("other-subject", BadToken::OtherSubject),
    ] {
        let refused = sign_in(&providers, fault, now()).await.map(drop).unwrap_err();
        assert_eq!(refused, Refused::BadToken(reason), "{fault}");
        assert_eq!(refused.code(), "provider_refused");
    }
}

#[tokio::test]
async fn a_token_serves_the_sign_in_it_was_made_for_only() {
    let peer = Peer::start("hostile-oidc.mjs", &[]).await;
    let providers = hostile(&peer);
    let (_, others) = begin(&providers, "nothing", now()).await;
    let (pending, own) = begin(&providers, "nothing", now()).await;
    let planted = Returned { code: others.code, ..own };
    let refused = provider(&providers).finish(BACK, &pending, &planted, now()).await.map(drop);
    assert_eq!(refused, Err(Refused::BadToken(BadToken::Nonce)));
}

#[tokio::test]
async fn a_token_holds_for_its_time_and_a_minute() {
    let peer = Peer::start("hostile-oidc.mjs", &[]).await;
    let providers = hostile(&peer);
    // It is good for five minutes by the provider's clock; here it is later.
    assert!(sign_in(&providers, "nothing", now() + Duration::seconds(350)).await.is_ok());
    let late = sign_in(&providers, "nothing", now() + Duration::seconds(370)).await.map(drop);
    assert_eq!(late, Err(Refused::BadToken(BadToken::Expired)));
    let early = sign_in(&providers, "nothing", now() - Duration::seconds(70)).await.map(drop);
    assert_eq!(early, Err(Refused::BadToken(BadToken::NotYet)));
}

#[tokio::test]
async fn new_keys_are_looked_for_but_not_at_every_token() {
    let peer = Peer::start("hostile-oidc.mjs", &[]).await;
    let providers = hostile(&peer);
    let begun = now();
    sign_in(&providers, "nothing", begun).await.unwrap();
    assert_eq!(keys_asked(&peer).await, 1);
    // A moment after the keys were fetched nobody looks again.
    let soon = sign_in(&providers, "unknown-key", begun + Duration::seconds(5)).await.map(drop);
    assert_eq!(soon, Err(Refused::BadToken(BadToken::UnknownKey)));
    assert_eq!(keys_asked(&peer).await, 1);
    // Later the provider has changed its keys: they are fetched once, and serve from then on.
    let later = begun + Duration::seconds(40);
    sign_in(&providers, "rotated", later).await.unwrap();
    assert_eq!(keys_asked(&peer).await, 2);
    for _ in 0..5 {
        assert!(sign_in(&providers, "unknown-key", later).await.is_err());
    }
    assert_eq!(keys_asked(&peer).await, 2);
    // The key that is no longer published signs nothing any more.
    let old = sign_in(&providers, "nothing", later).await.map(drop);
    assert_eq!(old, Err(Refused::BadToken(BadToken::UnknownKey)));
}

#[tokio::test]
async fn a_wrong_client_secret_is_the_providers_refusal() {
    let peer = Peer::start("hostile-oidc.mjs", &[]).await;
    let providers = providers(origin(&peer), "another-secret");
    let refused = sign_in(&providers, "nothing", now()).await.map(drop).unwrap_err();
    assert_eq!(refused, Refused::ProviderSaid("invalid_client".to_string()));
    assert!(!format!("{refused:?} {:?}", provider(&providers)).contains("another-secret"));
}

#[tokio::test]
async fn an_answer_that_is_too_much_too_late_or_none_is_no_sign_in() {
    let peer = Peer::start("hostile-oidc.mjs", &[]).await;
    let providers = hostile(&peer);
    for (fault, trouble) in [("huge", Trouble::TooLarge), ("down", Trouble::Status(502)), ("slow", Trouble::TooSlow)] {
        let refused = sign_in(&providers, fault, now()).await.map(drop).unwrap_err();
        assert_eq!(refused, Refused::Unreachable(trouble), "{fault}");
        assert_eq!(refused.code(), "provider_unavailable");
    }
    let shouting = sign_in(&providers, "shouting", now()).await.map(drop).unwrap_err();
    assert_eq!(shouting, Refused::ProviderSaid("an error without a code".to_string()));
}
