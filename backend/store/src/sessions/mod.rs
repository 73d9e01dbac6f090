//! Sessions of browsers, in Redis where there is one and else in the application's database.
//!
//! A cookie's value opens the session, so neither store keeps it: the key is its SHA-256.

mod listen;
mod postgres;
mod redis;

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

pub use self::postgres::PostgresSessions;
pub use self::redis::RedisSessions;

/// Either store, so that what is above need not be generic over them.
#[derive(Debug, Clone)]
pub enum Sessions {
    Redis(RedisSessions),
    Postgres(PostgresSessions),
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        match self {
            Sessions::Redis(store) => store.create(record).await,
            Sessions::Postgres(store) => store.create(record).await,
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        match self {
            Sessions::Redis(store) => store.save(record).await,
            Sessions::Postgres(store) => store.save(record).await,
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        Ok(self.find(id).await?.map(|record| (*record).clone()))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        match self {
            Sessions::Redis(store) => store.delete(id).await,
            Sessions::Postgres(store) => store.delete(id).await,
        }
    }
}

impl Sessions {
    /// The session, as it is kept where it is.
    ///
    /// # Errors
    /// [`Error::Backend`] when it cannot be looked up.
    pub async fn find(&self, id: &Id) -> Result<Option<Arc<Record>>> {
        match self {
            Sessions::Redis(store) => store.find(id).await,
            Sessions::Postgres(store) => Ok(store.load(id).await?.map(Arc::new)),
        }
    }

    /// Hears of changes of sessions, for ever. Meanwhile sessions of Redis that were looked up are kept in this process, and
    /// the end of one is heard of within milliseconds, whatever process ended it; without it, or while it cannot hear, each
    /// is looked up anew. Those of PostgreSQL always are.
    pub async fn listen(self) {
        match self {
            Sessions::Redis(store) => store.listen().await,
            Sessions::Postgres(_) => std::future::pending().await,
        }
    }

    /// Whether all that would have to be heard of is heard of now.
    pub fn is_listening(&self) -> bool {
        match self {
            Sessions::Redis(store) => store.is_listening(),
            Sessions::Postgres(_) => true,
        }
    }
}

/// What is kept: all of a record but its id.
#[derive(Serialize, Deserialize)]
struct Kept {
    data: HashMap<String, serde_json::Value>,
    /// Seconds since 1970, and nanoseconds within the second.
    expires: (i64, u32),
}

const PREFIX: &str = "session:";

fn digest(id: &Id) -> [u8; 32] {
    Sha256::digest(id.to_string().as_bytes()).into()
}

fn key(id: &Id) -> String {
    format!("{PREFIX}{}", hex::encode(digest(id)))
}

fn encode(record: &Record) -> Result<Vec<u8>> {
    let expires = (record.expiry_date.unix_timestamp(), record.expiry_date.nanosecond());
    serde_json::to_vec(&Kept { data: record.data.clone(), expires }).map_err(|e| Error::Encode(e.to_string()))
}

/// The record, unless it has expired.
fn decode(id: &Id, bytes: &[u8], now: OffsetDateTime) -> Result<Option<Record>> {
    let kept: Kept = serde_json::from_slice(bytes).map_err(|e| Error::Decode(e.to_string()))?;
    let expiry_date = OffsetDateTime::from_unix_timestamp(kept.expires.0)
        .and_then(|at| at.replace_nanosecond(kept.expires.1))
        .map_err(|e| Error::Decode(e.to_string()))?;
    Ok((expiry_date > now).then_some(Record { id: *id, data: kept.data, expiry_date }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    #[test]
    fn what_is_kept_opens_nothing_and_expires() {
        let id = Id(42);
        let expiry_date = OffsetDateTime::UNIX_EPOCH + Duration::nanoseconds(1_700_000_000_123_456_789);
        let record = Record { id, data: HashMap::from([("account".to_string(), "a".into())]), expiry_date };
        let bytes = encode(&record).unwrap();
        assert!(!key(&id).contains(&id.to_string()));
        assert!(!String::from_utf8(bytes.clone()).unwrap().contains(&id.to_string()));
        let before = expiry_date - Duration::nanoseconds(1);
        assert_eq!(decode(&id, &bytes, before).unwrap(), Some(record));
        assert_eq!(decode(&id, &bytes, expiry_date).unwrap(), None);
        assert!(decode(&id, b"{}", before).is_err());
    }
}
