//! `octavo replay`: loads once more what the archive holds of a site, with a progress bar and a summary line.

use anyhow::Context;
use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};
use ingest::archive::{Archive, Progress, Replay, Summary};
use ingest::enrich::LATEST;
use ingest::load::batch::LoadError;
use ingest::load::intake::{Intake, Rules};

use crate::cli::ReplayArgs;
use crate::connect::Installation;

pub async fn run(args: ReplayArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    let replayed = replay(&installation, &args).await;
    installation.close().await?;
    let Summary { pieces, counts } = replayed?;
    println!("{pieces} pieces of the archive: {counts}");
    Ok(())
}

async fn replay(installation: &Installation, args: &ReplayArgs) -> anyhow::Result<Summary> {
    let objects = installation.objects()?.context("set OCTAVO_STORE: what was received is kept there")?;
    let directory = reference::read::directory(&installation.warehouse).await?;
    let site = directory.site(&args.site).ok_or_else(|| LoadError::NoSite(args.site.clone()))?;
    let secret = installation.secret(&args.site).await?;
    // As when they were loaded first.
    let rules = Rules { robots: installation.robots()?, latest: Some(LATEST) };
    let mut intake = Intake::open(&installation.warehouse, &args.site, &secret, rules).await?;
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {eta} {msg}");
    bar.set_style(style.expect("the template is a constant"));
    let archive = Archive::new(objects, &args.site);
    let replay = Replay { from: args.from, anew: args.anew };
    let told = |progress: Progress<'_>| match progress {
        Progress::Pieces(pieces) => {
            bar.reset();
            bar.set_length(pieces as u64);
        }
        Progress::Whole(_) => {
            bar.set_prefix("checking");
            bar.inc(1);
        }
        Progress::Removed(day) => {
            bar.set_prefix("removing");
            bar.set_message(day.to_string());
        }
        Progress::Loaded(_, counts) => {
            bar.set_prefix("loading");
            bar.set_message(format!("{} events", counts.loaded));
            bar.inc(1);
        }
    };
    let summary = replay.run(&installation.warehouse, &archive, &mut intake, Utc::now, told).await?;
    bar.finish_and_clear();
    while ingest::rollup::refresh::refresh(&installation.warehouse, &installation.model, site, Utc::now())
        .await?
        .pending
        > 0
    {}
    Ok(summary)
}
