//! What a load refuses: into the quarantine, out of it when it is tried again, and not twice when the same log is read once more.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use reference::Site;
use tokio_postgres::Transaction;
use warehouse::{Binds, Carriage, Dialect};

use super::batch::{LoadError, Refused, Retained};
use super::sql;
use super::staged::{Packing, carry, redshift, time};
use crate::archive;
use crate::enrich::{Prepared, SiteSecret};
use crate::sealed::Receipt;

/// Source, partition, site, offsets; the other sources are those of replays of the same log.
pub(super) fn find_before(dialect: Dialect, log: (&str, &str, &str), site: i16, offsets: Vec<i64>) -> (String, Binds) {
    let (source, replays, partition) = log;
    let mut binds = Binds::default();
    let (source, replays) = (binds.add(source.to_owned()), binds.add(replays.to_owned()));
    let (partition, site) = (binds.add(partition.to_owned()), binds.add(site));
    let offsets = binds.one_of(dialect, "q.record_offset", offsets);
    let sql = format!(
        r#"SELECT DISTINCT q.record_offset FROM "raw".quarantine AS q JOIN "raw".load AS l ON l.load_id = q.load_id
    WHERE (l.source = {source} OR l.source LIKE {replays}) AND l."partition" = {partition} AND q.site_id = {site} AND {offsets}"#
    );
    (sql, binds)
}

/// Load, numbers.
pub(super) fn settling(dialect: Dialect, load_id: i64, numbers: Vec<i64>) -> (String, Binds) {
    let mut binds = Binds::default();
    let load = binds.add(load_id);
    let numbers = binds.one_of(dialect, "quarantine_id", numbers);
    let sql =
        format!(r#"UPDATE "raw".quarantine SET settled_load_id = {load} WHERE {numbers} AND settled_load_id IS NULL"#);
    (sql, binds)
}

/// Leaves out what is in the quarantine since the same log was read before; returns how many records that are.
pub(super) async fn before(
    tx: &Transaction<'_>,
    dialect: Dialect,
    site: i16,
    batch: &mut Prepared,
) -> Result<u64, LoadError> {
    let Some(source) = batch.again.as_ref().filter(|_| !batch.refused.is_empty()) else { return Ok(0) };
    let offsets: Vec<i64> = batch.refused.iter().map(|refused| refused.offset).collect();
    let replays = archive::replays_of(&batch.partition, source);
    let (sql, binds) = find_before(dialect, (source, &replays, &batch.partition), site, offsets);
    let rows = tx.query(&sql, &binds.as_params()).await?;
    let known: HashSet<i64> = rows.iter().map(|row| row.get(0)).collect();
    batch.refused.retain(|refused| !known.contains(&refused.offset));
    Ok(known.len() as u64)
}

/// Marks what waited in the quarantine as tried again, all of it or nothing is loaded.
pub(super) async fn settle(
    tx: &Transaction<'_>,
    dialect: Dialect,
    load_id: i64,
    batch: &Prepared,
) -> Result<(), LoadError> {
    if batch.settles.is_empty() {
        return Ok(());
    }
    let (sql, binds) = settling(dialect, load_id, batch.settles.clone());
    let settled = tx.execute(&sql, &binds.as_params()).await?;
    let fenced = || LoadError::Fenced { source_name: batch.source.clone() };
    if settled == batch.settles.len() as u64 { Ok(()) } else { Err(fenced()) }
}

/// Puts what is refused into the quarantine.
pub(super) async fn write(
    tx: &Transaction<'_>,
    carriage: Option<&Carriage>,
    load_id: i64,
    site: &Site,
    batch: &Prepared,
) -> Result<(), LoadError> {
    match carriage {
        _ if batch.refused.is_empty() => Ok(()),
        None => stream(tx, load_id, site, batch).await,
        Some(carriage) => carried(tx, carriage, load_id, site, batch).await,
    }
}

async fn stream(tx: &Transaction<'_>, load_id: i64, site: &Site, batch: &Prepared) -> Result<(), LoadError> {
    let refused = &batch.refused;
    let offsets: Vec<i64> = refused.iter().map(|r| r.offset).collect();
    let reasons: Vec<&str> = refused.iter().map(|r| r.reject.reason.as_str()).collect();
    let details: Vec<&str> = refused.iter().map(|r| r.reject.detail.as_str()).collect();
    let given: Vec<Option<&str>> = refused.iter().map(|r| r.reject.given.as_deref()).collect();
    let records: Vec<Option<String>> = refused.iter().map(|r| kept(r, &batch.secret)).collect();
    let received: Vec<DateTime<Utc>> = refused.iter().map(|r| r.received_at).collect();
    tx.execute(sql::QUARANTINE, &[&load_id, &site.id, &offsets, &reasons, &details, &given, &records, &received])
        .await?;
    Ok(())
}

/// By a file. What Redshift cannot hold of a record it does not keep: there it stays in its source.
async fn carried(
    tx: &Transaction<'_>,
    carriage: &Carriage,
    load_id: i64,
    site: &Site,
    batch: &Prepared,
) -> Result<(), LoadError> {
    let mut rows = Packing::default();
    for refused in &batch.refused {
        let record = kept(refused, &batch.secret).filter(|record| record.len() <= redshift::LONGEST);
        rows.row(|line| {
            line.plain(refused.offset);
            line.text(Some(refused.reject.reason.as_str()));
            line.text(Some(&refused.reject.detail));
            line.text(record.as_deref());
            line.plain(time(refused.received_at));
            line.text(refused.reject.given.as_deref());
        });
    }
    let Prepared { source, partition, first, next, .. } = batch;
    let place = (site.code.as_str(), (source.as_str(), partition.as_str()), (*first, *next));
    tx.batch_execute(&redshift::REFUSED.create()).await?;
    carry(tx, carriage, redshift::REFUSED.name, place, rows).await?;
    let written = tx.execute(redshift::QUARANTINE, &[&load_id, &site.id]).await?;
    if written != batch.refused.len() as u64 {
        let what = format!("{written} refused records of {}", batch.refused.len());
        return Err(LoadError::Damaged { name: source.clone(), what });
    }
    Ok(tx.batch_execute(&redshift::REFUSED.drop()).await?)
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
