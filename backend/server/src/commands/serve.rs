//! `octavo serve` and `octavo work`.

use std::time::Duration;

use tokio::task::JoinSet;
use warehouse::Dialect;

use crate::cli::{At, ServeArgs};
use crate::collecting::Collecting;
use crate::connect::Installation;
use crate::drain::Draining;
use crate::topics::Topic;
use crate::{bi, http, pages, secrets, topics, work};

pub async fn serve(args: ServeArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    secrets::refuse_common(&installation.config)?;
    let engine = installation.engine().await?;
    let listener = http::bind(&installation.config.listen).await?;
    let mut tasks = JoinSet::new();
    tasks.spawn(work::renew(engine.clone()));
    tasks.spawn(work::warm(engine.clone()));
    // What needs tables that a warehouse in Redshift has not.
    let whole = installation.warehouse.dialect() == Dialect::Postgres;
    if whole {
        tasks.spawn(work::watch(engine.clone()));
    }
    let mut collecting = None;
    if args.all {
        tasks.spawn(refresher(&installation));
        if whole {
            tasks.spawn(follower(&installation));
        }
        if !installation.config.spool.is_empty() {
            let warehouse = whole.then(|| installation.warehouse.clone());
            let store = installation.store.clone();
            collecting = Some(Collecting::open(&installation.config, store, warehouse).await?);
            tasks.spawn(drain(&installation)?.run());
        }
        for topic in topics(&installation)? {
            tasks.spawn(topic.run());
        }
    }
    let state = installation.api(engine).await?;
    tasks.spawn(state.clone().listen());
    println!("http://{}", listener.local_addr()?);
    let pages = pages::router(state);
    let served = match &collecting {
        None => http::serve(listener, pages, http::told_to_stop()).await,
        Some(collecting) => {
            let router = collecting.router().merge(pages);
            tokio::select! {
                served = http::serve(listener, router, http::told_to_stop()) => served,
                () = collecting.broken() => Err(anyhow::anyhow!("the spool's disk failed; look at it before starting again")),
            }
        }
    };
    tasks.shutdown().await;
    installation.close().await?;
    served
}

pub async fn work(at: &At) -> anyhow::Result<()> {
    let installation = Installation::open(at).await?;
    let mut tasks = JoinSet::new();
    tasks.spawn(refresher(&installation));
    if installation.warehouse.dialect() == Dialect::Postgres {
        tasks.spawn(follower(&installation));
    }
    if !installation.config.spool.is_empty() {
        tasks.spawn(drain(&installation)?.run());
        println!("loading from {}", installation.config.spool);
    }
    for topic in topics(&installation)? {
        println!("loading topic {} into {}", topic.settings.topic, topic.site);
        tasks.spawn(topic.run());
    }
    println!("refreshing rollups");
    http::told_to_stop().await;
    tasks.shutdown().await;
    installation.close().await
}

/// Loads the topics that the settings name.
fn topics(installation: &Installation) -> anyhow::Result<Vec<Topic>> {
    let (robots, stage) = (installation.robots()?, installation.stage()?);
    let topic = |(site, settings)| Topic {
        site,
        settings,
        warehouse: installation.warehouse.clone(),
        store: installation.store.clone(),
        robots: robots.clone(),
        stage: stage.clone(),
    };
    Ok(topics::settings(&installation.config)?.into_iter().map(topic).collect())
}

/// Loads what the spool of this machine's collector holds.
pub fn drain(installation: &Installation) -> anyhow::Result<Draining> {
    Ok(Draining {
        dir: installation.config.spool.clone().into(),
        warehouse: installation.warehouse.clone(),
        store: installation.store.clone(),
        robots: installation.robots()?,
        objects: installation.objects()?,
        raw_days: installation.config.raw_days,
        stage: installation.stage()?,
    })
}

fn refresher(installation: &Installation) -> impl Future<Output = ()> + use<> {
    let every = Duration::from_secs(installation.config.refresh_seconds.max(1));
    work::refresh(installation.warehouse.clone(), installation.model.clone(), every)
}

fn follower(installation: &Installation) -> impl Future<Output = ()> + use<> {
    bi::keep_following(installation.store.clone(), installation.config.warehouse_url.clone())
}
