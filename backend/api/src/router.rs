//! The router: every route once, with its place in the OpenAPI document.

use axum::extract::DefaultBodyLimit;
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse;
use axum::{Json, Router};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use tower_http::validate_request::ValidateRequestHeaderLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

use crate::document::complete;
use crate::graphql::GraphqlState;
use crate::limits::{LARGEST_BODY, LONGEST_REQUEST};
use crate::problem::Problem;
use crate::state::ApiState;
use crate::within::within;
use crate::{
    account, aliases, catalog, collect, data_health, entities, graphql, guard, health, live, pools, providers,
    quarantine, query, security_txt, session, statements, tenancy, write_keys,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Octavo",
        description = "Usage analytics, revenue share and official statistics for digital-textbook platforms."
    ),
    components(schemas(Problem))
)]
struct Document;

fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(session::create, session::read, session::delete))
        .routes(routes!(session::prove))
        .routes(routes!(providers::list))
        .routes(routes!(providers::start))
        .routes(routes!(providers::callback))
        .routes(routes!(account::profile::read, account::profile::change))
        .routes(routes!(account::password::change))
        .routes(routes!(account::password::forgotten, account::password::reset))
        .routes(routes!(account::email::ask))
        .routes(routes!(account::email::change))
        .routes(routes!(account::two_factor::enrol, account::two_factor::turn_on, account::two_factor::turn_off))
        .routes(routes!(account::two_factor::recovery_codes))
        .routes(routes!(account::sessions::list, account::sessions::end_others))
        .routes(routes!(account::sessions::end))
        .routes(routes!(tenancy::organisations::list, tenancy::organisations::make))
        .routes(routes!(tenancy::organisations::read, tenancy::organisations::change))
        .routes(routes!(tenancy::people::list))
        .routes(routes!(tenancy::people::change, tenancy::people::end))
        .routes(routes!(tenancy::invitations::invite))
        .routes(routes!(tenancy::invitations::withdraw))
        .routes(routes!(tenancy::invitations::again))
        .routes(routes!(tenancy::invitations::read))
        .routes(routes!(tenancy::invitations::accept))
        .routes(routes!(tenancy::accounts::switch))
        .routes(routes!(tenancy::accounts::sign_out))
        .routes(routes!(tenancy::keys::list, tenancy::keys::make))
        .routes(routes!(tenancy::keys::revoke))
        .routes(routes!(tenancy::keys::rotate))
        .routes(routes!(tenancy::audit::list))
        .routes(routes!(tenancy::viewings::begin, tenancy::viewings::end))
        .routes(routes!(tenancy::access::read))
        .routes(routes!(catalog::read))
        .routes(routes!(query::post, query::get))
        .routes(routes!(entities::sites))
        .routes(routes!(entities::site))
        .routes(routes!(entities::regions))
        .routes(routes!(entities::region))
        .routes(routes!(entities::schools))
        .routes(routes!(entities::school))
        .routes(routes!(entities::publishers))
        .routes(routes!(entities::publisher))
        .routes(routes!(entities::books))
        .routes(routes!(entities::book))
        .routes(routes!(live::stream))
        .routes(routes!(data_health::read))
        .routes(routes!(quarantine::list))
        .routes(routes!(quarantine::release))
        .routes(routes!(aliases::list, aliases::make, aliases::remove))
        .routes(routes!(write_keys::list, write_keys::make))
        .routes(routes!(write_keys::end))
        .routes(routes!(pools::list))
        .routes(routes!(pools::enter))
        .routes(routes!(statements::list))
        .routes(routes!(statements::read))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
}

/// The OpenAPI document of all routes, as it is committed in `openapi/openapi.json`.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = routes().into_openapi();
    document.merge(collect::routes().into_openapi());
    complete(document)
}

/// The whole HTTP side; `pages` answers what is no route of the API.
pub fn router(state: ApiState, pages: Router) -> Router {
    let sessions = SessionManagerLayer::new(state.sessions.clone())
        .with_name("__Host-octavo")
        .with_secure(true)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(time::Duration::minutes(state.limits.longest_idle().num_minutes())));
    // Outermost first. One stack, because every single layer of a router costs each request an allocation or two.
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TraceLayer::new_for_http().make_span_with(|request: &Request<_>| {
            let id = request.headers().get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or_default();
            tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
        }))
        .layer(CatchPanicLayer::custom(|_| Problem::internal(&"a handler panicked").into_response()))
        .map_response(guard::with_security_headers)
        .layer(CompressionLayer::new())
        .map_response(guard::with_words)
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, LONGEST_REQUEST))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(ValidateRequestHeaderLayer::custom(guard::SameSite))
        .layer(sessions);
    let (router, _) = routes().split_for_parts();
    let served = openapi();
    let graphql = Router::new()
        .route("/graphql", axum::routing::post(graphql::http::post))
        .route("/graphql/ws", axum::routing::get(graphql::socket::get))
        .with_state(GraphqlState::new(state.clone()));
    let router = router
        .route("/openapi.json", axum::routing::get(move || async move { Json(served) }))
        .route("/.well-known/security.txt", axum::routing::get(security_txt::read))
        .merge(graphql)
        .merge(SwaggerUi::new("/docs").config(utoipa_swagger_ui::Config::from("/openapi.json")))
        .method_not_allowed_fallback(|| async {
            Problem::new("method_not_allowed", "see /docs for what this path takes")
        })
        .with_state(state)
        .merge(pages)
        .layer(layers);
    within(router)
}
