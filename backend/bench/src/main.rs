//! `bench`: Octavo beside a floor, in one run on one machine, so that the ratios mean something wherever it runs.
//!
//! Three tables on stdout: loading beside a bare COPY of the same rows, questions beside the same questions in SQL over
//! the events, cached answers over HTTP beside a bare route that returns the same bytes. Every number is the median of
//! several rounds in which the sides take turns, every ratio the median of the rounds' own. Progress goes to stderr.
//!
//! `OCTAVO_BENCH_EVENTS` (1,000,000) is the number of events that the questions are asked of. The servers keep their data
//! in the system's temporary directory; `TMPDIR` names another, for what a commit costs depends on the disk under it.

mod asked;
mod copying;
mod http;
mod loading;
mod machine;
mod platform;
mod questions;
mod requests;
mod table;

use std::process::ExitCode;

use anyhow::{Context, bail};
use demo::Platform;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::platform::Servers;
use crate::table::{Progress, whole};

// The allocator of `octavo`, so that what is measured is what is served.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The seed of every platform: the same data in every run.
const SEED: u64 = 1;

fn main() -> ExitCode {
    // The filter of `octavo`: what is not logged there must not be paid for here.
    let filter = EnvFilter::try_from_env("OCTAVO_LOG").unwrap_or_else(|_| EnvFilter::new("warn,octavo=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(run())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Measures, and whatever becomes of it, stops the servers and removes their data.
async fn run() -> anyhow::Result<()> {
    let progress = Progress::start();
    let events = events()?;
    // Heard from the beginning: the servers are to be stopped also when the first minute is enough.
    let stop = told_to_stop()?;
    progress.say("starting private servers");
    let servers = Servers::start().await?;
    let measured = tokio::select! {
        measured = measure(&servers, events, &progress) => measured,
        () = stop => Err(anyhow::anyhow!("stopped")),
    };
    let stopped = servers.stop().await;
    measured.and(stopped)
}

async fn measure(servers: &Servers, events: u64, progress: &Progress) -> anyhow::Result<()> {
    println!("{}\n", machine::facts(servers).await?);
    println!("{}", loading::measure(servers, progress).await?);

    progress.say(&format!("making the platform of {} events a year", whole(events as f64)));
    let platform = Platform::new(SEED, events);
    let database = servers.database("platform").await?;
    database.fill(&platform, progress).await?;
    println!("{}", questions::measure(&database, &platform, progress).await?);
    println!("{}", http::measure(servers, &database, progress).await?);
    progress.say("done");
    Ok(())
}

fn events() -> anyhow::Result<u64> {
    let Ok(text) = std::env::var("OCTAVO_BENCH_EVENTS") else { return Ok(1_000_000) };
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
