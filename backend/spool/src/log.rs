//! The log itself over one connection, blocking: appending in groups, and checkpoints. Reading it is `reading`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use uuid::Uuid;

use crate::error::{AppendError, SpoolError, judged};
use crate::ground::Ground;
use crate::level::{Level, REFUSE_SHARE, WaitingSite, bytes_in_use, share};
use crate::pack::{self, Packer};
use crate::schema::{self, ORDINARY_LOG_BYTES, Synchronous};

/// Bytes one append may have. A request's body is far smaller; this keeps one caller from holding up all others.
pub const MOST_APPEND_BYTES: usize = 64 << 20;
/// A bound below this leaves no room between the tables' first pages and the high-water mark.
const LEAST_BYTES: u64 = 1 << 20;
/// SQLite's log.
const LOG_FILE: &str = "spool.db-wal";
/// Bytes committed between two checkpoints: a longer log is moved in longer pauses, a shorter one in more of them.
const CHECKPOINT_BYTES: usize = 4 << 20;
/// Bytes of records in one row, unpacked.
const PACK_BYTES: usize = 512 << 10;

/// One append or fact that waits for the group's commit.
pub(crate) enum Wish {
    Append { site: String, records: Vec<Vec<u8>> },
    Put { key: String, value: Vec<u8> },
}

impl Wish {
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Wish::Append { site, records } => site.len() + records.iter().map(|record| record.len() + 4).sum::<usize>(),
            Wish::Put { key, value } => key.len() + value.len(),
        }
    }
}

pub(crate) struct Log {
    pub(crate) connection: Connection,
    packer: Packer,
    log_file: PathBuf,
    most_bytes: u64,
    /// Of the bound, before the group that was stored last.
    pub(crate) share: f64,
    /// About as many bytes were committed since the last checkpoint.
    unchecked: usize,
}

impl Log {
    /// Opens what appends are written to, after whatever happened before. Blocks.
    pub(crate) fn open(
        dir: &Path,
        ground: Ground,
        synchronous: Synchronous,
        most_bytes: u64,
        patience: Duration,
        fresh: Uuid,
    ) -> Result<(Self, Uuid), SpoolError> {
        if most_bytes < LEAST_BYTES {
            return Err(SpoolError::TooSmall { least: LEAST_BYTES });
        }
        ground.make(dir)?;
        ground.forget(&dir.join(LOG_FILE))?;
        let mut connection = schema::connect(dir, ground, synchronous, true, patience)?;
        let identity = schema::prepare(&mut connection, fresh)?;
        ground.sync(dir)?;
        let page: u64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        connection.pragma_update_and_check(None, "max_page_count", most_bytes / page, |_| Ok(()))?;
        Ok((Self::around(connection, dir, most_bytes)?, identity))
    }

    /// A connection to a spool that is there, for reading and trimming.
    ///
    /// A trim that is lost would be done again, and yet it is synced as any commit: what others see in the log must be on the disk, or
    /// a failed sync of the next append leaves a hole before it.
    pub(crate) fn beside(
        dir: &Path,
        ground: Ground,
        most_bytes: u64,
        patience: Duration,
    ) -> Result<(Self, Uuid), SpoolError> {
        let connection = schema::connect(dir, ground, Synchronous::Full, false, patience)?;
        let identity = schema::recognise(&connection)?;
        Ok((Self::around(connection, dir, most_bytes)?, identity))
    }

    fn around(connection: Connection, dir: &Path, most_bytes: u64) -> Result<Self, SpoolError> {
        let log_file = dir.join(LOG_FILE);
        Ok(Self { connection, packer: Packer::new()?, log_file, most_bytes, share: 0.0, unchecked: 0 })
    }

    /// Stores the wishes in one transaction and returns after its fsync, with the offset of the first record of each append (0 for a
    /// fact): all of them or none.
    ///
    /// # Errors
    /// [`AppendError::Full`] and [`AppendError::Late`]: nothing was stored. [`AppendError::Broken`]: nobody knows; never use it again.
    pub(crate) fn store<'a>(&mut self, wishes: impl Iterator<Item = &'a Wish>) -> Result<Vec<i64>, AppendError> {
        let log_bytes = std::fs::metadata(&self.log_file).map_or(0, |file| file.len());
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(judged)?;
        self.share = share(bytes_in_use(&transaction, log_bytes).map_err(judged)?, self.most_bytes);
        let full = self.share >= REFUSE_SHARE;
        let mut offsets = Vec::new();
        let mut sites: BTreeMap<&str, Coming<'_>> = BTreeMap::new();
        for wish in wishes {
            match wish {
                Wish::Append { .. } if full => return Err(AppendError::Full),
                Wish::Append { site, records } => {
                    let coming = match sites.entry(site) {
                        Entry::Occupied(coming) => coming.into_mut(),
                        Entry::Vacant(place) => place.insert(Coming::of(&transaction, site).map_err(judged)?),
                    };
                    offsets.push(coming.next());
                    coming.records.extend(records.iter().map(Vec::as_slice));
                }
                Wish::Put { key, value } => {
                    let sql = "INSERT INTO fact VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
                    transaction
                        .prepare_cached(sql)
                        .and_then(|mut put| put.execute(params![key, value]))
                        .map_err(judged)?;
                    offsets.push(0);
                    self.unchecked += value.len();
                }
            }
        }
        for (site, coming) in sites {
            self.unchecked += coming.store(&transaction, site, &mut self.packer)?;
        }
        transaction.commit().map_err(judged)?;
        // Each commit writes some pages besides: the tables' roots, the index, the site's row.
        self.unchecked += 4 * 4_096;
        Ok(offsets)
    }

    /// Moves the log into the database once it has grown. Called after the waiters have their answers.
    ///
    /// # Errors
    /// [`AppendError::Broken`] if the disk failed. That someone reads, or that the disk is full, is none: it is tried again.
    pub(crate) fn tidy(&mut self) -> Result<(), AppendError> {
        if self.unchecked < CHECKPOINT_BYTES {
            return Ok(());
        }
        let log_bytes = std::fs::metadata(&self.log_file).map_or(0, |file| file.len());
        // Readers that follow each other without a gap keep the log from beginning anew; wait for one gap.
        let mode = if log_bytes > 2 * ORDINARY_LOG_BYTES { "TRUNCATE" } else { "PASSIVE" };
        match self.checkpoint(mode) {
            Ok(()) | Err(AppendError::Late | AppendError::Full) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn checkpoint(&mut self, mode: &str) -> Result<(), AppendError> {
        self.unchecked = 0;
        let busy: bool = self
            .connection
            .query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get(0))
            .map_err(judged)?;
        if busy { Err(AppendError::Late) } else { Ok(()) }
    }

    pub(crate) fn fact(&self, key: &str) -> Result<Option<Vec<u8>>, SpoolError> {
        let mut fact = self.connection.prepare_cached("SELECT value FROM fact WHERE key = ?1")?;
        Ok(fact.query_row([key], |row| row.get(0)).optional()?)
    }

    /// How full it is, and what waits.
    pub(crate) fn level(&self) -> Result<Level, SpoolError> {
        let log_bytes = std::fs::metadata(&self.log_file).map_or(0, |file| file.len());
        let bytes = bytes_in_use(&self.connection, log_bytes)?;
        let waiting = self.sites()?.into_iter().map(|state| WaitingSite { records: state.waiting(), site: state.site });
        Ok(Level { bytes, share: share(bytes, self.most_bytes), waiting: waiting.collect() })
    }
}

/// What a group brings to one site.
struct Coming<'a> {
    no: i64,
    begin: i64,
    records: Vec<&'a [u8]>,
}

impl<'a> Coming<'a> {
    /// The offsets are read under the write lock, so any number of processes may append.
    fn of(transaction: &Transaction<'_>, site: &str) -> rusqlite::Result<Self> {
        let sql = "INSERT INTO site (code, first, next) VALUES (?1, 0, 0) ON CONFLICT (code) DO NOTHING";
        transaction.prepare_cached(sql)?.execute([site])?;
        let mut found = transaction.prepare_cached("SELECT no, next FROM site WHERE code = ?1")?;
        found.query_row([site], |row| Ok(Self { no: row.get(0)?, begin: row.get(1)?, records: Vec::new() }))
    }

    fn next(&self) -> i64 {
        self.begin + self.records.len() as i64
    }

    /// Writes the packs, and returns their bytes.
    fn store(&self, transaction: &Transaction<'_>, site: &str, packer: &mut Packer) -> Result<usize, AppendError> {
        let mut bytes = 0;
        let mut first = self.begin;
        let mut add = transaction
            .prepare_cached("INSERT INTO pack (site, first, records, size, body) VALUES (?1, ?2, ?3, ?4, ?5)")
            .map_err(judged)?;
        for records in packs(&self.records) {
            let body = packer.pack(records).map_err(|error| AppendError::Broken(error.to_string()))?;
            bytes += body.len();
            add.execute(params![self.no, first, records.len(), pack::size(records), body]).map_err(judged)?;
            first += records.len() as i64;
        }
        tracing::trace!(site, first = self.begin, next = first, bytes, "packed");
        let mut forward = transaction.prepare_cached("UPDATE site SET next = ?2 WHERE no = ?1").map_err(judged)?;
        forward.execute([self.no, first]).map_err(judged)?;
        Ok(bytes)
    }
}

/// Cuts records into packs: large enough to compress well, small enough to read a part of without unpacking much more.
fn packs<'r, 'a>(records: &'r [&'a [u8]]) -> impl Iterator<Item = &'r [&'a [u8]]> {
    let mut size = 0;
    records.chunk_by(move |record, next| {
        size += record.len() + 4;
        let room = size + next.len() < PACK_BYTES;
        if !room {
            size = 0;
        }
        room
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_hold_every_record_once_and_little_more_than_their_bound() {
        let records: Vec<Vec<u8>> = (0..3_000usize).map(|n| vec![0; n * 37 % 2_000]).collect();
        let slices: Vec<&[u8]> = records.iter().map(Vec::as_slice).collect();
        let cut: Vec<&[&[u8]]> = packs(&slices).collect();
        assert!(cut.len() > 5);
        assert!(cut.iter().all(|pack| pack::size(pack) < PACK_BYTES + 2_004 * 4));
        assert_eq!(cut.concat(), slices);
        assert_eq!(packs(&[]).count(), 0);
    }
}
