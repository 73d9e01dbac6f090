//! A JSON body, or a problem that says what is wrong with it.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The parsed body. Only `application/json` is taken, so that no form of another site can send one.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Body(value)),
            Err(rejection) => Err(problem(rejection)),
        }
    }
}

fn problem(rejection: JsonRejection) -> Problem {
    let text = rejection.body_text();
    // What axum puts before the parser's own words says nothing to the caller.
    let said = text.split_once(": ").map_or(text.as_str(), |(_, rest)| rest);
    match rejection {
        JsonRejection::MissingJsonContentType(_) => Problem::new("media_type", "send Content-Type: application/json"),
        JsonRejection::JsonDataError(_) if said.contains("unknown field") => Problem::new("unknown_field", said),
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Problem::new("too_large", "send at most 256 KB"),
        _ => Problem::new("bad_json", said),
    }
}
