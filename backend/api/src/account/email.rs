//! Another address for an account: the new one has to be read, and the old one is told.

use axum::extract::State;
use axum::http::StatusCode;
use mail::Letter;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::caller::{AccountWrite, Can};
use crate::origin::Origin;
use crate::problem::{Problem, Refused};
use crate::session::nobody;
use crate::state::ApiState;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEmail {
    email: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// What stands behind the `#` of the link.
    pub token: String,
}

/// Ask for another address. A link goes to it, and a notice to the present one.
#[utoipa::path(post, operation_id = "askEmailChange", path = "/api/v1/account/email", request_body = NewEmail, responses(
    (status = 202), (status = 400, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem), Refused))]
pub async fn ask(
    State(state): State<ApiState>,
    can: Can<AccountWrite>,
    Body(new): Body<NewEmail>,
) -> Result<StatusCode, Problem> {
    can.proved(state.now())?;
    let account = state.store.accounts().read(can.account()?).await?;
    let link = state.store.by(&can.actor()).mail_links().ask_email_change(account.id, &new.email, state.now()).await?;
    // Whether somebody else has the address is not told here, and not by the time either.
    if let Some(link) = link {
        let letter = Letter::EmailChange { link: state.link("e-mail-change", &link.token) };
        state.post(link.email.clone(), link.language, letter);
    }
    state.post(account.email, account.language, Letter::EmailChangeAsked { address: new.email });
    Ok(StatusCode::ACCEPTED)
}

/// Take the new address, by the link of the letter to it. All sessions end.
#[utoipa::path(post, operation_id = "changeEmail", path = "/api/v1/email-changes", request_body = Token, responses(
    (status = 204), (status = 400, body = Problem), (status = 403, body = Problem, description = "Sent from another site's page"),
    (status = 410, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 429, body = Problem), (status = 503, body = Problem)))]
pub async fn change(
    State(state): State<ApiState>,
    origin: Origin,
    Body(token): Body<Token>,
) -> Result<StatusCode, Problem> {
    state.attempts.at_letter(origin.address, state.now())?;
    let actor = nobody(&origin);
    let links = state.store.by(&actor);
    let (former, address, language) = links.mail_links().change_email(&token.token, state.now()).await?;
    state.post(former, language, Letter::EmailChanged { address });
    Ok(StatusCode::NO_CONTENT)
}
