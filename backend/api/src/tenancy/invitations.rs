//! Invitations into organisations, by mail.

use access::{Reach, reach_of};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use mail::Letter;
use serde::{Deserialize, Serialize};
use store::{Invitation, NewInvitation, NewPerson, OrganisationSummary};
use utoipa::ToSchema;
use uuid::Uuid;

use super::about::{About, named};
use super::reach::{part, role, within_reach};
use crate::account::email::Token;
use crate::account::profile::{checked_language, checked_name};
use crate::body::Body;
use crate::caller::{Can, PeopleWrite};
use crate::origin::Origin;
use crate::problem::{Problem, Refused};
use crate::session::nobody;
use crate::state::ApiState;

#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationItem {
    id: Uuid,
    email: String,
    role: String,
    /// The part of what the organisation is about; null for all of it.
    about: Option<Vec<About>>,
    invited_by: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// `open` or `expired`.
    state: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    email: String,
    role: String,
    /// Codes; null for all that the organisation is about.
    about: Option<Vec<String>>,
    /// Of the letter: `en` or `et`.
    language: Option<String>,
}

/// What a link invites to.
#[derive(Serialize, ToSchema)]
pub struct Offer {
    organisation: String,
    role: String,
    email: String,
    invited_by: String,
    expires_at: DateTime<Utc>,
    /// Whether the address has an account; else name and password are asked for.
    has_account: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    token: String,
    name: Option<String>,
    password: Option<String>,
    language: Option<String>,
}

/// Invite somebody into an organisation. The letter's link holds for a week; an earlier one to the same address no more.
#[utoipa::path(post, operation_id = "invite", path = "/api/v1/organisations/{organisation}/invitations", request_body = Invite,
    responses((status = 201, body = InvitationItem), (status = 400, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem), Refused))]
pub async fn invite(
    State(state): State<ApiState>,
    can: Can<PeopleWrite>,
    Path(slug): Path<String>,
    Body(new): Body<Invite>,
) -> Result<(StatusCode, Json<InvitationItem>), Problem> {
    let organisation = within_reach(&state, &can, &slug).await?;
    let new = NewInvitation {
        email: new.email,
        role: role(&new.role, &can)?,
        subjects: part(&state, organisation.kind, new.about.as_deref())?,
        language: checked_language(new.language.as_deref())?,
    };
    Ok((StatusCode::CREATED, Json(mailed(&state, &can, &organisation, &new).await?)))
}

/// Send the letter of an invitation again, with a new link; the former is worth nothing any more.
#[utoipa::path(post, operation_id = "inviteAgain", path = "/api/v1/organisations/{organisation}/invitations/{id}/again",
    responses((status = 200, body = InvitationItem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem), Refused))]
pub async fn again(
    State(state): State<ApiState>,
    can: Can<PeopleWrite>,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Json<InvitationItem>, Problem> {
    let organisation = within_reach(&state, &can, &slug).await?;
    let all = state.store.invitations().open(&reach_of(&can.caller), &slug).await?;
    let former = all.into_iter().find(|i| i.id.to_string() == id).ok_or_else(Problem::not_found)?;
    let new = NewInvitation {
        email: former.email,
        role: role(&former.role, &can)?,
        subjects: former.subjects,
        language: former.language,
    };
    Ok(Json(mailed(&state, &can, &organisation, &new).await?))
}

/// Withdraw an invitation.
#[utoipa::path(delete, operation_id = "withdrawInvitation", path = "/api/v1/organisations/{organisation}/invitations/{id}",
    responses((status = 204), (status = 404, body = Problem), Refused))]
pub async fn withdraw(
    State(state): State<ApiState>,
    can: Can<PeopleWrite>,
    Path((slug, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let id: Uuid = id.parse().map_err(|_| Problem::not_found())?;
    state.store.by(&can.actor()).invitations().withdraw(&reach_of(&can.caller), &slug, id, state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the link of a letter invites to.
#[utoipa::path(post, operation_id = "readInvitation", path = "/api/v1/invitations/read", request_body = Token, responses(
    (status = 200, body = Offer), (status = 400, body = Problem), (status = 403, body = Problem, description = "Sent from another site's page"),
    (status = 410, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 429, body = Problem), (status = 503, body = Problem)))]
pub async fn read(
    State(state): State<ApiState>,
    origin: Origin,
    Body(token): Body<Token>,
) -> Result<Json<Offer>, Problem> {
    state.attempts.at_letter(origin.address, state.now())?;
    let found = state.store.invitations().read(&token.token, state.now()).await?;
    Ok(Json(Offer {
        organisation: found.organisation,
        role: found.role,
        email: found.email,
        invited_by: found.invited_by,
        expires_at: found.expires_at,
        has_account: found.has_account,
    }))
}

/// Accept an invitation; then sign in.
#[utoipa::path(post, operation_id = "acceptInvitation", path = "/api/v1/invitations/accept", request_body = Accept, responses(
    (status = 204), (status = 400, body = Problem), (status = 403, body = Problem, description = "Sent from another site's page"),
    (status = 404, body = Problem, description = "The address's account is not active"),
    (status = 409, body = Problem), (status = 410, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub async fn accept(
    State(state): State<ApiState>,
    origin: Origin,
    Body(accept): Body<Accept>,
) -> Result<StatusCode, Problem> {
    state.attempts.at_letter(origin.address, state.now())?;
    let found = state.store.invitations().read(&accept.token, state.now()).await?;
    let person = match found.has_account {
        true => None,
        false => Some(NewPerson {
            name: checked_name(accept.name.as_deref().unwrap_or_default())?,
            password: accept.password.unwrap_or_default(),
            language: checked_language(accept.language.as_deref().or(Some(&found.language)))?,
        }),
    };
    let mut actor = nobody(&origin);
    actor.name = Some(found.email);
    actor.rule = "whoever has the link reads the mail of the address that was invited".into();
    state.store.by(&actor).invitations().accept(&accept.token, person, state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The invitations of an organisation that were neither accepted nor withdrawn.
pub async fn open(
    state: &ApiState,
    reach: &Reach,
    organisation: &OrganisationSummary,
) -> Result<Vec<InvitationItem>, Problem> {
    let all = state.store.invitations().open(reach, &organisation.slug).await?;
    Ok(all.into_iter().map(|i| item(state, organisation, i)).collect())
}

async fn mailed(
    state: &ApiState,
    can: &Can<PeopleWrite>,
    organisation: &OrganisationSummary,
    new: &NewInvitation,
) -> Result<InvitationItem, Problem> {
    let (reach, actor) = (reach_of(&can.caller), can.actor());
    let (made, token) =
        state.store.by(&actor).invitations().invite(&reach, &organisation.slug, new, state.now()).await?;
    let letter = Letter::Invitation {
        organisation: made.organisation.clone(),
        role: made.role.clone(),
        invited_by: can.caller.name.clone(),
        link: state.link("invitation", &token),
        expires_at: made.expires_at.with_timezone(&chrono_tz::UTC),
    };
    let sent = state.send(&made.email, &made.language, &letter).await;
    sent.map_err(|_| Problem::new("mail_failed", "the invitation is made; send its letter again in a while"))?;
    Ok(item(state, organisation, made))
}

fn item(state: &ApiState, organisation: &OrganisationSummary, i: Invitation) -> InvitationItem {
    let directory = &state.engine.snapshot().directory;
    InvitationItem {
        id: i.id,
        email: i.email,
        role: i.role,
        about: i.subjects.map(|subjects| named(directory, organisation.kind, &subjects)),
        invited_by: i.invited_by,
        created_at: i.created_at,
        expires_at: i.expires_at,
        state: if i.expires_at > state.now() { "open" } else { "expired" }.into(),
    }
}
