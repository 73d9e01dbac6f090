//! Where a request comes from: the address of who sends it, and the request's id.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

/// Behind so many proxies of one's own; each adds the address it was reached from to X-Forwarded-For.
#[derive(Debug, Clone, Copy, Default)]
pub struct TrustedProxies(pub usize);

#[derive(Debug, Clone, Default)]
pub struct Origin {
    pub address: Option<IpAddr>,
    request: Option<HeaderValue>,
}

impl<S> FromRequestParts<S> for Origin
where
    S: Send + Sync,
    TrustedProxies: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts, TrustedProxies::from_ref(state)))
    }
}

impl Origin {
    pub fn of(parts: &Parts, proxies: TrustedProxies) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let address = match proxies.0 {
            0 => peer,
            hops => forwarded(&parts.headers, hops).or(peer),
        };
        Self { address: address.map(|a| a.to_canonical()), request: parts.headers.get("x-request-id").cloned() }
    }

    /// The id of the request, to find it in the log by.
    pub fn request(&self) -> Option<String> {
        self.request.as_ref().and_then(|v| v.to_str().ok()).map(|id| id.chars().take(64).collect())
    }
}

/// The address that the outermost of one's own proxies was reached from. What stands before it was written by whoever sent the
/// request, and says nothing.
fn forwarded(headers: &HeaderMap, hops: usize) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
    let all: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    all.len().checked_sub(hops).and_then(|at| all[at].parse().ok())
}

/// The browser, as it calls itself.
pub fn agent(headers: &HeaderMap) -> String {
    let text = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn address(forwarded: &[&str], proxies: usize) -> Option<String> {
        let mut request = Request::builder();
        for line in forwarded {
            request = request.header("x-forwarded-for", *line);
        }
        let mut parts = request.body(()).unwrap().into_parts().0;
        parts.extensions.insert(ConnectInfo::<SocketAddr>("10.0.0.1:80".parse().unwrap()));
        Origin::of(&parts, TrustedProxies(proxies)).address.map(|a| a.to_string())
    }

    #[test]
    fn only_what_own_proxies_say_counts() {
        assert_eq!(address(&["127.0.0.1"], 0).unwrap(), "10.0.0.1");
        assert_eq!(address(&["127.0.0.1, 198.51.100.7"], 1).unwrap(), "198.51.100.7");
        assert_eq!(address(&["127.0.0.1", "198.51.100.7, 10.0.0.9"], 2).unwrap(), "198.51.100.7");
        assert_eq!(address(&["198.51.100.7"], 2).unwrap(), "10.0.0.1");
        assert_eq!(address(&["x"], 1).unwrap(), "10.0.0.1");
        assert_eq!(address(&["::ffff:198.51.100.7"], 1).unwrap(), "198.51.100.7");
    }
}
