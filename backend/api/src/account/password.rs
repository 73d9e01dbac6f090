//! Passwords: to change one's own, and to set a new one where it was forgotten.

use axum::extract::State;
use axum::http::StatusCode;
use mail::Letter;
use serde::Deserialize;
use store::mail_links;
use utoipa::ToSchema;

use crate::body::Body;
use crate::caller::{AccountWrite, Can};
use crate::origin::Origin;
use crate::problem::{Problem, Refused};
use crate::session::nobody;
use crate::state::ApiState;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The one it replaces, where there is one.
    current: Option<String>,
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgotten {
    email: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// What stands behind the `#` of the link.
    token: String,
    password: String,
}

/// Change one's password. All other sessions end.
#[utoipa::path(put, operation_id = "changePassword", path = "/api/v1/account/password", request_body = NewPassword, responses(
    (status = 204), (status = 400, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem, description = "It is too short, too long or easily guessed"), Refused))]
pub async fn change(
    State(state): State<ApiState>,
    can: Can<AccountWrite>,
    Body(new): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    let now = state.now();
    let account = state.store.accounts().read(can.account()?).await?;
    let session = can.own_session()?;
    if account.has_password {
        let attempt = state.attempts.at_session(&session.id.to_string(), now)?;
        let current = new.current.as_deref().unwrap_or_default();
        if state.store.accounts().verify(&account.email, current).await?.is_none() {
            return Err(Problem::new("bad_credentials", "the current password is wrong").at("/current"));
        }
        attempt.succeeded();
    } else {
        can.proved(now)?;
    }
    state.store.by(&can.actor()).accounts().set_password(account.id, &new.password, Some(session.id), now).await?;
    state.post(account.email, account.language, Letter::PasswordChanged);
    Ok(StatusCode::NO_CONTENT)
}

/// Have a link sent to set a new password. The answer is the same whether there is such an account or not.
#[utoipa::path(post, operation_id = "forgotPassword", path = "/api/v1/password-resets", request_body = Forgotten, responses(
    (status = 202), (status = 400, body = Problem), (status = 403, body = Problem, description = "Sent from another site's page"),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 429, body = Problem)))]
pub async fn forgotten(
    State(state): State<ApiState>,
    origin: Origin,
    Body(forgotten): Body<Forgotten>,
) -> Result<StatusCode, Problem> {
    state.attempts.at_letter(origin.address, state.now())?;
    // Nobody waits for it: how long it takes would tell whether there is such an account.
    tokio::spawn(async move {
        let asked = state.store.by(&nobody(&origin)).mail_links().ask_reset(&forgotten.email, state.now()).await;
        match asked {
            Ok(Some(link)) => {
                let letter = Letter::PasswordReset {
                    link: state.link("password-reset", &link.token),
                    minutes: mail_links::MINUTES as u32,
                };
                // What went wrong is in the log.
                let _ = state.send(&link.email, &link.language, &letter).await;
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "a link to set a new password could not be made"),
        }
    });
    Ok(StatusCode::ACCEPTED)
}

/// Set a new password by the link of a letter. All sessions end; signing in is the next step, with the second factor where there
/// is one.
#[utoipa::path(put, operation_id = "resetPassword", path = "/api/v1/password-resets", request_body = Reset, responses(
    (status = 204), (status = 400, body = Problem), (status = 403, body = Problem, description = "Sent from another site's page"),
    (status = 410, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub async fn reset(
    State(state): State<ApiState>,
    origin: Origin,
    Body(reset): Body<Reset>,
) -> Result<StatusCode, Problem> {
    state.attempts.at_letter(origin.address, state.now())?;
    let actor = nobody(&origin);
    let links = state.store.by(&actor);
    let account = links.mail_links().reset(&reset.token, &reset.password, state.now()).await?;
    let account = state.store.accounts().read(account).await?;
    state.post(account.email, account.language, Letter::PasswordChanged);
    Ok(StatusCode::NO_CONTENT)
}
