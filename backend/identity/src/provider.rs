//! One provider: the two halves of a sign-in.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::form_urlencoded::{Serializer, byte_serialize};

use crate::claims;
use crate::person::Person;
use crate::refused::{BadToken, Refused, Trouble};
use crate::remote::{Metadata, Remote};
use crate::secret::Secret;
use crate::settings::ProviderSettings;
use crate::token::{Expected, verified};
use crate::wire;

/// How long a person may take at the provider (ASVS 5.0, 6.5.5).
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// A provider that people can sign in with.
pub struct Provider {
    settings: ProviderSettings,
    remote: Remote,
}

/// The beginning of a sign-in.
#[derive(Debug)]
pub struct Start {
    /// Where the browser is sent.
    pub url: String,
    /// What [`Provider::finish`] will need; keep it with the browser's session, and use it once.
    pub pending: Pending,
}

/// A sign-in under way. Its parts are keys: keep it on the server, or where the browser cannot read or change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub provider: String,
    pub created_at: DateTime<Utc>,
    state: Secret,
    nonce: Secret,
    verifier: Secret,
}

/// What the browser brings back in its query.
#[derive(Clone, Default, Deserialize)]
pub struct Returned {
    pub code: Option<String>,
    pub state: Option<String>,
    pub error: Option<String>,
    /// The issuer that answers (RFC 9207).
    pub iss: Option<String>,
}

impl Provider {
    pub(crate) fn new(settings: ProviderSettings, client: Client) -> Self {
        let remote = Remote::new(settings.issuer.clone(), client);
        Self { settings, remote }
    }

    pub fn slug(&self) -> &str {
        &self.settings.slug
    }

    pub fn title(&self) -> &str {
        &self.settings.title
    }

    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Whether its sign-in counts as two factors.
    pub fn is_second_factor(&self) -> bool {
        self.settings.second_factor
    }

    /// Whether an address it calls verified may join a person to an account that is here already.
    pub fn trusts_email(&self) -> bool {
        self.settings.trust_email
    }

    /// Begins a sign-in that ends at `redirect_uri`, which the provider knows.
    ///
    /// # Errors
    /// [`Refused::Unreachable`].
    pub async fn start(&self, redirect_uri: &str, now: DateTime<Utc>) -> Result<Start, Refused> {
        let published = self.remote.published(now).await?;
        let (state, nonce) = (CsrfToken::new_random(), Nonce::new_random());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut url = published.metadata.authorization_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", state.secret())
            .append_pair("nonce", nonce.secret())
            .append_pair("code_challenge", challenge.as_str())
            .append_pair("code_challenge_method", "S256");
        let pending = Pending {
            provider: self.settings.slug.clone(),
            created_at: now,
            state: Secret::new(state.secret()),
            nonce: Secret::new(nonce.secret()),
            verifier: Secret::new(verifier.secret()),
        };
        Ok(Start { url: url.into(), pending })
    }

    /// Ends a sign-in: exchanges the code, checks what comes back, and says who it is. `redirect_uri` as at the start.
    ///
    /// # Errors
    /// [`Refused`], each with what the sign-in page is told ([`Refused::code`]).
    pub async fn finish(
        &self,
        redirect_uri: &str,
        pending: &Pending,
        returned: &Returned,
        now: DateTime<Utc>,
    ) -> Result<Person, Refused> {
        // First of all whether it is the answer to what was begun: nothing an attacker's link brings is looked at before.
        if pending.provider != self.settings.slug || returned.state.as_deref() != Some(pending.state.expose()) {
            return Err(Refused::StateMismatch);
        }
        if now - pending.created_at > PATIENCE {
            return Err(Refused::Expired);
        }
        let published = self.remote.published(now).await?;
        let named = published.metadata.authorization_response_iss_parameter_supported;
        match &returned.iss {
            Some(issuer) if *issuer == self.settings.issuer => {}
            None if !named => {}
            _ => return Err(BadToken::Issuer.into()),
        }
        if let Some(error) = &returned.error {
            return Err(Refused::ProviderSaid(error_code(error)));
        }
        let code = returned.code.as_deref().ok_or(Refused::CodeRefused)?;
        let tokens = self.exchange(&published.metadata, redirect_uri, code, pending).await?;
        let text = |name: &str| tokens.get(name).and_then(Value::as_str);
        let id_token = text("id_token").ok_or(BadToken::Missing)?;
        let access_token = text("access_token").unwrap_or_default();
        let expected = Expected {
            issuer: &self.settings.issuer,
            client_id: &self.settings.client_id,
            nonce: pending.nonce.expose(),
            access_token,
            now,
        };
        let (subject, mut claims) = match verified(id_token, &published.keys, &expected) {
            Err(BadToken::UnknownKey) => match self.remote.newer(&published, now).await? {
                Some(newer) => verified(id_token, &newer.keys, &expected)?,
                None => return Err(BadToken::UnknownKey.into()),
            },
            other => other?,
        };
        if !self.has_all(&claims)
            && let Some(endpoint) = published.metadata.userinfo_endpoint.clone()
        {
            let request = self.remote.client().get(endpoint).bearer_auth(access_token);
            let Value::Object(more) = wire::fetch(request).await? else { return Err(Trouble::Unreadable.into()) };
            if more.get("sub").and_then(Value::as_str) != Some(&subject) {
                return Err(BadToken::OtherSubject.into());
            }
            // What is signed goes before what is not.
            for (name, value) in more {
                claims.entry(name).or_insert(value);
            }
        }
        Ok(Person::of(&self.settings.issuer, subject, &claims, &self.settings.memberships, now))
    }

    /// Trades the code for tokens (RFC 6749, section 4.1.3).
    async fn exchange(
        &self,
        metadata: &Metadata,
        redirect_uri: &str,
        code: &str,
        pending: &Pending,
    ) -> Result<Map<String, Value>, Refused> {
        match wire::ask(self.trade(metadata, redirect_uri, code, pending)).await? {
            (StatusCode::OK, Some(Value::Object(tokens))) => Ok(tokens),
            (StatusCode::OK, _) => Err(Trouble::Unreadable.into()),
            (status, Some(answer)) if status.is_client_error() => match answer.get("error").and_then(Value::as_str) {
                Some("invalid_grant") => Err(Refused::CodeRefused),
                Some(error) => Err(Refused::ProviderSaid(error_code(error))),
                None => Err(Trouble::Status(status.as_u16()).into()),
            },
            (status, _) => Err(Trouble::Status(status.as_u16()).into()),
        }
    }

    fn trade(&self, metadata: &Metadata, redirect_uri: &str, code: &str, pending: &Pending) -> RequestBuilder {
        let (id, secret) = (&self.settings.client_id, self.settings.client_secret.expose());
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("code_verifier", pending.verifier.expose());
        let mut request = self.remote.client().post(metadata.token_endpoint.clone());
        if metadata.wants_secret_in_form() {
            form.append_pair("client_id", id).append_pair("client_secret", secret);
        } else {
            // Encoded as in a form, and then again by the header (section 2.3.1).
            let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
            request = request.basic_auth(encoded(id), Some(encoded(secret)));
        }
        request.header("content-type", "application/x-www-form-urlencoded").body(form.finish())
    }

    /// Whether everything that is wanted of a person stands in these claims.
    fn has_all(&self, claims: &Map<String, Value>) -> bool {
        let asked = |scope: &str| self.settings.scopes.iter().any(|s| s == scope);
        let has = |name: &str| claims.contains_key(name);
        (!asked("email") || has("email"))
            && (!asked("profile") || has("name"))
            && self.settings.memberships.iter().all(|rule| claims::find(claims, &rule.claim).is_some())
    }
}

/// The provider's error code, if it is one: what else it says may be anything, and is put into a log.
fn error_code(error: &str) -> String {
    let is_code = error.len() <= 60 && error.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if is_code && !error.is_empty() { error.to_string() } else { "an error without a code".to_string() }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({}, {})", self.settings.slug, self.settings.issuer)
    }
}

impl fmt::Debug for Returned {
    /// Without the code and the state.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Returned(code: {}, error: {})", self.code.is_some(), self.error.is_some())
    }
}
