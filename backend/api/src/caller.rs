//! Who calls, proved before a handler starts. A handler's signature names the action; without it there is no caller.

use std::marker::PhantomData;

use access::{Action, Caller, permits};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use tower_sessions::Session;

use crate::problem::Problem;
use crate::proof::Proof;
use crate::quotas::Turn;
use crate::state::ApiState;

/// Where a session keeps its account.
pub const ACCOUNT: &str = "account";
/// Where it keeps when it was last noted as used, in seconds since 1970.
const SEEN: &str = "seen";
/// Seconds between two such notes.
const NOTED_EVERY: i64 = 300;

/// An action as a type.
pub trait Permission: Send + Sync {
    const ACTION: Action;
}

macro_rules! permissions {
    ($($name:ident),*) => {$(
        /// The right of this name in [`access::Action`].
        pub struct $name;
        impl Permission for $name {
            const ACTION: Action = Action::$name;
        }
    )*};
}

permissions!(UsageRead, ReferenceRead, StatementRead, PoolRead, PoolWrite, LoadRead);

/// A caller who may do `P`.
pub struct Can<P: Permission> {
    pub caller: Caller,
    _turn: Turn,
    permission: PhantomData<P>,
}

/// A caller who is signed in, whatever they may do, and whose turn it is as long as this is kept.
pub struct Signed {
    pub caller: Caller,
    turn: Turn,
}

impl<S> FromRequestParts<S> for Signed
where
    S: Send + Sync,
    ApiState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let api = ApiState::from_ref(state);
        if let Some(value) = parts.headers.get(AUTHORIZATION) {
            let key = value.to_str().ok().and_then(Proof::bearer).ok_or_else(Problem::sign_in)?;
            return Signed::enter(key.caller(&api).await?, &api);
        }
        let session = Session::from_request_parts(parts, state).await.map_err(|_| Problem::sign_in())?;
        let account: Option<String> = session.get(ACCOUNT).await.map_err(|error| {
            // No session store means nobody can be recognised: closed, not open.
            tracing::error!(%error, "sessions unavailable");
            Problem::unavailable("the session store")
        })?;
        let account = account.and_then(|a| a.parse().ok()).ok_or_else(Problem::sign_in)?;
        keep_alive(&session, api.now().timestamp()).await?;
        let caller = api.store.accounts().caller_by_account(account).await?;
        Signed::enter(caller.ok_or_else(Problem::sign_in)?, &api)
    }
}

impl Signed {
    fn enter(caller: Caller, api: &ApiState) -> Result<Self, Problem> {
        let turn = api.quotas.enter(&caller)?;
        Ok(Self { caller, turn })
    }
}

/// A session ends so long after its last use. The store counts from the last change, so a use is noted, now and then.
async fn keep_alive(session: &Session, now: i64) -> Result<(), Problem> {
    let seen: Option<i64> = session.get(SEEN).await.unwrap_or_default();
    if seen.is_some_and(|seen| now - seen < NOTED_EVERY) {
        return Ok(());
    }
    session.insert(SEEN, now).await.map_err(|error| {
        tracing::error!(%error, "sessions unavailable");
        Problem::unavailable("the session store")
    })
}

impl<P, S> FromRequestParts<S> for Can<P>
where
    P: Permission,
    S: Send + Sync,
    ApiState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Signed { caller, turn } = Signed::from_request_parts(parts, state).await?;
        if !permits(&caller, P::ACTION) {
            return Err(Problem::new("forbidden", "this action is not part of your role, or of this key's scopes"));
        }
        Ok(Can { caller, _turn: turn, permission: PhantomData })
    }
}
