//! Whom to tell of a weakness (RFC 9116).

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{Months, SecondsFormat};

use crate::problem::Problem;
use crate::state::ApiState;

/// `/.well-known/security.txt`, where a contact is set.
pub async fn read(State(state): State<ApiState>) -> Result<Response, Problem> {
    let contact = &state.security_contact;
    if contact.is_empty() {
        return Err(Problem::not_found());
    }
    let expires = (state.now() + Months::new(6)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let here = state.public_url.trim_end_matches('/');
    let text = format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en, et\nCanonical: {here}/.well-known/security.txt\n"
    );
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}
