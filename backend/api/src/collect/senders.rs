//! Who may send events, and of which site they are.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use ingest::enrich::SiteSecret;
use ipnet::IpNet;
use store::{digest_of, is_key};
use uuid::Uuid;

use super::CollectState;
use crate::origin::Origin;
use crate::problem::Problem;

/// The header that says of which site the events are that come with an API key.
pub(super) const SITE: HeaderName = HeaderName::from_static("octavo-site");

/// All keys that hold.
#[derive(Debug, Default)]
pub struct Senders {
    by_key: HashMap<String, Arc<Sender>>,
    /// By the site's code: who sends for it with an API key.
    by_site: HashMap<String, Arc<Sender>>,
    /// By the SHA-256 of the key.
    api_keys: HashMap<[u8; 32], ApiKey>,
}

/// An API key that held when it was read.
#[derive(Debug)]
pub struct ApiKey {
    pub id: Uuid,
    /// Where it may be used from; anywhere when there are none.
    pub networks: Vec<IpNet>,
    /// From when on it has to be known anew.
    pub until: Option<DateTime<Utc>>,
    /// Whether its scopes and its account's role permit it to send events.
    pub sends: bool,
}

/// Who asks to send, by what.
pub(super) struct Asked<'a> {
    pub key: Option<&'a str>,
    /// Of a page.
    pub origin: Option<&'a str>,
    /// The site that is named beside an API key.
    pub site: Option<&'a str>,
    pub address: Option<IpAddr>,
}

impl<'a> Asked<'a> {
    /// As the headers say, with this key.
    pub fn of(headers: &'a HeaderMap, key: Option<&'a str>, from: &Origin) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        Self { key, origin: text(header::ORIGIN), site: text(SITE), address: from.address }
    }
}

/// What a key stands for.
#[derive(Debug)]
pub struct Sender {
    /// The site's code.
    pub site: String,
    /// What persons of the site become pseudonyms with.
    pub secret: SiteSecret,
    /// Origins whose pages may send with the write key; none: any.
    pub origins: Vec<String>,
}

impl Sender {
    /// What stands for this key beside what it sent, and only for it.
    pub(super) fn name(&self, key: &str) -> String {
        self.secret.sender(key)
    }
}

impl Senders {
    /// By write key, by site, by the SHA-256 of an API key.
    pub fn new(
        write: impl IntoIterator<Item = (String, Sender)>,
        sites: impl IntoIterator<Item = Sender>,
        api_keys: impl IntoIterator<Item = ([u8; 32], ApiKey)>,
    ) -> Self {
        Self {
            by_key: write.into_iter().map(|(key, sender)| (key, Arc::new(sender))).collect(),
            by_site: sites.into_iter().map(|sender| (sender.site.clone(), Arc::new(sender))).collect(),
            api_keys: api_keys.into_iter().collect(),
        }
    }

    /// Who sends with this write key, from a page of this origin if it is one.
    fn by_write_key(&self, asked: &Asked<'_>) -> Result<Arc<Sender>, Problem> {
        let sender = asked.key.and_then(|key| self.by_key.get(key)).ok_or_else(unknown)?;
        match asked.origin {
            Some(origin) if !sender.origins.is_empty() && !sender.origins.iter().any(|own| own == origin) => {
                Err(Problem::new("wrong_origin", "this write key is not for pages of this origin"))
            }
            _ => Ok(sender.clone()),
        }
    }

    /// Who sends with this API key; `None` where that is not known, or not any more.
    fn by_api_key(
        &self,
        digest: &[u8; 32],
        asked: &Asked<'_>,
        now: DateTime<Utc>,
    ) -> Option<Result<(Arc<Sender>, Uuid), Problem>> {
        let key = self.api_keys.get(digest).filter(|key| key.until.is_none_or(|until| now < until))?;
        // A key for some networks is worth nothing where it is not known who asks.
        let here = |address: IpAddr| key.networks.iter().any(|network| network.contains(&address.to_canonical()));
        if !key.networks.is_empty() && !asked.address.is_some_and(here) {
            return Some(Err(unknown()));
        }
        if !key.sends {
            let detail =
                "this API key may not send events; it needs the scope events:write, and its account a role that has it";
            return Some(Err(Problem::new("forbidden", detail)));
        }
        if asked.origin.is_some() {
            let detail = "an API key is a secret and stands in no page; pages send with a write key";
            return Some(Err(Problem::new("wrong_origin", detail)));
        }
        let Some(site) = asked.site else {
            let detail = "name the events' site in the header Octavo-Site: an API key is of none";
            return Some(Err(Problem::new("bad_parameter", detail)));
        };
        self.by_site.get(site).map(|sender| Ok((sender.clone(), key.id)))
    }
}

impl CollectState {
    /// Who sends. A key that is none is told so by what was read after it came: before, it may have been made a moment ago.
    pub(super) async fn sender(&self, asked: &Asked<'_>) -> Result<Arc<Sender>, Problem> {
        let Some(key) = asked.key.filter(|key| is_key(key)) else {
            return self.known.senders().by_write_key(asked);
        };
        let digest = digest_of(key);
        let look = || self.known.senders().by_api_key(&digest, asked, (self.clock)());
        let found = match look() {
            Some(found) => found,
            None if self.known.anew().await => look().unwrap_or_else(|| Err(self.none(&digest, asked))),
            None => return Err(Problem::unavailable("the database of API keys")),
        };
        let (sender, id) = found?;
        self.known.note_use(id, (self.clock)());
        Ok(sender)
    }

    /// What is said of a key or a site that is surely none.
    fn none(&self, digest: &[u8; 32], asked: &Asked<'_>) -> Problem {
        let now = (self.clock)();
        let holds = |key: &ApiKey| key.until.is_none_or(|until| now < until);
        if self.known.senders().api_keys.get(digest).is_some_and(holds) {
            let site = asked.site.unwrap_or_default();
            return Problem::new(
                "bad_parameter",
                format!("there is no site '{site}'; Octavo-Site names one by its code"),
            );
        }
        unknown()
    }
}

fn unknown() -> Problem {
    let detail = "send the site's write key as Authorization: Bearer; events may have it as `key` beside `events`, xAPI as the \
                  user name of Authorization: Basic; or send an API key that may send events, and the site's code as Octavo-Site";
    Problem::new("write_key", detail)
}

/// The key as learning record stores are given it: as the user name of Basic authentication, whatever the password (RFC 7617).
pub(super) fn basic(headers: &HeaderMap) -> Option<String> {
    let (scheme, rest) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let decoded = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(rest.trim()).ok()).flatten()?;
    Some(String::from_utf8(decoded).ok()?.split_once(':')?.0.to_owned())
}

/// The key of the Authorization header.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
