//! `octavo demo`: a lifelike platform on a private PostgreSQL and Redis, in one go.

mod accounts;
mod feed;
mod live;
mod money;
mod settings;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::Utc;
use cluster::{Postgres, PostgresOptions, Redis};
use demo::Platform;

use crate::cli::DemoArgs;
use crate::collecting::Collecting;
use crate::commands::serve;
use crate::config::Config;
use crate::connect::Installation;
use crate::{bi, http, pages, secrets, work};

/// Seconds between two looks for changed days: a demo should be seen to move.
const REFRESH: Duration = Duration::from_secs(2);

/// Where letters are laid, in the data directory.
const LETTERS: &str = "mail";

/// What was collected waits there, in the data directory.
pub const SPOOL: &str = "spool";

pub async fn run(args: DemoArgs) -> anyhow::Result<()> {
    let started = Instant::now();
    // Told to stop while it is still being made ready: the servers are stopped all the same.
    let stop = http::told_to_stop();
    let installation = open(&args).await?;
    let result = tokio::select! {
        result = ready_and_serve(&args, &installation, started) => result,
        () = stop => Ok(()),
    };
    eprintln!("stopping");
    installation.close().await?;
    result
}

/// The private servers in the data directory, or those that the settings name.
async fn open(args: &DemoArgs) -> anyhow::Result<Installation> {
    if args.reset {
        cluster::remove(&args.data).await?;
        forget(&args.data.join(LETTERS))?;
        forget(&args.data.join(SPOOL))?;
    }
    std::fs::create_dir_all(&args.data).with_context(|| format!("{} cannot be made", args.data.display()))?;
    let mut config = Config::read()?;
    config.public_url = format!("http://localhost:{}", args.port);
    if config.secret_key.is_empty() {
        config.secret_key = secrets::kept_in(&args.data)?;
    }
    if config.spool.is_empty() {
        config.spool = args.data.join(SPOOL).display().to_string();
    }
    let (mut postgres, mut redis) = (None, None);
    if config.app_url.is_empty() && config.warehouse_url.is_empty() {
        eprintln!("starting PostgreSQL in {}", args.data.display());
        let server = Postgres::start(&args.data, PostgresOptions::default()).await?;
        config.app_url = server.url().to_string();
        config.warehouse_url = server.url().to_string();
        postgres = Some(server);
        if config.redis_url.is_empty() {
            redis = Redis::start(&args.data).await?;
            config.redis_url = redis.as_ref().map(|r| r.url().to_string()).unwrap_or_default();
        }
    }
    let to_folder = config.mail_url.is_empty();
    let installation = Installation::at(config, postgres, redis).await?;
    Ok(if to_folder { installation.with_letters_in(&args.data.join(LETTERS)) } else { installation })
}

/// Removes a folder of an earlier demo; that it is not there is fine.
fn forget(folder: &Path) -> anyhow::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(e).with_context(|| format!("{} cannot be removed", folder.display()))
        }
        _ => Ok(()),
    }
}

async fn ready_and_serve(args: &DemoArgs, installation: &Installation, started: Instant) -> anyhow::Result<()> {
    // Before the long part, so that a port in use is known at once.
    let listener = http::bind(&format!("127.0.0.1:{}", args.port)).await?;
    let settings = settings::Settings::keep(&args.data, args.events, Utc::now())?;
    // How a year's school days fall decides the exact number; a hundredth more, so that it is not less than was asked.
    let platform = Arc::new(Platform::new(settings.seed, settings.events + settings.events / 100));
    let feeds = feed::open(installation, &platform, &settings).await?;
    let feeds = feed::backfill(installation, feeds, Utc::now()).await?;

    let engine = installation.engine().await?;
    let url = format!("http://localhost:{}", listener.local_addr()?.port());
    let sign_ins = accounts::make(installation, &platform, &args.data, &url).await?;
    let state = installation.api(engine.clone()).await?;
    money::enter_pools(&state, &sign_ins).await?;

    let (store, warehouse) = (installation.store.clone(), Some(installation.warehouse.clone()));
    let collecting = Collecting::open(&installation.config, store, warehouse).await?;
    let router = collecting.router().merge(pages::router(state.clone()));
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(state.listen());
    tasks.spawn(work::renew(engine.clone()));
    tasks.spawn(work::warm(engine.clone()));
    tasks.spawn(work::watch(engine));
    tasks.spawn(serve::drain(installation)?.run());
    tasks.spawn(work::refresh(installation.warehouse.clone(), installation.model.clone(), REFRESH));
    tasks.spawn(bi::keep_following(installation.store.clone(), installation.config.warehouse_url.clone()));
    tasks.spawn(live::go_on(feeds));
    print(&sign_ins, &args.data, started.elapsed());
    tokio::select! {
        served = http::serve(listener, router, std::future::pending()) => served,
        () = collecting.broken() => anyhow::bail!("the spool's disk failed"),
    }
}

fn print(sign_ins: &accounts::SignIns, data: &Path, took: Duration) {
    println!("\n  Octavo is ready at {}   ({:.1} s)\n", sign_ins.url, took.as_secs_f64());
    for account in &sign_ins.accounts {
        println!("  {:<13} {:<26} {:<26} {}", account.role, account.email, account.password, account.organisation);
    }
    println!("\n  also in {}", data.join("sign-ins.json").display());
    println!("  letters are laid into {}; Ctrl-C stops it\n", data.join(LETTERS).display());
}
