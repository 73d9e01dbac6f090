//! What lies behind the memory of one process.

use async_trait::async_trait;
use bytes::Bytes;

use crate::key::CacheKey;

/// A store shared by processes. It may forget anything at any time, and it never fails: what it cannot give is a miss.
#[async_trait]
pub trait Tier: Send + Sync {
    /// The answer, or whose turn it is to compute it.
    async fn find(&self, key: &CacheKey) -> Look;
    async fn set(&self, key: &CacheKey, value: Bytes);
    /// Whether it answers now.
    async fn is_up(&self) -> bool;
    fn name(&self) -> &'static str;
}

/// An answer and whether it was there already.
#[derive(Debug, Clone)]
pub struct Found {
    pub bytes: Bytes,
    pub hit: bool,
}

/// What a tier has for a key.
pub enum Look {
    Found(Bytes),
    /// Nothing; whoever asked is to compute it. While the turn is held, others are told to wait.
    Compute(Turn),
    /// Nothing yet; another process computes it.
    Wait,
}

/// The turn to compute an answer. It ends when it is dropped: the answer is stored, or cannot be had, or nobody wants it.
#[derive(Default)]
pub struct Turn {
    end: Option<Box<dyn FnOnce() + Send + Sync>>,
}

impl Turn {
    /// A turn that others wait for, until `end` is called.
    pub fn ending_with(end: impl FnOnce() + Send + Sync + 'static) -> Self {
        Self { end: Some(Box::new(end)) }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            end();
        }
    }
}

/// No second tier: the memory of the process is all there is.
pub struct NoTier;

#[async_trait]
impl Tier for NoTier {
    async fn find(&self, _: &CacheKey) -> Look {
        Look::Compute(Turn::default())
    }

    async fn set(&self, _: &CacheKey, _: Bytes) {}

    async fn is_up(&self) -> bool {
        true
    }

    fn name(&self) -> &'static str {
        "memory"
    }
}
