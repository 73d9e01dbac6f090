//! `octavo collect`: the collector alone.

use anyhow::{bail, ensure};
use axum::Router;
use axum::http::StatusCode;
use store::Store;

use crate::collecting::Collecting;
use crate::config::Config;
use crate::http;

pub async fn run() -> anyhow::Result<()> {
    let config = Config::read()?;
    ensure!(!config.app_url.is_empty(), "set OCTAVO_APP_URL: the write keys are read there");
    // The database may be away: who may send is then known from last time.
    let store = Store::lazily(&config.app_url).await?;
    let collecting = Collecting::open(&config, store, None).await?;
    let listener = http::bind(&config.listen).await?;
    println!("http://{}", listener.local_addr()?);
    let alive = Router::new().route("/health/live", axum::routing::get(|| async { StatusCode::OK }));
    let router = collecting.router().merge(alive);
    tokio::select! {
        served = http::serve(listener, router, http::told_to_stop()) => served,
        () = collecting.broken() => bail!("the spool's disk failed; look at it before the collector is started again"),
    }
}
