//! `bench`: Octavo beside a floor, in one run on one machine, so that the ratios mean something wherever it runs.
//!
//! Tables on stdout: loading a file beside a bare COPY of the same rows; loading a topic of Apache Kafka; questions over HTTP beside
//! the same questions in SQL over the events; cached answers beside a bare route and a static file of the same bytes, with the server's
//! memory; the same questions of a tenth and of ten times the events; events collected over HTTP; an event's way to a live screen; an
//! event's way into the rollups. Each of `loading`, `topics`, `questions`, `cached`, `growth`, `collecting`, `live` and `freshness` on the
//! command line chooses a part. Progress goes to stderr.
//!
//! `OCTAVO_BENCH_EVENTS` (20,000,000) is the number of events that the questions are asked of. `OCTAVO_BENCH_SECONDS` (60) is
//! how long events are committed for the last table. `OCTAVO_BENCH_DATA` names a directory in which the servers keep their
//! data for the next run; else it is in the system's temporary directory and goes with them.

mod asked;
mod cached;
mod collecting;
mod copying;
mod cpu;
mod database;
mod floor;
mod freshness;
mod growth;
mod lines;
mod loading;
mod machine;
mod nginx;
mod questions;
mod requests;
mod rollups_only;
mod servers;
mod serving;
mod table;
mod topics;
mod watching;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use demo::Platform;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::database::{SEED, filled};
use crate::servers::Servers;
use crate::serving::Serving;
use crate::table::Progress;

// The allocator of `octavo`, so that what is measured is what is served.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The filter of `octavo`: what is not logged there must not be paid for here.
    let filter = EnvFilter::try_from_env("OCTAVO_LOG").unwrap_or_else(|_| EnvFilter::new("warn,octavo=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let parts: Vec<String> = std::env::args().skip(1).collect();
    let work = async { if parts == [floor::WORD] { floor::run().await } else { run(&parts).await } };
    match runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(work)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Measures, and whatever becomes of it, stops the servers and removes their data.
async fn run(parts: &[String]) -> anyhow::Result<()> {
    let progress = Progress::start();
    let events = events()?;
    // Heard from the beginning: the servers are to be stopped also when the first minute is enough.
    let stop = told_to_stop()?;
    progress.say("starting private servers");
    let servers = Servers::start(std::env::var_os("OCTAVO_BENCH_DATA").map(Into::into)).await?;
    let measured = tokio::select! {
        measured = measure(&servers, events, parts, &progress) => measured,
        () = stop => Err(anyhow::anyhow!("stopped")),
    };
    let stopped = servers.stop().await;
    measured.and(stopped)
}

async fn measure(servers: &Servers, events: u64, parts: &[String], progress: &Progress) -> anyhow::Result<()> {
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|own| own == part);
    println!("{}\n", machine::facts(servers).await?);
    if wanted("loading") {
        println!("{}", loading::measure(servers, progress).await?);
    }
    if wanted("topics") {
        println!("{}", topics::measure(servers, progress).await?);
    }
    let platform = Arc::new(Platform::new(SEED, events));
    if wanted("questions") || wanted("cached") {
        let database = filled(servers, &platform, events, progress).await?;
        let serving = Serving::start(servers, &database, &platform).await?;
        if wanted("questions") {
            println!("{}", questions::measure(&database, &serving, &platform, progress).await?);
        }
        if wanted("cached") {
            println!("{}", cached::measure(servers, &serving, progress).await?);
        }
        println!("{}", serving.memory_table()?);
        serving.stop().await?;
    }
    if wanted("growth") {
        println!("{}", growth::measure(servers, events, progress).await?);
    }
    if wanted("collecting") {
        println!("{}", collecting::measure(servers, &platform, progress).await?);
    }
    if wanted("live") {
        println!("{}", watching::measure(servers, &platform, progress).await?);
    }
    if wanted("freshness") {
        println!("{}", freshness::measure(servers, &platform, seconds()?, progress).await?);
    }
    progress.say("done");
    Ok(())
}

fn seconds() -> anyhow::Result<u64> {
    let Ok(text) = std::env::var("OCTAVO_BENCH_SECONDS") else { return Ok(60) };
    text.parse().with_context(|| format!("OCTAVO_BENCH_SECONDS={text} is not a whole number"))
}

fn events() -> anyhow::Result<u64> {
    let Ok(text) = std::env::var("OCTAVO_BENCH_EVENTS") else { return Ok(20_000_000) };
    let events = text.parse().with_context(|| format!("OCTAVO_BENCH_EVENTS={text} is not a whole number"))?;
    if !(10_000..=100_000_000).contains(&events) {
        bail!("OCTAVO_BENCH_EVENTS has to be from 10000 to 100000000");
    }
    Ok(events)
}

/// Ctrl-C or SIGTERM.
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
