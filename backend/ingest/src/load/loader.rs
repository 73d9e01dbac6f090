//! The loader: in one transaction the new events, the marks of the days they change, the ledger's row, the quarantine
//! and the source's new position. Either all of it is there afterwards or none.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, NaiveDate, Offset, Utc};
use reference::Site;
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::error::SqlState;
use warehouse::{Warehouse, copy_in};

use super::batch::{Batch, Counts, LoadError, Outcome};
use super::partitions::Partitions;
use super::persons::Persons;
use super::pseudonym::SiteSecret;
use super::rows::{EventRow, EventRows};
use super::sql;
use super::things::{Refs, Things};
use crate::event::{Decoded, Event, Reject};

/// Loads batches into one site. Keeps what it has learned of persons and things between batches.
pub struct Loader {
    warehouse: Warehouse,
    site: Site,
    secret: SiteSecret,
    things: Things,
    persons: Persons,
    partitions: Partitions,
}

/// A batch sorted into what becomes of each record.
#[derive(Default)]
struct Sorted {
    rows: Vec<EventRow>,
    refused: Vec<(i64, Reject)>,
    skipped: u64,
    twice: u64,
}

impl Loader {
    pub async fn open(warehouse: &Warehouse, site: &str, secret: &[u8; 32]) -> Result<Self, LoadError> {
        let directory = reference::read::directory(warehouse).await?;
        let site = directory.site(site).ok_or_else(|| LoadError::NoSite(site.into()))?.clone();
        Ok(Self {
            warehouse: warehouse.clone(),
            secret: SiteSecret::new(secret),
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
        let row = self.warehouse.client().await?.query_opt(sql::POSITION, &[&source, &partition]).await?;
        Ok(row.map_or(0, |r| r.get(0)))
    }

    /// Loads the batch, once, however often and by however many loaders it is tried. After an error whose outcome is not
    /// known (the connection broke during the commit) ask [`Loader::position`] before trying again.
    pub async fn load(&mut self, mut batch: Batch, now: DateTime<Utc>) -> Result<Outcome, LoadError> {
        let mut events = Vec::new();
        let mut sorted = Sorted::default();
        let (first, next) = (batch.first, batch.next());
        for (index, record) in std::mem::take(&mut batch.records).into_iter().enumerate() {
            let offset = first + index as i64;
            match record {
                Decoded::Event(event) => events.push((offset, *event)),
                Decoded::Skipped => sorted.skipped += 1,
                Decoded::Rejected(reject) => sorted.refused.push((offset, reject)),
            }
        }
        let days: BTreeSet<NaiveDate> = events.iter().map(|(_, e)| self.site.day(e.at.to_utc())).collect();
        let warehouse = self.warehouse.clone();
        self.partitions.ensure(&warehouse, &days).await?;

        let mut client = warehouse.client().await?;
        let mut tx = client.transaction().await?;
        let position = lock_position(&tx, &batch).await?;
        if position != first {
            return Ok(Outcome::Moved { next: position });
        }
        self.bring_up_to_date(&tx, &events).await?;
        self.sort(events, &mut sorted);
        let people = self.persons.resolve(&tx, self.site.id, sorted.rows.iter().map(|r| r.pseudonym)).await?;
        for row in &mut sorted.rows {
            let known = self.persons.get(&row.pseudonym);
            row.person_no =
                known.or_else(|| people.get(&row.pseudonym).copied()).expect("every pseudonym was resolved");
        }

        let load_id: i64 = tx.query_one(sql::NEXT_LOAD, &[]).await?.get(0);
        let wanted = sorted.rows.len() as u64;
        let (loaded, dirty) = self.store(&mut tx, load_id, now, sorted.rows).await?;
        let counts = Counts {
            received: (next - first) as u64,
            loaded,
            duplicate: wanted - loaded + sorted.twice,
            quarantined: sorted.refused.len() as u64,
            skipped: sorted.skipped,
        };
        self.write_ledger(&tx, load_id, &batch, next, counts, now).await?;
        self.write_quarantine(&tx, load_id, &sorted.refused).await?;
        self.mark_dirty(&tx, load_id, &dirty).await?;
        advance(&tx, &batch, next).await?;
        tx.commit().await?;
        self.persons.learn(people);
        Ok(Outcome::Committed(counts))
    }

    /// Takes a new directory when the dimensions changed, and creates what the events carry with them.
    async fn bring_up_to_date(&mut self, tx: &Transaction<'_>, events: &[(i64, Event)]) -> Result<(), LoadError> {
        if reference::read::version(tx).await? != self.things.version {
            self.read_things(tx).await?;
        }
        if self.things.create_missing(tx, self.site.id, events.iter().map(|(_, e)| e)).await? {
            self.read_things(tx).await?;
            // These numbers hold within this transaction; whether it commits or not, the next one reads them anew.
            self.things.version = -1;
        }
        Ok(())
    }

    async fn read_things(&mut self, tx: &Transaction<'_>) -> Result<(), LoadError> {
        let directory = reference::read::directory_in(tx, self.warehouse.dialect()).await?;
        self.things = Things::new(&directory, self.site.id);
        Ok(())
    }

    /// Resolves each event, and keeps the first of those that share an id and a day.
    fn sort(&self, events: Vec<(i64, Event)>, sorted: &mut Sorted) {
        let mut seen = HashSet::with_capacity(events.len());
        for (offset, event) in events {
            let refs = match self.things.resolve(&event) {
                Ok(refs) => refs,
                Err(reject) => {
                    sorted.refused.push((offset, reject));
                    continue;
                }
            };
            let row = self.row(event, refs);
            if seen.insert((row.id, row.day)) {
                sorted.rows.push(row);
            } else {
                sorted.twice += 1;
            }
        }
        // In the order of the unique index, so that neighbouring rows touch neighbouring pages.
        sorted.rows.sort_unstable_by_key(|r| (r.day, r.id));
    }

    fn row(&self, mut event: Event, refs: Refs) -> EventRow {
        let props = std::mem::take(&mut event.props);
        EventRow {
            id: event.id,
            day: self.site.day(event.at.to_utc()),
            at: event.at.to_utc(),
            offset_min: (event.at.offset().fix().local_minus_utc() / 60) as i16,
            pseudonym: self.secret.pseudonym(&event.person),
            person_no: 0,
            refs,
            event,
            props: (!props.is_empty()).then_some(Value::Object(props)),
        }
    }

    /// Stores the events that are not there yet; returns how many and on which days. Plainly first, for most batches hold
    /// no duplicate; only one that does goes the slower way.
    async fn store(
        &self,
        tx: &mut Transaction<'_>,
        load_id: i64,
        now: DateTime<Utc>,
        rows: Vec<EventRow>,
    ) -> Result<(u64, BTreeSet<NaiveDate>), LoadError> {
        let days: BTreeSet<NaiveDate> = rows.iter().map(|r| r.day).collect();
        let mut rows = EventRows { target: String::new(), site_id: self.site.id, load_id, received_at: now, rows };
        rows.aim("core.event");
        let plain = tx.savepoint("plain").await?;
        match copy_in(&plain, &rows).await {
            Ok(loaded) => {
                plain.commit().await?;
                return Ok((loaded, days));
            }
            Err(e) if e.code() == Some(&SqlState::UNIQUE_VIOLATION) => plain.rollback().await?,
            Err(e) => return Err(e.into()),
        }
        tx.batch_execute(sql::STAGE).await?;
        rows.aim("event_stage");
        copy_in(tx, &rows).await?;
        let new = tx.query(&sql::store_new(), &[]).await?;
        let loaded: i64 = new.iter().map(|r| r.get::<_, i64>(1)).sum();
        Ok((loaded as u64, new.iter().map(|r| r.get(0)).collect()))
    }

    async fn write_ledger(
        &self,
        tx: &Transaction<'_>,
        load_id: i64,
        batch: &Batch,
        next: i64,
        counts: Counts,
        now: DateTime<Utc>,
    ) -> Result<(), LoadError> {
        let [received, loaded, duplicate, quarantined, skipped] =
            [counts.received, counts.loaded, counts.duplicate, counts.quarantined, counts.skipped].map(|n| n as i32);
        tx.execute(
            sql::LEDGER,
            &[
                &load_id,
                &batch.source,
                &batch.partition,
                &batch.first,
                &next,
                &self.site.id,
                &received,
                &loaded,
                &duplicate,
                &quarantined,
                &skipped,
                &now,
            ],
        )
        .await?;
        Ok(())
    }

    async fn write_quarantine(
        &self,
        tx: &Transaction<'_>,
        load_id: i64,
        refused: &[(i64, Reject)],
    ) -> Result<(), LoadError> {
        if refused.is_empty() {
            return Ok(());
        }
        let offsets: Vec<i64> = refused.iter().map(|(o, _)| *o).collect();
        let reasons: Vec<&str> = refused.iter().map(|(_, r)| r.reason.as_str()).collect();
        let details: Vec<&str> = refused.iter().map(|(_, r)| r.detail.as_str()).collect();
        tx.execute(sql::QUARANTINE, &[&load_id, &self.site.id, &offsets, &reasons, &details]).await?;
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

/// Locks the log's position and returns it.
async fn lock_position(tx: &Transaction<'_>, batch: &Batch) -> Result<i64, LoadError> {
    tx.execute(sql::NEW_POSITION, &[&batch.source, &batch.partition]).await?;
    Ok(tx.query_one(sql::LOCKED_POSITION, &[&batch.source, &batch.partition]).await?.get(0))
}

/// Compare-and-set: of any number of loaders, retries and zombies exactly one commits this range.
async fn advance(tx: &Transaction<'_>, batch: &Batch, next: i64) -> Result<(), LoadError> {
    let moved = tx.execute(sql::ADVANCE, &[&batch.source, &batch.partition, &next, &batch.first]).await?;
    if moved == 1 { Ok(()) } else { Err(LoadError::Fenced { source_name: batch.source.clone() }) }
}
