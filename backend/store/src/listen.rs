//! Hearing of every change of a caller, from whatever process it comes.
//!
//! A trigger notifies of each change when it is committed. The server sends what it has to tell before it answers the
//! next statement of the same connection, so an answered statement proves that all changes from before it are heard of.

use std::future::Future;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx::{Executor, PgPool};
use tokio::time::{sleep, timeout, timeout_at};

use crate::callers::Callers;
use crate::memory::{BEAT, TRUST};

/// What the triggers notify on, and the name of the connection in `pg_stat_activity`.
const CHANNEL: &str = "callers";
/// Between two attempts, and for one to connect.
const PATIENCE: Duration = Duration::from_secs(1);

/// Listens for ever, on a connection of its own; without one, callers are looked up with every request.
pub(crate) async fn listen(pool: &PgPool, callers: &Callers) {
    loop {
        let ended = hear(pool, callers).await;
        callers.distrust();
        if let Err(error) = ended {
            tracing::warn!(%error, "changes of callers are not heard; each request looks its caller up");
        }
        sleep(PATIENCE).await;
    }
}

/// Until the connection is lost.
async fn hear(pool: &PgPool, callers: &Callers) -> Result<(), sqlx::Error> {
    let options = (*pool.connect_options()).clone().application_name(CHANNEL);
    let own = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_lazy_with(options);
    let mut listener = PgListener::connect_with(&own).await?;
    // A connection made anew in silence would have missed what was said in between.
    listener.eager_reconnect(false);
    soon(listener.listen(CHANNEL)).await?;
    loop {
        let asked = Instant::now();
        soon(listener.execute("SELECT 1")).await?;
        while listener.next_buffered().is_some() {
            callers.forget_all();
        }
        callers.prove(asked);
        while let Ok(heard) = timeout_at((asked + BEAT).into(), listener.try_recv()).await {
            if heard?.is_none() {
                return Ok(());
            }
            callers.forget_all();
        }
    }
}

/// What takes longer than memory is trusted is no proof.
async fn soon<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    timeout(TRUST, work).await.unwrap_or_else(|_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into())))
}
