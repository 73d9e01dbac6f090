//! The record of what was done, for those whose part it is.

use access::reach_of;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{AuditFilter, AuditRow, Audited};
use utoipa::{IntoParams, ToSchema};

use crate::caller::{AuditRead, Can};
use crate::csv;
use crate::parameters::Parameters;
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

/// Entries of a page, and of a file.
const PAGE: i64 = 50;
const MOST_OF_A_PAGE: i64 = 500;
const FILE: i64 = 100_000;

#[derive(Serialize, ToSchema)]
pub struct AuditEntry {
    id: i64,
    at: DateTime<Utc>,
    action: String,
    /// Address of who did it, or the name of the program.
    actor: Option<String>,
    /// `session`, `key oct_1a2b3c4d`, `view_as`, `cli` or `none`.
    via: String,
    organisation: Option<String>,
    /// To whom or what.
    subject: String,
    /// The rule of the policy by which it was done.
    rule: String,
    /// `done` or `refused`.
    outcome: String,
    /// The IP address.
    from: Option<String>,
    /// The id of the HTTP request.
    request: Option<String>,
    detail: Value,
}

#[derive(Serialize, ToSchema)]
pub struct AuditPage {
    /// Latest first.
    items: Vec<AuditEntry>,
    /// Send it as `before` for what came earlier; null at the end.
    next: Option<i64>,
    /// What can be asked for as `action`.
    actions: Vec<&'static str>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// First day, UTC.
    from: Option<NaiveDate>,
    /// Last day, UTC, inclusive.
    to: Option<NaiveDate>,
    action: Option<String>,
    /// A part of the subject, the actor or the IP address.
    q: Option<String>,
    /// Slug of one organisation.
    organisation: Option<String>,
    before: Option<i64>,
    /// 1 to 500.
    limit: Option<i64>,
    /// `csv` or `json`.
    format: Option<String>,
}

/// What was done in one's own organisation and those below it; for the platform's owner everything.
#[utoipa::path(get, operation_id = "audit", path = "/api/v1/audit", params(Wanted), responses(
    (status = 200, body = AuditPage, description = "CSV with Accept: text/csv"), (status = 400, body = Problem), Refused))]
pub async fn list(
    State(state): State<ApiState>,
    can: Can<AuditRead>,
    headers: HeaderMap,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Problem> {
    let as_csv = csv::wanted(&headers, wanted.format.as_deref());
    let limit = wanted.limit.unwrap_or(PAGE);
    if !(1..=MOST_OF_A_PAGE).contains(&limit) {
        return Err(Problem::new("bad_limit", format!("limit is 1 to {MOST_OF_A_PAGE}")).at("/limit"));
    }
    let midnight = |day: NaiveDate| day.and_hms_opt(0, 0, 0).map(|at| at.and_utc());
    let filter = AuditFilter {
        from: wanted.from.and_then(midnight),
        until: wanted.to.and_then(|day| day.checked_add_days(Days::new(1))).and_then(midnight),
        action: wanted.action,
        text: wanted.q.filter(|q| !q.is_empty()),
        organisation: wanted.organisation,
        before: wanted.before,
        // One more, to see whether there are more.
        limit: if as_csv { FILE + 1 } else { limit + 1 },
    };
    let mut rows = state.store.audit().list(&reach_of(&can.caller), &filter).await?;
    if as_csv {
        can.exports(&state, "audit", json!({ "rows": rows.len() })).await?;
        return file(rows);
    }
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    let actions = Audited::ALL.iter().map(|a| a.as_str()).collect();
    let page = AuditPage { items: rows.into_iter().map(entry).collect(), next, actions };
    Ok(([("cache-control", "no-store")], Json(page)).into_response())
}

fn file(mut rows: Vec<AuditRow>) -> Result<Response, Problem> {
    let columns = [
        "id",
        "at",
        "action",
        "outcome",
        "actor",
        "via",
        "organisation",
        "subject",
        "rule",
        "from",
        "request",
        "detail",
    ];
    let cut = rows.len() as i64 > FILE;
    rows.truncate(FILE as usize);
    let row = |r: AuditRow| {
        let text = |t: Option<String>| csv::cell(&t.unwrap_or_default());
        vec![
            r.id.to_string(),
            r.at.to_rfc3339(),
            r.action,
            r.outcome,
            text(r.actor),
            r.via,
            text(r.organisation),
            csv::cell(&r.subject),
            csv::cell(&r.rule),
            text(r.from_address),
            text(r.request),
            csv::cell(&r.detail.to_string()),
        ]
    };
    let rows: Vec<Vec<String>> = rows.into_iter().map(row).collect();
    let trailer = cut.then(|| format!("these are the latest {FILE} entries; ask for fewer days to see the others"));
    csv::response("audit", &columns.map(String::from), &rows, trailer.as_slice())
}

fn entry(r: AuditRow) -> AuditEntry {
    AuditEntry {
        id: r.id,
        at: r.at,
        action: r.action,
        actor: r.actor,
        via: r.via,
        organisation: r.organisation,
        subject: r.subject,
        rule: r.rule,
        outcome: r.outcome,
        from: r.from_address,
        request: r.request,
        detail: r.detail,
    }
}
