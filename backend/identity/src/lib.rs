//! Signing in elsewhere: OpenID Connect providers, and what their claims make of a person here.
//!
//! The code flow of OpenID Connect Core 1.0, section 3.1, with PKCE (RFC 7636), state and nonce. A person is known by
//! (issuer, subject) and by nothing else; an e-mail address is only what the provider says of them. No routes, no database:
//! who calls this keeps a [`Pending`] between the two halves and decides what a [`Person`] may do.

mod claims;
mod membership;
mod person;
mod provider;
mod providers;
mod refused;
mod remote;
mod rule;
mod secret;
mod settings;
mod token;
mod wire;

pub use membership::Membership;
pub use person::{Email, Person};
pub use provider::{Pending, Provider, Returned, Start};
pub use providers::{Listed, Providers};
pub use refused::{BadToken, Refused, Trouble};
pub use rule::MembershipRule;
pub use secret::Secret;
pub use settings::{ProviderSettings, SettingsError};
