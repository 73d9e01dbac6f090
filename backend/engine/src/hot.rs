//! Questions that were asked lately, and within whose scope: they are likely to be asked again.

use std::time::Duration;

use access::Scope;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use query::Question;

/// A question and what its asker may see.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asked {
    pub scope: Scope,
    pub question: Question,
}

/// A lesson and a break: whoever looks at a screen now has opened it within this.
const LATELY: Duration = Duration::from_secs(3600);
/// Some tens of screens.
const KEPT: u64 = 200;

pub struct Hot(Cache<Asked, ()>);

impl Hot {
    pub fn new() -> Self {
        let cache = Cache::builder().max_capacity(KEPT).time_to_live(LATELY).eviction_policy(EvictionPolicy::lru());
        Self(cache.build())
    }

    /// These were asked until now.
    pub fn note(&self, asked: impl Iterator<Item = Asked>) {
        asked.for_each(|asked| self.0.insert(asked, ()));
    }

    pub fn list(&self) -> Vec<Asked> {
        self.0.iter().map(|(asked, ())| asked.as_ref().clone()).collect()
    }
}
