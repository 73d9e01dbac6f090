//! Signing in and out, and who one is.

use access::{Action, Caller, Lens, Rows, permits, scope_of};
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::entities::Visible;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use utoipa::ToSchema;

use crate::body::Body;
use crate::caller::{ACCOUNT, Signed};
use crate::items::SiteItem;
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    email: String,
    password: String,
}

/// Who is signed in, and what they are to Octavo.
#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Session)]
#[graphql(name = "Session")]
pub struct SessionBody {
    account: AccountBody,
    /// `owner`, `school_admin`, `publisher`, `official` or `operator`.
    role: String,
    organisation: OrganisationBody,
    /// `exact` or `protected`.
    lens: String,
    sites: Vec<SiteItem>,
    /// The one thing the organisation is about, if there is one.
    home: Option<Home>,
    /// Actions of the policy.
    can: Vec<String>,
}

#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Account)]
#[graphql(name = "Account")]
pub struct AccountBody {
    email: String,
    name: String,
}

#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Organisation)]
#[graphql(name = "Organisation")]
pub struct OrganisationBody {
    name: String,
    /// `owner`, `school`, `publisher` or `authority`.
    kind: String,
}

#[derive(Serialize, ToSchema, SimpleObject)]
pub struct Home {
    /// `school`, `publisher` or `region`.
    dimension: String,
    code: String,
    name: String,
}

/// Sign in with e-mail and password.
#[utoipa::path(post, operation_id = "signIn", path = "/api/v1/session", request_body = SignIn, responses(
    (status = 200, body = SessionBody), (status = 401, body = Problem, description = "E-mail or password is wrong")))]
pub async fn create(
    State(state): State<ApiState>,
    session: Session,
    Body(sign_in): Body<SignIn>,
) -> Result<Response, Problem> {
    let wrong = || Problem::new("bad_credentials", "e-mail or password is wrong; check both and try again");
    let account = state.store.accounts().verify(&sign_in.email, &sign_in.password).await?.ok_or_else(wrong)?;
    let caller = state.store.accounts().caller_by_account(account).await?.ok_or_else(wrong)?;
    let unavailable = |error: tower_sessions::session::Error| {
        tracing::error!(%error, "sessions unavailable");
        Problem::unavailable("the session store")
    };
    // A new id, so that a session planted before signing in is worth nothing.
    session.cycle_id().await.map_err(unavailable)?;
    session.insert(ACCOUNT, account.to_string()).await.map_err(unavailable)?;
    session.save().await.map_err(unavailable)?;
    Ok(described(&state, &caller))
}

/// Who is signed in.
#[utoipa::path(get, operation_id = "session", path = "/api/v1/session", responses((status = 200, body = SessionBody), Refused))]
pub async fn read(State(state): State<ApiState>, signed: Signed) -> Response {
    described(&state, &signed.caller)
}

/// Sign out. The session ends here, not only in the browser.
#[utoipa::path(delete, operation_id = "signOut", path = "/api/v1/session", responses((status = 204)))]
pub async fn delete(session: Session) -> Result<(StatusCode, HeaderMap), Problem> {
    session.flush().await.map_err(|error| {
        tracing::error!(%error, "sessions unavailable");
        Problem::unavailable("the session store")
    })?;
    let mut headers = HeaderMap::new();
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok((StatusCode::NO_CONTENT, headers))
}

fn described(state: &ApiState, caller: &Caller) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(body(state, caller))).into_response()
}

pub fn body(state: &ApiState, caller: &Caller) -> SessionBody {
    let snapshot = state.engine.snapshot();
    let scope = scope_of(caller);
    let visible = Visible::new(&snapshot, &scope);
    let d = &snapshot.directory;
    let only = |ids: &std::collections::BTreeSet<i32>| (ids.len() == 1).then(|| ids.first().copied()).flatten();
    let home = |dimension: &str, code: &str, name: &str| Home {
        dimension: dimension.into(),
        code: code.into(),
        name: name.into(),
    };
    let home = match scope.rows() {
        Rows::All => None,
        Rows::Schools(ids) => only(ids).and_then(|id| d.schools.get(&id)).map(|s| home("school", &s.code, &s.name)),
        Rows::Publishers(ids) => {
            only(ids).and_then(|id| d.publishers.get(&id)).map(|p| home("publisher", &p.code, &p.name))
        }
        Rows::Regions(ids) => only(ids).and_then(|id| d.regions.get(&id)).map(|r| home("region", &r.code, &r.name)),
    };
    SessionBody {
        account: AccountBody { email: caller.email.clone(), name: caller.name.clone() },
        role: caller.role.to_string(),
        organisation: OrganisationBody {
            name: caller.organisation.name.clone(),
            kind: caller.organisation.kind.as_str().into(),
        },
        lens: if scope.lens() == Lens::Exact { "exact" } else { "protected" }.into(),
        sites: visible.sites().into_iter().map(|s| SiteItem::new(s, state.now())).collect(),
        home,
        can: Action::ALL.into_iter().filter(|a| permits(caller, *a)).map(|a| a.as_str().to_string()).collect(),
    }
}
