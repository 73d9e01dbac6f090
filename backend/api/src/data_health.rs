//! The health of what comes in, for whoever runs the platform.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use engine::EngineError;
use ingest::health::{LogHealth, SiteHealth, StepHealth};
use serde::Serialize;
use utoipa::ToSchema;
use warehouse::Dialect;

use crate::caller::{Can, LoadRead};
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

/// What comes in: how much, how fast, what waits, and whether it adds up.
#[derive(Serialize, ToSchema)]
pub struct DataHealth {
    as_of: DateTime<Utc>,
    sites: Vec<SiteFlow>,
    /// Logs that are read on and on: the spools of collectors, topics.
    logs: Vec<LogState>,
    /// The steps on the way in, in their order, over the loads of the last hour. The last two are told when events are read.
    steps: Vec<StepState>,
}

/// Always: sent = loaded + duplicate + quarantined + skipped.
#[derive(Serialize, ToSchema)]
pub struct SiteFlow {
    site: String,
    sent: i64,
    loaded: i64,
    duplicate: i64,
    /// Waiting in the quarantine now.
    quarantined: i64,
    skipped: i64,
    /// Records a second, of the last minute.
    rate: f64,
    /// Seconds from receipt to commit, of the oldest record of each load of the last hour.
    delay_p50: Option<f64>,
    delay_p95: Option<f64>,
    last_load_at: Option<DateTime<Utc>>,
    /// When its rollups last equalled its events.
    refreshed_at: Option<DateTime<Utc>>,
    /// Marks that wait for the refresher.
    pending: i64,
    /// Offsets of its topic that were gone before they were read; none of them is among those sent.
    lost: i64,
}

#[derive(Serialize, ToSchema)]
pub struct LogState {
    source: String,
    partition: String,
    site: String,
    /// Records not loaded yet, as last noted.
    waiting: i64,
    /// When the oldest of them was received.
    oldest_at: Option<DateTime<Utc>>,
    noted_at: DateTime<Utc>,
}

#[derive(Serialize, ToSchema)]
pub struct StepState {
    name: &'static str,
    /// What it does, in words.
    does: &'static str,
    changed: i64,
    refused: i64,
    /// Microseconds it took.
    micros: i64,
}

/// What comes in, per site, log and step.
#[utoipa::path(get, operation_id = "dataHealth", path = "/api/v1/data-health", responses((status = 200, body = DataHealth), Refused))]
pub async fn read(State(state): State<ApiState>, _can: Can<LoadRead>) -> Result<Json<DataHealth>, Problem> {
    let now = state.now();
    let warehouse = state.engine.warehouse();
    if warehouse.dialect() == Dialect::Redshift {
        return Err(Problem::new("unavailable", "this is told of a warehouse in PostgreSQL only"));
    }
    let health = ingest::health::read(warehouse, now).await.map_err(EngineError::from)?;
    Ok(Json(DataHealth {
        as_of: now,
        sites: health.sites.into_iter().map(SiteFlow::from).collect(),
        logs: health.logs.into_iter().map(LogState::from).collect(),
        steps: health.steps.into_iter().map(StepState::from).collect(),
    }))
}

impl From<SiteHealth> for SiteFlow {
    fn from(site: SiteHealth) -> Self {
        Self {
            site: site.site,
            sent: site.sent,
            loaded: site.loaded,
            duplicate: site.duplicate,
            quarantined: site.quarantined,
            skipped: site.skipped,
            rate: site.rate,
            delay_p50: site.delay_p50,
            delay_p95: site.delay_p95,
            last_load_at: site.last_load_at,
            refreshed_at: site.refreshed_at,
            pending: site.pending,
            lost: site.lost,
        }
    }
}

impl From<LogHealth> for LogState {
    fn from(log: LogHealth) -> Self {
        Self {
            source: log.source,
            partition: log.partition,
            site: log.site,
            waiting: log.waiting,
            oldest_at: log.oldest_at,
            noted_at: log.noted_at,
        }
    }
}

impl From<StepHealth> for StepState {
    fn from(step: StepHealth) -> Self {
        Self { name: step.name, does: step.does, changed: step.changed, refused: step.refused, micros: step.micros }
    }
}
