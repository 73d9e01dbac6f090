//! The load transaction: in one transaction the new events, the marks of the days they change, the ledger's row, the quarantine
//! and the source's new position. Either all of it is there afterwards or none. How events get into `core.event` is the one
//! thing in which the strategies differ.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use tokio_postgres::{Row, Transaction};
use warehouse::Warehouse;

use super::batch::{Counts, LoadError, Outcome, Refused, Retained};
use super::direct::Direct;
use super::staged::Files;
use super::{live, sql};
use crate::archive;
use crate::enrich::{Prepared, SiteSecret};
use crate::sealed::Receipt;

/// The events of a load on their way into `core.event`.
pub(super) enum Way<'a> {
    Direct(Direct<'a>),
    Files(Files<'a>),
}

/// What became of the events.
pub(super) struct Stored {
    pub loaded: u64,
    pub duplicate: u64,
    /// The days that have new events.
    pub dirty: BTreeSet<NaiveDate>,
}

impl Stored {
    /// Of so many events these are the new ones: rows of days and how many.
    pub fn of(wanted: u64, new: &[Row]) -> Self {
        let loaded = new.iter().map(|row| row.get::<_, i64>(1)).sum::<i64>() as u64;
        Self { loaded, duplicate: wanted - loaded, dirty: new.iter().map(|row| row.get(0)).collect() }
    }
}

impl Way<'_> {
    pub fn days(&self) -> BTreeSet<NaiveDate> {
        match self {
            Way::Direct(way) => way.days(),
            Way::Files(way) => way.days(),
        }
    }

    /// Takes out what cannot be stored, and gives persons their numbers.
    async fn ready(&mut self, tx: &Transaction<'_>, batch: &mut Prepared) -> Result<(), LoadError> {
        match self {
            Way::Direct(way) => way.ready(tx, batch).await,
            Way::Files(way) => way.ready(tx, batch).await,
        }
    }

    /// When the first and the last of the events was received.
    fn received(&self) -> Option<Range> {
        match self {
            Way::Direct(way) => range(None, way.received()),
            Way::Files(way) => way.received(),
        }
    }

    /// The days of those that are watched live.
    fn live(&self, now: DateTime<Utc>) -> Vec<NaiveDate> {
        match self {
            Way::Direct(way) => way.live(now),
            Way::Files(way) => way.live(now),
        }
    }

    async fn store(&mut self, tx: &mut Transaction<'_>, load_id: i64) -> Result<Stored, LoadError> {
        match self {
            Way::Direct(way) => way.store(tx, load_id).await,
            Way::Files(way) => way.store(tx, load_id).await,
        }
    }

    fn committed(self) {
        match self {
            Way::Direct(way) => way.committed(),
            Way::Files(way) => way.committed(),
        }
    }
}

/// From and to.
pub(super) type Range = (DateTime<Utc>, DateTime<Utc>);

/// The range, made so wide that it has these times.
pub(super) fn range(known: Option<Range>, times: impl Iterator<Item = DateTime<Utc>>) -> Option<Range> {
    times.fold(known, |range, at| Some(range.map_or((at, at), |(from, to)| (at.min(from), at.max(to)))))
}

/// Loads, once, however often and by however many loaders it is tried. `batch` is without its rows: those are under way.
pub(super) async fn load(
    warehouse: &Warehouse,
    site: i16,
    mut batch: Prepared,
    mut way: Way<'_>,
    now: DateTime<Utc>,
) -> Result<Outcome, LoadError> {
    let mut client = warehouse.client().await?;
    let mut tx = client.transaction().await?;
    let position = lock_position(&tx, &batch).await?;
    if position != batch.first {
        return Ok(Outcome::Moved { next: position });
    }
    way.ready(&tx, &mut batch).await?;
    let known = refused_before(&tx, site, &mut batch).await?;
    let load_id: i64 = tx.query_one(sql::NEXT_LOAD, &[]).await?.get(0);
    let received = range(way.received(), batch.refused.iter().map(|refused| refused.received_at));
    let live = way.live(now);
    let stored = way.store(&mut tx, load_id).await?;
    let counts = Counts {
        received: batch.received,
        loaded: stored.loaded,
        duplicate: stored.duplicate + known,
        quarantined: batch.refused.len() as u64,
        skipped: batch.skipped,
    };
    write_ledger(&tx, load_id, site, &batch, counts, received, now).await?;
    settle(&tx, load_id, &batch).await?;
    write_quarantine(&tx, load_id, site, &batch).await?;
    mark_dirty(&tx, load_id, site, &stored.dirty).await?;
    live::note(&tx, load_id, site, &live, now).await?;
    advance(&tx, &batch).await?;
    tx.commit().await?;
    way.committed();
    Ok(Outcome::Committed(counts))
}

/// Locks the log's position and returns it.
async fn lock_position(tx: &Transaction<'_>, batch: &Prepared) -> Result<i64, LoadError> {
    tx.execute(sql::NEW_POSITION, &[&batch.source, &batch.partition]).await?;
    Ok(tx.query_one(sql::LOCKED_POSITION, &[&batch.source, &batch.partition]).await?.get(0))
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

async fn write_ledger(
    tx: &Transaction<'_>,
    load_id: i64,
    site: i16,
    batch: &Prepared,
    counts: Counts,
    received: Option<Range>,
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
            &site,
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

/// Marks what waited in the quarantine as tried again, all of it or nothing is loaded.
async fn settle(tx: &Transaction<'_>, load_id: i64, batch: &Prepared) -> Result<(), LoadError> {
    if batch.settles.is_empty() {
        return Ok(());
    }
    let settled = tx.execute(sql::SETTLE, &[&load_id, &batch.settles]).await?;
    let fenced = || LoadError::Fenced { source_name: batch.source.clone() };
    if settled == batch.settles.len() as u64 { Ok(()) } else { Err(fenced()) }
}

async fn write_quarantine(tx: &Transaction<'_>, load_id: i64, site: i16, batch: &Prepared) -> Result<(), LoadError> {
    let refused = &batch.refused;
    if refused.is_empty() {
        return Ok(());
    }
    let offsets: Vec<i64> = refused.iter().map(|r| r.offset).collect();
    let reasons: Vec<&str> = refused.iter().map(|r| r.reject.reason.as_str()).collect();
    let details: Vec<&str> = refused.iter().map(|r| r.reject.detail.as_str()).collect();
    let given: Vec<Option<&str>> = refused.iter().map(|r| r.reject.given.as_deref()).collect();
    let records: Vec<Option<String>> = refused.iter().map(|r| kept(r, &batch.secret)).collect();
    let received: Vec<DateTime<Utc>> = refused.iter().map(|r| r.received_at).collect();
    tx.execute(sql::QUARANTINE, &[&load_id, &site, &offsets, &reasons, &details, &given, &records, &received]).await?;
    Ok(())
}

/// The record of what was refused, as it may be kept.
pub(super) fn kept(refused: &Refused, secret: &SiteSecret) -> Option<String> {
    match &refused.kept {
        Retained::InSource => None,
        Retained::Sealed(record) => Some(record.clone()),
        Retained::AsItCame(bytes) => {
            let receipt = Receipt { at: refused.received_at, agent: None, secret };
            Some(receipt.seal(&String::from_utf8_lossy(bytes)).0)
        }
    }
}

async fn mark_dirty(
    tx: &Transaction<'_>,
    load_id: i64,
    site: i16,
    days: &BTreeSet<NaiveDate>,
) -> Result<(), LoadError> {
    let days: Vec<NaiveDate> = days.iter().copied().collect();
    tx.execute(sql::MARK, &[&site, &load_id, &days]).await?;
    Ok(())
}

/// Compare-and-set: of any number of loaders, retries and zombies exactly one commits this range.
async fn advance(tx: &Transaction<'_>, batch: &Prepared) -> Result<(), LoadError> {
    let moved =
        tx.execute(sql::ADVANCE, &[&batch.source, &batch.partition, &batch.next, &batch.first, &batch.mark]).await?;
    if moved == 1 { Ok(()) } else { Err(LoadError::Fenced { source_name: batch.source.clone() }) }
}
