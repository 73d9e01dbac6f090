//! `octavo load`: events from files, with a progress bar and a summary line.

use std::path::Path;

use anyhow::Context;
use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};
use ingest::decode::Decoder;
use ingest::decode::Mapping;
use ingest::load::batch::Counts;
use ingest::load::intake::{Intake, Rules, Taken};
use ingest::source::{FileSource, Reading};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::cli::LoadArgs;
use crate::connect::Installation;

pub async fn run(args: LoadArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    let loaded = load_all(&installation, &args).await;
    installation.close().await?;
    println!("{}", loaded?);
    Ok(())
}

async fn load_all(installation: &Installation, args: &LoadArgs) -> anyhow::Result<Counts> {
    let mapping = match &args.mapping {
        None => None,
        Some(path) => {
            Some(std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?)
        }
    };
    let secret = {
        // Only a site that exists gets a secret.
        let directory = reference::read::directory(&installation.warehouse).await?;
        directory.site(&args.site).ok_or_else(|| ingest::load::batch::LoadError::NoSite(args.site.clone()))?;
        installation.secret(&args.site).await?
    };
    let rules = Rules { robots: installation.robots()?, latest: None };
    let intake = Intake::open(&installation.warehouse, &args.site, &secret, rules).await?;
    let mut intake = intake.with_stage(installation.stage()?);
    let mut all = Counts::default();
    for path in &args.files {
        let counts = load_file(&mut intake, path, mapping.as_deref()).await?;
        if counts.quarantined > 0 {
            eprintln!("{}: {} records are in the quarantine, with a reason each", path.display(), counts.quarantined);
        }
        all += counts;
    }
    let site = intake.site().clone();
    while ingest::rollup::refresh::refresh(&installation.warehouse, &installation.model, &site, Utc::now())
        .await?
        .pending
        > 0
    {}
    Ok(all)
}

async fn load_file(intake: &mut Intake, path: &Path, mapping: Option<&str>) -> anyhow::Result<Counts> {
    let mut committed = Counts::default();
    loop {
        // What this run has not committed was committed by an earlier one, or by another at the same time, and is a duplicate here.
        if let Some(records) = load_through(intake, path, mapping, &mut committed).await? {
            let duplicate = records.saturating_sub(committed.received);
            committed += Counts { received: duplicate, duplicate, ..Counts::default() };
            return Ok(committed);
        }
    }
}

/// Loads the file from where the warehouse is; returns how many records it has. `None` when somebody else set the position among
/// records that were read already: they have to be read again from there.
async fn load_through(
    intake: &mut Intake,
    path: &Path,
    mapping: Option<&str>,
    committed: &mut Counts,
) -> anyhow::Result<Option<u64>> {
    let source = FileSource::open(path, Uuid::now_v7())?;
    let decoder = match mapping {
        None => Decoder::Native,
        Some(text) => Decoder::from(Mapping::parse(text)?),
    };
    // The same bytes read for another site or by another mapping are another log.
    let name = match mapping {
        None => format!("file:{}", source.identity()),
        Some(text) => format!("file:{}+{}", source.identity(), hex::encode(&Sha256::digest(text)[..8])),
    };
    let site = intake.site().code.clone();
    let start = intake.position(&name, &site).await?;
    let bar = bar(&source, path);
    let reading = Reading { source, decoder, steps: intake.steps(), name, partition: site, start, clock: Utc::now };
    let (mut parts, reader) = reading.begin();

    let mut records = 0;
    while let Some(part) = parts.recv().await {
        let (batch, bytes_read) = part?;
        records += batch.received;
        let read = batch.next;
        match intake.take(batch, Utc::now()).await? {
            Taken::Committed { counts, .. } => *committed += counts,
            Taken::Waits { .. } => {}
            Taken::Moved { next, counts } => {
                *committed += counts;
                if next < read {
                    return Ok(None);
                }
            }
        }
        bar.set_position(bytes_read);
        bar.set_message(format!("{} events", committed.loaded));
    }
    let before = reader.await?;
    let end = start + records as i64;
    for flushed in intake.flush(Utc::now()).await? {
        match flushed.taken {
            Taken::Committed { counts, .. } => *committed += counts,
            Taken::Moved { next, .. } if next < end => return Ok(None),
            Taken::Moved { .. } | Taken::Waits { .. } => {}
        }
    }
    bar.finish_and_clear();
    Ok(Some(before + records))
}

fn bar(source: &FileSource, path: &Path) -> ProgressBar {
    let bar = match source.total_bytes() {
        Some(bytes) => ProgressBar::new(bytes),
        None => ProgressBar::new_spinner(),
    };
    let style =
        ProgressStyle::with_template("{prefix} {wide_bar} {percent}% {eta} {msg}").expect("the template is a constant");
    bar.set_style(style);
    bar.set_prefix(path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default());
    bar
}
