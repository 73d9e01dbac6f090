//! What was refused: why, samples of it, and releasing it once what was missing is there.

use chrono::{DateTime, Utc};
use warehouse::{Warehouse, WarehouseError};

use crate::health::RELEASED;
use crate::load::batch::{Batch, Counts, LoadError, Outcome, Received, Retained};
use crate::load::intake::Intake;
use crate::sealed::{self, Opened};

/// Records of one transaction.
const BATCH: i64 = 5_000;
/// Samples of a reason.
const SAMPLES: i64 = 5;
/// Unknown ids of a reason.
const UNKNOWN_IDS: i64 = 50;

/// Records of one site that wait for one reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub site: String,
    pub reason: String,
    pub count: i64,
    /// Of these, how many were kept and can be released; the others stay in their source.
    pub kept: i64,
    pub first_at: Option<DateTime<Utc>>,
    pub last_at: Option<DateTime<Utc>>,
    /// Ids that are not known, the most frequent first, and how many records wait for each.
    pub unknown: Vec<(String, i64)>,
    pub samples: Vec<Sample>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub id: i64,
    /// What is wrong with it, in words.
    pub detail: String,
    /// The record as it is kept, its person as a pseudonym.
    pub record: Option<String>,
    pub received_at: Option<DateTime<Utc>>,
    pub source: String,
    pub offset: i64,
}

pub(crate) const GROUPS: &str = r#"SELECT s.code, q.reason, count(*), count(q.record), min(q.received_at), max(q.received_at), q.site_id
    FROM "raw".quarantine AS q JOIN core.site AS s ON s.site_id = q.site_id WHERE q.settled_load_id IS NULL
    GROUP BY s.code, q.reason, q.site_id ORDER BY 3 DESC, 1, 2"#;

pub(crate) const SAMPLED: &str = r#"SELECT q.quarantine_id, q.detail, q.record, q.received_at, l.source, q.record_offset
    FROM "raw".quarantine AS q JOIN "raw".load AS l ON l.load_id = q.load_id
    WHERE q.site_id = $1 AND q.reason = $2 AND q.settled_load_id IS NULL ORDER BY q.quarantine_id DESC LIMIT $3"#;

pub(crate) const UNKNOWN: &str = r#"SELECT q.given, count(*) FROM "raw".quarantine AS q
    WHERE q.site_id = $1 AND q.reason = $2 AND q.settled_load_id IS NULL AND q.given IS NOT NULL
    GROUP BY q.given ORDER BY 2 DESC, 1 LIMIT $3"#;

pub(crate) const WAITING: &str = r#"SELECT quarantine_id, record FROM "raw".quarantine
    WHERE site_id = $1 AND (CAST($2 AS varchar(256)) IS NULL OR reason = $2) AND quarantine_id > $3 AND quarantine_id <= $4
        AND settled_load_id IS NULL AND record IS NOT NULL ORDER BY quarantine_id LIMIT $5"#;

pub(crate) const LAST: &str = r#"SELECT coalesce(max(quarantine_id), 0) FROM "raw".quarantine WHERE site_id = $1"#;

/// Why records wait, the most frequent reason first.
pub async fn groups(warehouse: &Warehouse) -> Result<Vec<Group>, WarehouseError> {
    let client = warehouse.reader().await?;
    let mut groups = Vec::new();
    for row in client.query(GROUPS, &[]).await? {
        let (reason, site_id): (String, i16) = (row.get(1), row.get(6));
        let samples = client.query(SAMPLED, &[&site_id, &reason, &SAMPLES]).await?;
        let unknown = client.query(UNKNOWN, &[&site_id, &reason, &UNKNOWN_IDS]).await?;
        let sample = |row: &tokio_postgres::Row| Sample {
            id: row.get(0),
            detail: row.get(1),
            record: row.get(2),
            received_at: row.get(3),
            source: row.get(4),
            offset: row.get(5),
        };
        groups.push(Group {
            site: row.get(0),
            reason,
            count: row.get(2),
            kept: row.get(3),
            first_at: row.get(4),
            last_at: row.get(5),
            unknown: unknown.iter().map(|row| (row.get(0), row.get(1))).collect(),
            samples: samples.iter().map(sample).collect(),
        });
    }
    Ok(groups)
}

/// Takes what waits in a site through the steps once more, by one reason or all; what is refused again waits again. How late
/// something came is not asked any more: somebody has looked. Each record is taken once, by whomever; stopped and begun anew it
/// goes on.
pub async fn release(
    intake: &mut Intake,
    warehouse: &Warehouse,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Counts, LoadError> {
    let site = intake.site().clone();
    // What is refused again has a higher number: it is not tried for ever.
    let last: i64 = warehouse.client().await?.query_one(LAST, &[&site.id]).await?.get(0);
    let (mut all, mut after) = (Counts::default(), 0_i64);
    loop {
        let rows = warehouse.client().await?.query(WAITING, &[&site.id, &reason, &after, &last, &BATCH]).await?;
        let Some(end) = rows.last() else { return Ok(all) };
        let reached = end.get(0);
        let first = intake.position(RELEASED, &site.code).await?;
        let (mut records, mut ids) = (Vec::new(), Vec::new());
        for (row, offset) in rows.iter().zip(first..) {
            let kept: String = row.get(1);
            // Nobody else writes there; what cannot be opened stays.
            let Ok(Opened { at, decoded, statement }) = sealed::open(&kept) else { continue };
            ids.push(row.get(0));
            let kept = Retained::Sealed(kept);
            records.push(Received { offset, received_at: at, decoded, kept, statement });
        }
        let next = first + rows.len() as i64;
        let batch = Batch { source: RELEASED.into(), partition: site.code.clone(), first, next, records, mark: None };
        match intake.settle(batch, ids, now).await? {
            Outcome::Committed(counts) => {
                all += counts;
                after = reached;
            }
            // Somebody else releases, too: look again.
            Outcome::Moved { .. } => {}
        }
    }
}
