//! What else the events of a site call its schools, books and chapters.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use engine::EngineError;
use reference::{NewAlias, ReferenceError, What, alias};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Audited, Entry};
use utoipa::{IntoParams, ToSchema};
use warehouse::WarehouseError;

use crate::body::Body;
use crate::caller::{Can, LoadRead, LoadWrite};
use crate::parameters::Parameters;
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

/// An id that means a thing known by another one.
#[derive(Serialize, ToSchema)]
#[schema(as = Alias)]
pub struct AliasItem {
    site: String,
    /// `school`, `book` or `chapter`.
    what: String,
    /// The id in the events; of a chapter the code of its book, a colon, and the id.
    given: String,
    /// Code of the school, book or chapter that is meant.
    means: String,
    name: String,
    /// Whether a thing of this id has come by now: it goes before.
    idle: bool,
    /// Who said so.
    made_by: String,
    made_at: DateTime<Utc>,
}

#[derive(Serialize, ToSchema)]
pub struct Aliases {
    items: Vec<AliasItem>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeAlias {
    site: String,
    /// `school`, `book` or `chapter`.
    what: String,
    /// The id in the events; of a chapter the code of its book, a colon, and the id.
    given: String,
    /// Code of the school, book or chapter that is meant.
    means: String,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Named {
    site: String,
    /// `school`, `book` or `chapter`.
    what: String,
    given: String,
}

/// What else things are called.
#[utoipa::path(get, operation_id = "aliases", path = "/api/v1/aliases", responses((status = 200, body = Aliases), Refused))]
pub async fn list(State(state): State<ApiState>, _can: Can<LoadRead>) -> Result<Json<Aliases>, Problem> {
    let client = state.engine.warehouse().reader().await.map_err(EngineError::from)?;
    let directory = &state.engine.snapshot().directory;
    let aliases = alias::list(&**client).await.map_err(problem)?;
    let item = |alias: reference::Alias| {
        let site = directory.sites.get(&alias.site_id)?;
        let name = alias.what.find(directory, &alias.means).map(|(_, name)| name.to_owned())?;
        Some(AliasItem {
            site: site.code.clone(),
            what: alias.what.as_str().into(),
            idle: alias.what.of(directory, site, &alias.given).is_some(),
            given: alias.given,
            means: alias.means,
            name,
            made_by: alias.made_by,
            made_at: alias.made_at,
        })
    };
    Ok(Json(Aliases { items: aliases.into_iter().filter_map(item).collect() }))
}

/// Say what an id means, or something else than before. It holds for what comes and for what is tried again or replayed.
#[utoipa::path(post, operation_id = "makeAlias", path = "/api/v1/aliases", request_body = MakeAlias, responses(
    (status = 204), (status = 400, body = Problem), (status = 404, description = "No such site.", body = Problem),
    (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, description = "It is known by itself, or what it is to mean is not.", body = Problem), Refused))]
pub async fn make(
    State(state): State<ApiState>,
    can: Can<LoadWrite>,
    Body(new): Body<MakeAlias>,
) -> Result<StatusCode, Problem> {
    let snapshot = state.engine.snapshot();
    let site = snapshot.directory.site(&new.site).ok_or_else(Problem::not_found)?;
    let what = what(&new.what)?;
    let new = NewAlias { what, given: new.given, means: new.means, made_by: can.caller.email.clone() };
    let warehouse = state.engine.warehouse();
    let mut client = warehouse.client().await.map_err(EngineError::from)?;
    let tx = client.transaction().await.map_err(WarehouseError::from).map_err(EngineError::from)?;
    let means = alias::make(&tx, warehouse.dialect(), site, &new, state.now()).await.map_err(problem)?;
    let detail = json!({ "site": site.code, "what": what.as_str(), "means": means });
    let entry = Entry::of(Audited::AliasMade, new.given).with(detail);
    state.store.by(&can.actor()).audit().record(None, entry).await?;
    tx.commit().await.map_err(WarehouseError::from).map_err(EngineError::from)?;
    Ok(StatusCode::NO_CONTENT)
}

/// An id means nothing again. What was loaded by it stays where it is.
#[utoipa::path(delete, operation_id = "removeAlias", path = "/api/v1/aliases", params(Named), responses(
    (status = 204), (status = 400, body = Problem), (status = 404, body = Problem), Refused))]
pub async fn remove(
    State(state): State<ApiState>,
    can: Can<LoadWrite>,
    Parameters(named): Parameters<Named>,
) -> Result<StatusCode, Problem> {
    let snapshot = state.engine.snapshot();
    let site = snapshot.directory.site(&named.site).ok_or_else(Problem::not_found)?;
    let what = What::named(&named.what).ok_or_else(Problem::not_found)?;
    let mut client = state.engine.warehouse().client().await.map_err(EngineError::from)?;
    let tx = client.transaction().await.map_err(WarehouseError::from).map_err(EngineError::from)?;
    if !alias::remove(&tx, site.id, what, &named.given).await.map_err(problem)? {
        return Err(Problem::not_found());
    }
    let detail = json!({ "site": site.code, "what": what.as_str() });
    let entry = Entry::of(Audited::AliasRemoved, named.given).with(detail);
    state.store.by(&can.actor()).audit().record(None, entry).await?;
    tx.commit().await.map_err(WarehouseError::from).map_err(EngineError::from)?;
    Ok(StatusCode::NO_CONTENT)
}

fn what(name: &str) -> Result<What, Problem> {
    let unknown = || Problem::new("bad_alias", "an id means a school, a book or a chapter").at("/what");
    What::named(name).ok_or_else(unknown)
}

fn problem(error: ReferenceError) -> Problem {
    match error {
        ReferenceError::Invalid(why) => Problem::new("bad_alias", why),
        other => EngineError::from(other).into(),
    }
}
