//! The database: how it is opened, and its tables.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use uuid::Uuid;

use crate::error::SpoolError;
use crate::ground::Ground;

/// Raised with every change of the tables that an older release could not read.
const SCHEMA: i64 = 1;
/// Says that the file is a spool ("Oct" and a spool's number).
const APPLICATION: i64 = 0x4f63_7401;

/// The log's ordinary size on disk; what a burst or a slow reader made longer is cut again.
pub(crate) const ORDINARY_LOG_BYTES: u64 = 16 << 20;

const TABLES: &str = "
CREATE TABLE spool (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    identity BLOB NOT NULL
);
CREATE TABLE fact (
    key   TEXT PRIMARY KEY, -- what a collector must know before it reaches its database
    value BLOB NOT NULL
);
CREATE TABLE site (
    no    INTEGER PRIMARY KEY,
    code  TEXT NOT NULL UNIQUE,
    first INTEGER NOT NULL, -- the first offset that is kept
    next  INTEGER NOT NULL  -- the offset the next record gets; never goes back
);
CREATE TABLE pack (
    no      INTEGER PRIMARY KEY, -- in the order of arrival, so that rows are added at the end
    site    INTEGER NOT NULL REFERENCES site (no),
    first   INTEGER NOT NULL, -- the offset of its first record
    records INTEGER NOT NULL,
    size    INTEGER NOT NULL, -- bytes unpacked
    body    BLOB NOT NULL
);
CREATE UNIQUE INDEX pack_by_offset ON pack (site, first);
";

/// How safe a connection's own commits are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Synchronous {
    /// Nothing is synced at all: a fault to plant, for the tests.
    #[cfg(test)]
    Off,
    /// Only checkpoints are synced: another.
    #[cfg(test)]
    Normal,
    /// A commit returns after fsync of the log.
    Full,
}

impl Synchronous {
    fn word(self) -> &'static str {
        match self {
            #[cfg(test)]
            Synchronous::Off => "OFF",
            #[cfg(test)]
            Synchronous::Normal => "NORMAL",
            Synchronous::Full => "FULL",
        }
    }
}

/// A connection to `spool.db` in `dir`.
///
/// Only an `owner` makes the file; a reader that finds none is told so.
/// An owner also checkpoints by itself, as it must hear of errors; others do so only when the log became four times as long, that is
/// when no owner runs. An error there costs nothing: what was not moved stays in the log and is written again by the next attempt.
pub(crate) fn connect(
    dir: &Path,
    ground: Ground,
    synchronous: Synchronous,
    owner: bool,
    patience: Duration,
) -> rusqlite::Result<Connection> {
    let path = dir.join("spool.db");
    let create = if owner { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | create | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match ground.vfs() {
        None => Connection::open_with_flags(path, flags)?,
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs)?,
    };
    connection.busy_timeout(patience)?;
    if ground.vfs().is_some() {
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    }
    // A close is like a crash: one way to stop, and the next opening has the work anyway.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous.word())?;
    connection.pragma_update(None, "wal_autocheckpoint", if owner { 0 } else { 4_000 })?;
    connection.pragma_update(None, "journal_size_limit", ORDINARY_LOG_BYTES)?;
    // Never a temporary file: it would lie on another disk, which may be full too.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// Makes the tables if there are none, and says what the spool is called. Of several processes one makes them.
///
/// # Errors
/// [`SpoolError::Newer`], [`SpoolError::Foreign`].
pub(crate) fn prepare(connection: &mut Connection, fresh: Uuid) -> Result<Uuid, SpoolError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 && marks(&transaction)? == (0, 0) {
        transaction.execute_batch(TABLES)?;
        transaction.execute("INSERT INTO spool VALUES (1, ?1)", [fresh.as_bytes()])?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", SCHEMA)?;
    }
    let identity = recognise(&transaction)?;
    transaction.commit()?;
    Ok(identity)
}

/// What the spool is called, if it is one that this program knows.
pub(crate) fn recognise(connection: &Connection) -> Result<Uuid, SpoolError> {
    let (application, schema) = marks(connection)?;
    if application != APPLICATION {
        return Err(SpoolError::Foreign(application));
    }
    if schema > SCHEMA {
        return Err(SpoolError::Newer { found: schema, known: SCHEMA });
    }
    Ok(Uuid::from_bytes(connection.query_row("SELECT identity FROM spool", [], |row| row.get(0))?))
}

fn marks(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((number("application_id")?, number("user_version")?))
}
