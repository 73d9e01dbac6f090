//! The work in the background: refreshing rollups, and taking notice of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use engine::Engine;
use model::Model;
use warehouse::Warehouse;

/// Keeps every site's rollups equal to its events, for ever. A failure is tried again.
pub async fn refresh(warehouse: Warehouse, model: Arc<Model>, every: Duration) {
    loop {
        if let Err(error) = ingest::rollup::refresh::refresh_all(&warehouse, &model, Utc::now()).await {
            tracing::error!(%error, "rollups could not be refreshed; trying again");
        }
        tokio::time::sleep(every).await;
    }
}

/// Answers anew what was asked lately whenever the data has changed, so that who asks again need not wait. It works a fifth
/// of the time at most, however often data comes.
pub async fn warm(engine: Arc<Engine>) {
    let mut renewals = engine.renewals();
    while renewals.changed().await.is_ok() {
        let started = Instant::now();
        if let Err(error) = engine.warm(Utc::now()).await {
            tracing::warn!(%error, "what was asked lately could not be answered anew; it will be when it is asked");
        }
        tokio::time::sleep(started.elapsed() * 4).await;
    }
}

/// Takes notice of what has just happened, for those who watch it live.
pub async fn watch(engine: Arc<Engine>) {
    loop {
        if let Err(error) = engine.watch(Utc::now()).await {
            tracing::warn!(%error, "the warehouse does not answer; what is shown live stands still");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// Takes notice of what changed in the warehouse, every second.
pub async fn renew(engine: Arc<Engine>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if let Err(error) = engine.renew().await {
            tracing::error!(%error, "the warehouse does not answer; answers stay as they are");
        }
    }
}
