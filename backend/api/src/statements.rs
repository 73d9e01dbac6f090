//! Statements: what each publisher is owed of a site's month, and why.

use access::{Caller, Rows, scope_of};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use model::Grain;
use revenue::{Currency, fixed, format_minor};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{StatementFilter, StatementWithLines};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::caller::{Can, StatementRead};
use crate::csv;
use crate::parameters::Parameters;
use crate::pools::parse_month;
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

/// Money is a decimal string in the currency's minor unit; units have three decimals.
#[derive(Serialize, ToSchema)]
#[schema(as = Statement)]
pub struct StatementItem {
    id: Uuid,
    site: String,
    month: String,
    publisher: String,
    publisher_name: String,
    currency: String,
    amount: String,
    /// Weighted views of this publisher.
    units: String,
    /// Weighted views of all publishers.
    units_total: String,
    /// The money shared.
    pool: String,
    created_at: DateTime<Utc>,
    /// On a single statement only; they sum to the amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<StatementLine>>,
}

#[derive(Serialize, ToSchema)]
pub struct StatementLine {
    book: String,
    book_name: String,
    views: i64,
    weight: String,
    units: String,
    amount: String,
}

#[derive(Serialize, ToSchema)]
pub struct Statements {
    items: Vec<StatementItem>,
    total: usize,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    site: Option<String>,
    /// `2026-10`.
    month: Option<String>,
    /// `csv` or `json`.
    format: Option<String>,
}

/// The statements the caller may see, newest first.
#[utoipa::path(get, operation_id = "statements", path = "/api/v1/statements", params(Wanted), responses(
    (status = 200, body = Statements, description = "CSV with Accept: text/csv"), Refused))]
pub async fn list(
    State(state): State<ApiState>,
    can: Can<StatementRead>,
    headers: HeaderMap,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Problem> {
    let month = match &wanted.month {
        None => None,
        Some(text) => Some(
            parse_month(text)
                .ok_or_else(|| Problem::new("bad_parameter", "month has to be written like 2026-10").at("/month"))?,
        ),
    };
    let publishers = publishers(&can.caller);
    let found = state
        .store
        .statements()
        .list(StatementFilter { publishers: publishers.as_deref(), site: wanted.site.as_deref(), month })
        .await?;
    let items: Vec<StatementItem> = found.iter().map(|s| item(s, None)).collect::<Result<_, _>>()?;
    if csv::wanted(&headers, wanted.format.as_deref()) {
        let columns = [
            "id",
            "site",
            "month",
            "publisher",
            "publisher_name",
            "currency",
            "amount",
            "units",
            "units_total",
            "pool",
            "created_at",
        ];
        let rows: Vec<Vec<String>> = items.iter().map(head).collect();
        can.exports(&state, "statements", json!({ "rows": rows.len() })).await?;
        return csv::response("statements", &columns.map(String::from), &rows, &[]);
    }
    Ok(private(Json(Statements { total: items.len(), items })))
}

/// One statement with its lines.
#[utoipa::path(get, operation_id = "statement", path = "/api/v1/statements/{id}", params(("format" = Option<String>, Query)), responses(
    (status = 200, body = StatementItem, description = "CSV with Accept: text/csv"), Refused, (status = 404, body = Problem)))]
pub async fn read(
    State(state): State<ApiState>,
    can: Can<StatementRead>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Problem> {
    let id: Uuid = id.parse().map_err(|_| Problem::not_found())?;
    let publishers = publishers(&can.caller);
    let StatementWithLines { statement, lines } =
        state.store.statements().get(id, publishers.as_deref()).await?.ok_or_else(Problem::not_found)?;
    let currency = Currency::of(&statement.currency).map_err(|e| Problem::internal(&e))?;
    let lines = lines
        .into_iter()
        .map(|l| StatementLine {
            book: l.book_code,
            book_name: l.book_name,
            views: l.views,
            weight: fixed(l.weight_milli, 3),
            units: fixed(l.units_milli, 3),
            amount: format_minor(l.amount_minor, currency),
        })
        .collect();
    let item = item(&statement, Some(lines))?;
    if csv::wanted(&headers, wanted.format.as_deref()) {
        let columns =
            ["site", "month", "publisher", "currency", "book", "book_name", "views", "weight", "units", "amount"];
        let rows: Vec<Vec<String>> = item.lines.iter().flatten().map(|l| line(&item, l)).collect();
        can.exports(&state, "statement", json!({ "id": item.id, "rows": rows.len() })).await?;
        let name = format!("statement-{}-{}-{}", item.site, item.month, item.id);
        return csv::response(&name, &columns.map(String::from), &rows, &[]);
    }
    Ok(private(Json(item)))
}

/// The publishers whose statements the caller may see; None is all. A scope that is about anything else holds none.
fn publishers(caller: &Caller) -> Option<Vec<i32>> {
    match scope_of(caller).rows() {
        Rows::All => None,
        Rows::Publishers(ids) => Some(ids.iter().copied().collect()),
        Rows::Schools(_) | Rows::Regions(_) => Some(vec![]),
    }
}

fn item(s: &store::Statement, lines: Option<Vec<StatementLine>>) -> Result<StatementItem, Problem> {
    let currency = Currency::of(&s.currency).map_err(|e| Problem::internal(&e))?;
    Ok(StatementItem {
        id: s.id,
        site: s.site.clone(),
        month: Grain::Month.label(s.month),
        publisher: s.publisher_code.clone(),
        publisher_name: s.publisher_name.clone(),
        currency: s.currency.clone(),
        amount: format_minor(s.amount_minor, currency),
        units: fixed(s.units_milli, 3),
        units_total: fixed(s.units_total_milli, 3),
        pool: format_minor(s.pool_minor, currency),
        created_at: s.created_at,
        lines,
    })
}

fn head(s: &StatementItem) -> Vec<String> {
    let text = |t: &String| csv::cell(t);
    vec![
        s.id.to_string(),
        text(&s.site),
        s.month.clone(),
        text(&s.publisher),
        text(&s.publisher_name),
        s.currency.clone(),
        s.amount.clone(),
        s.units.clone(),
        s.units_total.clone(),
        s.pool.clone(),
        s.created_at.to_rfc3339(),
    ]
}

fn line(s: &StatementItem, l: &StatementLine) -> Vec<String> {
    vec![
        csv::cell(&s.site),
        s.month.clone(),
        csv::cell(&s.publisher),
        s.currency.clone(),
        csv::cell(&l.book),
        csv::cell(&l.book_name),
        l.views.to_string(),
        l.weight.clone(),
        l.units.clone(),
        l.amount.clone(),
    ]
}

fn private(json: impl IntoResponse) -> Response {
    let mut response = json.into_response();
    response
        .headers_mut()
        .insert(axum::http::header::CACHE_CONTROL, axum::http::HeaderValue::from_static("private, no-store"));
    response
}
