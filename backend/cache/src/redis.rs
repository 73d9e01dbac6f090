//! Redis as the shared tier. Slow, full or gone means a miss: slower, never wrong.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use redis::AsyncCommands;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};

use crate::key::CacheKey;
use crate::tier::Tier;

/// How long an answer is kept: keys hold the data's version, so this only bounds the space of old ones.
const KEPT: u64 = 3600;
const PATIENCE: Duration = Duration::from_millis(250);

pub struct RedisTier {
    connection: ConnectionManager,
}

impl RedisTier {
    /// Connects lazily; an address that cannot be understood is an error.
    pub fn new(url: &str) -> Result<Self, redis::RedisError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        let connection = ConnectionManager::new_lazy_with_config(redis::Client::open(url)?, config)?;
        Ok(Self { connection })
    }
}

fn name(key: &CacheKey) -> String {
    format!("answer:{}", key.as_str())
}

#[async_trait]
impl Tier for RedisTier {
    async fn get(&self, key: &CacheKey) -> Option<Bytes> {
        let mut connection = self.connection.clone();
        match connection.get::<_, Option<Vec<u8>>>(name(key)).await {
            Ok(value) => value.map(Bytes::from),
            Err(error) => {
                tracing::warn!(%error, "redis did not answer; the answer is computed instead");
                None
            }
        }
    }

    async fn set(&self, key: &CacheKey, value: Bytes) {
        let mut connection = self.connection.clone();
        if let Err(error) = connection.set_ex::<_, _, ()>(name(key), value.as_ref(), KEPT).await {
            tracing::warn!(%error, "redis did not take an answer");
        }
    }

    async fn is_up(&self) -> bool {
        let mut connection = self.connection.clone();
        connection.ping::<()>().await.is_ok()
    }

    fn name(&self) -> &'static str {
        "redis"
    }
}
