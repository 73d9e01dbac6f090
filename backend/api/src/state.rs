//! What handlers work with.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use engine::Engine;
use store::{Sessions, Store};

/// The time, as an argument.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

#[derive(Clone)]
pub struct ApiState {
    pub engine: Arc<Engine>,
    pub store: Store,
    pub sessions: Sessions,
    pub clock: Clock,
}

impl ApiState {
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }
}
