//! The load transaction: in one transaction the new events, the marks of the days they change, the ledger's row, the quarantine
//! and the source's new position. Either all of it is there afterwards or none. How events get into `core.event` is the one
//! thing in which the strategies differ.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use reference::Site;
use tokio_postgres::Transaction;
use warehouse::{Dialect, Warehouse};

use super::batch::{Counts, LoadError, Outcome};
use super::direct::Direct;
use super::staged::{ByManifest, Files, redshift};
use super::stored::{Range, Stored, range};
use super::{live, refused, sql};
use crate::enrich::Prepared;

/// The events of a load on their way into `core.event`.
pub(super) enum Way<'a> {
    Direct(Direct<'a>),
    Files(Files<'a>),
    Manifest(ByManifest<'a>),
}

impl Way<'_> {
    pub fn days(&self) -> BTreeSet<NaiveDate> {
        match self {
            Way::Direct(way) => way.days(),
            Way::Files(way) => way.days(),
            Way::Manifest(way) => way.days(),
        }
    }

    /// Takes out what cannot be stored, and gives persons their numbers.
    async fn ready(&mut self, tx: &Transaction<'_>, batch: &mut Prepared) -> Result<(), LoadError> {
        match self {
            Way::Direct(way) => way.ready(tx, batch).await,
            Way::Files(way) => way.ready(tx, batch).await,
            Way::Manifest(way) => way.ready(tx).await,
        }
    }

    /// When the first and the last of the events was received.
    fn received(&self) -> Option<Range> {
        match self {
            Way::Direct(way) => range(None, way.received()),
            Way::Files(way) => way.received(),
            Way::Manifest(way) => way.received(),
        }
    }

    /// The days of those that are watched live; nobody watches a Redshift cluster by the second.
    fn live(&self, now: DateTime<Utc>) -> Vec<NaiveDate> {
        match self {
            Way::Direct(way) => way.live(now),
            Way::Files(way) => way.live(now),
            Way::Manifest(_) => Vec::new(),
        }
    }

    async fn store(&mut self, tx: &mut Transaction<'_>, load_id: i64) -> Result<Stored, LoadError> {
        match self {
            Way::Direct(way) => way.store(tx, load_id).await,
            Way::Files(way) => way.store(tx, load_id).await,
            Way::Manifest(way) => way.store(tx, load_id).await,
        }
    }

    fn committed(self) {
        match self {
            Way::Direct(way) => way.committed(),
            Way::Files(way) => way.committed(),
            Way::Manifest(_) => {}
        }
    }
}

/// Loads, once, however often and by however many loaders it is tried. `batch` is without its rows: those are under way.
pub(super) async fn load(
    warehouse: &Warehouse,
    site: &Site,
    mut batch: Prepared,
    mut way: Way<'_>,
    now: DateTime<Utc>,
) -> Result<Outcome, LoadError> {
    let dialect = warehouse.dialect();
    let mut client = warehouse.client().await?;
    let mut tx = client.transaction().await?;
    let position = lock_position(&tx, dialect, &batch).await?;
    if position != batch.first {
        return Ok(Outcome::Moved { next: position });
    }
    way.ready(&tx, &mut batch).await?;
    let known = refused::before(&tx, dialect, site.id, &mut batch).await?;
    let load_id = next_load(&tx, dialect).await?;
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
    write_ledger(&tx, load_id, site.id, &batch, counts, received, now).await?;
    refused::settle(&tx, dialect, load_id, &batch).await?;
    refused::write(&tx, warehouse.carriage()?, load_id, site, &batch).await?;
    mark_dirty(&tx, dialect, load_id, site.id, &stored.dirty).await?;
    live::note(&tx, load_id, site.id, &live, now).await?;
    advance(&tx, &batch).await?;
    tx.commit().await?;
    way.committed();
    Ok(Outcome::Committed(counts))
}

/// Locks the log's position and returns it. On Redshift no row can be locked: there the ledger is, before anything is read.
async fn lock_position(tx: &Transaction<'_>, dialect: Dialect, batch: &Prepared) -> Result<i64, LoadError> {
    let Prepared { source, partition, .. } = batch;
    match dialect {
        Dialect::Postgres => {
            tx.execute(sql::NEW_POSITION, &[source, partition]).await?;
            Ok(tx.query_one(sql::LOCKED_POSITION, &[source, partition]).await?.get(0))
        }
        Dialect::Redshift => {
            tx.batch_execute(redshift::LOCK).await?;
            if let Some(row) = tx.query_opt(sql::POSITION, &[source, partition]).await? {
                return Ok(row.get(0));
            }
            tx.execute(redshift::NEW_POSITION, &[source, partition]).await?;
            Ok(0)
        }
    }
}

async fn next_load(tx: &Transaction<'_>, dialect: Dialect) -> Result<i64, LoadError> {
    let next = match dialect {
        Dialect::Postgres => sql::NEXT_LOAD,
        Dialect::Redshift => redshift::NEXT_LOAD,
    };
    Ok(tx.query_one(next, &[]).await?.get(0))
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

async fn mark_dirty(
    tx: &Transaction<'_>,
    dialect: Dialect,
    load_id: i64,
    site: i16,
    days: &BTreeSet<NaiveDate>,
) -> Result<(), LoadError> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(()) };
    match dialect {
        Dialect::Postgres => {
            let days: Vec<NaiveDate> = days.iter().copied().collect();
            tx.execute(sql::MARK, &[&site, &load_id, &days]).await?
        }
        Dialect::Redshift => tx.execute(redshift::MARK, &[&load_id, &site, first, last]).await?,
    };
    Ok(())
}

/// Compare-and-set: of any number of loaders, retries and zombies exactly one commits this range.
async fn advance(tx: &Transaction<'_>, batch: &Prepared) -> Result<(), LoadError> {
    let moved =
        tx.execute(sql::ADVANCE, &[&batch.source, &batch.partition, &batch.next, &batch.first, &batch.mark]).await?;
    if moved == 1 { Ok(()) } else { Err(LoadError::Fenced { source_name: batch.source.clone() }) }
}
