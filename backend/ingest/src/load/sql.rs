//! The statements of the load transaction on PostgreSQL. What Redshift is sent instead is in [`super::staged::redshift`]; the first
//! three serve both.

use warehouse::{Dialect, Statement};

use super::rows::COLUMNS;
use super::{gap, keep, live, partitions, persons, refused, staged, strategy};

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

/// Every statement of a load.
pub fn statements(dialect: Dialect) -> Vec<Statement> {
    let named = |name: &str, sql: &str| Statement::new(format!("ingest: {name}"), sql);
    let mut out = vec![named("read the position", POSITION)];
    out.extend(strategy::statements());
    match dialect {
        Dialect::Postgres => {
            out.extend([
                named("make the position", NEW_POSITION),
                named("lock the position", LOCKED_POSITION),
                named("number the load", NEXT_LOAD),
                named("store events, plainly", "SAVEPOINT plain"),
                named("store events, plainly", &format!("COPY core.event_20260115 ({COLUMNS}) FROM STDIN BINARY")),
                named("store events, none of them was there", "RELEASE plain"),
                named("store events, some were there", "ROLLBACK TO plain"),
                named("store events, stage", STAGE),
                named("store events, staged rows", &format!("COPY event_stage ({COLUMNS}) FROM STDIN BINARY")),
                named("store events, the new ones", &store_new()),
                named("write the quarantine", QUARANTINE),
                named("mark the days", MARK),
            ]);
            out.extend(gap::statements());
            out.extend(keep::statements());
            out.extend(partitions::statements());
            out.extend(persons::statements());
            out.extend(staged::statements());
            out.extend(live::statements());
        }
        Dialect::Redshift => out.extend(staged::redshift::statements()),
    }
    let log = ("log", "replay:%/log", "ee");
    out.extend([
        named("read what was refused before", &refused::find_before(dialect, log, 1, vec![1, 2]).0),
        named("settle what was quarantined", &refused::settling(dialect, 7, vec![1, 2]).0),
        named("write the ledger", LEDGER),
        named("move the position", ADVANCE),
    ]);
    out
}
