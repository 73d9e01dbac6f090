//! What lies behind the memory of one process.

use async_trait::async_trait;
use bytes::Bytes;

use crate::key::CacheKey;

/// A store shared by processes. It may forget anything at any time, and it never fails: what it cannot give is a miss.
#[async_trait]
pub trait Tier: Send + Sync {
    async fn get(&self, key: &CacheKey) -> Option<Bytes>;
    async fn set(&self, key: &CacheKey, value: Bytes);
    /// Whether it answers now.
    async fn is_up(&self) -> bool;
    fn name(&self) -> &'static str;
}

/// No second tier: the memory of the process is all there is.
pub struct NoTier;

#[async_trait]
impl Tier for NoTier {
    async fn get(&self, _: &CacheKey) -> Option<Bytes> {
        None
    }

    async fn set(&self, _: &CacheKey, _: Bytes) {}

    async fn is_up(&self) -> bool {
        true
    }

    fn name(&self) -> &'static str {
        "memory"
    }
}
