//! `octavo replay`: loads once more what the archive holds of a site, or its topic, with a progress bar and a summary line.

use anyhow::Context;
use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};
use ingest::archive::{Archive, Progress, Replay, Summary};
use ingest::enrich::LATEST;
use ingest::load::batch::LoadError;
use ingest::load::intake::{Intake, Rules};

use crate::again::{self, Again};
use crate::cli::ReplayArgs;
use crate::connect::Installation;
use crate::topics;

pub async fn run(args: ReplayArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    installation.refuse_on_redshift("replays are loaded")?;
    let replayed = replay(&installation, &args).await;
    installation.close().await?;
    println!("{}", replayed?);
    Ok(())
}

/// The summary line.
async fn replay(installation: &Installation, args: &ReplayArgs) -> anyhow::Result<String> {
    let directory = reference::read::directory(&installation.warehouse).await?;
    let site = directory.site(&args.site).ok_or_else(|| LoadError::NoSite(args.site.clone()))?;
    let secret = installation.secret(&args.site).await?;
    // As when they were loaded first.
    let rules = Rules { robots: installation.robots()?, latest: Some(LATEST) };
    let mut intake = Intake::open(&installation.warehouse, &args.site, &secret, rules).await?;
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {eta} {msg}");
    bar.set_style(style.expect("the template is a constant"));
    let summary = if args.kafka {
        of_topic(installation, args, &mut intake, &bar).await?
    } else {
        of_archive(installation, args, &mut intake, &bar).await?
    };
    bar.finish_and_clear();
    while ingest::rollup::refresh::refresh(&installation.warehouse, &installation.model, site, Utc::now())
        .await?
        .pending
        > 0
    {}
    Ok(summary)
}

async fn of_archive(
    installation: &Installation,
    args: &ReplayArgs,
    intake: &mut Intake,
    bar: &ProgressBar,
) -> anyhow::Result<String> {
    let objects = installation.objects()?.context("set OCTAVO_STORE: what was received is kept there")?;
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
    let Summary { pieces, counts } = replay.run(&installation.warehouse, &archive, intake, Utc::now, told).await?;
    Ok(format!("{pieces} pieces of the archive: {counts}"))
}

async fn of_topic(
    installation: &Installation,
    args: &ReplayArgs,
    intake: &mut Intake,
    bar: &ProgressBar,
) -> anyhow::Result<String> {
    let settings = topics::of_site(&installation.config, &args.site)?;
    let again = Again { warehouse: &installation.warehouse, settings, from: args.from, anew: args.anew };
    let told = |progress: again::Progress| match progress {
        again::Progress::Reads(records) => {
            bar.reset();
            bar.set_length(records);
        }
        again::Progress::Checked(records) => {
            bar.set_prefix("checking");
            bar.inc(records);
        }
        again::Progress::Removed(day) => {
            bar.set_prefix("removing");
            bar.set_message(day.to_string());
        }
        again::Progress::Loaded(records, counts) => {
            bar.set_prefix("loading");
            bar.set_message(format!("{} events", counts.loaded));
            bar.inc(records);
        }
    };
    let again::Summary { partitions, counts, lost } = again.run(intake, told).await?;
    if lost > 0 {
        tracing::warn!("up to {lost} records were deleted from the topic before they could be read once more");
    }
    Ok(format!("{partitions} partitions of the topic: {counts}"))
}
