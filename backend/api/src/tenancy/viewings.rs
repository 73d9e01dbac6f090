//! Views as somebody else, for support: read-only, with a reason and an end, and in the records of both.

use access::Action;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use store::NewViewing;
use utoipa::ToSchema;

use crate::body::Body;
use crate::caller::{Can, Signed, ViewAs, actor};
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct View {
    email: String,
    /// Slug of the organisation.
    organisation: String,
    /// Why, in 10 to 500 characters; the one who is looked at can read it.
    reason: String,
    /// 5 to 60.
    minutes: i64,
}

#[derive(Serialize, ToSchema)]
pub struct Begun {
    /// Its slug: everything under `/o/{slug}/` is seen as that account until then.
    organisation: String,
    until: DateTime<Utc>,
}

/// Begin to look as somebody else.
#[utoipa::path(post, operation_id = "viewAs", path = "/api/v1/viewings", request_body = View, responses(
    (status = 201, body = Begun), (status = 400, body = Problem), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 422, body = Problem), Refused))]
pub async fn begin(
    State(state): State<ApiState>,
    can: Can<ViewAs>,
    Body(view): Body<View>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let session = can.proved(state.now())?;
    let reason = view.reason.trim().to_string();
    if !(10..=500).contains(&reason.chars().count()) || reason.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Problem::new("bad_reason", "say why, in 10 to 500 characters").at("/reason"));
    }
    if !(5..=60).contains(&view.minutes) {
        return Err(Problem::new("bad_date", "choose 5 to 60 minutes").at("/minutes"));
    }
    let new = NewViewing { email: view.email, organisation: view.organisation, reason, minutes: view.minutes };
    let until = state.store.by(&can.actor()).viewings().begin(session.id, &new, state.now()).await?;
    Ok((StatusCode::CREATED, Json(Begun { organisation: new.organisation, until })))
}

/// End all looks as somebody else of this session, from wherever one looks.
#[utoipa::path(delete, operation_id = "endViews", path = "/api/v1/viewings", responses((status = 204), Refused))]
pub async fn end(State(state): State<ApiState>, signed: Signed) -> Result<StatusCode, Problem> {
    let session = signed.session.as_ref().ok_or_else(|| Problem::new("forbidden", "a key has no views to end"))?;
    let actor = actor(&signed.caller, Action::ViewAs, &signed.origin);
    state.store.by(&actor).viewings().end(session.id, state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
