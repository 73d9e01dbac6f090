//! The cache of answers: a bounded memory of this process before the shared tier, and one computation per key at a time.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use moka::future::Cache;

use crate::key::CacheKey;
use crate::tier::Tier;

/// Bytes of answers kept in the process.
const MEMORY: u64 = 64 * 1024 * 1024;

/// An answer and whether it was there already.
#[derive(Debug, Clone)]
pub struct Found {
    pub bytes: Bytes,
    pub hit: bool,
}

pub struct Answers {
    memory: Cache<String, Bytes>,
    tier: Box<dyn Tier>,
}

impl Answers {
    pub fn new(tier: Box<dyn Tier>) -> Self {
        let weigher = |key: &String, value: &Bytes| (key.len() + value.len()).try_into().unwrap_or(u32::MAX);
        Self { memory: Cache::builder().max_capacity(MEMORY).weigher(weigher).build(), tier }
    }

    /// The stored answer, or the computed one, which is stored. Callers of the same key at the same time wait for one
    /// computation; an error goes to all of them and is not stored.
    pub async fn get_or_compute<E: Send + Sync + 'static>(
        &self,
        key: &CacheKey,
        compute: impl Future<Output = Result<Bytes, E>>,
    ) -> Result<Found, Arc<E>> {
        let computed = AtomicBool::new(false);
        let fill = async {
            if let Some(bytes) = self.tier.get(key).await {
                return Ok(bytes);
            }
            computed.store(true, Ordering::Relaxed);
            let bytes = compute.await?;
            self.tier.set(key, bytes.clone()).await;
            Ok(bytes)
        };
        let bytes = self.memory.try_get_with_by_ref(key.as_str(), fill).await?;
        Ok(Found { bytes, hit: !computed.load(Ordering::Relaxed) })
    }

    pub fn tier(&self) -> &dyn Tier {
        self.tier.as_ref()
    }
}
