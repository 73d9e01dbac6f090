//! Sessions in Redis.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client, RedisResult};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use super::listen::listen;
use super::{decode, digest, encode, key};
use crate::error::StoreError;
use crate::memory::Memory;

/// A Redis that is gone must make a request fail soon, not wait.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Sessions in Redis, which forgets them by itself when they expire. One connection, shared; it comes back by itself.
#[derive(Clone)]
pub struct RedisSessions {
    client: Arc<Client>,
    connection: ConnectionManager,
    /// By the SHA-256 of the session's id.
    memory: Arc<Memory<[u8; 32], Arc<Record>>>,
}

impl fmt::Debug for RedisSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisSessions")
    }
}

impl RedisSessions {
    /// Connects to `rediss://…`, or on this machine to `redis://…` or `redis+unix:///…`.
    ///
    /// # Errors
    /// [`StoreError::Redis`] when the URL is wrong or nobody answers within seconds.
    pub async fn connect(url: &str) -> std::result::Result<Self, StoreError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(100));
        let client = tls::client(url)?;
        let connection = ConnectionManager::new_with_config(client.clone(), config).await?;
        Ok(Self { client: Arc::new(client), connection, memory: Arc::new(Memory::new()) })
    }

    /// As [`super::Sessions::listen`].
    pub(super) async fn listen(self) {
        listen(&self.client, self.memory).await;
    }

    /// Whether sessions that were looked up are kept now.
    pub fn is_listening(&self) -> bool {
        self.memory.is_trusted(Instant::now())
    }

    /// Whether Redis answers; for health checks.
    ///
    /// # Errors
    /// [`StoreError::Redis`] when it does not.
    pub async fn ping(&self) -> std::result::Result<(), StoreError> {
        let () = redis::cmd("PING").query_async(&mut self.connection.clone()).await?;
        Ok(())
    }

    /// As [`super::Sessions::find`].
    pub(super) async fn find(&self, id: &Id) -> Result<Option<Arc<Record>>> {
        let look_up = async {
            let kept: Option<Vec<u8>> = self.connection.clone().get(key(id)).await.map_err(backend)?;
            let record = kept.map_or(Ok(None), |bytes| decode(id, &bytes, OffsetDateTime::now_utc()))?;
            Ok(record.map(Arc::new))
        };
        let found = self.memory.get_or_look_up(digest(id), look_up).await?;
        Ok(found.filter(|record| record.expiry_date > OffsetDateTime::now_utc()))
    }

    /// Writes the record until it expires. Whether it was written: `condition` is NX for a new one and XX for one that is
    /// there, so that a use noted at the same time does not bring back a session that was ended.
    async fn write(&self, record: &Record, condition: &str) -> Result<bool> {
        let left = record.expiry_date - OffsetDateTime::now_utc();
        let Ok(millis) = u64::try_from(left.whole_milliseconds()) else {
            return self.delete(&record.id).await.map(|()| true);
        };
        let mut set = redis::cmd("SET");
        // At least one millisecond: Redis refuses a time to live of zero.
        set.arg(key(&record.id)).arg(encode(record)?).arg("PX").arg(millis.max(1)).arg(condition);
        let done: RedisResult<Option<String>> = set.query_async(&mut self.connection.clone()).await;
        self.memory.forget(&digest(&record.id));
        done.map(|answer| answer.is_some()).map_err(backend)
    }
}

#[async_trait]
impl SessionStore for RedisSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !self.write(record, "NX").await? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.write(record, "XX").await.map(|_| ())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        Ok(self.find(id).await?.map(|record| (*record).clone()))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let done = self.connection.clone().del(key(id)).await.map_err(backend);
        self.memory.forget(&digest(id));
        done
    }
}

fn backend(error: redis::RedisError) -> Error {
    Error::Backend(error.to_string())
}
