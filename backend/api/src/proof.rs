//! What proves who calls, kept where a connection outlives its request.

use access::Caller;
use tower_sessions::SessionStore;
use tower_sessions::session::Id;

use crate::caller::ACCOUNT;
use crate::problem::Problem;
use crate::state::ApiState;

#[derive(Clone)]
pub enum Proof {
    /// An API key.
    Key(String),
    /// The id of a session.
    Session(Id),
}

impl Proof {
    /// The key of an `Authorization` header's value.
    pub fn bearer(authorization: &str) -> Option<Self> {
        authorization.strip_prefix("Bearer ").map(|key| Proof::Key(key.into()))
    }

    /// The caller it proves now. Looking does not keep a session alive.
    pub async fn caller(&self, state: &ApiState) -> Result<Caller, Problem> {
        let caller = match self {
            Proof::Key(key) => state.store.keys().caller_by_key(key, state.now()).await?,
            Proof::Session(id) => {
                let record = state.sessions.load(id).await.map_err(|error| {
                    tracing::error!(%error, "sessions unavailable");
                    Problem::unavailable("the session store")
                })?;
                let account = record.as_ref().and_then(|r| r.data.get(ACCOUNT)).and_then(|a| a.as_str());
                let account = account.and_then(|a| a.parse().ok()).ok_or_else(Problem::sign_in)?;
                state.store.accounts().caller_by_account(account).await?
            }
        };
        caller.ok_or_else(Problem::sign_in)
    }

    /// Whether it still proves this very caller, role and organisation included.
    pub async fn still_proves(&self, caller: &Caller, state: &ApiState) -> Result<(), Problem> {
        if self.caller(state).await? == *caller { Ok(()) } else { Err(Problem::sign_in()) }
    }
}
