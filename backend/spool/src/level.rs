//! How full a spool is.

use rusqlite::Connection;

use crate::schema::ORDINARY_LOG_BYTES;

/// From this share on the spool warns.
pub const WARN_SHARE: f64 = 0.80;
/// From this share on it refuses.
pub(crate) const REFUSE_SHARE: f64 = 0.95;

/// How full a spool is, and what waits in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Bytes of pages in use, and of the log beyond its ordinary 16 MiB.
    pub bytes: u64,
    /// Of the bound; at [`WARN_SHARE`] it warns, at 0.95 appends are refused.
    pub share: f64,
    pub waiting: Vec<WaitingSite>,
}

/// What waits of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingSite {
    pub site: String,
    /// Records that are kept, also those that were read but not trimmed.
    pub records: u64,
}

/// Bytes of pages that are in use; those that trimming freed are not, although the file keeps them for the next records.
pub(crate) fn bytes_in_use(connection: &Connection, log_bytes: u64) -> rusqlite::Result<u64> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
    let pages = number("page_count")?.saturating_sub(number("freelist_count")?);
    Ok(pages * number("page_size")? + log_bytes.saturating_sub(ORDINARY_LOG_BYTES))
}

#[expect(clippy::cast_precision_loss, reason = "a share of some gigabytes")]
pub(crate) fn share(bytes: u64, most_bytes: u64) -> f64 {
    bytes as f64 / most_bytes as f64
}
