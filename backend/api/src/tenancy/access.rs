//! Why somebody sees what they see: the rule, the rows, the number's definition, and where it comes from.

use std::sync::Arc;

use access::{Action, Caller, Lens, Rows, Scope, judge, reach_of, scope_of};
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use engine::entities::Visible;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::about::{About, named};
use crate::caller::{AccessRead, Can};
use crate::parameters::Parameters;
use crate::problem::{Problem, Refused};
use crate::state::ApiState;
use crate::who::{OrganisationBody, organisation};

/// Rows that are named; all are counted.
const NAMED: usize = 50;

#[derive(Serialize, ToSchema)]
pub struct Access {
    account: Person,
    organisation: OrganisationBody,
    role: String,
    /// The rule in a sentence.
    rule: String,
    /// `exact` or `protected`.
    lens: String,
    rows: AccessRows,
    actions: Vec<AccessAction>,
    metric: Option<AccessMetric>,
    sources: Vec<AccessSource>,
    keys: Vec<AccessKey>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AccessPerson)]
pub struct Person {
    email: String,
    name: String,
}

/// Which rows of the warehouse.
#[derive(Serialize, ToSchema)]
pub struct AccessRows {
    /// `all`, `schools`, `publishers`, `regions` or `none`.
    kind: String,
    items: Vec<About>,
    total: usize,
}

#[derive(Serialize, ToSchema)]
pub struct AccessAction {
    action: String,
    allowed: bool,
    because: String,
}

#[derive(Serialize, ToSchema)]
pub struct AccessMetric {
    name: String,
    title: String,
    definition: String,
    allowed: bool,
    because: String,
}

/// Where the numbers come from.
#[derive(Serialize, ToSchema)]
pub struct AccessSource {
    site: String,
    name: String,
    refreshed_at: Option<DateTime<Utc>>,
    last_event_at: Option<DateTime<Utc>>,
    last_load_at: Option<DateTime<Utc>>,
}

#[derive(Serialize, ToSchema)]
pub struct AccessKey {
    prefix: String,
    name: String,
    scopes: Vec<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Slug of the organisation; the active one without it.
    organisation: Option<String>,
    /// Id of the account; oneself without it.
    account: Option<String>,
    /// A metric of the catalogue.
    metric: Option<String>,
}

/// Why one sees what one sees, or why a member of an organisation within one's reach does.
#[utoipa::path(get, operation_id = "access", path = "/api/v1/access", params(Wanted), responses(
    (status = 200, body = Access), (status = 400, body = Problem), (status = 404, body = Problem), Refused))]
pub async fn read(
    State(state): State<ApiState>,
    can: Can<AccessRead>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<Access>, Problem> {
    let whose = match (&wanted.account, &wanted.organisation) {
        (None, None) => can.caller.clone(),
        _ => member(&state, &can, &wanted).await?,
    };
    let scope = scope_of(&whose);
    let (account, of): (Uuid, Uuid) = match (whose.account.parse(), whose.organisation.id.parse()) {
        (Ok(account), Ok(of)) => (account, of),
        _ => return Err(Problem::internal(&"an id that is none")),
    };
    let keys = state.store.keys().list(of, Some(account)).await?;
    let holds = |k: &store::KeySummary| k.revoked_at.is_none() && k.expires_at.is_none_or(|end| end > state.now());
    let keys = keys.into_iter().filter(holds);
    Ok(Json(Access {
        account: Person { email: whose.email.clone(), name: whose.name.clone() },
        organisation: organisation(&whose.organisation),
        role: whose.role.to_string(),
        rule: rule(&whose, &scope),
        lens: if scope.lens() == Lens::Exact { "exact" } else { "protected" }.into(),
        rows: rows(&state, &whose, &scope),
        actions: Action::ALL
            .into_iter()
            .map(|action| {
                let verdict = judge(&whose, action);
                let allowed = verdict == access::Verdict::Permitted;
                AccessAction { action: action.as_str().into(), allowed, because: verdict.because().into() }
            })
            .collect(),
        metric: wanted.metric.map(|name| metric(&state, &whose, &name)).transpose()?,
        sources: sources(&state, &scope).await?,
        keys: keys.map(|k| AccessKey { prefix: k.prefix, name: k.name, scopes: k.scopes }).collect(),
    }))
}

/// Another member, as they call: of an organisation within reach only.
async fn member(state: &ApiState, can: &Can<AccessRead>, wanted: &Wanted) -> Result<Arc<Caller>, Problem> {
    let slug = wanted.organisation.as_deref().unwrap_or(&can.caller.organisation.slug);
    let account: Uuid = match &wanted.account {
        None => can.account()?,
        Some(id) => id.parse().map_err(|_| Problem::not_found())?,
    };
    let reach = reach_of(&can.caller);
    let found = state.store.people().caller(&reach, slug, account, state.now()).await?;
    found.ok_or_else(Problem::not_found)
}

fn rule(caller: &Caller, scope: &Scope) -> String {
    let (name, role) = (&caller.organisation.name, caller.role);
    let part = if caller.subset.is_some() { "the part of it that the membership is for" } else { "all of it" };
    if caller.second_factor_missing {
        return format!("{name} asks its members for a second factor, and none was shown: nothing is seen");
    }
    match scope.rows() {
        Rows::All => format!("the role {role} of the platform's own {name} sees everything, exactly"),
        Rows::Schools(ids) if ids.is_empty() => format!("the role {role} of {name} sees no rows"),
        Rows::Schools(_) => format!("the role {role} sees the schools that {name} is about, exactly: {part}"),
        Rows::Publishers(_) => {
            format!(
                "the role {role} sees the books of the publishers that {name} is about, exactly, as of each day: {part}"
            )
        }
        Rows::Regions(_) => format!(
            "the role {role} sees the regions that {name} is about and all below them, by whole months that are over, with small \
             counts hidden: {part}"
        ),
    }
}

fn rows(state: &ApiState, caller: &Caller, scope: &Scope) -> AccessRows {
    let (kind, ids) = match scope.rows() {
        Rows::All => return AccessRows { kind: "all".into(), items: vec![], total: 0 },
        Rows::Schools(ids) => ("schools", ids),
        Rows::Publishers(ids) => ("publishers", ids),
        Rows::Regions(ids) => ("regions", ids),
    };
    let numbers: Vec<i32> = ids.iter().copied().collect();
    let mut items = named(&state.engine.snapshot().directory, caller.organisation.kind, &numbers);
    let total = items.len();
    items.truncate(NAMED);
    AccessRows { kind: if total == 0 { "none" } else { kind }.into(), items, total }
}

fn metric(state: &ApiState, caller: &Caller, name: &str) -> Result<AccessMetric, Problem> {
    let found = state.engine.model().metrics.iter().find(|m| m.name == name);
    let unknown = || Problem::new("unknown_metric", "see /api/v1/catalog for the metrics there are").at("/metric");
    let found = found.ok_or_else(unknown)?;
    let verdict = judge(caller, Action::UsageRead);
    let allowed = found.allows(caller.role.as_str()) && verdict == access::Verdict::Permitted;
    let because = match (verdict, allowed) {
        (access::Verdict::Permitted, true) => "the model gives this metric to the role",
        (access::Verdict::Permitted, false) => "the model does not give this metric to the role",
        (verdict, _) => verdict.because(),
    };
    let (title, definition) = (found.title.clone(), found.description.clone());
    Ok(AccessMetric { name: name.into(), title, definition, allowed, because: because.into() })
}

async fn sources(state: &ApiState, scope: &Scope) -> Result<Vec<AccessSource>, Problem> {
    let loads = ingest::ledger::last_loads(state.engine.warehouse()).await.map_err(engine::EngineError::from)?;
    let snapshot = state.engine.snapshot();
    let sites = Visible::new(&snapshot, scope).sites();
    let source = |site: &reference::Site| {
        let fresh = snapshot.sites.get(&site.id);
        AccessSource {
            site: site.code.clone(),
            name: site.name.clone(),
            refreshed_at: fresh.and_then(|s| s.refreshed_at),
            last_event_at: fresh.and_then(|s| s.last_event_at),
            last_load_at: loads.get(&site.code).copied(),
        }
    };
    Ok(sites.into_iter().map(source).collect())
}
