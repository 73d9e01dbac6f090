//! `POST /collect/v1/caliper`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use ingest::decode::caliper;
use ingest::receive::{self, MOST_EVENTS};
use ingest::sealed::Receipt;

use super::CollectState;
use super::answer::CollectedEnvelope;
use super::body::{unpacked, whole};
use super::durable;
use super::senders::{Asked, bearer};
use crate::origin::Origin;
use crate::problem::Problem;

/// An envelope of Caliper 1.2 or 1.1, plain or gzip; up to 1 MB and 1,000 items. Answered when all of it is durable. An event is
/// known by its id: send what was not acknowledged again, as it was.
#[utoipa::path(
    post,
    operation_id = "collectEnvelope",
    path = "/collect/v1/caliper",
    params(("Octavo-Site" = Option<String>, Header, description = "The site's code, where an API key sends: it is of none itself.")),
    request_body(content((serde_json::Value = "application/json"))),
    responses(
        (status = 202, description = "Durable.", body = CollectedEnvelope),
        (status = 400, description = "It is no envelope; nothing of it is kept.", body = Problem),
        (status = 401, description = "No key, or one that is not known.", body = Problem),
        (status = 403, description = "The write key is not for pages of this origin, or the API key may not send.", body = Problem),
        (status = 408, description = "It came too slowly.", body = Problem),
        (status = 413, description = "More than 1 MB or 1,000 items.", body = Problem),
        (status = 415, description = "Not JSON, or packed otherwise than with gzip.", body = Problem),
        (status = 503, description = "Not durable, or it cannot be known whose key it is; send it again after Retry-After.", body = Problem),
    )
)]
pub async fn post(
    State(state): State<CollectState>,
    from: Origin,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<CollectedEnvelope>), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(header::ORIGIN);
    let sender = state.sender(&Asked::of(&headers, bearer(&headers), &from)).await?;
    let essence = text(header::CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Problem::new("media_type", "send the envelope as application/json"));
    }
    let body = whole(body)?;
    let body = unpacked(&headers, &body)?;
    let now = (state.clock)();
    let envelope = caliper::envelope(&body, now).map_err(|reject| Problem::new("bad_envelope", reject.detail))?;
    if envelope.records.len() > MOST_EVENTS {
        let detail = format!("the envelope has {} items; send at most {MOST_EVENTS} at a time", envelope.records.len());
        return Err(Problem::new("too_large", detail));
    }
    let agent = origin.and_then(|_| text(header::USER_AGENT));
    let mut delivery = receive::seal_envelope(&envelope, &Receipt { at: now, agent, secret: &sender.secret });
    let records = std::mem::take(&mut delivery.records);
    durable::append(&state, &sender.site, records).await?;
    Ok((StatusCode::ACCEPTED, Json(CollectedEnvelope::from(&delivery))))
}
