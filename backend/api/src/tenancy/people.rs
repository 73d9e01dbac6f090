//! Who belongs to an organisation.

use access::{OrganisationKind, reach_of};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use reference::Directory;
use serde::{Deserialize, Serialize};
use store::{Member, Membership};
use utoipa::ToSchema;
use uuid::Uuid;

use super::about::{About, moment, named};
use super::invitations::{InvitationItem, open};
use super::reach::{part, role, within_reach};
use crate::body::Body;
use crate::caller::{Can, PeopleRead, PeopleWrite};
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
