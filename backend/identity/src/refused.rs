//! Why a sign-in came to nothing.

use thiserror::Error;

/// Why a sign-in came to nothing. No sentence holds a code, a token or a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// The provider's own error code, such as `access_denied` (RFC 6749, sections 4.1.2.1 and 5.2).
    #[error("the provider refuses: {0}")]
    ProviderSaid(String),
    #[error("the answer does not belong to a sign-in that was begun here")]
    StateMismatch,
    #[error("the sign-in was begun too long ago")]
    Expired,
    /// Used already, expired, or meant for another client.
    #[error("the provider does not accept its code (any more)")]
    CodeRefused,
    #[error("the provider's word does not hold: {0}")]
    BadToken(#[from] BadToken),
    #[error("the provider cannot be asked: {0}")]
    Unreachable(#[from] Trouble),
}

impl Refused {
    /// The code the sign-in page is told: `provider_refused`, `provider_unavailable` or `link_expired`.
    pub fn code(&self) -> &'static str {
        match self {
            Refused::ProviderSaid(_) | Refused::CodeRefused | Refused::BadToken(_) => "provider_refused",
            Refused::StateMismatch | Refused::Expired => "link_expired",
            Refused::Unreachable(_) => "provider_unavailable",
        }
    }
}

/// Which check an ID token or the user's information failed (OpenID Connect Core 1.0, sections 3.1.3.7 and 5.3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BadToken {
    #[error("there is no ID token")]
    Missing,
    #[error("the ID token cannot be read")]
    Unreadable,
    #[error("its algorithm is not one that only the provider can sign with")]
    Algorithm,
    #[error("it is signed with a key that the provider does not publish")]
    UnknownKey,
    #[error("its signature is wrong")]
    Signature,
    #[error("another issuer made it")]
    Issuer,
    #[error("it is meant for another client")]
    Audience,
    #[error("another client may use it")]
    AuthorizedParty,
    #[error("it has expired")]
    Expired,
    #[error("it is from the future")]
    NotYet,
    #[error("it answers another sign-in")]
    Nonce,
    #[error("it names no subject")]
    Subject,
    #[error("it belongs to another access token")]
    AccessTokenHash,
    #[error("the user's information is about somebody else")]
    OtherSubject,
}

/// Why a provider could not be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Trouble {
    #[error("it does not answer")]
    Silent,
    #[error("it answers too slowly")]
    TooSlow,
    #[error("it answers with more than can be right")]
    TooLarge,
    #[error("it answers with status {0}")]
    Status(u16),
    #[error("it answers with something that cannot be read")]
    Unreadable,
    #[error("an address of it is neither https nor on this machine")]
    NotSecure,
    #[error("its discovery document names another issuer")]
    OtherIssuer,
}
