//! Keeping a spool's records: first in the archive, and only then are they let go of.

use chrono::{DateTime, TimeDelta, Utc};
use spool::SpoolError;
use tokio::task::spawn_blocking;
use warehouse::Warehouse;

use super::shelf::Archive;
use crate::load::loader;
use crate::sealed;
use crate::source::{DrainError, Spooled};

/// When a piece is written: as soon as one of the three is reached.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub records: usize,
    pub bytes: usize,
    /// Since the oldest record that is not in the archive was received.
    pub age: TimeDelta,
}

impl Default for Limits {
    fn default() -> Self {
        Self { records: 50_000, bytes: 8 << 20, age: TimeDelta::minutes(10) }
    }
}

/// Records read at once to see how many bytes they have.
const AT_ONCE: usize = 10_000;

/// Archives one site's part of a spool. It goes on beside the loader, so that a store that is away holds up no load. After an error
/// it is opened anew: only the store knows then what is kept.
pub struct Keeper {
    log: Spooled,
    archive: Archive,
    warehouse: Warehouse,
    limits: Limits,
    /// Where the archive ends.
    end: i64,
    /// What was seen beyond it: where that ends, its bytes, and when the first record was received.
    seen: i64,
    bytes: usize,
    oldest_at: Option<DateTime<Utc>>,
}

impl Keeper {
    /// Goes on where the archive ends.
    pub async fn open(
        log: Spooled,
        archive: Archive,
        warehouse: Warehouse,
        limits: Limits,
    ) -> Result<Self, DrainError> {
        let kept = archive.end(log.source()).await?;
        let own = log.clone();
        // What was let go of before there was a store is in no archive.
        let end = kept.max(spawn_blocking(move || own.first()).await??);
        Ok(Self { log, archive, warehouse, limits, end, seen: end, bytes: 0, oldest_at: None })
    }

    /// Writes the pieces that are due of what is committed, and lets the spool go of what is both committed and kept. Returns where the
    /// archive ends.
    pub async fn keep(&mut self, now: DateTime<Utc>) -> Result<i64, DrainError> {
        let committed = loader::position(&self.warehouse, self.log.source(), self.log.site()).await?;
        loop {
            self.look(committed, now).await?;
            let full = (self.seen - self.end) as usize >= self.limits.records || self.bytes >= self.limits.bytes;
            let old = self.oldest_at.is_some_and(|at| now - at >= self.limits.age);
            if !full && !old {
                break;
            }
            self.write().await?;
        }
        // After a crash the last piece may be there, and what is in it still in the spool.
        let (log, below) = (self.log.clone(), committed.min(self.end));
        spawn_blocking(move || log.trim(below)).await??;
        Ok(self.end)
    }

    /// Goes on with counting what is committed and not kept yet, up to what fits in one piece.
    async fn look(&mut self, committed: i64, now: DateTime<Utc>) -> Result<(), DrainError> {
        let Limits { records: most, bytes: most_bytes, .. } = self.limits;
        while self.seen < committed {
            let wanted = (committed - self.seen).min(self.end + most as i64 - self.seen) as usize;
            if wanted == 0 || self.bytes >= most_bytes {
                break;
            }
            let (log, from, bytes) = (self.log.clone(), self.seen, most_bytes - self.bytes);
            let read = spawn_blocking(move || log.records(from, wanted.min(AT_ONCE), bytes)).await??;
            let Some(first) = read.first() else { break };
            if self.oldest_at.is_none() {
                let received_at = std::str::from_utf8(first).ok().and_then(|text| Some(sealed::open(text).ok()?.0));
                self.oldest_at = Some(received_at.unwrap_or(now));
            }
            self.seen += read.len() as i64;
            self.bytes += read.iter().map(Vec::len).sum::<usize>();
        }
        Ok(())
    }

    /// Writes a piece of all that was seen.
    async fn write(&mut self) -> Result<(), DrainError> {
        let (log, first, next) = (self.log.clone(), self.end, self.seen);
        let records = spawn_blocking(move || {
            let mut records: Vec<Vec<u8>> = Vec::new();
            while (first + records.len() as i64) < next {
                let from = first + records.len() as i64;
                let read = log.records(from, (next - from) as usize, usize::MAX)?;
                if read.is_empty() {
                    break;
                }
                records.extend(read);
            }
            Ok::<_, SpoolError>(records)
        });
        let records = records.await??;
        self.end = self.archive.write(self.log.source(), first, records).await?;
        (self.seen, self.bytes, self.oldest_at) = (self.end, 0, None);
        Ok(())
    }
}
