//! Hot answers. A key cannot be made without a scope, so one tenant's answer is never another's.

pub mod answers;
mod flights;
pub mod key;
pub mod redis;
pub mod tier;
mod turns;

pub use answers::Answers;
pub use key::CacheKey;
pub use redis::RedisTier;
pub use tier::{Found, NoTier, Tier};
