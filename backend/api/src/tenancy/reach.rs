//! What a caller may name when they deal with people: organisations within reach, roles not above theirs, parts of what an
//! organisation is about.

use access::{Action, OrganisationKind, Role, permits, reach_of};
use store::OrganisationSummary;

use super::about::numbers;
use crate::caller::{Can, Permission};
use crate::problem::Problem;
use crate::state::ApiState;

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
