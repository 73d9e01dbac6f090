//! A collector in this process: its spool, who may send to it, and its routes.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use api::collect::{CollectState, Known};
use api::{Clock, TrustedProxies};
use axum::Router;
use chrono::Utc;
use spool::{Settings, Spool};
use store::Store;
use tokio::sync::Notify;
use tokio::task::{JoinHandle, spawn_blocking};
use uuid::Uuid;
use warehouse::Warehouse;

use crate::config::Config;
use crate::pages;

pub struct Collecting {
    state: CollectState,
    following: JoinHandle<()>,
}

impl Collecting {
    /// Opens the spool that the settings name. In the warehouse statements are looked up, where there is one.
    pub async fn open(config: &Config, store: Store, warehouse: Option<Warehouse>) -> anyhow::Result<Self> {
        anyhow::ensure!(!config.spool.is_empty(), "set OCTAVO_SPOOL to a directory on a local disk");
        let settings = Settings::new(Path::new(&config.spool), u64::from(config.spool_megabytes.get()) << 20);
        let spool = spawn_blocking(|| Spool::open(settings, Uuid::new_v4())).await?;
        let spool = Arc::new(spool.with_context(|| format!("the spool in {} cannot be opened", config.spool))?);
        let (known, clock): (_, Clock) = (Arc::new(Known::last(&spool)?), Arc::new(Utc::now));
        let following = {
            let (known, spool, clock) = (known.clone(), spool.clone(), clock.clone());
            tokio::spawn(async move { known.follow(&store, &spool, &clock).await })
        };
        let proxies = TrustedProxies(config.trusted_proxies);
        let (ids, recent, broken) = (Arc::new(Uuid::now_v7), Arc::default(), Arc::new(Notify::new()));
        let state = CollectState { spool, known, proxies, clock, ids, recent, warehouse, broken };
        Ok(Self { state, following })
    }

    /// The collector's routes, and the tracker.
    pub fn router(&self) -> Router {
        api::collect::router(self.state.clone()).merge(pages::tracker())
    }

    /// Waits until the spool cannot be trusted any more; the process has to end then, with an error.
    pub fn broken(&self) -> impl Future<Output = ()> + use<> {
        let broken = self.state.broken.clone();
        async move { broken.notified().await }
    }
}

impl Drop for Collecting {
    fn drop(&mut self) {
        self.following.abort();
    }
}
