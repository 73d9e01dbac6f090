//! Keeping the statements of a batch, within its transaction. PostgreSQL only: on Redshift they are not kept.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use tokio_postgres::Transaction;
use uuid::Uuid;
use warehouse::Statement;

use super::batch::{LoadError, Refused};
use super::brought::{Brought, conflict};
use crate::enrich::Prepared;

/// Site, ids, when they were stored and happened, digests, senders, the statements. In the order of the ids, so that two loaders wait
/// for each other and never in a circle; of those that are repeated the first is kept.
const KEEP: &str =
    "INSERT INTO raw.statement (site_id, statement_id, stored_at, happened_at, digest, sender, statement)
    SELECT $1, n.id, n.stored, n.at, n.digest, n.sender, n.statement
    FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
        WITH ORDINALITY AS n(id, stored, at, digest, sender, statement, nth)
    ORDER BY n.id, n.nth ON CONFLICT DO NOTHING";

/// Site, ids, when they happened, digests. A time that one of the two does not tell makes no difference.
const OTHERS: &str = "SELECT n.id FROM unnest($2::uuid[], $3::timestamptz[], $4::text[]) AS n(id, at, digest)
    JOIN raw.statement AS s ON s.site_id = $1 AND s.statement_id = n.id
    WHERE s.digest <> n.digest OR s.happened_at <> n.at";

pub(super) fn statements() -> [Statement; 2] {
    [
        Statement::new("ingest: keep statements", KEEP),
        Statement::new("ingest: find statements of another content", OTHERS),
    ]
}

/// Keeps each statement whose id is new; returns those whose id another statement has. They go to the quarantine: their sender was
/// told before that they are accepted, for the warehouse could not be asked then.
pub(super) async fn keep(tx: &Transaction<'_>, site: i16, brought: Vec<Brought>) -> Result<Vec<Brought>, LoadError> {
    if brought.is_empty() {
        return Ok(brought);
    }
    let ids: Vec<Uuid> = brought.iter().map(|b| b.statement.id).collect();
    let stored: Vec<DateTime<Utc>> = brought.iter().map(|b| b.statement.stored_at).collect();
    let happened: Vec<Option<DateTime<Utc>>> = brought.iter().map(|b| b.statement.print.at).collect();
    let digests: Vec<&str> = brought.iter().map(|b| b.statement.print.digest.as_str()).collect();
    let senders: Vec<&str> = brought.iter().map(|b| b.statement.sender.as_str()).collect();
    let texts: Vec<&str> = brought.iter().map(|b| b.statement.json.as_str()).collect();
    tx.execute(KEEP, &[&site, &ids, &stored, &happened, &digests, &senders, &texts]).await?;
    let others = tx.query(OTHERS, &[&site, &ids, &happened, &digests]).await?;
    let others: HashSet<Uuid> = others.iter().map(|row| row.get(0)).collect();
    Ok(brought.into_iter().filter(|b| others.contains(&b.statement.id)).collect())
}

/// Refuses those of them that were to be skipped, and returns the offsets of all.
pub(super) fn refuse_skipped(others: &mut [Brought], batch: &mut Prepared) -> HashSet<i64> {
    for other in others.iter_mut() {
        if let Some(kept) = other.skipped.take() {
            let (offset, received_at) = (other.offset, other.received_at);
            batch.skipped -= 1;
            batch.refused.push(Refused { offset, received_at, reject: conflict(), kept });
        }
    }
    others.iter().map(|other| other.offset).collect()
}
