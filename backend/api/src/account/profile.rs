//! Who one is here.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::Body;
use crate::caller::{AccountWrite, Can};
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

/// The languages that letters are written in.
const LANGUAGES: [&str; 2] = ["en", "et"];

#[derive(Serialize, ToSchema)]
pub struct AccountDetails {
    id: Uuid,
    email: String,
    name: String,
    /// The language of letters: `en` or `et`.
    language: String,
    has_password: bool,
    two_factor: TwoFactor,
    identities: Vec<IdentityItem>,
    limits: Limits,
}

#[derive(Serialize, ToSchema)]
pub struct TwoFactor {
    on: bool,
    recovery_codes_left: i64,
}

/// An identity provider that the account signs in with.
#[derive(Serialize, ToSchema)]
#[schema(as = Identity)]
pub struct IdentityItem {
    provider: String,
    title: String,
}

/// When sessions end.
#[derive(Serialize, ToSchema)]
pub struct Limits {
    /// Minutes without a request.
    idle_minutes: i64,
    /// Hours in all.
    absolute_hours: i64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    name: String,
    /// `en` or `et`.
    language: String,
}

/// One's own account.
#[utoipa::path(get, operation_id = "account", path = "/api/v1/account", responses((status = 200, body = AccountDetails), Refused))]
pub async fn read(State(state): State<ApiState>, can: Can<AccountWrite>) -> Result<Json<AccountDetails>, Problem> {
    details(&state, &can).await.map(Json)
}

/// Change one's name and language.
#[utoipa::path(put, operation_id = "changeAccount", path = "/api/v1/account", request_body = Profile, responses(
    (status = 200, body = AccountDetails), (status = 400, body = Problem), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 422, body = Problem), Refused))]
pub async fn change(
    State(state): State<ApiState>,
    can: Can<AccountWrite>,
    Body(profile): Body<Profile>,
) -> Result<Json<AccountDetails>, Problem> {
    let (name, language) = (checked_name(&profile.name)?, checked_language(Some(&profile.language))?);
    state.store.by(&can.actor()).accounts().set_profile(can.account()?, &name, &language).await?;
    details(&state, &can).await.map(Json)
}

async fn details(state: &ApiState, can: &Can<AccountWrite>) -> Result<AccountDetails, Problem> {
    let account = state.store.accounts().read(can.account()?).await?;
    let left = state.store.second_factor().recovery_codes_left(account.id).await?;
    let identities = state.store.identities().list(account.id).await?;
    let role = can.caller.role;
    Ok(AccountDetails {
        id: account.id,
        email: account.email,
        name: account.name,
        language: account.language,
        has_password: account.has_password,
        two_factor: TwoFactor { on: account.two_factor, recovery_codes_left: left },
        identities: identities
            .into_iter()
            .map(|identity| IdentityItem { title: title(state, &identity.provider), provider: identity.provider })
            .collect(),
        limits: Limits {
            idle_minutes: state.limits.idle(role).num_minutes(),
            absolute_hours: state.limits.absolute(role).num_hours(),
        },
    })
}

/// What the sign-in page calls a provider; one that is no more has its short name only.
fn title(state: &ApiState, provider: &str) -> String {
    state.providers.find(provider).map_or(provider, |found| found.title()).to_string()
}

/// A name of a person or thing: something to read, in one line.
pub fn checked_name(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    let sound = !name.is_empty() && name.chars().count() <= 200 && !name.chars().any(char::is_control);
    if sound {
        Ok(name.into())
    } else {
        Err(Problem::new("bad_name", "send 1 to 200 characters in one line").at("/name"))
    }
}

/// A language of letters; English when none is named.
pub fn checked_language(language: Option<&str>) -> Result<String, Problem> {
    let language = language.unwrap_or("en");
    match LANGUAGES.contains(&language) {
        true => Ok(language.into()),
        false => Err(Problem::new("bad_parameter", "letters are written in en or et").at("/language")),
    }
}
