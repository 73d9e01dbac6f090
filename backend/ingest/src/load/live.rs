//! What a load brings of the last half hour, for those who watch it live. It is written with the events, so whoever sees one
//! sees the other. PostgreSQL only: nobody watches a Redshift cluster by the second.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use model::LIVE_WINDOW;
use tokio_postgres::Transaction;
use warehouse::{Dialect, Statement, Warehouse, WarehouseError};

/// Kept a little longer than it is watched.
const KEPT: TimeDelta = TimeDelta::minutes(40);

/// Load, site, now, days, since. Only what the load really brought: a duplicate has another load's number.
const NOTE: &str = "INSERT INTO mart.live (load_id, site_id, committed_at, at, person_no, school_id, book_id)
    SELECT $1, $2, $3, array_agg(at), array_agg(person_no), array_agg(school_id), array_agg(book_id) FROM core.event
    WHERE load_id = $1 AND site_id = $2 AND day = ANY($4) AND at > $5 AND NOT robot HAVING count(*) > 0";

const FORGET: &str = "DELETE FROM mart.live WHERE committed_at < $1";

pub(super) fn statements() -> [Statement; 2] {
    [Statement::new("ingest: note what is live", NOTE), Statement::new("ingest: forget what was live", FORGET)]
}

/// Of days and times of events the days that are live.
pub(super) fn days(events: impl Iterator<Item = (NaiveDate, DateTime<Utc>)>, now: DateTime<Utc>) -> Vec<NaiveDate> {
    let mut days: Vec<NaiveDate> = events.filter(|(_, at)| *at > now - LIVE_WINDOW).map(|(day, _)| day).collect();
    days.sort_unstable();
    days.dedup();
    days
}

pub(super) async fn note(
    tx: &Transaction<'_>,
    load_id: i64,
    site: i16,
    days: &[NaiveDate],
    now: DateTime<Utc>,
) -> Result<(), tokio_postgres::Error> {
    if !days.is_empty() {
        tx.execute(NOTE, &[&load_id, &site, &now, &days, &(now - LIVE_WINDOW)]).await?;
    }
    Ok(())
}

/// Forgets what nobody watches any more.
pub async fn forget(warehouse: &Warehouse, now: DateTime<Utc>) -> Result<(), WarehouseError> {
    if warehouse.dialect() == Dialect::Postgres {
        warehouse.client().await?.execute(FORGET, &[&(now - KEPT)]).await?;
    }
    Ok(())
}
