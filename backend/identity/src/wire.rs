//! Speaking with a provider: within a time, within a size, encrypted, and never to where it redirects.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use serde_json::Value;
use url::{Host, Url};

use crate::refused::Trouble;

/// How long one answer may take, from connecting to its last byte.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes an answer may have. A discovery document has 5 KB, a key set 10.
const LARGEST: usize = 256 * 1024;

/// The client of all providers.
pub(crate) fn client() -> Client {
    Client::builder()
        .timeout(TIMEOUT)
        .redirect(redirect::Policy::none())
        .user_agent("Octavo")
        .build()
        .expect("the settings are fixed, and a test builds it")
}

/// Whether what is said to this address stays between it and us: https, or http that does not leave this machine.
pub(crate) fn is_secure(url: &Url) -> bool {
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && here)
}

/// The address, if it is secure.
pub(crate) fn secure(url: &str) -> Result<Url, Trouble> {
    Url::parse(url).ok().filter(is_secure).ok_or(Trouble::NotSecure)
}

/// Sends a request and reads the answer's JSON, whatever its status.
pub(crate) async fn ask(request: RequestBuilder) -> Result<(StatusCode, Option<Value>), Trouble> {
    let mut response = request.header("accept", "application/json").send().await.map_err(trouble)?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(trouble)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(Trouble::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok((status, serde_json::from_slice(&body).ok()))
}

/// The JSON of an answer that must be a success.
pub(crate) async fn fetch(request: RequestBuilder) -> Result<Value, Trouble> {
    match ask(request).await? {
        (StatusCode::OK, Some(value)) => Ok(value),
        (StatusCode::OK, None) => Err(Trouble::Unreadable),
        (status, _) => Err(Trouble::Status(status.as_u16())),
    }
}

fn trouble(error: reqwest::Error) -> Trouble {
    match error.is_timeout() {
        true => Trouble::TooSlow,
        false => Trouble::Silent,
    }
}
