//! What a provider publishes of itself: its addresses and its keys, fetched when first needed and kept for a while.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::CoreJsonWebKeySet;
use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::refused::Trouble;
use crate::wire;

/// How long addresses and keys are kept.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// How long at least lies between two looks for a key that is not known.
const LOOKS: TimeDelta = TimeDelta::seconds(30);

/// A provider's discovery document (OpenID Connect Discovery 1.0, section 3), as far as it is used.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Metadata {
    issuer: String,
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    pub userinfo_endpoint: Option<Url>,
    jwks_uri: Url,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Whether its answers name their issuer (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Whether the client's secret goes into the form instead of the header, which is the usual place.
    pub fn wants_secret_in_form(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
        let has = |method: &str| methods.iter().any(|m| m == method);
        has("client_secret_post") && !has("client_secret_basic")
    }
}

/// What was published when it was fetched.
#[derive(Debug)]
pub(crate) struct Published {
    pub metadata: Metadata,
    pub keys: CoreJsonWebKeySet,
    fetched_at: DateTime<Utc>,
    keys_fetched_at: DateTime<Utc>,
}

/// A provider far away.
pub(crate) struct Remote {
    issuer: String,
    client: Client,
    kept: Mutex<Option<Arc<Published>>>,
}

impl Remote {
    /// Asks nothing yet.
    pub fn new(issuer: String, client: Client) -> Self {
        Self { issuer, client, kept: Mutex::new(None) }
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What the provider publishes, at most an hour old.
    pub async fn published(&self, now: DateTime<Utc>) -> Result<Arc<Published>, Trouble> {
        if let Some(known) = self.kept().filter(|known| (now - known.fetched_at).abs() < KEPT) {
            return Ok(known);
        }
        let metadata = self.discover().await?;
        let keys = self.keys(&metadata).await?;
        Ok(self.keep(Published { metadata, keys, fetched_at: now, keys_fetched_at: now }))
    }

    /// The keys anew, for a token whose key is not among those of `known`: the provider may have changed them. `None` when
    /// somebody looked a moment ago.
    pub async fn newer(&self, known: &Published, now: DateTime<Utc>) -> Result<Option<Arc<Published>>, Trouble> {
        let latest = self.kept().map_or(known.keys_fetched_at, |kept| kept.keys_fetched_at);
        if (now - latest).abs() < LOOKS {
            return Ok(self.kept().filter(|kept| kept.keys_fetched_at > known.keys_fetched_at));
        }
        let keys = self.keys(&known.metadata).await?;
        let metadata = known.metadata.clone();
        Ok(Some(self.keep(Published { metadata, keys, fetched_at: known.fetched_at, keys_fetched_at: now })))
    }

    async fn discover(&self) -> Result<Metadata, Trouble> {
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let document = wire::fetch(self.client.get(wire::secure(&url)?)).await?;
        let metadata: Metadata = serde_json::from_value(document).map_err(|_| Trouble::Unreadable)?;
        if metadata.issuer != self.issuer {
            return Err(Trouble::OtherIssuer);
        }
        let Metadata { authorization_endpoint, token_endpoint, userinfo_endpoint, jwks_uri, .. } = &metadata;
        let needed = [authorization_endpoint, token_endpoint, jwks_uri].into_iter().all(wire::is_secure);
        match needed && userinfo_endpoint.as_ref().is_none_or(wire::is_secure) {
            true => Ok(metadata),
            false => Err(Trouble::NotSecure),
        }
    }

    /// Keys of kinds that are not known are passed over (RFC 7517, section 5).
    async fn keys(&self, metadata: &Metadata) -> Result<CoreJsonWebKeySet, Trouble> {
        let document: Value = wire::fetch(self.client.get(metadata.jwks_uri.clone())).await?;
        serde_json::from_value(document).map_err(|_| Trouble::Unreadable)
    }

    fn kept(&self) -> Option<Arc<Published>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, published: Published) -> Arc<Published> {
        let published = Arc::new(published);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(published.clone());
        published
    }
}
