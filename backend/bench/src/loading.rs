//! Loading a file beside a bare binary COPY of the very same rows, written by the same writer, in as many committed batches: into
//! a table of the same columns and nothing else, and into one that has the same unique index.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::ensure;
use chrono::NaiveDate;
use demo::Platform;
use ingest::Event;
use ingest::decode::Decoder;
use ingest::load::batch::{Counts, Outcome};
use ingest::load::intake::{Intake, Rules};
use ingest::load::rows::EventRows;
use ingest::source::ahead::BATCH;
use ingest::source::{FileSource, Reading};
use tempfile::TempDir;
use uuid::Uuid;
use warehouse::copy_in;

use crate::copying::{BARE, INDEXED, Ready, same_rows};
use crate::cpu::Cpu;
use crate::database::{Database, FROM, SECRET, SEED, TO, batches, now};
use crate::lines::line;
use crate::servers::Servers;
use crate::table::{Progress, Table, median_of, times, whole};

const ROUNDS: usize = 5;
/// The site that is loaded: the first of the demo's, its largest.
const SITE: usize = 0;
/// Events that are loaded at most.
const MOST: usize = 400_000;
/// A month in which school is in full swing.
const OCTOBER: NaiveDate = NaiveDate::from_ymd_opt(2025, 10, 1).expect("a date");

/// Events of one site in the order they happened, and the same as a file.
struct Log {
    name: &'static str,
    platform: Platform,
    events: Vec<Event>,
    days: usize,
    file: PathBuf,
}

/// Events a second of one round, and what the load took of the CPU, in microseconds an event.
struct Rates {
    loader: f64,
    bare: f64,
    indexed: f64,
    cpu: Cpu,
}

pub async fn measure(servers: &Servers, progress: &Progress) -> anyhow::Result<Table> {
    let header = [
        "log",
        "events",
        "days",
        "load, events/s",
        "COPY",
        "load ÷ COPY",
        "COPY + index",
        "load ÷ COPY + index",
        "loader, µs CPU",
        "PostgreSQL, µs CPU",
    ];
    let mut table = Table::new(format!("Loading a file, batches of {}", whole(BATCH as f64)), &header);
    let dir = TempDir::new()?;
    // A batch of a large platform is about a day; one of a small platform spreads over two months of partitions.
    for (name, events_per_year, from) in
        [("a busy site", 40_000_000, OCTOBER), ("a small site's year", 1_000_000, FROM)]
    {
        progress.say(&format!("making the events of {name}"));
        let log = Log::make(name, events_per_year, from, dir.path().join("log.ndjson"))?;
        let mut rounds = Vec::new();
        for round in 1..=ROUNDS {
            let rates = log.round(servers, round).await?;
            progress.say(&format!("{name}, round {round} of {ROUNDS}: {} events/s loaded", whole(rates.loader)));
            rounds.push(rates);
        }
        // Only now: for a while after files were removed, making new ones costs the file system far more.
        for round in 1..=ROUNDS {
            servers.drop(&log.database(round)).await?;
        }
        table.row(vec![
            log.name.into(),
            whole(log.events.len() as f64),
            log.days.to_string(),
            whole(median_of(&rounds, |r| r.loader)),
            whole(median_of(&rounds, |r| r.bare)),
            times(median_of(&rounds, |r| r.loader / r.bare)),
            whole(median_of(&rounds, |r| r.indexed)),
            times(median_of(&rounds, |r| r.loader / r.indexed)),
            times(median_of(&rounds, |r| r.cpu.loader)),
            times(median_of(&rounds, |r| r.cpu.postgres)),
        ]);
    }
    table.note(format!(
        "Load: the file from its opening on, with decoding, every step, persons, resolution, partitions made on the way, index, \
         ledger and commits. COPY: the same rows, ready-made, into one bare table; + index: with the same unique index, sorted by it. \
         µs CPU: of both sides for an event of the load. Medians of {ROUNDS} rounds, each in a new database; the rows of both are \
         compared."
    ));
    Ok(table)
}

impl Log {
    fn make(name: &'static str, events_per_year: u64, from: NaiveDate, file: PathBuf) -> anyhow::Result<Self> {
        let platform = Platform::new(SEED, events_per_year);
        let (mut events, mut days) = (Vec::new(), 0);
        for day in from.iter_days().take_while(|day| *day <= TO) {
            if events.len() >= MOST {
                break;
            }
            events.extend(platform.events(SITE, day));
            days += 1;
        }
        events.truncate(MOST);
        let mut out = BufWriter::new(File::create(&file)?);
        for event in &events {
            writeln!(out, "{}", line(event))?;
        }
        out.flush()?;
        Ok(Self { name, platform, events, days, file })
    }

    fn database(&self, round: usize) -> String {
        format!("load_{}_{round}", self.days)
    }

    async fn round(&self, servers: &Servers, round: usize) -> anyhow::Result<Rates> {
        let database = servers.create(&self.database(round)).await?;
        database.reference(&self.platform).await?;
        let (loader, cpu) = self.load(servers, &database).await?;
        let ready = Ready::read(&database, &self.platform.sites()[SITE].site.code).await?;
        let bare = self.copy(&database, &ready, "core.bare", BARE).await?;
        let indexed = self.copy(&database, &ready, "core.indexed", INDEXED).await?;
        if round == 1 {
            same_rows(&database).await?;
        }
        database.warehouse.close();
        Ok(Rates { loader, bare, indexed, cpu })
    }

    async fn load(&self, servers: &Servers, database: &Database) -> anyhow::Result<(f64, Cpu)> {
        settle(database, "").await?;
        let site = &self.platform.sites()[SITE].site.code;
        let mut intake = Intake::open(&database.warehouse, site, &SECRET, Rules::default()).await?;
        let (started, cpu, mut all) = (Instant::now(), Cpu::now(std::process::id(), servers)?, Counts::default());
        let source = FileSource::open(&self.file, Uuid::nil())?;
        let reading = Reading {
            name: source.identity().to_owned(),
            partition: site.clone(),
            source,
            decoder: Decoder::Native,
            steps: intake.steps(),
            start: 0,
            clock: now,
        };
        let (mut parts, reader) = reading.begin();
        while let Some(part) = parts.recv().await {
            match intake.load_prepared(part?.0, now()).await? {
                Outcome::Committed(counts) => all += counts,
                moved => anyhow::bail!("a new file came to {moved:?}"),
            }
        }
        reader.await?;
        let seconds = started.elapsed().as_secs_f64();
        let cpu = cpu.since(std::process::id(), servers, self.events.len())?;
        ensure!(all.loaded == self.events.len() as u64, "of a file of new events came {all}");
        Ok((self.events.len() as f64 / seconds, cpu))
    }

    /// Copies the events, as the rows that the loader made of them, into a table of the same columns.
    async fn copy(&self, database: &Database, ready: &Ready, table: &str, made: &str) -> anyhow::Result<f64> {
        settle(database, made).await?;
        let mut client = database.warehouse.client().await?;
        let (mut copied, mut seconds) = (0, 0.0);
        for (records, load_id) in batches(self.events.clone()).zip(&ready.loads) {
            let rows = ready.rows(records)?;
            let rows = EventRows::new(table, ready.site, *load_id, &rows);
            let started = Instant::now();
            let tx = client.transaction().await?;
            copied += copy_in(&tx, &rows).await?;
            tx.commit().await?;
            seconds += started.elapsed().as_secs_f64();
        }
        ensure!(copied == self.events.len() as u64, "{copied} rows were copied");
        Ok(self.events.len() as f64 / seconds)
    }
}

/// Each side begins with nothing left to write of the one before, and with its table made: rows copied into a table of the
/// same transaction would not be logged.
async fn settle(database: &Database, script: &str) -> anyhow::Result<()> {
    database.warehouse.client().await?.batch_execute(script).await?;
    database.checkpoint().await
}
