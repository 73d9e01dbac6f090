//! Whether it lives, and whether it can work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::ApiState;

#[derive(Serialize, ToSchema)]
pub struct Ready {
    /// `ready` or `not_ready`.
    status: &'static str,
    /// The application's database: `up` or `down`.
    postgres: &'static str,
    warehouse: &'static str,
    /// `redis` or `memory`, or `redis_down`: slower, but ready.
    cache: &'static str,
}

/// 200 while the process lives.
#[utoipa::path(get, path = "/health/live", responses((status = 200)))]
pub async fn live() -> StatusCode {
    StatusCode::OK
}

/// 200 when requests can be answered, else 503.
#[utoipa::path(get, path = "/health/ready", responses((status = 200, body = Ready), (status = 503, body = Ready)))]
pub async fn ready(State(state): State<ApiState>) -> (StatusCode, Json<Ready>) {
    let (postgres, warehouse) = tokio::join!(state.store.ping(), state.engine.warehouse().ping());
    let tier = state.engine.answers().tier();
    let cache = if tier.is_up().await { tier.name() } else { "redis_down" };
    let up = |ok: bool| if ok { "up" } else { "down" };
    let ready = postgres.is_ok() && warehouse.is_ok();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = Ready {
        status: if ready { "ready" } else { "not_ready" },
        postgres: up(postgres.is_ok()),
        warehouse: up(warehouse.is_ok()),
        cache,
    };
    (status, Json(body))
}
