//! `GET /collect/v1/xapi/about`.

use axum::Json;
use ingest::decode::xapi::resource;

/// The versions of xAPI that are spoken here. Open to everybody.
#[utoipa::path(
    get,
    operation_id = "aboutStatements",
    path = "/collect/v1/xapi/about",
    responses((status = 200, body = serde_json::Value))
)]
pub async fn get() -> Json<serde_json::Value> {
    Json(resource::about())
}
