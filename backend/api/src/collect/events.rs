//! `POST /collect/v1/events`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use ingest::receive::{self, Unusable};
use ingest::sealed::Receipt;
use store::is_key;

use super::CollectState;
use super::answer::Collected;
use super::body::{unpacked, whole, written};
use super::durable;
use super::senders::{Asked, bearer};
use crate::origin::Origin;
use crate::problem::Problem;

/// Events of one site: a JSON array, an envelope `{"key", "events"}`, or a line for each (NDJSON); plain or gzip; up to 1 MB and
/// 1,000 events. Answered when they are durable. An event is known by its id: send what was not acknowledged again, as it was.
#[utoipa::path(
    post,
    operation_id = "collectEvents",
    path = "/collect/v1/events",
    params(("Octavo-Site" = Option<String>, Header, description = "The site's code, where an API key sends: it is of none itself.")),
    request_body(content((serde_json::Value = "application/json"), (String = "application/x-ndjson"), (String = "text/plain"))),
    responses(
        (status = 202, description = "Durable.", body = Collected),
        (status = 400, description = "Nothing of it can be used.", body = Problem),
        (status = 401, description = "No key, or one that is not known.", body = Problem),
        (status = 403, description = "The write key is not for pages of this origin, or the API key may not send.", body = Problem),
        (status = 408, description = "It came too slowly.", body = Problem),
        (status = 413, description = "More than 1 MB or 1,000 events.", body = Problem),
        (status = 415, description = "Neither JSON nor text, or packed otherwise than with gzip.", body = Problem),
        (status = 503, description = "Not durable, or it cannot be known whose key it is; send it again after Retry-After.", body = Problem),
    )
)]
pub async fn post(
    State(state): State<CollectState>,
    from: Origin,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Collected>), Problem> {
    let written = written(&headers)?;
    let body = whole(body)?;
    let body = unpacked(&headers, &body)?;
    let cut = receive::cut(&body, written).map_err(unusable)?;
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(header::ORIGIN);
    let key = bearer(&headers).or(cut.key.as_deref().filter(|key| !is_key(key)));
    let sender = state.sender(&Asked::of(&headers, key, &from)).await?;
    // What a program calls itself says nothing of the reader; a page has an origin.
    let agent = origin.and_then(|_| text(header::USER_AGENT));
    let receipt = Receipt { at: (state.clock)(), agent, secret: &sender.secret };
    let mut delivery = receive::seal(&cut.events, &receipt);
    let records = std::mem::take(&mut delivery.records);
    durable::append(&state, &sender.site, records).await?;
    Ok((StatusCode::ACCEPTED, Json(Collected::from(&delivery))))
}

fn unusable(why: Unusable) -> Problem {
    match why {
        Unusable::TooMany(_) => Problem::new("too_large", why.to_string()),
        Unusable::NotUtf8 | Unusable::NotJson(_) => Problem::new("bad_json", why.to_string()),
    }
}
