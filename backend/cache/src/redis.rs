//! Redis as the shared tier. Slow, full or gone means a miss: slower, never wrong.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Script, Value};
use tls::TlsError;
use tokio::runtime::Handle;
use uuid::Uuid;

use crate::key::CacheKey;
use crate::tier::{Look, Tier, Turn};
use crate::turns::TURN;

/// How long an answer is kept: keys hold the data's version, so this only bounds the space of old ones.
const KEPT: u64 = 3600;
const PATIENCE: Duration = Duration::from_millis(250);

/// The answer; else 1 for who takes the turn to compute it, with a token of its own, and 0 for who comes later.
const FIND: &str = "local answer = redis.call('GET', KEYS[1])
if answer then return answer end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0";

/// Ends a turn, unless it ended by itself and is another's now.
const END: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0";

pub struct RedisTier {
    connection: ConnectionManager,
    find: Script,
    end: Script,
}

impl RedisTier {
    /// Connects lazily; an address that cannot be understood is an error.
    pub fn new(url: &str) -> Result<Self, TlsError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        let connection = ConnectionManager::new_lazy_with_config(tls::client(url)?, config)?;
        Ok(Self { connection, find: Script::new(FIND), end: Script::new(END) })
    }

    /// A turn that is ended in the background, for whoever drops it does not wait.
    fn turn(&self, name: String, token: String) -> Turn {
        let (mut connection, end) = (self.connection.clone(), self.end.clone());
        Turn::ending_with(move || {
            // Without a runtime the process is about to end, and the turn ends by itself.
            let Ok(runtime) = Handle::try_current() else { return };
            runtime.spawn(async move {
                if let Err(error) = end.key(name).arg(token).invoke_async::<()>(&mut connection).await {
                    tracing::warn!(%error, "a turn could not be ended; it ends by itself");
                }
            });
        })
    }
}

fn name(key: &CacheKey) -> String {
    format!("answer:{}", key.as_str())
}

fn turn_name(key: &CacheKey) -> String {
    format!("turn:{}", key.as_str())
}

#[async_trait]
impl Tier for RedisTier {
    async fn find(&self, key: &CacheKey) -> Look {
        let (turn, token) = (turn_name(key), Uuid::new_v4().to_string());
        let mut find = self.find.key(name(key));
        find.key(&turn).arg(&token).arg(TURN.as_millis() as u64);
        match find.invoke_async(&mut self.connection.clone()).await {
            Ok(Value::BulkString(answer)) => Look::Found(answer.into()),
            Ok(Value::Int(1)) => Look::Compute(self.turn(turn, token)),
            Ok(_) => Look::Wait,
            Err(error) => {
                tracing::warn!(%error, "redis did not answer; the answer is computed instead");
                Look::Compute(Turn::default())
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
