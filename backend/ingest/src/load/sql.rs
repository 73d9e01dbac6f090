//! The statements of the load transaction on PostgreSQL. What Redshift is sent instead is in [`super::staged::redshift`]; the first
//! three serve both.

use super::rows::COLUMNS;

pub(super) const POSITION: &str = r#"SELECT next, mark FROM "raw".position WHERE source = $1 AND "partition" = $2"#;

pub(crate) const LEDGER: &str = r#"INSERT INTO "raw".load
    (load_id, source, "partition", first, next, site_id, received, loaded, duplicate, quarantined, skipped, committed_at,
        received_from, received_to, steps)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"#;

/// Compare-and-set: of any number of loaders, retries and zombies exactly one commits a range.
pub(super) const ADVANCE: &str =
    r#"UPDATE "raw".position SET next = $3, mark = $5 WHERE source = $1 AND "partition" = $2 AND next = $4"#;

pub(super) const NEW_POSITION: &str =
    "INSERT INTO raw.position (source, partition, next) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING";
pub(super) const LOCKED_POSITION: &str =
    "SELECT next FROM raw.position WHERE source = $1 AND partition = $2 FOR UPDATE";

pub(crate) const NEXT_LOAD: &str = "SELECT nextval(pg_get_serial_sequence('raw.load', 'load_id'))";

pub(super) const STAGE: &str = "CREATE TEMPORARY TABLE event_stage (LIKE core.event) ON COMMIT DROP";

/// Stores the staged events that are not there yet; returns the days they are of, and how many.
pub(super) fn store_new() -> String {
    format!(
        "WITH new AS (INSERT INTO core.event ({COLUMNS}) SELECT {COLUMNS} FROM event_stage ORDER BY day, event_id
              ON CONFLICT DO NOTHING RETURNING day)
    SELECT day, count(*) FROM new GROUP BY day"
    )
}

pub(super) const QUARANTINE: &str =
    "INSERT INTO raw.quarantine (load_id, site_id, record_offset, reason, detail, given, record, received_at)
    SELECT $1, $2, * FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])";

pub(crate) const MARK: &str = "INSERT INTO raw.dirty (site_id, load_id, day) SELECT $1, $2, unnest($3::date[])";
