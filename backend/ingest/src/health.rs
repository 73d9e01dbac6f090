//! The health of what comes in: rates, delays, what waits, and whether all of it adds up.

use chrono::{DateTime, TimeDelta, Utc};
use warehouse::{Dialect, Warehouse, WarehouseError};

use crate::enrich::{STEPS, Tally};

/// The source of loads that released what was in the quarantine: what they received was received before.
pub const RELEASED: &str = "quarantine";

/// What the sources of replays begin with: what they received was received before.
pub const REPLAYED: &str = "replay:";

/// What an entry of the ledger `l` says of records that came from outside, in one place. A release sends nothing, whatever becomes of
/// it. A replay sends what the ledger had not, or had taken back for it; the rest it has only seen again.
const SENT: &str = "CASE WHEN l.source = 'quarantine' THEN 0 WHEN l.source LIKE 'replay:%' THEN l.received - l.duplicate ELSE l.received END";
const DUPLICATE: &str = "CASE WHEN l.source LIKE 'replay:%' THEN 0 ELSE l.duplicate END";
/// Whether records came from outside with it, so that its delay says something.
const FIRST_HAND: &str = "l.source <> 'quarantine' AND l.source NOT LIKE 'replay:%'";

/// How far back delays and steps are looked at.
const LATELY: TimeDelta = TimeDelta::hours(1);

/// One site. Always: `sent = loaded + duplicate + quarantined + skipped`, whatever was released in between.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteHealth {
    pub site: String,
    /// Records of all loads, each once.
    pub sent: i64,
    pub loaded: i64,
    pub duplicate: i64,
    /// Records that wait in the quarantine.
    pub quarantined: i64,
    pub skipped: i64,
    /// Records a second, of the last minute.
    pub rate: f64,
    /// Seconds from the receipt of a load's oldest record to its commit, over the loads of the last hour.
    pub delay_p50: Option<f64>,
    pub delay_p95: Option<f64>,
    pub last_load_at: Option<DateTime<Utc>>,
    /// When its rollups last equalled its events.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// Marks that wait for the refresher.
    pub pending: i64,
    /// Offsets of its topic that were gone before they were read (see [`crate::load::gap`]); none of them is among those sent.
    pub lost: i64,
}

/// A log that is read on and on.
#[derive(Debug, Clone, PartialEq)]
pub struct LogHealth {
    pub source: String,
    pub partition: String,
    pub site: String,
    pub waiting: i64,
    /// When the oldest record that waits was received.
    pub oldest_at: Option<DateTime<Utc>>,
    pub noted_at: DateTime<Utc>,
}

/// A step on the way in, over the loads of the last hour.
#[derive(Debug, Clone, PartialEq)]
pub struct StepHealth {
    pub name: &'static str,
    pub does: &'static str,
    pub changed: i64,
    pub refused: i64,
    pub micros: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    pub sites: Vec<SiteHealth>,
    pub logs: Vec<LogHealth>,
    pub steps: Vec<StepHealth>,
}

/// Of each site; since when delays are looked at, and since when the rate.
pub(crate) fn sites() -> String {
    format!(
        r#"SELECT s.code, coalesce(l.sent, 0)::bigint, coalesce(l.loaded, 0)::bigint,
        coalesce(l.duplicate, 0)::bigint, coalesce(q.waiting, 0)::bigint, coalesce(l.skipped, 0)::bigint,
        coalesce(r.minute, 0)::float8 / 60, r.p50, r.p95, l.last_at, s.refreshed_at, coalesce(d.pending, 0)::bigint,
        coalesce(l.lost, 0)::bigint
    FROM core.site AS s
    LEFT JOIN (SELECT l.site_id, sum({SENT}) AS sent, sum(l.loaded) AS loaded,
                   sum({DUPLICATE}) AS duplicate, sum(l.skipped) AS skipped, sum(l.lost) AS lost, max(l.committed_at) AS last_at
               FROM "raw".load AS l GROUP BY l.site_id) AS l ON l.site_id = s.site_id
    LEFT JOIN (SELECT site_id, count(*) AS waiting FROM "raw".quarantine WHERE settled_load_id IS NULL
               GROUP BY site_id) AS q ON q.site_id = s.site_id
    LEFT JOIN (SELECT l.site_id, sum(CASE WHEN l.committed_at > $2 THEN l.received ELSE 0 END) AS minute,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM l.committed_at - l.received_from)) AS p50,
                   percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM l.committed_at - l.received_from)) AS p95
               FROM "raw".load AS l WHERE l.committed_at > $1 AND {FIRST_HAND} GROUP BY l.site_id) AS r ON r.site_id = s.site_id
    LEFT JOIN (SELECT site_id, count(*) AS pending FROM "raw".dirty GROUP BY site_id) AS d ON d.site_id = s.site_id
    ORDER BY s.code"#
    )
}

pub(crate) const LOGS: &str = r#"SELECT l.source, l."partition", s.code, l.waiting, l.oldest_at, l.noted_at
    FROM "raw".log AS l JOIN core.site AS s ON s.site_id = l.site_id ORDER BY s.code, l.source, l."partition""#;

pub(crate) const TALLIES: &str = r#"SELECT steps FROM "raw".load WHERE committed_at > $1 AND steps IS NOT NULL"#;

pub(crate) const NOTE: &str = "INSERT INTO raw.log (source, partition, site_id, waiting, oldest_at, noted_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (source, partition) DO UPDATE SET waiting = $4, oldest_at = $5, noted_at = $6";

/// Reads it as of `now`.
pub async fn read(warehouse: &Warehouse, now: DateTime<Utc>) -> Result<Health, WarehouseError> {
    let client = warehouse.reader().await?;
    let rows = client.query(&sites(), &[&(now - LATELY), &(now - TimeDelta::minutes(1))]).await?;
    let site = |row: &tokio_postgres::Row| SiteHealth {
        site: row.get(0),
        sent: row.get(1),
        loaded: row.get(2),
        duplicate: row.get(3),
        quarantined: row.get(4),
        skipped: row.get(5),
        rate: row.get(6),
        delay_p50: row.get(7),
        delay_p95: row.get(8),
        last_load_at: row.get(9),
        refreshed_at: row.get(10),
        pending: row.get(11),
        lost: row.get(12),
    };
    let sites = rows.iter().map(site).collect();
    let log = |row: &tokio_postgres::Row| LogHealth {
        source: row.get(0),
        partition: row.get(1),
        site: row.get(2),
        waiting: row.get(3),
        oldest_at: row.get(4),
        noted_at: row.get(5),
    };
    let logs = client.query(LOGS, &[]).await?.iter().map(log).collect();
    let mut all = Tally::default();
    for row in client.query(TALLIES, &[&(now - LATELY)]).await? {
        let tally = serde_json::from_str(row.get(0)).map_err(|e| WarehouseError::Damaged(e.to_string()))?;
        all.add(&tally);
    }
    let step = |about: &crate::enrich::About| {
        let noted = all.0.get(about.name).copied().unwrap_or_default();
        let [changed, refused, micros] = [noted.changed, noted.refused, noted.micros].map(|n| n as i64);
        StepHealth { name: about.name, does: about.does, changed, refused, micros }
    };
    Ok(Health { sites, logs, steps: STEPS.iter().map(step).collect() })
}

/// Notes how far behind the loader of a log is. Of Redshift nobody asks that.
pub async fn note(
    warehouse: &Warehouse,
    (source, partition): (&str, &str),
    site: i16,
    waiting: i64,
    oldest_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), WarehouseError> {
    if warehouse.dialect() == Dialect::Redshift {
        return Ok(());
    }
    warehouse.client().await?.execute(NOTE, &[&source, &partition, &site, &waiting, &oldest_at, &now]).await?;
    Ok(())
}
