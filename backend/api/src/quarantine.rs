//! What was refused and why, and releasing it.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use engine::EngineError;
use ingest::load::batch::LoadError;
use ingest::load::intake::{Intake, Rules};
use ingest::quarantine;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Audited, Entry};
use utoipa::ToSchema;

use crate::body::Body;
use crate::caller::{Can, LoadRead, LoadWrite};
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

#[derive(Serialize, ToSchema)]
pub struct Quarantine {
    /// By site and reason, the most frequent first.
    items: Vec<Waiting>,
}

/// Records of one site that wait for one reason.
#[derive(Serialize, ToSchema)]
pub struct Waiting {
    site: String,
    /// One of the closed list of reasons.
    reason: String,
    count: i64,
    /// Of these, how many can be released; the others stay in their file, which can be loaded again.
    kept: i64,
    first_at: Option<DateTime<Utc>>,
    last_at: Option<DateTime<Utc>>,
    /// Ids that are not known, the most frequent first; at most fifty.
    unknown: Vec<UnknownId>,
    /// The latest five.
    samples: Vec<Sample>,
}

#[derive(Serialize, ToSchema)]
pub struct UnknownId {
    /// As the events have it; of a chapter the code of its book, a colon, and the id.
    given: String,
    /// Records that wait for it.
    count: i64,
}

#[derive(Serialize, ToSchema)]
pub struct Sample {
    id: i64,
    /// What is wrong with it, in words.
    detail: String,
    /// The record as it is kept, its person as a pseudonym.
    record: Option<String>,
    received_at: Option<DateTime<Utc>>,
    source: String,
    offset: i64,
}

/// What waits in the quarantine, with samples.
#[utoipa::path(get, operation_id = "quarantine", path = "/api/v1/quarantine", responses((status = 200, body = Quarantine), Refused))]
pub async fn list(State(state): State<ApiState>, _can: Can<LoadRead>) -> Result<Json<Quarantine>, Problem> {
    let groups = quarantine::groups(state.engine.warehouse()).await.map_err(EngineError::from)?;
    Ok(Json(Quarantine { items: groups.into_iter().map(Waiting::from).collect() }))
}

/// Which records to try again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    site: String,
    /// One reason; all when left out.
    #[serde(default)]
    reason: Option<String>,
}

/// What became of the records that were tried again. Always: tried = loaded + duplicate + quarantined + skipped.
#[derive(Serialize, ToSchema)]
pub struct Released {
    tried: u64,
    loaded: u64,
    duplicate: u64,
    /// Refused again; they wait on.
    quarantined: u64,
    skipped: u64,
}

/// Takes what waits in a site through the steps once more, however late it came. What is stopped half way can be begun again.
#[utoipa::path(
    post,
    operation_id = "releaseQuarantine",
    path = "/api/v1/quarantine/release",
    request_body = Release,
    responses((status = 200, body = Released), (status = 404, description = "No such site.", body = Problem), Refused)
)]
pub async fn release(
    State(state): State<ApiState>,
    can: Can<LoadWrite>,
    Body(asked): Body<Release>,
) -> Result<Json<Released>, Problem> {
    let snapshot = state.engine.snapshot();
    let site = snapshot.directory.site(&asked.site).ok_or_else(Problem::not_found)?;
    let secret = state.store.sites().secret(&site.code).await?;
    let warehouse = state.engine.warehouse();
    let rules = Rules { robots: state.robots.clone(), latest: None };
    let mut intake = Intake::open(warehouse, &site.code, &secret, rules).await.map_err(problem)?;
    let detail = json!({ "site": site.code, "reason": asked.reason });
    let entry = Entry::of(Audited::QuarantineReleased, &site.code).with(detail);
    state.store.by(&can.actor()).audit().record(None, entry).await?;
    let reason = asked.reason.as_deref();
    let counts = quarantine::release(&mut intake, warehouse, reason, state.now()).await.map_err(problem)?;
    Ok(Json(Released {
        tried: counts.received,
        loaded: counts.loaded,
        duplicate: counts.duplicate,
        quarantined: counts.quarantined,
        skipped: counts.skipped,
    }))
}

fn problem(error: LoadError) -> Problem {
    match error {
        LoadError::Warehouse(error) => EngineError::from(error).into(),
        LoadError::Reference(error) => EngineError::from(error).into(),
        other => Problem::internal(&other),
    }
}

impl From<quarantine::Group> for Waiting {
    fn from(group: quarantine::Group) -> Self {
        Self {
            site: group.site,
            reason: group.reason,
            count: group.count,
            kept: group.kept,
            first_at: group.first_at,
            last_at: group.last_at,
            unknown: group.unknown.into_iter().map(|(given, count)| UnknownId { given, count }).collect(),
            samples: group.samples.into_iter().map(Sample::from).collect(),
        }
    }
}

impl From<quarantine::Sample> for Sample {
    fn from(sample: quarantine::Sample) -> Self {
        Self {
            id: sample.id,
            detail: sample.detail,
            record: sample.record,
            received_at: sample.received_at,
            source: sample.source,
            offset: sample.offset,
        }
    }
}
