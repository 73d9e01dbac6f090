//! What can go wrong, and what whoever hears of it should do.

use rusqlite::ErrorCode;

/// Why a spool does not open, read, trim or keep.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    #[error("the spool's directory: {0}")]
    Directory(#[from] std::io::Error),
    #[error("spool.db has schema {found}, and this program knows {known}: it was written by a newer release")]
    Newer { found: i64, known: i64 },
    #[error("spool.db is not a spool: its application id is {0:#x}")]
    Foreign(i64),
    #[error("the spool's bound must be at least {least} bytes")]
    TooSmall { least: u64 },
    /// The reader's position lies before what is kept: records were trimmed that it has not seen. Never skip silently.
    #[error("{site}: offset {from} was trimmed already, the spool begins at {first}")]
    Gone { site: String, from: i64, first: i64 },
    /// The reader's position lies beyond the end: this is an older copy of the spool, and its offsets were used before.
    #[error("{site}: offset {from} was never given, the spool ends at {next}: is it an older copy?")]
    Ahead { site: String, from: i64, next: i64 },
    #[error("{site}: the records from offset {first} on are damaged: {what}")]
    Damaged { site: String, first: i64, what: String },
    #[error("the spool's database: {0}")]
    Database(#[from] rusqlite::Error),
}

/// Why records were not acknowledged. All of them may be sent again with the same ids.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Above the high-water mark, or the disk is full. Nothing was stored; it heals when the loader trims or space returns.
    #[error("the spool is full")]
    Full,
    /// Not known to be durable within the time given. It may still be stored: ids tell.
    #[error("not durable in time")]
    Late,
    #[error("{bytes} bytes in one append; at most {most}")]
    TooLarge { bytes: usize, most: usize },
    /// The disk failed at a commit or checkpoint. The spool refuses everything from now on and the process must stop:
    /// a second fsync may succeed although the pages of the first are lost, so nothing may be acknowledged after it.
    #[error("the spool is broken: {0}")]
    Broken(String),
}

/// What a failed statement of the writer means.
pub(crate) fn judged(error: rusqlite::Error) -> AppendError {
    let rusqlite::Error::SqliteFailure(failure, _) = &error else { return AppendError::Broken(error.to_string()) };
    // The shared memory of the log could not grow: the disk is full, and nothing that was written is in doubt.
    if failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE {
        return AppendError::Full;
    }
    match failure.code {
        ErrorCode::DiskFull => AppendError::Full,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => AppendError::Late,
        _ => AppendError::Broken(error.to_string()),
    }
}
