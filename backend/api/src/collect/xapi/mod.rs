//! The learning record store's side of xAPI, under `/collect/v1/xapi`: as much of it as it takes to send statements and to see
//! what was kept of them.

pub(super) mod about;
pub(super) mod listed;
pub(super) mod taken;
mod through;

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use ingest::decode::xapi::Version;
use ingest::decode::xapi::resource::{self, Refusal};
use store::is_key;

use super::CollectState;
use super::senders::{Asked, Sender, basic, bearer};
use crate::origin::Origin;
use crate::problem::Problem;

/// Of requests and of every answer.
pub(super) const VERSION: HeaderName = HeaderName::from_static("x-experience-api-version");
/// What was stored before this time can be read.
pub(super) const THROUGH: HeaderName = HeaderName::from_static("x-experience-api-consistent-through");

/// Where all of it is.
const BASE: &str = "/collect/v1/xapi/";

/// Who asks.
struct Asking {
    sender: Arc<Sender>,
    /// The key, as it stands beside what was sent with it.
    name: String,
    version: Version,
    by_api_key: bool,
}

/// Who asks, and in which version.
async fn begin(state: &CollectState, headers: &HeaderMap, from: &Origin) -> Result<Asking, Problem> {
    let basic = basic(headers);
    let key = bearer(headers).or(basic.as_deref());
    let sender = state.sender(&Asked::of(headers, key, from)).await?;
    let version = headers.get(VERSION).and_then(|value| value.to_str().ok());
    let version = resource::version(version).map_err(refused)?;
    let name = sender.name(key.unwrap_or_default());
    Ok(Asking { sender, name, version, by_api_key: key.is_some_and(is_key) })
}

fn refused(refusal: Refusal) -> Problem {
    let code = if refusal.status == 409 { "statement_conflict" } else { "bad_statement" };
    let problem = Problem::new(code, refusal.detail);
    match refusal.pointer {
        Some(pointer) => problem.at(pointer),
        None => problem,
    }
}

/// The version that an answer is of.
fn answered(version: Version) -> (HeaderName, HeaderValue) {
    (VERSION, HeaderValue::from_static(version.answered()))
}

/// The resources that are not here.
pub(super) async fn elsewhere() -> Problem {
    Problem::new("not_found", "of xAPI there are the resources `statements` and `about` here")
}

/// Every answer says a version, whatever went wrong before one was agreed on.
pub(super) async fn with_version(request: Request, next: Next) -> Response {
    let ours = request.uri().path().starts_with(BASE);
    let mut response = next.run(request).await;
    if ours && !response.headers().contains_key(VERSION) {
        response.headers_mut().extend([answered(Version::V1)]);
    }
    response
}
