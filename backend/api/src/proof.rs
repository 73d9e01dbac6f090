//! What proves who calls, kept where a connection outlives its request.

use std::sync::Arc;

use access::Caller;
use tower_sessions::session::Id;

use crate::caller::{caller_of, no_sessions};
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
    pub async fn caller(&self, state: &ApiState) -> Result<Arc<Caller>, Problem> {
        match self {
            Proof::Key(key) => state.store.keys().caller_by_key(key, state.now()).await?.ok_or_else(Problem::sign_in),
            Proof::Session(id) => {
                let record = state.sessions.find(id).await.map_err(no_sessions)?;
                let record = record.ok_or_else(Problem::sign_in)?;
                caller_of(&record, state).await
            }
        }
    }

    /// Whether it still proves this very caller, role and organisation included.
    pub async fn still_proves(&self, caller: &Caller, state: &ApiState) -> Result<(), Problem> {
        if *self.caller(state).await? == *caller { Ok(()) } else { Err(Problem::sign_in()) }
    }
}
