//! `POST` and `PUT /collect/v1/xapi/statements`.

use std::collections::HashMap;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use ingest::decode::xapi::resource::{self, Known, Refusal, known};
use ingest::decode::xapi::{Fingerprint, Statement, statements};
use ingest::kept;
use ingest::receive::MOST_EVENTS;
use ingest::sealed::Receipt;
use uuid::Uuid;

use super::{Asking, answered, begin, refused, through};
use crate::collect::body::{unpacked, whole};
use crate::collect::{CollectState, durable};
use crate::origin::Origin;
use crate::problem::Problem;

/// How long the warehouse may take to say whether ids are known. Intake does not depend on it.
const PATIENCE: Duration = Duration::from_secs(1);

/// One statement or a list of up to 1,000, plain or gzip, up to 1 MB: all of it is kept, or nothing. Answered with the ids, in
/// their order, when all of it is durable.
#[utoipa::path(
    post,
    operation_id = "collectStatements",
    path = "/collect/v1/xapi/statements",
    params(("Octavo-Site" = Option<String>, Header, description = "The site's code, where an API key sends: it is of none itself.")),
    request_body(content((serde_json::Value = "application/json"))),
    responses(
        (status = 200, description = "Durable: the ids.", body = Vec<Uuid>),
        (status = 400, description = "One is not valid, or the version is not spoken here; nothing is kept.", body = Problem),
        (status = 401, description = "No key, or one that is not known.", body = Problem),
        (status = 403, description = "The write key is not for pages of this origin, or the API key may not send.", body = Problem),
        (status = 408, description = "It came too slowly.", body = Problem),
        (status = 409, description = "Another statement has the id; nothing is kept.", body = Problem),
        (status = 413, description = "More than 1 MB or 1,000 statements.", body = Problem),
        (status = 415, description = "Packed otherwise than with gzip.", body = Problem),
        (status = 503, description = "Not durable, or it cannot be known whose key it is; send it again after Retry-After.", body = Problem),
    )
)]
pub async fn post(
    State(state): State<CollectState>,
    from: Origin,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let asking = begin(&state, &headers, &from).await?;
    if let Some((name, _)) = parameters(query.as_deref()).first() {
        return Err(bad(if name == "method" {
            "the older way to send, POST with ?method=, is not taken here; send the request as what it is"
        } else {
            "a POST of statements takes no parameters; their ids stand in the statements"
        }));
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    resource::content_type(content_type).map_err(refused)?;
    let body = whole(body)?;
    let body = unpacked(&headers, &body)?;
    let now = (state.clock)();
    let statements =
        statements(&body, asking.version, now, || (state.ids)()).map_err(|invalid| refused(invalid.into()))?;
    let ids = keep(&state, &asking, &statements, &headers, now).await?;
    Ok(([answered(asking.version), through::last(&state, &asking.sender.site)], Json(ids)).into_response())
}

/// One statement under an id of the sender's own.
#[utoipa::path(
    put,
    operation_id = "collectStatement",
    path = "/collect/v1/xapi/statements",
    params(
        ("statementId" = String, Query, description = "A UUID, as in the statement if it has an id."),
        ("Octavo-Site" = Option<String>, Header, description = "The site's code, where an API key sends: it is of none itself."),
    ),
    request_body(content((serde_json::Value = "application/json"))),
    responses(
        (status = 204, description = "Durable."),
        (status = 400, description = "It is not valid, or the version is not spoken here.", body = Problem),
        (status = 401, description = "No key, or one that is not known.", body = Problem),
        (status = 403, description = "The write key is not for pages of this origin, or the API key may not send.", body = Problem),
        (status = 408, description = "It came too slowly.", body = Problem),
        (status = 409, description = "Another statement has the id.", body = Problem),
        (status = 413, description = "More than 1 MB.", body = Problem),
        (status = 415, description = "Packed otherwise than with gzip.", body = Problem),
        (status = 503, description = "Not durable, or it cannot be known whose key it is; send it again after Retry-After.", body = Problem),
    )
)]
pub async fn put(
    State(state): State<CollectState>,
    from: Origin,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let asking = begin(&state, &headers, &from).await?;
    let parameters = parameters(query.as_deref());
    if parameters.len() > 1 || parameters.iter().any(|(name, _)| name != "statementId") {
        return Err(bad("a PUT of a statement takes the parameter `statementId` and no other"));
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    resource::content_type(content_type).map_err(refused)?;
    let body = whole(body)?;
    let body = unpacked(&headers, &body)?;
    let id = parameters.first().map(|(_, id)| id.as_str());
    let now = (state.clock)();
    let statement = resource::put(id, &body, asking.version, now).map_err(refused)?;
    keep(&state, &asking, &[statement], &headers, now).await?;
    let headers = [answered(asking.version), through::last(&state, &asking.sender.site)];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Makes the statements durable that are not known yet, all or none, and returns the ids of all.
async fn keep(
    state: &CollectState,
    Asking { sender, name, .. }: &Asking,
    statements: &[Statement],
    headers: &HeaderMap,
    now: DateTime<Utc>,
) -> Result<serde_json::Value, Problem> {
    if statements.len() > MOST_EVENTS {
        let detail = format!("the body has {} statements; send at most {MOST_EVENTS} at a time", statements.len());
        return Err(Problem::new("too_large", detail));
    }
    let agent = headers.get(header::ORIGIN).and_then(|_| headers.get(header::USER_AGENT)?.to_str().ok());
    let receipt = Receipt { at: now, agent, secret: &sender.secret };
    let (mut records, mut prints) = (Vec::new(), Vec::new());
    for statement in statements {
        let (sealed, print) = receipt.seal_statement(statement, name);
        records.push(sealed.into_bytes());
        prints.push((statement.id, print));
    }
    let ids: Vec<Uuid> = prints.iter().map(|(id, _)| *id).collect();
    let stored = looked_up(state, &sender.site, &ids).await;
    let found: Vec<_> = prints.iter().map(|(id, print)| (*id, known(print, stored.get(id)))).collect();
    // In the warehouse is what was acknowledged by whomever.
    resource::ids(&found).map_err(refused)?;
    let claimed = state.recent.claim(&sender.site, &prints);
    let found: Vec<_> = found
        .into_iter()
        .zip(claimed)
        .map(|((id, stored), claimed)| {
            (id, if claimed == Known::Other || stored == Known::New { claimed } else { stored })
        })
        .collect();
    let answer = resource::ids(&found).map_err(refused)?;
    let mut new = found.iter().map(|(_, known)| *known == Known::New);
    records.retain(|_| new.next().unwrap_or(true));
    match durable::append(state, &sender.site, records).await {
        Ok(()) => state.recent.acknowledge(&sender.site, &ids),
        Err(problem) => {
            // What was late may be stored all the same, and whoever repeats it is taken; then the first of two is kept.
            state.recent.give_up(&sender.site, &ids);
            return Err(problem);
        }
    }
    Ok(answer)
}

/// What is known of these ids. Without the warehouse nothing is: a conflict is found when it is loaded.
async fn looked_up(state: &CollectState, site: &str, ids: &[Uuid]) -> HashMap<Uuid, Fingerprint> {
    let Some(warehouse) = &state.warehouse else { return HashMap::new() };
    match tokio::time::timeout(PATIENCE, kept::prints(warehouse, site, ids)).await {
        Ok(Ok(prints)) => prints,
        Ok(Err(error)) => {
            tracing::warn!(%error, "statements are taken without a look at those before");
            HashMap::new()
        }
        Err(_) => {
            tracing::warn!("the warehouse is slow: statements are taken without a look at those before");
            HashMap::new()
        }
    }
}

fn parameters(query: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect()
}

fn bad(detail: &str) -> Problem {
    refused(Refusal { status: 400, pointer: None, detail: detail.to_owned() })
}
