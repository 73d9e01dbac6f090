//! The direct way: each batch goes into `core.event` as it is, without a file between.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use tokio::task::spawn_blocking;
use tokio_postgres::Transaction;
use tokio_postgres::error::SqlState;
use warehouse::{WarehouseError, copy_in};

use super::batch::LoadError;
use super::brought::conflict;
use super::dimensions::Dimensions;
use super::keep::{keep, refuse_skipped};
use super::persons::Persons;
use super::rows::{EventRow, EventRows};
use super::stored::Stored;
use super::{live, partitions, sql};
use crate::enrich::Prepared;
use crate::event::Pseudonym;

/// The rows of one batch on their way.
pub(super) struct Direct<'a> {
    site: i16,
    dimensions: &'a mut Dimensions,
    persons: &'a mut Persons,
    people: HashMap<Pseudonym, i32>,
    rows: Vec<EventRow>,
    /// Of these so many were the same event as another of the batch.
    twice: u64,
}

impl<'a> Direct<'a> {
    /// Takes the rows out of the batch.
    pub fn new(site: i16, dimensions: &'a mut Dimensions, persons: &'a mut Persons, batch: &mut Prepared) -> Self {
        let rows = std::mem::take(&mut batch.rows);
        Self { site, dimensions, persons, people: HashMap::new(), rows, twice: 0 }
    }

    pub fn days(&self) -> BTreeSet<NaiveDate> {
        self.rows.iter().map(|row| row.day).collect()
    }

    /// Takes out what cannot be stored, and gives persons their numbers.
    pub async fn ready(&mut self, tx: &Transaction<'_>, batch: &mut Prepared) -> Result<(), LoadError> {
        let mut others = keep(tx, self.site, std::mem::take(&mut batch.statements)).await?;
        let others = refuse_skipped(&mut others, batch);
        self.rows.retain_mut(|row| {
            let stays = !others.contains(&row.offset);
            if !stays {
                batch.refused.push(row.refused(conflict()));
            }
            stays
        });
        self.dimensions.resolve(tx, self.site, &mut self.rows, batch).await?;
        self.twice = first_of_each(&mut self.rows);
        self.people = self.persons.number(tx, self.site, &mut self.rows).await?;
        Ok(())
    }

    pub fn received(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.rows.iter().map(|row| row.received_at)
    }

    pub fn live(&self, now: DateTime<Utc>) -> Vec<NaiveDate> {
        live::days(self.rows.iter().map(|row| (row.day, row.at)), now)
    }

    /// Stores the events that are not there yet. Plainly first, for most batches hold no duplicate; only one that does goes the
    /// slower way.
    pub async fn store(&mut self, tx: &mut Transaction<'_>, load_id: i64) -> Result<Stored, LoadError> {
        let wanted = self.rows.len() as u64 + self.twice;
        let days = self.days();
        let plain = tx.savepoint("plain").await?;
        match copy_days(&plain, self.site, load_id, &self.rows).await {
            Ok(loaded) => {
                partitions::are_ours(&plain, &days).await?;
                plain.commit().await?;
                return Ok(Stored { loaded, duplicate: wanted - loaded, dirty: days });
            }
            Err(e) if e.code() == Some(&SqlState::UNIQUE_VIOLATION) => plain.rollback().await?,
            Err(e) => return Err(e.into()),
        }
        tx.batch_execute(sql::STAGE).await?;
        copy_in(tx, &EventRows::new("event_stage", self.site, load_id, &self.rows)).await?;
        Ok(Stored::of(wanted, &tx.query(&sql::store_new(), &[]).await?))
    }

    /// Remembers what is committed.
    pub fn committed(self) {
        self.persons.learn(self.people);
        // Freeing the rows takes a twentieth of a load; the next one need not wait for it.
        spawn_blocking(move || drop(self.rows));
    }
}

/// Copies rows, sorted by their days, straight into each day's partition: on the way through the whole table the server would form
/// every row twice.
async fn copy_days(tx: &Transaction<'_>, site: i16, load_id: i64, rows: &[EventRow]) -> Result<u64, WarehouseError> {
    let mut copied = 0;
    for of_day in rows.chunk_by(|one, next| one.day == next.day) {
        copied += copy_in(tx, &EventRows::new(&partitions::name(of_day[0].day), site, load_id, of_day)).await?;
    }
    Ok(copied)
}

/// Keeps the first of those that share an id and a day, which are neighbours; returns how many went. Only now, for what is refused
/// stands in nobody's way, and so that it makes no difference which records were loaded together.
fn first_of_each(rows: &mut Vec<EventRow>) -> u64 {
    let before = rows.len();
    rows.dedup_by_key(|row| (row.day, row.event.id));
    (before - rows.len()) as u64
}
