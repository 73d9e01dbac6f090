//! What a loader holds: reading and trimming over its own connection.

use std::path::Path;
use std::time::Duration;

use uuid::Uuid;

use crate::error::SpoolError;
use crate::ground::Ground;
use crate::log::Log;
use crate::reading::{SiteState, Trimmed};

/// Reads and trims a spool. All of it blocks. It never holds up an append by reading, and by trimming only for one bounded call.
pub struct Reader {
    log: Log,
    identity: Uuid,
}

impl Reader {
    /// Opens the spool in a directory, also one that another process appends to. `patience` is how long a trim waits for the writer.
    ///
    /// # Errors
    /// There is no spool, or it is none that this program knows.
    pub fn open(dir: &Path, patience: Duration) -> Result<Self, SpoolError> {
        let (log, identity) = Log::beside(dir, Ground::Real, u64::MAX, patience)?;
        Ok(Self { log, identity })
    }

    /// What the spool is called; see [`crate::Spool::identity`].
    pub fn identity(&self) -> Uuid {
        self.identity
    }

    /// Every site that ever sent something, by its code.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn sites(&self) -> Result<Vec<SiteState>, SpoolError> {
        self.log.sites()
    }

    /// Records from an offset on, with their offsets: at most so many and so many bytes, but one at least if there is one. Empty
    /// where `from` is the next offset.
    ///
    /// # Errors
    /// [`SpoolError::Gone`] and [`SpoolError::Ahead`] where `from` is not between what is kept and what comes next: never skip
    /// silently. [`SpoolError::Damaged`] where what is stored is not what was sent.
    pub fn read(
        &mut self,
        site: &str,
        from: i64,
        most_records: usize,
        most_bytes: usize,
    ) -> Result<Vec<(i64, Vec<u8>)>, SpoolError> {
        self.log.read(site, from, most_records, most_bytes)
    }

    /// Forgets records below an offset, some at a time: call again while there is more. Trim only what is loaded and committed. After
    /// a crash a trim may be undone.
    ///
    /// # Errors
    /// [`SpoolError::Ahead`]: the offset was never given, and nothing is trimmed.
    pub fn trim(&mut self, site: &str, below: i64) -> Result<Trimmed, SpoolError> {
        self.log.trim(site, below)
    }
}
