//! The spool of a collector as a source: source `spool:<id>`, a partition for each site.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use spool::{Reader, SiteState, Spool, SpoolError};

use crate::event::{Decoded, Reason, Reject};
use crate::load::batch::{Batch, Received, Retained};
use crate::sealed::{self, Opened};

/// Records of one transaction, at most, and their bytes.
const MOST_RECORDS: usize = 20_000;
const MOST_BYTES: usize = 16 << 20;

/// How long a trim waits for the collector.
const PATIENCE: Duration = Duration::from_secs(5);

/// One site's part of a spool. All of it blocks: run it on a thread that may.
#[derive(Clone)]
pub struct Spooled {
    reader: Arc<Mutex<Reader>>,
    source: String,
    site: String,
}

impl Spooled {
    pub fn open(dir: &Path, site: &str) -> Result<Self, SpoolError> {
        Ok(Self::by(Reader::open(dir, PATIENCE)?, site))
    }

    /// The same of a spool that is open in this process.
    pub fn of(spool: &Spool, site: &str) -> Result<Self, SpoolError> {
        Ok(Self::by(spool.reader()?, site))
    }

    fn by(reader: Reader, site: &str) -> Self {
        let source = format!("spool:{}", reader.identity());
        Self { reader: Arc::new(Mutex::new(reader)), source, site: site.to_owned() }
    }

    /// The name of the log.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The site's code, which is the partition.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// The first offset that is kept.
    pub fn first(&self) -> Result<i64, SpoolError> {
        Ok(self.state()?.map_or(0, |state| state.first))
    }

    fn state(&self) -> Result<Option<SiteState>, SpoolError> {
        Ok(self.reader().sites()?.into_iter().find(|state| state.site == self.site))
    }

    /// The records from an offset on as they were kept, so many and so many bytes at most, but one at least if there is one.
    pub fn records(&self, from: i64, most: usize, most_bytes: usize) -> Result<Vec<Vec<u8>>, SpoolError> {
        let records = self.reader().read(&self.site, from, most, most_bytes)?;
        Ok(records.into_iter().map(|(_, record)| record).collect())
    }

    /// The records from `position` on, as many as one transaction takes; `None` when there are none.
    ///
    /// # Errors
    /// Also when records below `position` were given up, or it was never reached: nothing is ever left out in silence.
    pub fn read(&self, position: i64) -> Result<Option<Batch>, SpoolError> {
        let records = self.reader().read(&self.site, position, MOST_RECORDS, MOST_BYTES)?;
        let Some((last, _)) = records.last() else { return Ok(None) };
        let next = last + 1;
        Ok(Some(self.batch((position, next), records)))
    }

    /// Records of this log from elsewhere, as they were kept, as a batch.
    pub fn batch(&self, (first, next): (i64, i64), records: impl IntoIterator<Item = (i64, Vec<u8>)>) -> Batch {
        let records = records.into_iter().map(|(offset, bytes)| received(offset, bytes)).collect();
        Batch { source: self.source.clone(), partition: self.site.clone(), first, next, records, mark: None }
    }

    /// Records from `position` on that are not loaded, and when the oldest of them was received.
    pub fn waiting(&self, position: i64) -> Result<(u64, Option<DateTime<Utc>>), SpoolError> {
        let Some(state) = self.state()? else { return Ok((0, None)) };
        let oldest = self.reader().read(&self.site, position.max(state.first), 1, 1)?.pop();
        let oldest_at = oldest.map(|(offset, bytes)| received(offset, bytes).received_at);
        Ok((state.next.saturating_sub(position).max(0).unsigned_abs(), oldest_at))
    }

    /// Lets go of what is committed in the warehouse: everything below `position`.
    pub fn trim(&self, position: i64) -> Result<(), SpoolError> {
        while self.reader().trim(&self.site, position)?.more {}
        Ok(())
    }

    fn reader(&self) -> std::sync::MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn received(offset: i64, bytes: Vec<u8>) -> Received {
    let sealed =
        String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    match sealed::open(&sealed) {
        Ok(Opened { at, decoded, statement }) => {
            Received { offset, received_at: at, decoded, kept: Retained::Sealed(sealed), statement }
        }
        Err(_) => {
            let reject = Reject::new(Reason::BadJson, "the record is not one that a collector writes");
            let (received_at, decoded) = (DateTime::UNIX_EPOCH, Decoded::Rejected(reject));
            Received { offset, received_at, decoded, kept: Retained::Sealed(sealed), statement: None }
        }
    }
}
