//! Where one is signed in.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use store::Audited;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::{AccountWrite, Can};
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

#[derive(Serialize, ToSchema)]
pub struct SignedInBrowsers {
    items: Vec<SignedInBrowser>,
}

#[derive(Serialize, ToSchema)]
pub struct SignedInBrowser {
    id: Uuid,
    /// Whether it is the one that asks.
    current: bool,
    started_at: DateTime<Utc>,
    /// To some minutes.
    last_seen_at: DateTime<Utc>,
    /// The IP address.
    from: Option<String>,
    /// The browser, as it calls itself.
    agent: String,
    /// `password`, or the identity provider.
    method: String,
}

/// The browsers in which one is signed in.
#[utoipa::path(get, operation_id = "signedInBrowsers", path = "/api/v1/account/sessions", responses(
    (status = 200, body = SignedInBrowsers), Refused))]
pub async fn list(State(state): State<ApiState>, can: Can<AccountWrite>) -> Result<Json<SignedInBrowsers>, Problem> {
    let own = can.own_session()?;
    let since = state.now() - state.limits.longest_idle();
    let items = state.store.sign_ins().list(own.account, since).await?;
    let items = items.into_iter().map(|s| SignedInBrowser {
        current: s.id == own.id,
        id: s.id,
        started_at: s.started_at,
        last_seen_at: s.last_seen_at,
        from: s.from_address,
        agent: s.agent,
        method: s.method,
    });
    Ok(Json(SignedInBrowsers { items: items.collect() }))
}

/// Sign one browser out.
#[utoipa::path(delete, operation_id = "signOutBrowser", path = "/api/v1/account/sessions/{id}", responses((status = 204),
    (status = 404, body = Problem), Refused))]
pub async fn end(
    State(state): State<ApiState>,
    can: Can<AccountWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id: Uuid = id.parse().map_err(|_| Problem::not_found())?;
    let account = can.own_session()?.account;
    state.store.by(&can.actor()).sign_ins().end(account, id, Audited::SessionEnded, state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign all other browsers out.
#[utoipa::path(delete, operation_id = "signOutOtherBrowsers", path = "/api/v1/account/sessions", responses((status = 204), Refused))]
pub async fn end_others(State(state): State<ApiState>, can: Can<AccountWrite>) -> Result<StatusCode, Problem> {
    let own = can.own_session()?;
    state.store.by(&can.actor()).sign_ins().end_all(own.account, Some(own.id), state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
