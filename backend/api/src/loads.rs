//! The ledger of loads: what came in, per site, and what waits in the quarantine.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use warehouse::WarehouseError;

use crate::caller::{Can, LoadRead};
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

#[derive(Serialize, ToSchema)]
pub struct Loads {
    items: Vec<SiteLoads>,
    quarantine: Vec<Quarantined>,
}

/// Always: received = loaded + duplicate + quarantined + skipped.
#[derive(Serialize, ToSchema)]
pub struct SiteLoads {
    site: String,
    received: i64,
    loaded: i64,
    duplicate: i64,
    quarantined: i64,
    skipped: i64,
    last_at: DateTime<Utc>,
}

#[derive(Serialize, ToSchema)]
pub struct Quarantined {
    site: String,
    /// One of the closed list of reasons.
    reason: String,
    count: i64,
    /// What was wrong with the latest of them, in words.
    sample: String,
}

/// The totals of all loads per site, and the quarantine by reason.
#[utoipa::path(get, operation_id = "loads", path = "/api/v1/loads", responses((status = 200, body = Loads), Refused))]
pub async fn list(State(state): State<ApiState>, _can: Can<LoadRead>) -> Result<Json<Loads>, Problem> {
    let ledger = ingest::ledger::totals(state.engine.warehouse()).await.map_err(problem)?;
    let quarantine = ingest::ledger::quarantine(state.engine.warehouse()).await.map_err(problem)?;
    let items = ledger.into_iter().map(|t| SiteLoads {
        site: t.site,
        received: t.received,
        loaded: t.loaded,
        duplicate: t.duplicate,
        quarantined: t.quarantined,
        skipped: t.skipped,
        last_at: t.last_at,
    });
    let quarantine = quarantine.into_iter().map(|q| Quarantined {
        site: q.site,
        reason: q.reason,
        count: q.count,
        sample: q.sample,
    });
    Ok(Json(Loads { items: items.collect(), quarantine: quarantine.collect() }))
}

fn problem(error: WarehouseError) -> Problem {
    engine::EngineError::from(error).into()
}
