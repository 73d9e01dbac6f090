//! What the caller may ask: the model as it is for their role.

use access::{Caller, Lens, Role, Scope, scope_of};
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::State;
use engine::Engine;
use engine::entities::Visible;
use model::{Model, Per};
use query::Compare;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::{Can, UsageRead};
use crate::catalog_items::{CalendarItem, DimensionItem, MetricItem, RollupItem};
use crate::problem::Refused;
use crate::state::ApiState;

#[derive(Serialize, ToSchema, SimpleObject)]
pub struct Catalog {
    metrics: Vec<MetricItem>,
    dimensions: Vec<DimensionItem>,
    grains: Vec<String>,
    compares: Vec<String>,
    /// The school calendars of the sites the caller sees something of.
    calendars: Vec<CalendarItem>,
    /// What is stored ready-made; for the owner only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rollups: Vec<RollupItem>,
}

impl Catalog {
    /// What there is for a caller.
    pub fn of(engine: &Engine, caller: &Caller) -> Catalog {
        let (scope, snapshot) = (scope_of(caller), engine.snapshot());
        let sites = Visible::new(&snapshot, &scope).sites();
        let codes: Vec<&str> = sites.iter().map(|site| site.code.as_str()).collect();
        Catalog::new(engine.model(), &scope, &codes)
    }

    /// What there is in a scope. `sites` are the codes of those that are visible in it.
    pub fn new(model: &Model, scope: &Scope, sites: &[&str]) -> Catalog {
        let role = scope.role().as_str();
        let protected = scope.lens() == Lens::Protected;
        let metrics = model.metrics.iter().filter(|m| m.allows(role));
        let dimensions = model.dimensions.iter().filter(|d| d.allows(role));
        let grains = Per::ALL.iter().filter(|per| !protected || **per == Per::Month);
        let compares = Compare::ALL.iter().filter(|_| !protected);
        let rollups = model.rollups.iter().filter(|_| scope.role() == Role::Owner);
        Catalog {
            metrics: metrics.map(|m| MetricItem::new(m, model)).collect(),
            dimensions: dimensions.map(|d| DimensionItem::new(d, model, role)).collect(),
            grains: grains.map(|per| per.as_str().into()).collect(),
            compares: compares.map(|compare| compare.as_str().into()).collect(),
            calendars: sites.iter().filter_map(|site| model.calendar(site)).map(CalendarItem::new).collect(),
            rollups: rollups.map(RollupItem::new).collect(),
        }
    }
}

/// The metrics, dimensions and school calendars that exist for the caller.
#[utoipa::path(get, operation_id = "catalog", path = "/api/v1/catalog", responses((status = 200, body = Catalog), Refused))]
pub async fn read(State(state): State<ApiState>, can: Can<UsageRead>) -> Json<Catalog> {
    Json(Catalog::of(&state.engine, &can.caller))
}
