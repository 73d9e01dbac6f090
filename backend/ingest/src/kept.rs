//! Statements as they were accepted: a repetition is told from a conflict by them, and their sender can ask for them.

use std::collections::HashMap;
use std::pin::pin;

use chrono::{DateTime, FixedOffset, Utc};
use futures::TryStreamExt;
use serde_json::Value;
use tokio_postgres::types::ToSql;
use uuid::Uuid;
use warehouse::{Warehouse, WarehouseError};

use crate::decode::xapi::Fingerprint;

/// Bytes of statements in one answer, at most, but for a single one that is longer.
const MOST_BYTES: usize = 4 << 20;

/// A statement as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub id: Uuid,
    pub stored_at: DateTime<Utc>,
    pub print: Fingerprint,
    /// Whose it is to ask for.
    pub sender: String,
    /// Its actor and whoever else it names are pseudonyms.
    pub json: String,
}

impl Kept {
    /// `None` for what is no statement with its id and time.
    pub(crate) fn read(record: &str, print: Fingerprint, sender: &str) -> Option<Self> {
        let statement: Value = serde_json::from_str(record).ok()?;
        let text = |key: &str| statement.get(key).and_then(Value::as_str);
        let id = Uuid::try_parse(text("id")?).ok()?;
        let stored_at = DateTime::parse_from_rfc3339(text("stored")?).ok()?.to_utc();
        Some(Self { id, stored_at, print, sender: sender.to_owned(), json: record.to_owned() })
    }
}

pub(crate) const ONE: &str = "SELECT s.statement FROM raw.statement AS s JOIN core.site AS c ON c.site_id = s.site_id
    WHERE c.code = $1 AND s.sender = $2 AND s.statement_id = $3";

/// Site, sender, since, until, the last one seen by its time and id, how many.
pub(crate) const LATEST_FIRST: &str =
    "SELECT s.statement, s.stored_at, s.statement_id FROM raw.statement AS s JOIN core.site AS c ON c.site_id = s.site_id
    WHERE c.code = $1 AND s.sender = $2 AND s.stored_at > coalesce($3, '-infinity'::timestamptz)
        AND s.stored_at <= coalesce($4, 'infinity'::timestamptz)
        AND ($5::timestamptz IS NULL OR (s.stored_at, s.statement_id) < ($5, $6::uuid))
    ORDER BY s.stored_at DESC, s.statement_id DESC LIMIT $7";

pub(crate) const OLDEST_FIRST: &str =
    "SELECT s.statement, s.stored_at, s.statement_id FROM raw.statement AS s JOIN core.site AS c ON c.site_id = s.site_id
    WHERE c.code = $1 AND s.sender = $2 AND s.stored_at > coalesce($3, '-infinity'::timestamptz)
        AND s.stored_at <= coalesce($4, 'infinity'::timestamptz)
        AND ($5::timestamptz IS NULL OR (s.stored_at, s.statement_id) > ($5, $6::uuid))
    ORDER BY s.stored_at, s.statement_id LIMIT $7";

pub(crate) const PRINTS: &str = "SELECT s.statement_id, s.digest, s.happened_at FROM raw.statement AS s
    JOIN core.site AS c ON c.site_id = s.site_id WHERE c.code = $1 AND s.statement_id = ANY($2)";

pub(crate) const BEHIND: &str = "SELECT min(l.oldest_at) FROM raw.log AS l JOIN core.site AS c ON c.site_id = l.site_id
    WHERE c.code = $1 AND l.waiting > 0 AND l.source <> $2";

/// Which statements are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Stored after this.
    pub since: Option<DateTime<FixedOffset>>,
    /// Stored at this time or before.
    pub until: Option<DateTime<FixedOffset>>,
    pub limit: u32,
    pub ascending: bool,
    /// The last one that was listed before.
    pub after: Option<Place>,
}

/// A statement's place in the list.
pub type Place = (DateTime<Utc>, Uuid);

/// A site and one of its [senders](crate::enrich::SiteSecret::sender).
pub type Sender<'a> = (&'a str, &'a str);

/// A part of the list.
#[derive(Debug, Default, PartialEq)]
pub struct Listed {
    pub statements: Vec<String>,
    /// Where the next part begins, if there is one.
    pub more: Option<Place>,
}

/// The sender's statement of this id.
pub async fn one(
    warehouse: &Warehouse,
    (site, sender): Sender<'_>,
    id: Uuid,
) -> Result<Option<String>, WarehouseError> {
    let row = warehouse.reader().await?.query_opt(ONE, &[&site, &sender, &id]).await?;
    Ok(row.map(|row| row.get(0)))
}

/// The sender's statements, as many as are wanted and fit into one answer.
pub async fn list(
    warehouse: &Warehouse,
    (site, sender): Sender<'_>,
    wanted: &Wanted,
) -> Result<Listed, WarehouseError> {
    let client = warehouse.reader().await?;
    let (since, until) = (wanted.since.map(|at| at.to_utc()), wanted.until.map(|at| at.to_utc()));
    let (at, id) = wanted.after.unzip();
    // One more tells whether there are more.
    let limit = i64::from(wanted.limit) + 1;
    let values: [&(dyn ToSql + Sync); 7] = [&site, &sender, &since, &until, &at, &id, &limit];
    let sql = if wanted.ascending { OLDEST_FIRST } else { LATEST_FIRST };
    let mut rows = pin!(client.query_raw(sql, values).await?);
    let (mut listed, mut bytes, mut last) = (Listed::default(), 0, None);
    while let Some(row) = rows.try_next().await? {
        let statement: String = row.get(0);
        bytes += statement.len();
        let full = listed.statements.len() == wanted.limit as usize || bytes > MOST_BYTES;
        if full && last.is_some() {
            listed.more = last;
            break;
        }
        listed.statements.push(statement);
        last = Some((row.get(1), row.get(2)));
    }
    Ok(listed)
}

/// What those of these statements are known by that are kept.
pub async fn prints(
    warehouse: &Warehouse,
    site: &str,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Fingerprint>, WarehouseError> {
    let rows = warehouse.reader().await?.query(PRINTS, &[&site, &ids]).await?;
    Ok(rows.iter().map(|row| (row.get(0), Fingerprint { digest: row.get(1), at: row.get(2) })).collect())
}

/// Since when records of the site wait in other logs than this, as their loaders last said.
pub async fn behind(warehouse: &Warehouse, site: &str, log: &str) -> Result<Option<DateTime<Utc>>, WarehouseError> {
    Ok(warehouse.reader().await?.query_one(BEHIND, &[&site, &log]).await?.get(0))
}
