//! Organisations and their tree.

use access::{Action, OrganisationKind, permits, reach_of};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use store::{NewOrganisation, OrganisationSummary};
use utoipa::{IntoParams, ToSchema};

use super::about::{About, moment, named, numbers};
use crate::account::profile::checked_name;
use crate::body::Body;
use crate::caller::{Can, OrganisationRead, OrganisationSecure, OrganisationWrite};
use crate::parameters::Parameters;
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

/// A tenant.
#[derive(Serialize, ToSchema)]
#[schema(as = Organisation)]
pub struct OrganisationItem {
    /// Its name in addresses.
    slug: String,
    name: String,
    /// `owner`, `ministry`, `county`, `municipality`, `publisher_group`, `publisher` or `school`.
    kind: String,
    /// Slug of the one right above.
    parent: Option<String>,
    /// Its own; those of organisations below it are theirs.
    about: Vec<About>,
    valid_from: Option<DateTime<Utc>>,
    /// Exclusive.
    valid_until: Option<DateTime<Utc>>,
    requires_two_factor: bool,
    /// How many belong to it.
    people: i64,
}

#[derive(Serialize, ToSchema)]
pub struct Organisations {
    /// Each is followed by those below it.
    items: Vec<OrganisationItem>,
    /// How many there are, with those that the limit left out.
    total: usize,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeOrganisation {
    name: String,
    kind: String,
    /// Slug of the one right above.
    parent: Option<String>,
    /// Codes of schools, publishers or regions.
    #[serde(default)]
    about: Vec<String>,
    /// A day such as `2027-01-31` (from its beginning, UTC), or a moment.
    valid_from: Option<String>,
    valid_until: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeOrganisation {
    name: String,
    parent: Option<String>,
    about: Vec<String>,
    valid_from: Option<String>,
    valid_until: Option<String>,
    requires_two_factor: bool,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// A part of a name or slug.
    q: Option<String>,
    /// 1 to 1000.
    limit: Option<usize>,
}

/// One's own organisation and those below it; for the platform's owner all.
#[utoipa::path(get, operation_id = "organisations", path = "/api/v1/organisations", params(Wanted), responses(
    (status = 200, body = Organisations), (status = 400, body = Problem), Refused))]
pub async fn list(
    State(state): State<ApiState>,
    can: Can<OrganisationRead>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<Organisations>, Problem> {
    let limit = wanted.limit.unwrap_or(200);
    if !(1..=1000).contains(&limit) {
        return Err(Problem::new("bad_limit", "limit is 1 to 1000").at("/limit"));
    }
    let mut all = state.store.organisations().list(&reach_of(&can.caller)).await?;
    if let Some(q) = wanted.q.map(|q| q.trim().to_lowercase()) {
        all.retain(|o| o.name.to_lowercase().contains(&q) || o.slug.contains(&q));
    }
    let total = all.len();
    let items = all.into_iter().take(limit).map(|o| item(&state, o)).collect();
    Ok(Json(Organisations { items, total }))
}

/// Make an organisation.
#[utoipa::path(post, operation_id = "makeOrganisation", path = "/api/v1/organisations", request_body = MakeOrganisation, responses(
    (status = 201, body = OrganisationItem), (status = 400, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem), Refused))]
pub async fn make(
    State(state): State<ApiState>,
    can: Can<OrganisationWrite>,
    Body(new): Body<MakeOrganisation>,
) -> Result<(StatusCode, Json<OrganisationItem>), Problem> {
    let kind: OrganisationKind = new.kind.parse().map_err(|e: String| Problem::new("bad_parameter", e).at("/kind"))?;
    let times = (new.valid_from.as_deref(), new.valid_until.as_deref());
    let new = described(&state, kind, &new.name, new.parent, &new.about, times)?;
    let made = state.store.by(&can.actor()).organisations().make(&new).await?;
    Ok((StatusCode::CREATED, Json(item(&state, made))))
}

/// One organisation.
#[utoipa::path(get, operation_id = "organisation", path = "/api/v1/organisations/{organisation}", responses(
    (status = 200, body = OrganisationItem), (status = 404, body = Problem), Refused))]
pub async fn read(
    State(state): State<ApiState>,
    can: Can<OrganisationRead>,
    Path(slug): Path<String>,
) -> Result<Json<OrganisationItem>, Problem> {
    let found = state.store.organisations().find(&reach_of(&can.caller), &slug).await?;
    Ok(Json(item(&state, found.ok_or_else(Problem::not_found)?)))
}

/// Change an organisation. All but the platform's owner change `requires_two_factor` only, and send the rest as it is.
#[utoipa::path(put, operation_id = "changeOrganisation", path = "/api/v1/organisations/{organisation}",
    request_body = ChangeOrganisation, responses(
    (status = 200, body = OrganisationItem), (status = 400, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem), Refused))]
pub async fn change(
    State(state): State<ApiState>,
    can: Can<OrganisationSecure>,
    Path(slug): Path<String>,
    Body(to): Body<ChangeOrganisation>,
) -> Result<Json<OrganisationItem>, Problem> {
    can.proved(state.now())?;
    let (reach, actor) = (reach_of(&can.caller), can.actor());
    let organisations = state.store.by(&actor).organisations();
    let found = organisations.find(&reach, &slug).await?.ok_or_else(Problem::not_found)?;
    if permits(&can.caller, Action::OrganisationWrite) {
        let times = (to.valid_from.as_deref(), to.valid_until.as_deref());
        let new = described(&state, found.kind, &to.name, to.parent, &to.about, times)?;
        if found != same(&found, &new) {
            organisations.change(&slug, &new).await?;
        }
    }
    if found.requires_two_factor != to.requires_two_factor {
        organisations.require_two_factor(&reach, &slug, to.requires_two_factor).await?;
    }
    let found = organisations.find(&reach, &slug).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(item(&state, found)))
}

/// What is there, with what is to be: equal when nothing changes.
fn same(found: &OrganisationSummary, new: &NewOrganisation) -> OrganisationSummary {
    OrganisationSummary {
        name: new.name.clone(),
        parent: new.parent.clone(),
        subjects: new.subjects.clone(),
        valid_from: new.valid_from,
        valid_until: new.valid_until,
        ..found.clone()
    }
}

fn described(
    state: &ApiState,
    kind: OrganisationKind,
    name: &str,
    parent: Option<String>,
    about: &[String],
    (from, until): (Option<&str>, Option<&str>),
) -> Result<NewOrganisation, Problem> {
    let (valid_from, valid_until) = (moment(from, "/valid_from")?, moment(until, "/valid_until")?);
    if valid_from.zip(valid_until).is_some_and(|(from, until)| from >= until) {
        return Err(Problem::new("bad_date", "it has to begin before it ends").at("/valid_until"));
    }
    let subjects = numbers(&state.engine.snapshot().directory, kind, about)?;
    Ok(NewOrganisation { name: checked_name(name)?, kind, parent, subjects, valid_from, valid_until })
}

fn item(state: &ApiState, o: OrganisationSummary) -> OrganisationItem {
    OrganisationItem {
        about: named(&state.engine.snapshot().directory, o.kind, &o.subjects),
        slug: o.slug,
        name: o.name,
        kind: o.kind.as_str().into(),
        parent: o.parent,
        valid_from: o.valid_from,
        valid_until: o.valid_until,
        requires_two_factor: o.requires_two_factor,
        people: o.people,
    }
}
