//! `octavo serve` and `octavo work`.

use std::time::Duration;

use crate::cli::{At, ServeArgs};
use crate::connect::Installation;
use crate::{bi, http, pages, secrets, work};

pub async fn serve(args: ServeArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    secrets::refuse_common(&installation.config)?;
    let engine = installation.engine().await?;
    let listener = http::bind(&installation.config.listen).await?;
    let mut tasks = vec![tokio::spawn(work::renew(engine.clone())), tokio::spawn(work::warm(engine.clone()))];
    if args.all {
        tasks.push(tokio::spawn(refresher(&installation)));
        tasks.push(tokio::spawn(follower(&installation)));
    }
    let state = installation.api(engine).await?;
    tasks.push(tokio::spawn(state.clone().listen()));
    println!("http://{}", listener.local_addr()?);
    http::serve(listener, pages::router(state), http::told_to_stop()).await?;
    tasks.iter().for_each(|t| t.abort());
    installation.close().await
}

pub async fn work(at: &At) -> anyhow::Result<()> {
    let installation = Installation::open(at).await?;
    let tasks = [tokio::spawn(refresher(&installation)), tokio::spawn(follower(&installation))];
    println!("refreshing rollups");
    http::told_to_stop().await;
    tasks.iter().for_each(|t| t.abort());
    installation.close().await
}

fn refresher(installation: &Installation) -> impl Future<Output = ()> + use<> {
    let every = Duration::from_secs(installation.config.refresh_seconds.max(1));
    work::refresh(installation.warehouse.clone(), installation.model.clone(), every)
}

fn follower(installation: &Installation) -> impl Future<Output = ()> + use<> {
    bi::keep_following(installation.store.clone(), installation.config.warehouse_url.clone())
}
