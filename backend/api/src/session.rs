//! Signing in and out.

use std::sync::Arc;

use access::Action;
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use store::{Actor, Audited, Entry, NewSignIn};
use tower_sessions::Session;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::account::browser;
use crate::body::Body;
use crate::caller::{AccountWrite, Can, Signed};
use crate::origin::{Origin, agent};
use crate::problem::{Problem, Refused};
use crate::signed_in::{SEEN, SIGN_IN, no_sessions};
use crate::state::ApiState;
use crate::who::{SessionBody, describe};
use crate::within::Within;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    email: String,
    password: String,
    /// Of the second factor, where the account has one: six digits, or a recovery code.
    code: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    password: Option<String>,
    code: Option<String>,
}

/// Sign in with e-mail and password, and a code where the account has a second factor.
#[utoipa::path(post, operation_id = "signIn", path = "/api/v1/session", request_body = SignIn, responses(
    (status = 200, body = SessionBody),
    (status = 400, body = Problem, description = "The body cannot be read"),
    (status = 401, body = Problem, description = "E-mail or password is wrong; or a code is needed, or wrong"),
    (status = 403, body = Problem, description = "Sent from another site's page, or the account is in no organisation"),
    (status = 404, body = Problem, description = "The organisation in the address is not the account's"),
    (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 429, body = Problem, description = "Tried too often; Retry-After says when to try again"),
    (status = 503, body = Problem)))]
pub async fn create(
    State(state): State<ApiState>,
    session: Session,
    within: Option<Extension<Within>>,
    headers: HeaderMap,
    origin: Origin,
    Body(sign_in): Body<SignIn>,
) -> Result<Response, Problem> {
    let (now, accounts) = (state.now(), state.store.accounts());
    let brought = browser::of(&headers);
    let known = match &brought {
        Some(token) => state.store.sign_ins().knows_browser(&sign_in.email, token).await?,
        None => false,
    };
    let token = brought.as_deref().filter(|_| known);
    let attempt = state.attempts.at_account(&sign_in.email, token, origin.address, now)?;
    let Some(account) = accounts.verify(&sign_in.email, &sign_in.password).await? else {
        refuse(&state, &sign_in.email, "password", &origin).await?;
        return Err(Problem::new("bad_credentials", "e-mail or password is wrong; check both and try again"));
    };
    if account.two_factor {
        let Some(code) = sign_in.code.as_deref().filter(|code| !code.trim().is_empty()) else {
            attempt.succeeded();
            return Err(Problem::new("code_needed", "send the code of your second factor, too, as code"));
        };
        if !state.store.by(&nobody(&origin)).second_factor().check(account.id, code, now).await? {
            refuse(&state, &sign_in.email, "code", &origin).await?;
            return Err(Problem::new("bad_code", "the code is wrong, or was used already; wait for the next one"));
        }
    }
    attempt.succeeded();
    let new = NewSignIn {
        account: account.id,
        method: "password".into(),
        two_factor: account.two_factor,
        agent: agent(&headers),
    };
    begin(&state, &session, &new, &origin).await?;
    let within = within.map(|Extension(Within(slug))| slug);
    let mut response = described(&state, &session, within).await?;
    browser::remember(&state, &mut response, account.id, brought.as_deref()).await?;
    Ok(response)
}

/// Begins a session: under a new id, so that one planted before signing in is worth nothing.
pub async fn begin(state: &ApiState, session: &Session, new: &NewSignIn, origin: &Origin) -> Result<(), Problem> {
    let now = state.now();
    if state.store.accounts().belongings(new.account, now).await?.is_empty() {
        let detail = "your account is right, but belongs to no organisation any more; ask to be invited";
        return Err(Problem::new("no_membership", detail));
    }
    end_former(state, session, Audited::SignOut, origin).await?;
    let id = state.store.by(&nobody(origin)).sign_ins().begin(new, now).await?;
    session.cycle_id().await.map_err(no_sessions)?;
    session.insert(SIGN_IN, id.to_string()).await.map_err(no_sessions)?;
    session.remove_value(SEEN).await.map_err(no_sessions)?;
    session.save().await.map_err(no_sessions)
}

/// Ends what the session was signed in to until now.
async fn end_former(state: &ApiState, session: &Session, what: Audited, origin: &Origin) -> Result<(), Problem> {
    let former: Option<String> = session.get(SIGN_IN).await.map_err(no_sessions)?;
    let Some(former) = former.and_then(|id| id.parse::<Uuid>().ok()) else { return Ok(()) };
    let Some(found) = state.store.sign_ins().caller(former, None, state.now()).await? else { return Ok(()) };
    let actor = crate::caller::actor(&found.caller, Action::AccountWrite, origin);
    match state.store.by(&actor).sign_ins().end(found.account, former, what, state.now()).await {
        // Another was faster.
        Err(store::StoreError::NoSession) | Ok(()) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Nobody yet, from somewhere.
pub fn nobody(origin: &Origin) -> Actor {
    Actor {
        via: "none".into(),
        rule: "whoever knows the password, or is known elsewhere, signs in".into(),
        from: origin.address.map(|a| a.to_string()),
        request: origin.request(),
        ..Actor::default()
    }
}

/// A failed try, for the record. What was typed in place of an address may be a password, and is not kept.
async fn refuse(state: &ApiState, email: &str, what: &str, origin: &Origin) -> Result<(), Problem> {
    let account = state.store.accounts().find_account(email).await?;
    let subject = if account.is_some() { email.trim().to_lowercase() } else { "an unknown account".into() };
    let entry = Entry::of(Audited::SignInRefused, subject).refused().with(serde_json::json!({ "wrong": what }));
    Ok(state.store.by(&nobody(origin)).audit().record(account, entry).await?)
}

/// Prove again who you are, before what matters most.
#[utoipa::path(post, operation_id = "proveAgain", path = "/api/v1/session/proof", request_body = Proof, responses(
    (status = 204), (status = 400, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), Refused))]
pub async fn prove(
    State(state): State<ApiState>,
    can: Can<AccountWrite>,
    Body(proof): Body<Proof>,
) -> Result<StatusCode, Problem> {
    let (session, now) = (can.own_session()?, state.now());
    let attempt = state.attempts.at_session(&session.id.to_string(), now)?;
    let account = state.store.accounts().read(session.account).await?;
    let password = proof.password.as_deref().unwrap_or_default();
    if account.has_password && state.store.accounts().verify(&account.email, password).await?.is_none() {
        return Err(Problem::new("bad_credentials", "the password is wrong"));
    }
    if account.two_factor {
        let code = proof.code.as_deref().filter(|code| !code.trim().is_empty());
        let code = code.ok_or_else(|| Problem::new("code_needed", "send the code of your second factor, too"))?;
        if !state.store.by(&can.actor()).second_factor().check(account.id, code, now).await? {
            return Err(Problem::new("bad_code", "the code is wrong, or was used already; wait for the next one"));
        }
    }
    if !account.has_password && !account.two_factor {
        return Err(Problem::new("bad_credentials", "sign out, and sign in anew with your identity provider"));
    }
    attempt.succeeded();
    state.store.sign_ins().proved(session.id, account.two_factor, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is signed in.
#[utoipa::path(get, operation_id = "session", path = "/api/v1/session", responses((status = 200, body = SessionBody),
    (status = 404, body = Problem, description = "The organisation in the address is not theirs"), Refused))]
pub async fn read(State(state): State<ApiState>, signed: Signed) -> Result<Response, Problem> {
    let body = describe(&state, &signed.caller).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Sign out. The session ends here, not only in the browser.
#[utoipa::path(delete, operation_id = "signOut", path = "/api/v1/session", responses((status = 204),
    (status = 403, body = Problem, description = "Sent from another site's page"), (status = 503, body = Problem)))]
pub async fn delete(
    State(state): State<ApiState>,
    session: Session,
    origin: Origin,
) -> Result<(StatusCode, HeaderMap), Problem> {
    end_former(&state, &session, Audited::SignOut, &origin).await?;
    session.flush().await.map_err(no_sessions)?;
    let mut headers = HeaderMap::new();
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok((StatusCode::NO_CONTENT, headers))
}

/// The session that has just begun.
async fn described(state: &ApiState, session: &Session, within: Option<Arc<str>>) -> Result<Response, Problem> {
    let id: Option<String> = session.get(SIGN_IN).await.map_err(no_sessions)?;
    let id: Uuid = id.and_then(|id| id.parse().ok()).ok_or_else(Problem::sign_in)?;
    let found = state.store.sign_ins().caller(id, within.as_ref(), state.now()).await?;
    let body = describe(state, &found.ok_or_else(Problem::not_found)?.caller).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}
