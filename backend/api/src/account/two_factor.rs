//! The second factor of one's account.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use mail::Letter;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::Body;
use crate::caller::{AccountWrite, Can};
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

/// What a device needs to make the codes.
#[derive(Serialize, ToSchema)]
pub struct Enrolment {
    /// To be typed in, in base 32.
    secret: String,
    /// `otpauth://totp/…`.
    uri: String,
    /// The same as a picture for a camera.
    qr_svg: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    code: String,
}

/// Shown once.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Begin to set up a second factor; a code of it turns it on.
#[utoipa::path(post, operation_id = "enrolTwoFactor", path = "/api/v1/account/two-factor", responses(
    (status = 200, body = Enrolment), (status = 404, body = Problem, description = "It is on already"), Refused))]
pub async fn enrol(State(state): State<ApiState>, can: Can<AccountWrite>) -> Result<impl IntoResponse, Problem> {
    can.proved(state.now())?;
    let made = state.store.by(&can.actor()).second_factor().enrol(can.account()?).await?;
    let code = QrCode::new(made.uri.as_bytes()).map_err(|e| Problem::internal(&e))?;
    // Always dark on light: cameras want it so, whatever the page's colours.
    let mut picture = code.render::<svg::Color>();
    let picture = picture.dark_color(svg::Color("#000")).light_color(svg::Color("#fff"));
    let qr_svg = picture.min_dimensions(220, 220).build();
    Ok((NO_STORE, Json(Enrolment { secret: made.secret, uri: made.uri, qr_svg })))
}

/// Turn the second factor on with a code of it.
#[utoipa::path(put, operation_id = "turnOnTwoFactor", path = "/api/v1/account/two-factor", request_body = Code, responses(
    (status = 200, body = RecoveryCodes), (status = 400, body = Problem), (status = 413, body = Problem),
    (status = 415, body = Problem), Refused))]
pub async fn turn_on(
    State(state): State<ApiState>,
    can: Can<AccountWrite>,
    Body(sent): Body<Code>,
) -> Result<impl IntoResponse, Problem> {
    let (session, now) = (can.own_session()?, state.now());
    let attempt = state.attempts.at_session(&session.id.to_string(), now)?;
    let code: String = sent.code.chars().filter(char::is_ascii_digit).collect();
    let actor = can.actor();
    let second_factor = state.store.by(&actor);
    let codes = second_factor.second_factor().turn_on(can.account()?, session.id, &code, now).await?;
    let codes = codes.ok_or_else(|| Problem::new("bad_code", "the code is wrong; is the device's clock right?"))?;
    attempt.succeeded();
    tell(&state, &can, Letter::TwoFactorOn).await?;
    Ok((NO_STORE, Json(RecoveryCodes { recovery_codes: codes })))
}

/// Turn the second factor off.
#[utoipa::path(delete, operation_id = "turnOffTwoFactor", path = "/api/v1/account/two-factor", responses((status = 204), Refused))]
pub async fn turn_off(State(state): State<ApiState>, can: Can<AccountWrite>) -> Result<StatusCode, Problem> {
    can.proved(state.now())?;
    state.store.by(&can.actor()).second_factor().turn_off(can.account()?).await?;
    tell(&state, &can, Letter::TwoFactorOff).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// New recovery codes instead of those that are left.
#[utoipa::path(post, operation_id = "makeRecoveryCodes", path = "/api/v1/account/recovery-codes", responses(
    (status = 200, body = RecoveryCodes), (status = 404, body = Problem, description = "There is no second factor"), Refused))]
pub async fn recovery_codes(
    State(state): State<ApiState>,
    can: Can<AccountWrite>,
) -> Result<impl IntoResponse, Problem> {
    can.proved(state.now())?;
    let account = state.store.accounts().read(can.account()?).await?;
    if !account.two_factor {
        return Err(Problem::not_found());
    }
    let recovery_codes = state.store.by(&can.actor()).second_factor().new_recovery_codes(account.id).await?;
    Ok((NO_STORE, Json(RecoveryCodes { recovery_codes })))
}

async fn tell(state: &ApiState, can: &Can<AccountWrite>, letter: Letter) -> Result<(), Problem> {
    let account = state.store.accounts().read(can.account()?).await?;
    state.post(account.email, account.language, letter);
    Ok(())
}
