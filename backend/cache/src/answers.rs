//! The cache of answers: a bounded memory of this process before the shared tier.

use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use moka::sync::Cache;

use crate::flights::{Flights, Landing};
use crate::key::CacheKey;
use crate::tier::{Found, Tier};
use crate::turns::{Waited, wait};

/// Bytes of answers kept in the process.
const MEMORY: u64 = 64 * 1024 * 1024;

/// Stored answers; `E` is what computing one may fail with.
pub struct Answers<E> {
    memory: Cache<CacheKey, Bytes>,
    tier: Arc<dyn Tier>,
    flights: Flights<Result<Found, Arc<E>>>,
}

impl<E: Send + Sync + 'static> Answers<E> {
    pub fn new(tier: Box<dyn Tier>) -> Self {
        let weigher = |key: &CacheKey, value: &Bytes| (key.as_str().len() + value.len()).try_into().unwrap_or(u32::MAX);
        let memory = Cache::builder().max_capacity(MEMORY).weigher(weigher).build();
        Self { memory, tier: tier.into(), flights: Flights::new() }
    }

    /// The stored answer, or the computed one, which is stored. All who ask for the same at the same time wait for one
    /// computation, in this process and, as far as the shared tier can tell, in all of them. It goes on until the last one
    /// who waits for it here has gone. An error goes to all who wait here and is not stored.
    pub async fn get_or_compute<F>(&self, key: &CacheKey, compute: impl FnOnce() -> F) -> Result<Found, Arc<E>>
    where
        F: Future<Output = Result<Bytes, E>> + Send + 'static,
    {
        let remembered = || self.memory.get(key).map(|bytes| Found { bytes, hit: true });
        if let Some(found) = remembered() {
            return Ok(found);
        }
        let (memory, tier, own, compute) = (self.memory.clone(), self.tier.clone(), key.clone(), compute());
        let fill = async move {
            let found = match wait(tier.as_ref(), &own).await {
                Waited::Found(found) => found,
                Waited::Compute(_turn) => {
                    let bytes = compute.await?;
                    tier.set(&own, bytes.clone()).await;
                    Found { bytes, hit: false }
                }
            };
            memory.insert(own, found.bytes.clone());
            Ok(found)
        };
        match self.flights.join(key, fill, || remembered().map(Ok)) {
            Landing::Landed(found) => found,
            Landing::Flying(flight) => flight.await,
        }
    }

    pub fn tier(&self) -> &dyn Tier {
        self.tier.as_ref()
    }
}
