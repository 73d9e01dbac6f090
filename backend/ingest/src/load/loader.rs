//! The loader: in one transaction the new events, the marks of the days they change, the ledger's row, the quarantine
//! and the source's new position. Either all of it is there afterwards or none.

use std::collections::{BTreeSet, HashSet};
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use reference::Site;
use tokio_postgres::Transaction;
use tokio_postgres::error::SqlState;
use warehouse::{Warehouse, WarehouseError, copy_in};

use super::batch::{Counts, LoadError, Outcome, Refused, Retained};
use super::keep::keep;
use super::live;
use super::partitions::{self, Partitions};
use super::persons::Persons;
use super::rows::{EventRow, EventRows};
use super::sql;
use super::things::Things;
use crate::archive;
use crate::enrich::{Prepared, RESOLVE, SiteSecret};
use crate::sealed::Receipt;

/// Loads batches into one site. Keeps what it has learned of persons and things between batches.
pub struct Loader {
    warehouse: Warehouse,
    site: Site,
    things: Things,
    persons: Persons,
    partitions: Partitions,
}

impl Loader {
    pub async fn open(warehouse: &Warehouse, site: &str) -> Result<Self, LoadError> {
        let directory = reference::read::directory(warehouse).await?;
        let site = directory.site(site).ok_or_else(|| LoadError::NoSite(site.into()))?.clone();
        Ok(Self {
            warehouse: warehouse.clone(),
            things: Things::new(&directory, site.id),
            site,
            persons: Persons::default(),
            partitions: Partitions::default(),
        })
    }

    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Offset of the first record of the log that is not committed.
    pub async fn position(&self, source: &str, partition: &str) -> Result<i64, LoadError> {
        Ok(self.standing(source, partition).await?.0)
    }

    /// The same with the mark that was kept beside it.
    pub async fn standing(&self, source: &str, partition: &str) -> Result<(i64, Option<String>), LoadError> {
        let row = self.warehouse.client().await?.query_opt(sql::POSITION, &[&source, &partition]).await?;
        Ok(row.map_or((0, None), |row| (row.get(0), row.get(1))))
    }

    /// Loads the batch, once, however often and by however many loaders it is tried. After an error whose outcome is not
    /// known (the connection broke during the commit) ask [`Loader::position`] before trying again.
    pub async fn load(&mut self, mut batch: Prepared, now: DateTime<Utc>) -> Result<Outcome, LoadError> {
        let days: BTreeSet<NaiveDate> = batch.rows.iter().map(|row| row.day).collect();
        let warehouse = self.warehouse.clone();
        self.partitions.ensure(&warehouse, &days).await?;

        let mut client = warehouse.client().await?;
        let mut tx = client.transaction().await?;
        let position = lock_position(&tx, &batch).await?;
        if position != batch.first {
            return Ok(Outcome::Moved { next: position });
        }
        keep(&tx, self.site.id, &mut batch).await?;
        self.resolve(&tx, &mut batch).await?;
        let twice = first_of_each(&mut batch.rows);
        let known = refused_before(&tx, self.site.id, &mut batch).await?;
        let people = self.persons.number(&tx, self.site.id, &mut batch.rows).await?;

        let load_id: i64 = tx.query_one(sql::NEXT_LOAD, &[]).await?.get(0);
        let received = batch.rows.iter().map(|row| row.received_at);
        let received = received.chain(batch.refused.iter().map(|refused| refused.received_at));
        let received = received.fold(None, |range: Option<(_, _)>, at| {
            Some(range.map_or((at, at), |(from, to)| (at.min(from), at.max(to))))
        });
        let wanted = batch.rows.len() as u64;
        let live = live::days(&batch.rows, now);
        let rows = std::mem::take(&mut batch.rows);
        let (loaded, dirty) = self.store(&mut tx, load_id, rows).await?;
        let counts = Counts {
            received: batch.received,
            loaded,
            duplicate: wanted - loaded + twice + known,
            quarantined: batch.refused.len() as u64,
            skipped: batch.skipped,
        };
        self.write_ledger(&tx, load_id, &batch, counts, received, now).await?;
        settle(&tx, load_id, &batch).await?;
        self.write_quarantine(&tx, load_id, &batch).await?;
        self.mark_dirty(&tx, load_id, &dirty).await?;
        live::note(&tx, load_id, self.site.id, &live, now).await?;
        advance(&tx, &batch).await?;
        tx.commit().await?;
        self.persons.learn(people);
        Ok(Outcome::Committed(counts))
    }

    /// The last of the steps: schools, books and chapters by their numbers. Takes a new directory when the dimensions
    /// changed, and creates what the events carry with them.
    async fn resolve(&mut self, tx: &Transaction<'_>, batch: &mut Prepared) -> Result<(), LoadError> {
        if reference::read::version(tx).await? != self.things.version {
            self.read_things(tx).await?;
        }
        if self.things.create_missing(tx, self.site.id, batch.rows.iter().map(|row| &*row.event)).await? {
            self.read_things(tx).await?;
            // These numbers hold within this transaction; whether it commits or not, the next one reads them anew.
            self.things.version = -1;
        }
        let started = Instant::now();
        let Prepared { rows, refused, tally, .. } = batch;
        let before = rows.len();
        rows.retain_mut(|row| match self.things.resolve(&row.event) {
            Ok(refs) => {
                row.refs = refs;
                true
            }
            Err(reject) => {
                refused.push(row.refused(reject));
                false
            }
        });
        tally.note(RESOLVE.name, rows.len() as u64, (before - rows.len()) as u64, started.elapsed());
        Ok(())
    }

    async fn read_things(&mut self, tx: &Transaction<'_>) -> Result<(), LoadError> {
        let directory = reference::read::directory_in(tx, self.warehouse.dialect()).await?;
        self.things = Things::new(&directory, self.site.id);
        Ok(())
    }

    /// Stores the events that are not there yet; returns how many and on which days. Plainly first, for most batches hold
    /// no duplicate; only one that does goes the slower way.
    async fn store(
        &self,
        tx: &mut Transaction<'_>,
        load_id: i64,
        rows: Vec<EventRow>,
    ) -> Result<(u64, BTreeSet<NaiveDate>), LoadError> {
        let plain = tx.savepoint("plain").await?;
        match copy_days(&plain, self.site.id, load_id, &rows).await {
            Ok(loaded) => {
                plain.commit().await?;
                return Ok((loaded, rows.iter().map(|row| row.day).collect()));
            }
            Err(e) if e.code() == Some(&SqlState::UNIQUE_VIOLATION) => plain.rollback().await?,
            Err(e) => return Err(e.into()),
        }
        tx.batch_execute(sql::STAGE).await?;
        copy_in(tx, &EventRows::new("event_stage", self.site.id, load_id, &rows)).await?;
        let new = tx.query(&sql::store_new(), &[]).await?;
        let loaded: i64 = new.iter().map(|r| r.get::<_, i64>(1)).sum();
        Ok((loaded as u64, new.iter().map(|r| r.get(0)).collect()))
    }

    async fn write_ledger(
        &self,
        tx: &Transaction<'_>,
        load_id: i64,
        batch: &Prepared,
        counts: Counts,
        received: Option<(DateTime<Utc>, DateTime<Utc>)>,
        now: DateTime<Utc>,
    ) -> Result<(), LoadError> {
        let [all, loaded, duplicate, quarantined, skipped] =
            [counts.received, counts.loaded, counts.duplicate, counts.quarantined, counts.skipped].map(|n| n as i32);
        let (from, to) = received.unzip();
        let steps = serde_json::to_string(&batch.tally).ok();
        tx.execute(
            sql::LEDGER,
            &[
                &load_id,
                &batch.source,
                &batch.partition,
                &batch.first,
                &batch.next,
                &self.site.id,
                &all,
                &loaded,
                &duplicate,
                &quarantined,
                &skipped,
                &now,
                &from,
                &to,
                &steps,
            ],
        )
        .await?;
        Ok(())
    }

    async fn write_quarantine(&self, tx: &Transaction<'_>, load_id: i64, batch: &Prepared) -> Result<(), LoadError> {
        let refused = &batch.refused;
        if refused.is_empty() {
            return Ok(());
        }
        let offsets: Vec<i64> = refused.iter().map(|r| r.offset).collect();
        let reasons: Vec<&str> = refused.iter().map(|r| r.reject.reason.as_str()).collect();
        let details: Vec<&str> = refused.iter().map(|r| r.reject.detail.as_str()).collect();
        let records: Vec<Option<String>> = batch.refused.iter().map(|r| kept(r, &batch.secret)).collect();
        let received: Vec<DateTime<Utc>> = refused.iter().map(|r| r.received_at).collect();
        tx.execute(sql::QUARANTINE, &[&load_id, &self.site.id, &offsets, &reasons, &details, &records, &received])
            .await?;
        Ok(())
    }

    async fn mark_dirty(
        &self,
        tx: &Transaction<'_>,
        load_id: i64,
        days: &BTreeSet<NaiveDate>,
    ) -> Result<(), LoadError> {
        let days: Vec<NaiveDate> = days.iter().copied().collect();
        tx.execute(sql::MARK, &[&self.site.id, &load_id, &days]).await?;
        Ok(())
    }
}

/// The record of what was refused, as it may be kept.
fn kept(refused: &Refused, secret: &SiteSecret) -> Option<String> {
    match &refused.kept {
        Retained::InSource => None,
        Retained::Sealed(record) => Some(record.clone()),
        Retained::AsItCame(bytes) => {
            let receipt = Receipt { at: refused.received_at, agent: None, secret };
            Some(receipt.seal(&String::from_utf8_lossy(bytes)).0)
        }
    }
}

/// Offset of the first record of a log that is not committed.
pub async fn position(warehouse: &Warehouse, source: &str, partition: &str) -> Result<i64, LoadError> {
    let row = warehouse.client().await?.query_opt(sql::POSITION, &[&source, &partition]).await?;
    Ok(row.map_or(0, |row| row.get(0)))
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

/// Leaves out what is in the quarantine since the same log was read before; returns how many records that are.
async fn refused_before(tx: &Transaction<'_>, site: i16, batch: &mut Prepared) -> Result<u64, LoadError> {
    let Some(source) = batch.again.as_ref().filter(|_| !batch.refused.is_empty()) else { return Ok(0) };
    let offsets: Vec<i64> = batch.refused.iter().map(|refused| refused.offset).collect();
    let replays = archive::replays_of(&batch.partition, source);
    let rows = tx.query(sql::REFUSED_BEFORE, &[source, &replays, &batch.partition, &site, &offsets]).await?;
    let known: HashSet<i64> = rows.iter().map(|row| row.get(0)).collect();
    batch.refused.retain(|refused| !known.contains(&refused.offset));
    Ok(known.len() as u64)
}

/// Locks the log's position and returns it.
async fn lock_position(tx: &Transaction<'_>, batch: &Prepared) -> Result<i64, LoadError> {
    tx.execute(sql::NEW_POSITION, &[&batch.source, &batch.partition]).await?;
    Ok(tx.query_one(sql::LOCKED_POSITION, &[&batch.source, &batch.partition]).await?.get(0))
}

/// Marks what waited in the quarantine as tried again, all of it or nothing is loaded.
async fn settle(tx: &Transaction<'_>, load_id: i64, batch: &Prepared) -> Result<(), LoadError> {
    if batch.settles.is_empty() {
        return Ok(());
    }
    let settled = tx.execute(sql::SETTLE, &[&load_id, &batch.settles]).await?;
    let fenced = || LoadError::Fenced { source_name: batch.source.clone() };
    if settled == batch.settles.len() as u64 { Ok(()) } else { Err(fenced()) }
}

/// Compare-and-set: of any number of loaders, retries and zombies exactly one commits this range.
async fn advance(tx: &Transaction<'_>, batch: &Prepared) -> Result<(), LoadError> {
    let moved =
        tx.execute(sql::ADVANCE, &[&batch.source, &batch.partition, &batch.next, &batch.first, &batch.mark]).await?;
    if moved == 1 { Ok(()) } else { Err(LoadError::Fenced { source_name: batch.source.clone() }) }
}
