//! `POST /graphql`: one request, one response.

use async_graphql::Request;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::GraphqlState;
use super::error::was_refused;
use crate::body::Body;
use crate::caller::Signed;
use crate::problem::Problem;

/// The media type of GraphQL over HTTP. Who accepts it is told by the status, too, that nothing was run.
const MEDIA_TYPE: &str = "application/graphql-response+json";

pub async fn post(
    State(state): State<GraphqlState>,
    signed: Signed,
    headers: HeaderMap,
    Body(body): Body<Value>,
) -> Result<Response, Problem> {
    if !body.is_object() {
        return Err(Problem::new("bad_json", "send one request: an object with query, and variables if it has some"));
    }
    let request = Request::deserialize(body).map_err(|e| Problem::new("bad_json", e.to_string()))?;
    let answered = state.execute(signed.caller, request).await;
    let accepts = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(MEDIA_TYPE));
    let status = if accepts && was_refused(&answered) { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let mut response = (status, Json(answered)).into_response();
    let out = response.headers_mut();
    if accepts {
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    }
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}
