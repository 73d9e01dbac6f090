//! Who may send events, and of which site they are.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ingest::enrich::SiteSecret;

use crate::problem::Problem;

/// All write keys that hold.
#[derive(Debug, Default)]
pub struct Senders {
    by_key: HashMap<String, Arc<Sender>>,
}

/// What a write key stands for.
#[derive(Debug)]
pub struct Sender {
    /// The site's code.
    pub site: String,
    /// What persons of the site become pseudonyms with.
    pub secret: SiteSecret,
    /// Origins whose pages may send; none: any.
    pub origins: Vec<String>,
}

impl FromIterator<(String, Sender)> for Senders {
    fn from_iter<T: IntoIterator<Item = (String, Sender)>>(senders: T) -> Self {
        Self { by_key: senders.into_iter().map(|(key, sender)| (key, Arc::new(sender))).collect() }
    }
}

impl Sender {
    /// What stands for this key beside what it sent, and only for it.
    pub(super) fn name(&self, key: &str) -> String {
        self.secret.sender(key)
    }
}

impl Senders {
    /// Who sends with this key, from a page of this origin if it is one.
    pub(super) fn find(&self, key: Option<&str>, origin: Option<&str>) -> Result<Arc<Sender>, Problem> {
        let unknown = || {
            let detail = "send the site's write key as Authorization: Bearer; events may have it as `key` beside `events`, \
                          xAPI as the user name of Authorization: Basic";
            Problem::new("write_key", detail)
        };
        let sender = self.by_key.get(key.ok_or_else(unknown)?).ok_or_else(unknown)?;
        match origin {
            Some(origin) if !sender.origins.is_empty() && !sender.origins.iter().any(|own| own == origin) => {
                Err(Problem::new("wrong_origin", "this write key is not for pages of this origin"))
            }
            _ => Ok(sender.clone()),
        }
    }
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
