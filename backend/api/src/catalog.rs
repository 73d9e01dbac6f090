//! What the caller may ask.

use access::{Lens, scope_of};
use axum::Json;
use axum::extract::State;
use model::{Additivity, Grain};
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::{Can, UsageRead};
use crate::problem::Problem;
use crate::state::ApiState;

#[derive(Serialize, ToSchema)]
pub struct Catalog {
    metrics: Vec<MetricItem>,
    dimensions: Vec<DimensionItem>,
    grains: Vec<String>,
    compares: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Metric)]
pub struct MetricItem {
    name: String,
    title: String,
    description: String,
    unit: String,
    /// `sum`, `distinct` or `ratio`.
    additivity: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Dimension)]
pub struct DimensionItem {
    name: String,
    title: String,
    description: String,
    /// Has a code and a name of its own: two columns in an answer.
    entity: bool,
    /// One row can have several values; it counts under each, and once in the total.
    multi_valued: bool,
}

/// The metrics and dimensions that exist for the caller's role.
#[utoipa::path(get, operation_id = "catalog", path = "/api/v1/catalog", responses((status = 200, body = Catalog), (status = 401, body = Problem)))]
pub async fn read(State(state): State<ApiState>, can: Can<UsageRead>) -> Json<Catalog> {
    let scope = scope_of(&can.caller);
    let role = scope.role().as_str();
    let protected = scope.lens() == Lens::Protected;
    let model = state.engine.model();
    let metrics = model.metrics.iter().filter(|m| m.allows(role)).map(|m| MetricItem {
        name: m.name.clone(),
        title: m.title.clone(),
        description: m.description.clone(),
        unit: m.unit.clone(),
        additivity: match m.additivity {
            Additivity::Sum => "sum",
            Additivity::Distinct => "distinct",
            Additivity::Ratio => "ratio",
        }
        .into(),
    });
    let dimensions = model.dimensions.iter().filter(|d| d.allows(role)).map(|d| DimensionItem {
        name: d.name.clone(),
        title: d.title.clone(),
        description: d.description.clone(),
        entity: d.entity,
        multi_valued: d.multi_valued,
    });
    Json(Catalog {
        metrics: metrics.collect(),
        dimensions: dimensions.collect(),
        grains: Grain::ALL
            .iter()
            .filter(|g| !protected || **g == Grain::Month)
            .map(|g| g.as_str().to_string())
            .collect(),
        compares: if protected { vec![] } else { vec!["previous_period".into(), "previous_year".into()] },
    })
}
