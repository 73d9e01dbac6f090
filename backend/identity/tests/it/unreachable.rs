//! Providers whose discovery document cannot be used.

use identity::{Refused, Trouble};
use peers::Peer;

use crate::hostile::{origin, providers};
use crate::now;

async fn start(issuer: &str) -> Result<(), Refused> {
    let providers = providers(issuer, "octavo-secret");
    providers.find("hostile").unwrap().start("http://127.0.0.1/back", now()).await.map(drop)
}

#[tokio::test]
async fn each_way_of_being_no_provider_has_its_own_reason() {
    let peer = Peer::start("hostile-oidc.mjs", &[]).await;
    for (fault, trouble) in [
        ("other-issuer", Trouble::OtherIssuer),
        ("not-secure", Trouble::NotSecure),
        ("huge", Trouble::TooLarge),
        ("huge-keys", Trouble::TooLarge),
        ("garbage", Trouble::Unreadable),
        ("down", Trouble::Status(503)),
        ("redirect", Trouble::Status(302)),
        ("slow", Trouble::TooSlow),
    ] {
        let issuer = format!("{}/{fault}", origin(&peer));
        assert_eq!(start(&issuer).await, Err(Refused::Unreachable(trouble)), "{fault}");
    }
    // With another fault than these, the issuer with a path is as good as any.
    assert_eq!(start(&format!("{}/tenant", origin(&peer))).await, Ok(()));
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_silent() {
    assert_eq!(start("http://127.0.0.1:1").await, Err(Refused::Unreachable(Trouble::Silent)));
}
