//! Sessions in Redis.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, RedisResult};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use super::{decode, encode, key};
use crate::error::StoreError;

/// A Redis that is gone must make a request fail soon, not wait.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Sessions in Redis, which forgets them by itself when they expire. One connection, shared; it comes back by itself.
#[derive(Clone)]
pub struct RedisSessions {
    connection: ConnectionManager,
}

impl fmt::Debug for RedisSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisSessions")
    }
}

impl RedisSessions {
    /// Connects to `redis://…` or `redis+unix:///…`.
    ///
    /// # Errors
    /// [`StoreError::Redis`] when the URL is wrong or nobody answers within seconds.
    pub async fn connect(url: &str) -> std::result::Result<Self, StoreError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(100));
        let connection = ConnectionManager::new_with_config(redis::Client::open(url)?, config).await?;
        Ok(Self { connection })
    }

    /// Whether Redis answers; for health checks.
    ///
    /// # Errors
    /// [`StoreError::Redis`] when it does not.
    pub async fn ping(&self) -> std::result::Result<(), StoreError> {
        let () = redis::cmd("PING").query_async(&mut self.connection.clone()).await?;
        Ok(())
    }

    /// Writes the record until it expires. Whether it was written: with `only_new`, not over one that is there.
    async fn write(&self, record: &Record, only_new: bool) -> Result<bool> {
        let left = record.expiry_date - OffsetDateTime::now_utc();
        let Ok(millis) = u64::try_from(left.whole_milliseconds()) else {
            return self.delete(&record.id).await.map(|()| true);
        };
        let mut set = redis::cmd("SET");
        // At least one millisecond: Redis refuses a time to live of zero.
        set.arg(key(&record.id)).arg(encode(record)?).arg("PX").arg(millis.max(1));
        if only_new {
            set.arg("NX");
        }
        let done: RedisResult<Option<String>> = set.query_async(&mut self.connection.clone()).await;
        done.map(|answer| answer.is_some()).map_err(backend)
    }
}

#[async_trait]
impl SessionStore for RedisSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !self.write(record, true).await? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.write(record, false).await.map(|_| ())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let kept: Option<Vec<u8>> = self.connection.clone().get(key(id)).await.map_err(backend)?;
        kept.map_or(Ok(None), |bytes| decode(id, &bytes, OffsetDateTime::now_utc()))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.connection.clone().del(key(id)).await.map_err(backend)
    }
}

fn backend(error: redis::RedisError) -> Error {
    Error::Backend(error.to_string())
}
