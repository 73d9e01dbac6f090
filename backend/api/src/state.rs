//! What handlers work with.

use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use engine::Engine;
use store::{Sessions, Store};

use crate::graphql::Graphql;
use crate::quotas::Quotas;

/// The time, as an argument.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The parts, shared: every request has its own handle on them.
#[derive(Clone)]
pub struct ApiState(Arc<Parts>);

pub struct Parts {
    pub engine: Arc<Engine>,
    pub store: Store,
    pub sessions: Sessions,
    pub clock: Clock,
    pub graphql: Arc<Graphql>,
    pub quotas: Arc<Quotas>,
}

impl Deref for ApiState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl From<Parts> for ApiState {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl ApiState {
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Hears of changes of callers and of sessions that other processes make, for ever: see [`Store::listen`].
    pub async fn listen(self) {
        tokio::join!(self.store.clone().listen(), self.sessions.clone().listen());
    }

    /// Whether changes are heard of, so that callers and sessions that were looked up are kept.
    pub fn is_listening(&self) -> bool {
        self.store.is_listening() && self.sessions.is_listening()
    }
}
