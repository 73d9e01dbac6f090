//! What holds for every request: security headers, and no state change sent from another site's page.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use tower_http::validate_request::ValidateRequest;

use crate::problem::Problem;

/// The browser says where a request comes from; one that changes something or opens a WebSocket, which other sites' pages may
/// do with the cookie, has to come from here. Scripts send neither header and carry no cookie.
#[derive(Clone, Copy)]
pub struct SameSite;

impl<B> ValidateRequest<B> for SameSite {
    type ResponseBody = Body;

    fn validate(&mut self, request: &mut Request<B>) -> Result<(), Response> {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        let opens = request.headers().contains_key(header::UPGRADE);
        // Text that is kept is UTF-8 without NUL: nothing is named otherwise, and nothing can be looked for.
        let uri = request.uri();
        if uri.path().contains("%00") || percent_decode_str(uri.path()).decode_utf8().is_err() {
            return Err(Problem::not_found().into_response());
        }
        if uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(Problem::new("bad_parameter", "a parameter holds the character NUL").into_response());
        }
        if (opens || !reads) && !is_same_site(request.headers()) {
            return Err(Problem::new("cross_site", "this can only be sent from Octavo's own pages").into_response());
        }
        Ok(())
    }
}

fn is_same_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (Some(_), None) => false,
    }
}

/// Below this the layer that counts the time, and the one that saves the session, fail without a word.
pub fn with_words(response: Response) -> Response {
    if !response.status().is_server_error() || response.headers().contains_key(header::CONTENT_TYPE) {
        return response;
    }
    let problem = match response.status() {
        StatusCode::GATEWAY_TIMEOUT => Problem::new("timeout", "it was stopped after a minute; ask for less at once"),
        _ => Problem::unavailable("the session store"),
    };
    problem.into_response()
}

const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Headers that every response carries.
pub fn with_security_headers<B>(mut response: Response<B>) -> Response<B> {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // What says nothing else is somebody's own.
        (header::CACHE_CONTROL, "private, no-store"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let is_public = headers[header::CACHE_CONTROL].as_bytes().starts_with(b"public");
    if !is_public {
        // Beside what compression says.
        headers.append(header::VARY, HeaderValue::from_static("Accept, Cookie, Authorization"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_fails_without_a_word_is_a_problem() {
        let failed = |status: StatusCode| with_words(status.into_response());
        for (silent, told) in [(504, 504), (500, 503)] {
            let response = failed(StatusCode::from_u16(silent).unwrap());
            assert_eq!(response.status(), told);
            assert_eq!(response.headers()[header::CONTENT_TYPE], crate::problem::MEDIA_TYPE);
        }
        assert_eq!(failed(StatusCode::NO_CONTENT).headers().get(header::CONTENT_TYPE), None);
        let own = with_words((StatusCode::SERVICE_UNAVAILABLE, axum::Json("not ready")).into_response());
        assert_eq!(own.headers()[header::CONTENT_TYPE], "application/json");
    }
}
