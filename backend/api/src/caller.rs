//! Who calls, proved before a handler starts. A handler's signature names the action; without it there is no caller.

use std::fmt::Display;
use std::marker::PhantomData;
use std::sync::Arc;

use access::{Action, Caller, permits};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use tower_sessions::Session;
use tower_sessions::session::Record;

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
    pub caller: Arc<Caller>,
    _turn: Turn,
    permission: PhantomData<P>,
}

/// A caller who is signed in, whatever they may do, and whose turn it is as long as this is kept.
pub struct Signed {
    pub caller: Arc<Caller>,
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
        let id = session.id().ok_or_else(Problem::sign_in)?;
        let Some(record) = api.sessions.find(&id).await.map_err(no_sessions)? else {
            // It has ended. Reading it the other way takes its cookie away.
            let _ = session.get_value(ACCOUNT).await;
            return Err(Problem::sign_in());
        };
        keep_alive(&session, &record, api.now().timestamp()).await?;
        Signed::enter(caller_of(&record, &api).await?, &api)
    }
}

/// The caller whose session this is.
pub async fn caller_of(record: &Record, api: &ApiState) -> Result<Arc<Caller>, Problem> {
    let account = record.data.get(ACCOUNT).and_then(|a| a.as_str()?.parse().ok()).ok_or_else(Problem::sign_in)?;
    api.store.accounts().caller_by_account(account).await?.ok_or_else(Problem::sign_in)
}

/// No session store means nobody can be recognised: closed, not open.
pub fn no_sessions(error: impl Display) -> Problem {
    tracing::error!(%error, "sessions unavailable");
    Problem::unavailable("the session store")
}

impl Signed {
    fn enter(caller: Arc<Caller>, api: &ApiState) -> Result<Self, Problem> {
        let turn = api.quotas.enter(&caller)?;
        Ok(Self { caller, turn })
    }
}

/// A session ends so long after its last use. The store counts from the last change, so a use is noted, now and then.
async fn keep_alive(session: &Session, record: &Record, now: i64) -> Result<(), Problem> {
    let seen = record.data.get(SEEN).and_then(|seen| seen.as_i64());
    if seen.is_some_and(|seen| now - seen < NOTED_EVERY) {
        return Ok(());
    }
    session.insert(SEEN, now).await.map_err(no_sessions)
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
