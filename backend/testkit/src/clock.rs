//! The time of a test.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

use crate::seed;

/// A clock that stands at [`seed::now`] and goes on only when it is told to.
#[derive(Debug, Clone, Default)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub fn now(&self) -> DateTime<Utc> {
        seed::now() + TimeDelta::seconds(self.0.load(Ordering::Relaxed))
    }

    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_seconds(), Ordering::Relaxed);
    }
}

impl From<TestClock> for api::Clock {
    fn from(clock: TestClock) -> Self {
        Arc::new(move || clock.now())
    }
}
