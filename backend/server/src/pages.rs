//! The pages: the built front end, embedded. One file to deploy.

use api::ApiState;
use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
struct Built;

/// The API and the pages.
pub fn router(state: ApiState) -> Router {
    api::router(state, Router::new().fallback(page))
}

/// The tracker, for pages of every origin.
pub fn tracker() -> Router {
    Router::new().route("/octavo.js", axum::routing::get(octavo_js))
}

async fn octavo_js() -> Response {
    let Some(file) = Built::get("octavo.js") else {
        return (StatusCode::NOT_FOUND, "this build has no tracker; run `make build`").into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        // An hour, for the address never changes.
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, file.data).into_response()
}

/// A file of the front end, or its start page for every path that is a page of its own.
async fn page(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if ["api/", "health/", "graphql/", "collect/"].iter().any(|own| path.starts_with(own)) {
        return api::Problem::not_found().into_response();
    }
    if let Some(file) = Built::get(path).filter(|_| !path.is_empty()) {
        let kind = mime_guess::from_path(path).first_or_octet_stream();
        // Built files carry a hash of their content in their name.
        let keep = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        return ([(header::CONTENT_TYPE, kind.as_ref()), (header::CACHE_CONTROL, keep)], file.data).into_response();
    }
    match Built::get("index.html") {
        Some(start) => {
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], start.data)
                .into_response()
        }
        None => (StatusCode::NOT_FOUND, "this build has no pages; run `make build`").into_response(),
    }
}
