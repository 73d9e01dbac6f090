//! What proves who calls, kept where a connection outlives its request.

use std::net::IpAddr;
use std::sync::Arc;

use access::Caller;
use tower_sessions::session::Id;

use crate::problem::Problem;
use crate::signed_in::{no_sessions, signed_in};
use crate::state::ApiState;

#[derive(Clone)]
pub struct Proof {
    by: By,
    /// The organisation in the address.
    within: Option<Arc<str>>,
    from: Option<IpAddr>,
}

#[derive(Clone)]
enum By {
    /// An API key.
    Key(String),
    /// The id of a session.
    Session(Id),
}

impl Proof {
    /// The key of an `Authorization` header's value.
    pub fn bearer(authorization: &str) -> Option<Self> {
        let key = authorization.strip_prefix("Bearer ")?.to_string();
        Some(Self { by: By::Key(key), within: None, from: None })
    }

    pub fn session(id: Id) -> Self {
        Self { by: By::Session(id), within: None, from: None }
    }

    /// For the organisation of the address.
    pub fn within(self, within: Option<Arc<str>>) -> Self {
        Self { within, ..self }
    }

    /// Shown from this address.
    pub fn from(self, from: Option<IpAddr>) -> Self {
        Self { from, ..self }
    }

    /// The caller it proves now. Looking does not keep a session alive.
    pub async fn caller(&self, state: &ApiState) -> Result<Arc<Caller>, Problem> {
        match &self.by {
            By::Key(key) => {
                let found = state.store.keys().caller_by_key(key, self.from, state.now()).await?;
                let caller = found.ok_or_else(Problem::sign_in)?;
                // A key is for one organisation; under another's address there is nothing for it.
                let elsewhere = self.within.as_ref().is_some_and(|slug| **slug != *caller.organisation.slug);
                if elsewhere { Err(Problem::not_found()) } else { Ok(caller) }
            }
            By::Session(id) => {
                let record = state.sessions.find(id).await.map_err(no_sessions)?;
                let record = record.ok_or_else(Problem::sign_in)?;
                Ok(signed_in(&record, self.within.as_ref(), state).await?.caller.clone())
            }
        }
    }

    /// Whether it still proves this very caller, role and organisation included.
    pub async fn still_proves(&self, caller: &Caller, state: &ApiState) -> Result<(), Problem> {
        if *self.caller(state).await? == *caller { Ok(()) } else { Err(Problem::sign_in()) }
    }
}
