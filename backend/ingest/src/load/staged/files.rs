//! The files of a manifest into `core.event` of PostgreSQL: streamed into a table of the transaction, and from there what is new.

use std::collections::{BTreeSet, HashMap};
use std::pin::pin;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use futures::SinkExt;
use stage::Objects;
use tokio::task::spawn_blocking;
use tokio_postgres::Transaction;
use warehouse::Statement;

use super::csv::Unpacked;
use super::manifest::File;
use super::redshift::EVENTS;
use super::waiting::Staged;
use crate::enrich::{Noted, Prepared, RESOLVE};
use crate::event::Pseudonym;
use crate::load::batch::{LoadError, Refused};
use crate::load::brought::conflict;
use crate::load::keep::{keep, refuse_skipped};
use crate::load::live;
use crate::load::persons::Persons;
use crate::load::rows::COLUMNS;
use crate::load::stored::{Range, Stored};

const COPY: &str = r"COPY event_stage FROM STDIN (FORMAT csv, NULL '\N')";
const TAKE_OUT: &str = "DELETE FROM event_stage WHERE record_offset = ANY($1)";
/// Site.
const STRANGERS: &str = "SELECT DISTINCT decode(s.pseudonym, 'hex') FROM event_stage AS s
    LEFT JOIN core.person AS p ON p.site_id = $1 AND p.pseudonym = decode(s.pseudonym, 'hex') WHERE p.person_no IS NULL";

/// A table in the types of PostgreSQL for what is read from the files.
fn create() -> String {
    let kind = |(name, kind): &(&str, &'static str)| match (*name, *kind) {
        ("event_id", _) => "uuid",
        ("props", _) => "jsonb",
        (_, kind) if kind.contains("char") => "text",
        (_, kind) => kind,
    };
    let columns: Vec<String> = EVENTS.columns.iter().map(|column| format!("{} {}", column.0, kind(column))).collect();
    format!("CREATE TEMPORARY TABLE event_stage ({}) ON COMMIT DROP", columns.join(", "))
}

/// Stores the events that are not there yet, the first record of those that share an id and a day: load. Returns the days they are
/// of, and how many.
fn store() -> String {
    let columns: Vec<String> = COLUMNS
        .split(", ")
        .map(|column| match column.trim() {
            "load_id" => "CAST($1 AS bigint)".to_owned(),
            "person_no" => "p.person_no".to_owned(),
            column => format!("s.{column}"),
        })
        .collect();
    format!(
        "WITH new AS (INSERT INTO core.event ({COLUMNS}) SELECT {} FROM event_stage AS s
              JOIN core.person AS p ON p.site_id = s.site_id AND p.pseudonym = decode(s.pseudonym, 'hex')
              ORDER BY s.day, s.event_id, s.record_offset ON CONFLICT DO NOTHING RETURNING day)
    SELECT day, count(*) FROM new GROUP BY day",
        columns.join(", ")
    )
}

pub(in crate::load) fn statements() -> [Statement; 5] {
    let named = |name: &str, sql: &str| Statement::new(format!("ingest: {name}"), sql);
    [
        named("stage events", &create()),
        named("stage events, by files", COPY),
        named("take out what is refused", TAKE_OUT),
        named("find staged persons without a number", STRANGERS),
        named("store staged events", &store()),
    ]
}

/// What the step did that was done before the statements were looked at.
fn resolved(batch: &mut Prepared) -> &mut Noted {
    batch.tally.0.entry(RESOLVE.name.to_owned()).or_default()
}

/// The events of a manifest on their way.
pub(crate) struct Files<'a> {
    site: i16,
    objects: &'a Objects,
    persons: &'a mut Persons,
    people: HashMap<Pseudonym, i32>,
    staged: Staged,
    /// Rows in the table.
    rows: u64,
}

impl<'a> Files<'a> {
    pub fn new(site: i16, objects: &'a Objects, persons: &'a mut Persons, staged: Staged) -> Self {
        Self { site, objects, persons, people: HashMap::new(), staged, rows: 0 }
    }

    pub fn days(&self) -> BTreeSet<NaiveDate> {
        self.staged.latest.keys().copied().collect()
    }

    pub fn received(&self) -> Option<Range> {
        self.staged.received
    }

    pub fn live(&self, now: DateTime<Utc>) -> Vec<NaiveDate> {
        live::days(self.staged.latest.iter().map(|(day, at)| (*day, *at)), now)
    }

    /// Reads the files, takes out what cannot be stored, and gives persons their numbers.
    pub async fn ready(&mut self, tx: &Transaction<'_>, batch: &mut Prepared) -> Result<(), LoadError> {
        let refused = self.keep(tx, batch).await?;
        if self.staged.files.is_empty() {
            return Ok(());
        }
        tx.batch_execute(&create()).await?;
        self.rows = self.copy(tx).await?;
        if !refused.is_empty() {
            self.rows -= tx.execute(TAKE_OUT, &[&refused]).await?;
        }
        let strangers = tx.query(STRANGERS, &[&self.site]).await?;
        let strangers = strangers.iter().map(|row| {
            let bytes: &[u8] = row.get(0);
            bytes.try_into().expect("a file holds whole pseudonyms")
        });
        self.people = self.persons.resolve(tx, self.site, strangers).await?;
        Ok(())
    }

    /// Keeps the statements, batch by batch, as they came. Returns the offsets of those rows that are refused for it.
    async fn keep(&mut self, tx: &Transaction<'_>, batch: &mut Prepared) -> Result<Vec<i64>, LoadError> {
        let mut out = Vec::new();
        for statements in std::mem::take(&mut self.staged.statements) {
            let mut others = keep(tx, self.site, statements).await?;
            refuse_skipped(&mut others, batch);
            for other in others {
                let (offset, received_at) = (other.offset, other.received_at);
                if let Some(kept) = self.staged.kept.remove(&offset) {
                    batch.refused.push(Refused { offset, received_at, reject: conflict(), kept });
                    out.push(offset);
                    resolved(batch).changed -= 1;
                } else if self.staged.unresolved.contains(&offset) {
                    // What it names was looked for first here; where nothing is staged that comes second.
                    let refused = batch.refused.iter_mut().filter(|refused| refused.offset == offset);
                    refused.for_each(|refused| refused.reject = conflict());
                    resolved(batch).refused -= 1;
                }
            }
        }
        Ok(out)
    }

    /// Streams all files into the table; returns how many rows they have.
    async fn copy(&self, tx: &Transaction<'_>) -> Result<u64, LoadError> {
        let mut sink = pin!(tx.copy_in::<_, Bytes>(COPY).await?);
        for file in &self.staged.files {
            let packed = self.objects.get(&file.name).await?;
            let mut text = Unpacked::of(packed);
            loop {
                let (read, back) = spawn_blocking(move || (text.next(), text)).await.map_err(LoadError::Packing)?;
                text = back;
                let damaged = |error: std::io::Error| self.damaged(file, &error.to_string());
                let Some(piece) = read.map_err(damaged)? else { break };
                sink.send(piece).await?;
            }
        }
        let rows = sink.finish().await?;
        let written: u64 = self.staged.files.iter().map(|file| file.rows).sum();
        match self.staged.files.first() {
            Some(first) if rows != written => Err(self.damaged(first, &format!("{rows} rows of {written}"))),
            _ => Ok(rows),
        }
    }

    fn damaged(&self, file: &File, what: &str) -> LoadError {
        LoadError::Damaged { name: file.name.clone(), what: what.to_owned() }
    }

    pub async fn store(&mut self, tx: &Transaction<'_>, load_id: i64) -> Result<Stored, LoadError> {
        if self.staged.files.is_empty() {
            return Ok(Stored::of(0, &[]));
        }
        Ok(Stored::of(self.rows, &tx.query(&store(), &[&load_id]).await?))
    }

    /// Remembers what is committed.
    pub fn committed(self) {
        self.persons.learn(self.people);
    }
}
