//! Accounts as a whole, for the platform's owner: who may sign in at all.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use mail::Letter;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::Body;
use crate::caller::{AccountSwitch, Can};
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    active: bool,
}

/// Let an account sign in or not. One that may not loses every session and key in this moment, for good.
#[utoipa::path(put, operation_id = "switchAccount", path = "/api/v1/accounts/{account}/active", request_body = Switch, responses(
    (status = 204), (status = 400, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "It is one's own"), (status = 413, body = Problem),
    (status = 415, body = Problem), Refused))]
pub async fn switch(
    State(state): State<ApiState>,
    can: Can<AccountSwitch>,
    Path(account): Path<String>,
    Body(to): Body<Switch>,
) -> Result<StatusCode, Problem> {
    let account: Uuid = account.parse().map_err(|_| Problem::not_found())?;
    can.proved(state.now())?;
    if account == can.account()? {
        return Err(Problem::new("last_owner", "another owner has to do that to your account"));
    }
    if !state.store.by(&can.actor()).accounts().set_active(account, to.active, state.now()).await? {
        return Err(Problem::not_found());
    }
    if !to.active {
        let account = state.store.accounts().read(account).await?;
        state.post(account.email, account.language, Letter::AccountDeactivated);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Sign an account out everywhere.
#[utoipa::path(delete, operation_id = "signOutAccount", path = "/api/v1/accounts/{account}/sessions", responses(
    (status = 204), (status = 404, body = Problem), Refused))]
pub async fn sign_out(
    State(state): State<ApiState>,
    can: Can<AccountSwitch>,
    Path(account): Path<String>,
) -> Result<StatusCode, Problem> {
    let account: Uuid = account.parse().map_err(|_| Problem::not_found())?;
    state.store.by(&can.actor()).sign_ins().end_all(account, None, state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
