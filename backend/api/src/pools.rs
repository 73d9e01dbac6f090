//! Pools: the money shared of a site's month. Entering one writes the month's statements.

use axum::Json;
use axum::extract::{Path, State};
use chrono::NaiveDate;
use model::Grain;
use revenue::{Currency, format_minor, parse_minor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::Body;
use crate::caller::{Can, PoolRead, PoolWrite};
use crate::problem::{Problem, Refused};
use crate::settle::close_month;
use crate::state::ApiState;

#[derive(Serialize, ToSchema)]
#[schema(as = Pool)]
pub struct PoolItem {
    site: String,
    /// `2026-10`.
    month: String,
    /// Net money to share, as a decimal in the currency's minor unit.
    amount: String,
    currency: String,
    /// Whether the month's statements are written.
    stated: bool,
}

#[derive(Serialize, ToSchema)]
pub struct Pools {
    items: Vec<PoolItem>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterPool {
    /// Such as `125000.00`.
    amount: String,
}

/// All pools that were entered.
#[utoipa::path(get, operation_id = "pools", path = "/api/v1/pools", responses((status = 200, body = Pools), Refused))]
pub async fn list(State(state): State<ApiState>, _can: Can<PoolRead>) -> Result<Json<Pools>, Problem> {
    let pools = state.store.pools().list().await?;
    let items = pools
        .into_iter()
        .map(|p| {
            let currency = Currency::of(&p.currency).map_err(|e| Problem::internal(&e))?;
            Ok(PoolItem {
                site: p.site,
                month: Grain::Month.label(p.month),
                amount: format_minor(p.amount_minor, currency),
                currency: p.currency,
                stated: p.stated,
            })
        })
        .collect::<Result<_, Problem>>()?;
    Ok(Json(Pools { items }))
}

/// Enter a month's pool. Writes the statement of every publisher with usage in it; they never change.
#[utoipa::path(put, operation_id = "enterPool", path = "/api/v1/pools/{site}/{month}", request_body = EnterPool, responses(
    (status = 200, body = PoolItem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "The month has its statements"),
    (status = 422, body = Problem, description = "The month is not over, or the amount is not one"), Refused))]
pub async fn enter(
    State(state): State<ApiState>,
    can: Can<PoolWrite>,
    Path((site, month)): Path<(String, String)>,
    Body(entered): Body<EnterPool>,
) -> Result<Json<PoolItem>, Problem> {
    can.proved(state.now())?;
    let snapshot = state.engine.snapshot();
    let site = snapshot.directory.site(&site).ok_or_else(Problem::not_found)?;
    let first = parse_month(&month).ok_or_else(Problem::not_found)?;
    let currency = Currency::of(&site.currency).map_err(|e| Problem::internal(&e))?;
    let amount =
        parse_minor(&entered.amount, currency).map_err(|e| Problem::new("bad_amount", e.to_string()).at("/amount"))?;
    close_month(&state, &can.caller, &can.origin, (site, first), amount).await?;
    Ok(Json(PoolItem {
        site: site.code.clone(),
        month: Grain::Month.label(first),
        amount: format_minor(amount, currency),
        currency: site.currency.clone(),
        stated: true,
    }))
}

/// `2026-10` → its first day.
pub fn parse_month(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()?;
    (Grain::Month.label(day) == text).then_some(day)
}
