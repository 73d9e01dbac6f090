//! Hearing of every change of a session in Redis, from whatever process it comes.
//!
//! Redis itself tells of each key of a prefix that is written, deleted or forgotten (client-side caching, broadcasting
//! mode, from Redis 6 on). It does so in the order of things on one connection, so an answered PING proves that all
//! changes from before it are heard of. The client library's own cache is not used: an answer that is overtaken by the
//! news of its change stays in it, and a connection cut without a word goes unnoticed.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::{AsyncConnectionConfig, Client, ProtocolVersion, PushInfo, PushKind, RedisResult, Value};
use tokio::time::sleep;
use tower_sessions::session::Record;

use super::PREFIX;
use crate::memory::{BEAT, Memory, TRUST};

type Known = Memory<[u8; 32], Arc<Record>>;

/// Between two attempts, and for one to connect.
const PATIENCE: Duration = Duration::from_secs(1);

/// Listens for ever, on a connection of its own; without one, sessions are looked up with every request.
pub(super) async fn listen(client: &Client, memory: Arc<Known>) {
    loop {
        let Err(error) = hear(client, &memory).await;
        memory.distrust();
        tracing::warn!(%error, "changes of sessions are not heard; each request looks its session up");
        sleep(PATIENCE).await;
    }
}

/// Until the connection is lost.
async fn hear(client: &Client, memory: &Arc<Known>) -> RedisResult<Infallible> {
    let info = client.get_connection_info().clone();
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    let told = memory.clone();
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(TRUST))
        .set_push_sender(move |push| {
            take(&told, &push);
            Ok::<(), Infallible>(())
        });
    let client = Client::open(info.set_redis_settings(settings))?;
    let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
    let mut tracking = redis::cmd("CLIENT");
    tracking.arg("TRACKING").arg("ON").arg("BCAST").arg("PREFIX").arg(PREFIX);
    tracking.exec_async(&mut connection).await?;
    loop {
        let asked = Instant::now();
        redis::cmd("PING").exec_async(&mut connection).await?;
        memory.prove(asked);
        sleep(BEAT).await;
    }
}

/// Takes notice, within the task that reads the connection and so before any later answer.
fn take(memory: &Known, push: &PushInfo) {
    match (&push.kind, push.data.first()) {
        (PushKind::Invalidate, Some(Value::Array(keys))) => keys.iter().for_each(|key| match digest_in(key) {
            Some(digest) => memory.forget(&digest),
            None => memory.forget_all(),
        }),
        // No keys: everything was wiped.
        (PushKind::Invalidate, _) => memory.forget_all(),
        (PushKind::Disconnection, _) => memory.distrust(),
        _ => {}
    }
}

fn digest_in(key: &Value) -> Option<[u8; 32]> {
    let Value::BulkString(key) = key else { return None };
    let mut digest = [0; 32];
    hex::decode_to_slice(key.strip_prefix(PREFIX.as_bytes())?, &mut digest).ok()?;
    Some(digest)
}
