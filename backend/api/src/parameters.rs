//! The parameters of an address, or a problem that says what is wrong with them.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The parsed parameters.
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(value)) => Ok(Parameters(value)),
            Err(rejection) => {
                let text = rejection.body_text();
                // What axum puts before the parser's own words says nothing to the caller.
                let said = text.split_once(": ").map_or(text.as_str(), |(_, rest)| rest);
                Err(Problem::new("bad_parameter", said))
            }
        }
    }
}
