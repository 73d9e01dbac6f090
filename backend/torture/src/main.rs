//! `torture`: nothing lost, nothing double, whatever happens to the processes, the databases and the disk.
//!
//! Producer, oracle, nemesis and judge, as Vector's harness has them. The producer sends events to a real collector and notes with the
//! oracle what it claims before it sends, and what is acknowledged. Meanwhile the nemesis kills, stops, starves and doubles the
//! product's processes, in an order that the seed makes. Then the judge waits until everything is loaded and compares.

mod child;
mod digest;
mod disk;
mod event;
mod eye;
mod faults;
mod judge;
mod nemesis;
mod oracle;
mod planted;
mod platform;
mod post;
mod producer;
mod product;
mod report;
mod stored;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::Parser;
use reqwest::Client;

use crate::event::Maker;
use crate::eye::{Eye, until};
use crate::judge::{Known, Verdict, judge, now};
use crate::nemesis::Nemesis;
use crate::oracle::Oracle;
use crate::planted::Planted;
use crate::platform::{Access, PROBED, SITES};
use crate::post::Post;
use crate::producer::{Sender, produce};
use crate::product::{Product, ROOMY};

/// Sends events, breaks things, and proves that nothing was lost and nothing is there twice.
#[derive(Debug, Parser)]
#[command(name = "torture")]
pub struct Arguments {
    /// Events to send
    #[arg(long, default_value_t = 200_000)]
    events: u64,
    /// How often something is killed; what else is done comes on top, once for each 25
    #[arg(long, default_value_t = 14)]
    kills: usize,
    /// Makes events and faults; drawn when it is not given
    #[arg(long)]
    seed: Option<u64>,
    /// After the last fault a fresh event has to be seen in an answer within so many seconds
    #[arg(long, default_value_t = 10)]
    fresh_seconds: u64,
    /// Plants a fault and expects the judge to find it
    #[arg(long)]
    planted: Option<Planted>,
    /// The product's binary; without it, the one beside this program
    #[arg(long)]
    octavo: Option<PathBuf>,
    /// Where the run keeps its data; it goes when nothing was found
    #[arg(long, default_value = "target/torture")]
    data: PathBuf,
}

/// How long a fresh event is waited for.
const LATEST: Duration = Duration::from_secs(45);

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .init();
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(rand::random);
    let dir = arguments.data.join(seed.to_string());
    println!("seed {seed}: {} events, {} kills and more, in {}", arguments.events, arguments.kills, dir.display());
    // Told to stop, everything that was started is ended, and the disk given back.
    let ran = tokio::select! {
        ran = run(&arguments, seed, &dir) => ran,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("told to stop")),
    };
    match ran {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("seed {seed}: the run broke off: {error:?}\nthe data and the logs are in {}", dir.display());
            ExitCode::FAILURE
        }
    }
}

/// One run; whether it came to what was expected.
async fn run(arguments: &Arguments, seed: u64, dir: &Path) -> anyhow::Result<bool> {
    ensure!(!dir.exists(), "{} is there from an earlier run; remove it", dir.display());
    std::fs::create_dir_all(dir)?;
    let dir = &dir.canonicalize()?;
    let beside = std::env::current_exe()?.with_file_name("octavo");
    let mut product = Product::prepare(arguments.octavo.as_deref().unwrap_or(&beside), dir).await?;
    println!("the spool's disk is {}", product.disk.about());
    let access = platform::make(&product.at, dir).await?;
    product.start_collector(ROOMY).await?;
    product.start_loader().await?;
    product.start_server().await?;
    let eye = Eye {
        spool: product.disk.spool(),
        database_url: product.at.database_url.clone(),
        server: product.at.server.clone(),
        api_key: access.api_key.clone(),
        client: Client::builder().no_proxy().build()?,
    };
    let planted = match arguments.planted {
        Some(planted) => Some(planted.plant(&eye).await?),
        None => None,
    };
    let started = Instant::now();
    let judged = tortured(arguments, seed, product, access, &eye, dir).await;
    if let Some(planted) = planted {
        planted.abort();
    }
    let (product, verdict) = judged?;
    println!("{:.0} s in all", started.elapsed().as_secs_f64());
    if let (Some(_), false) = (arguments.planted, verdict.findings.is_empty()) {
        verdict.findings.iter().for_each(|finding| println!("* {}", report::begins(finding)));
    }
    if arguments.planted.is_none() && !verdict.findings.is_empty() {
        report::findings(&verdict, seed, dir);
        product.disk.keep(&dir.join("spool"))?;
        product.stop().await?;
        return Ok(false);
    }
    product.stop().await?;
    cluster::remove(dir).await?;
    std::fs::remove_dir_all(dir).context("the data directory cannot be removed")?;
    let Some(planted) = arguments.planted else {
        println!("seed {seed}: nothing lost, nothing double");
        return Ok(true);
    };
    let found = verdict.findings.iter().any(|finding| finding.contains(planted.breaks()));
    println!("seed {seed}: the planted fault {planted:?} was {}found", if found { "" } else { "NOT " });
    Ok(found)
}

/// The torture itself, and what the judge says.
async fn tortured(
    arguments: &Arguments,
    seed: u64,
    product: Product,
    access: Access,
    eye: &Eye,
    dir: &Path,
) -> anyhow::Result<(Product, Verdict)> {
    let oracle = Arc::new(Oracle::open(dir)?);
    let today = now();
    let post = Post::new(&product.at.collector)?;
    let maker = Maker::new(seed, today, &access.secrets);
    let sender = Arc::new(Sender { oracle: oracle.clone(), maker, post, write_keys: access.write_keys });
    // The collector learns of the write keys within seconds; from then on a refusal of one is a defect.
    ensure!(until(Duration::from_secs(30), async || Ok(sender.knows_us().await)).await, "the write keys are not known");
    let began = Instant::now();
    let producing = tokio::spawn({
        let (sender, oracle, events) = (sender.clone(), oracle.clone(), arguments.events);
        async move {
            let done = produce(sender, seed, events).await;
            oracle.finished.store(true, Ordering::Relaxed);
            done
        }
    });
    let nemesis = Nemesis::new(product, eye.clone(), oracle.clone(), seed);
    let (product, done) = nemesis.run(seed, arguments.kills, arguments.events).await?;
    let fresh = fresh(&sender, eye).await?;
    producing.await??;
    let sending = began.elapsed();
    let known = Known {
        oracle: &oracle,
        eye,
        product: &product,
        fresh,
        within: Duration::from_secs(arguments.fresh_seconds),
        until: today.date_naive(),
    };
    let mut verdict = judge(known, arguments.events).await?;
    verdict.findings.splice(0..0, done.findings.iter().cloned());
    report::print(&oracle, &done, &verdict, sending, fresh);
    Ok((product, verdict))
}

/// How long an event that is sent now takes to be seen in an answer, with whatever still waits before it.
async fn fresh(sender: &Sender, eye: &Eye) -> anyhow::Result<Option<Duration>> {
    let (site, now) = (0, now());
    let since = Instant::now();
    sender.one(site, sender.maker.probe(site, 0, PROBED, now)).await;
    let day = now.with_timezone(&SITES[site].zone).date_naive();
    let school = format!("{}:{PROBED}", SITES[site].code);
    let seen = until(LATEST, async || {
        let rows = eye.answer("views", (day, day), "school", Some(&school)).await?;
        Ok(rows.iter().any(|(_, views)| *views > 0))
    });
    Ok(seen.await.then(|| since.elapsed()))
}
