//! The organisation in the address: `/o/{slug}/…` is the same as `/…`, for that organisation. Two tabs of one browser can be for
//! two organisations, and neither is mistaken for the other.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Uri};
use tower::ServiceBuilder;

/// The slug in the address of a request.
#[derive(Debug, Clone)]
pub struct Within(pub Arc<str>);

/// The router with and without an organisation before its paths.
pub fn within(router: Router) -> Router {
    Router::new().fallback_service(ServiceBuilder::new().map_request(take_organisation).service(router))
}

fn take_organisation(mut request: Request<Body>) -> Request<Body> {
    if let Some((slug, uri)) = split(request.uri()) {
        *request.uri_mut() = uri;
        request.extensions_mut().insert(Within(slug));
    }
    request
}

/// `/o/alma/statements?x=1` → `alma` and `/statements?x=1`.
fn split(uri: &Uri) -> Option<(Arc<str>, Uri)> {
    let rest = uri.path_and_query()?.as_str().strip_prefix("/o/")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (slug, rest) = rest.split_at(end);
    let rest = if rest.starts_with('/') { rest.to_string() } else { format!("/{rest}") };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(rest.parse().ok()?);
    Some((slug.into(), Uri::from_parts(parts).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organisation_is_taken_from_the_path() {
        let of = |path: &str| split(&path.parse().unwrap()).map(|(slug, uri)| (slug.to_string(), uri.to_string()));
        let is = |slug: &str, rest: &str| Some((slug.to_string(), rest.to_string()));
        assert_eq!(of("/o/alma/statements?x=/o/b"), is("alma", "/statements?x=/o/b"));
        assert_eq!(of("/o/alma"), is("alma", "/"));
        assert_eq!(of("/o/alma/"), is("alma", "/"));
        assert_eq!(of("/o/alma?x=1"), is("alma", "/?x=1"));
        assert_eq!(of("/o/alma/o/beta/x"), is("alma", "/o/beta/x"));
        assert_eq!(of("/o/"), is("", "/"));
        for other in ["/o", "/other/x", "/api/v1/o/alma", "/"] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
