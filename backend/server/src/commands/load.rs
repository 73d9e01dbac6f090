//! `octavo load`: events from files, with a progress bar and a summary line.

use std::path::Path;

use anyhow::Context;
use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};
use ingest::decode::Decoder;
use ingest::decode::Mapping;
use ingest::enrich::{Prepared, Steps};
use ingest::load::batch::{Batch, Counts, Received, Retained};
use ingest::load::intake::{Intake, Rules, Taken};
use ingest::source::{Body, FileSource, Record, SourceError};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::cli::LoadArgs;
use crate::connect::Installation;

/// Records of one transaction.
const BATCH: usize = 50_000;

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

/// A part of the file, read, decoded and prepared on a thread of its own, and how many bytes were read with it.
type Part = Result<(Prepared, u64), SourceError>;

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
    let (send, mut parts) = mpsc::channel::<Part>(2);
    let reader = tokio::task::spawn_blocking({
        let steps = intake.steps();
        move || read(source, &decoder, &steps, &name, &site, start, &send)
    });

    let mut records = 0;
    while let Some(part) = parts.recv().await {
        let (batch, bytes_read) = part?;
        records += batch.received;
        let read = batch.next;
        match intake.take(batch, Utc::now()).await? {
            Taken::Committed { counts, .. } => *committed += counts,
            Taken::Waits { .. } => {}
            Taken::Moved { next } if next < read => return Ok(None),
            Taken::Moved { .. } => {}
        }
        bar.set_position(bytes_read);
        bar.set_message(format!("{} events", committed.loaded));
    }
    let before = reader.await?;
    let end = start + records as i64;
    for flushed in intake.flush(Utc::now()).await? {
        match flushed.taken {
            Taken::Committed { counts, .. } => *committed += counts,
            Taken::Moved { next } if next < end => return Ok(None),
            Taken::Moved { .. } | Taken::Waits { .. } => {}
        }
    }
    bar.finish_and_clear();
    Ok(Some(before + records))
}

/// Sends the records from `start` on in batches; returns how many came before.
fn read(
    source: FileSource,
    decoder: &Decoder,
    steps: &Steps,
    name: &str,
    site: &str,
    start: i64,
    send: &mpsc::Sender<Part>,
) -> u64 {
    let prepared = |first, records: Vec<Received>| {
        let next = first + records.len() as i64;
        steps.prepare(Batch { source: name.into(), partition: site.into(), first, next, records, mark: None })
    };
    let (mut before, mut bytes) = (0, 0);
    let (mut first, mut current) = (start, Vec::new());
    for record in source {
        let Record { offset, bytes_read, body } = match record {
            Ok(record) => record,
            Err(error) => {
                let _ = send.blocking_send(Err(error));
                return before;
            }
        };
        if (offset as i64) < start {
            before += 1;
            continue;
        }
        bytes = bytes_read;
        current.push(received(offset as i64, decoder, body));
        if current.len() == BATCH {
            let full = prepared(first, std::mem::take(&mut current));
            first = full.next;
            if send.blocking_send(Ok((full, bytes))).is_err() {
                return before;
            }
        }
    }
    if !current.is_empty() {
        let _ = send.blocking_send(Ok((prepared(first, current), bytes)));
    }
    before
}

fn received(offset: i64, decoder: &Decoder, body: Body) -> Received {
    let received_at = Utc::now();
    let decoded = decoder.decode(&body, received_at);
    let kept = match (decoder, body) {
        (Decoder::Native, Body::Line(line)) => Retained::AsItCame(line),
        _ => Retained::InSource,
    };
    Received { offset, received_at, decoded, kept, statement: None }
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
