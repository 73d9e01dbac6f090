//! The collector: events in, acknowledged when they are durable and not before. It needs neither the warehouse nor the
//! application's database to go on.

mod answer;
mod body;
mod caliper;
mod durable;
mod events;
mod known;
mod recent;
mod senders;
mod xapi;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::{HeaderValue, Method, Request, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::IntoResponse;
use axum::routing::any;
use spool::Spool;
use tokio::sync::Notify;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use warehouse::Warehouse;

pub use answer::{Collected, CollectedEnvelope};
pub use known::{Known, KnownError};
pub use recent::Recent;

use crate::guard;
use crate::origin::TrustedProxies;
use crate::problem::Problem;
use crate::state::Clock;

/// A request's bytes, packed or unpacked.
pub const LARGEST_BODY: usize = 1 << 20;

/// Who sends more slowly than this is cut.
const LONGEST_REQUEST: Duration = Duration::from_secs(30);

/// What the collector works with.
#[derive(Clone)]
pub struct CollectState {
    pub spool: Arc<Spool>,
    /// Who may send.
    pub known: Arc<Known>,
    /// Proxies of one's own before the collector.
    pub proxies: TrustedProxies,
    pub clock: Clock,
    /// Ids for what comes without one.
    pub ids: Arc<dyn Fn() -> Uuid + Send + Sync>,
    /// The statements that were lately accepted.
    pub recent: Arc<Recent>,
    /// Where statements can be looked up; a collector alone has none.
    pub warehouse: Option<Warehouse>,
    /// Told when the spool cannot make anything durable any more: the process has to end.
    pub broken: Arc<Notify>,
}

impl FromRef<CollectState> for TrustedProxies {
    fn from_ref(state: &CollectState) -> Self {
        state.proxies
    }
}

pub(crate) fn routes() -> OpenApiRouter<CollectState> {
    OpenApiRouter::new()
        .routes(routes!(events::post))
        .routes(routes!(caliper::post))
        .routes(routes!(xapi::about::get))
        .routes(routes!(xapi::listed::get, xapi::taken::put, xapi::taken::post))
}

/// The collector's routes with what holds for them: open to pages of every origin, which can send and learn nothing of anybody.
pub fn router(state: CollectState) -> Router {
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::POST, Method::PUT])
        .allow_headers([header::CONTENT_TYPE, header::CONTENT_ENCODING, header::AUTHORIZATION, xapi::VERSION])
        .expose_headers([header::RETRY_AFTER, xapi::VERSION, xapi::THROUGH])
        .max_age(Duration::from_secs(24 * 3600));
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TraceLayer::new_for_http().make_span_with(|request: &Request<_>| {
            let id = request.headers().get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or_default();
            tracing::info_span!("collect", method = %request.method(), path = request.uri().path(), id)
        }))
        .layer(CatchPanicLayer::custom(|_| Problem::internal(&"a handler panicked").into_response()))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST_REQUEST))
        .map_response(|mut response: axum::response::Response| {
            // Pages of other origins read the answer.
            let headers = response.headers_mut();
            headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
            guard::with_security_headers(response)
        })
        .layer(cors)
        .layer(from_fn(xapi::with_version))
        .layer(DefaultBodyLimit::max(LARGEST_BODY));
    let (router, _) = routes().split_for_parts();
    router
        // The standard's other resources: never a page.
        .route("/collect/v1/xapi/{*resource}", any(xapi::elsewhere))
        .method_not_allowed_fallback(|| async {
            Problem::new("method_not_allowed", "send events and envelopes by POST, statements by POST or PUT")
        })
        .with_state(state)
        .layer(layers)
}
