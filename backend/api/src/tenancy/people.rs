//! Who belongs to an organisation.

use access::{Action, OrganisationKind, Role, permits, reach_of};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use reference::Directory;
use serde::{Deserialize, Serialize};
use store::{Member, Membership, OrganisationSummary};
use utoipa::ToSchema;
use uuid::Uuid;

use super::about::{About, moment, named, numbers};
use super::invitations::{InvitationItem, open};
use crate::body::Body;
use crate::caller::{Can, PeopleRead, PeopleWrite, Permission};
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

#[derive(Serialize, ToSchema)]
pub struct People {
    members: Vec<MemberItem>,
    /// Those that wait to be accepted, and those that were not in time.
    invitations: Vec<InvitationItem>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberItem {
    /// Id of the account.
    account: Uuid,
    email: String,
    name: String,
    role: String,
    /// The part of what the organisation is about; null for all of it.
    about: Option<Vec<About>>,
    valid_until: Option<DateTime<Utc>>,
    active: bool,
    two_factor: bool,
    last_seen_at: Option<DateTime<Utc>>,
    /// The identity provider that says so at each sign-in.
    from_provider: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMember {
    role: String,
    /// Codes; null for all that the organisation is about.
    about: Option<Vec<String>>,
    /// A day such as `2027-01-31` (until its beginning, UTC), or a moment.
    valid_until: Option<String>,
}

/// The members and invitations of an organisation.
#[utoipa::path(get, operation_id = "people", path = "/api/v1/organisations/{organisation}/people", responses(
    (status = 200, body = People), (status = 404, body = Problem), Refused))]
pub async fn list(
    State(state): State<ApiState>,
    can: Can<PeopleRead>,
    Path(slug): Path<String>,
) -> Result<Json<People>, Problem> {
    let organisation = within_reach(&state, &can, &slug).await?;
    let members = state.store.people().list(&reach_of(&can.caller), &slug).await?.ok_or_else(Problem::not_found)?;
    let snapshot = state.engine.snapshot();
    let members = members.into_iter().map(|m| item(&snapshot.directory, organisation.kind, m)).collect();
    let invitations = open(&state, &reach_of(&can.caller), &organisation).await?;
    Ok(Json(People { members, invitations }))
}

/// Change what a member is there.
#[utoipa::path(put, operation_id = "changeMember", path = "/api/v1/organisations/{organisation}/people/{account}",
    request_body = ChangeMember, responses(
    (status = 200, body = MemberItem), (status = 400, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem), Refused))]
pub async fn change(
    State(state): State<ApiState>,
    can: Can<PeopleWrite>,
    Path((slug, account)): Path<(String, String)>,
    Body(to): Body<ChangeMember>,
) -> Result<Json<MemberItem>, Problem> {
    let organisation = within_reach(&state, &can, &slug).await?;
    let account: Uuid = account.parse().map_err(|_| Problem::not_found())?;
    let reach = reach_of(&can.caller);
    let to = Membership {
        role: role(&to.role, &can)?,
        subjects: part(&state, organisation.kind, to.about.as_deref())?,
        valid_until: moment(to.valid_until.as_deref(), "/valid_until")?,
    };
    state.store.by(&can.actor()).people().change(&reach, &slug, account, &to).await?;
    let members = state.store.people().list(&reach, &slug).await?.unwrap_or_default();
    let member = members.into_iter().find(|m| m.account == account).ok_or_else(Problem::not_found)?;
    Ok(Json(item(&state.engine.snapshot().directory, organisation.kind, member)))
}

/// End a membership; the keys made in it end, too.
#[utoipa::path(delete, operation_id = "endMembership", path = "/api/v1/organisations/{organisation}/people/{account}", responses(
    (status = 204), (status = 404, body = Problem), (status = 409, body = Problem), Refused))]
pub async fn end(
    State(state): State<ApiState>,
    can: Can<PeopleWrite>,
    Path((slug, account)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let account: Uuid = account.parse().map_err(|_| Problem::not_found())?;
    state.store.by(&can.actor()).people().end(&reach_of(&can.caller), &slug, account, state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The organisation of a slug, if the caller may deal with it.
pub async fn within_reach<P: Permission>(
    state: &ApiState,
    can: &Can<P>,
    slug: &str,
) -> Result<OrganisationSummary, Problem> {
    state.store.organisations().find(&reach_of(&can.caller), slug).await?.ok_or_else(Problem::not_found)
}

/// A role that the caller may give: only who may switch accounts makes others of the platform's own.
pub fn role<P: Permission>(text: &str, can: &Can<P>) -> Result<Role, Problem> {
    let role: Role = text.parse().map_err(|e: String| Problem::new("bad_role", e).at("/role"))?;
    let of_platform = matches!(role, Role::Owner | Role::Operator);
    match of_platform && !permits(&can.caller, Action::AccountSwitch) {
        true => Err(Problem::new("forbidden", "this role is above yours").at("/role")),
        false => Ok(role),
    }
}

/// The part of what an organisation is about that is meant; `None` for all of it.
pub fn part(state: &ApiState, kind: OrganisationKind, about: Option<&[String]>) -> Result<Option<Vec<i32>>, Problem> {
    about.map(|codes| numbers(&state.engine.snapshot().directory, kind, codes)).transpose()
}

fn item(directory: &Directory, kind: OrganisationKind, m: Member) -> MemberItem {
    MemberItem {
        account: m.account,
        email: m.email,
        name: m.name,
        role: m.role,
        about: m.subjects.map(|subjects| named(directory, kind, &subjects)),
        valid_until: m.valid_until,
        active: m.active,
        two_factor: m.two_factor,
        last_seen_at: m.last_seen_at,
        from_provider: m.provider,
    }
}
