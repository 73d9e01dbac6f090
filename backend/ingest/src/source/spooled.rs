//! The spool of a collector as a source: source `spool:<id>`, a partition for each site.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use spool::{Reader, Spool, SpoolError};

use crate::event::{Decoded, Reason, Reject};
use crate::load::batch::{Batch, Received};
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

    /// The records from `position` on, as many as one transaction takes; `None` when there are none.
    ///
    /// # Errors
    /// Also when records below `position` were given up, or it was never reached: nothing is ever left out in silence.
    pub fn read(&self, position: i64) -> Result<Option<Batch>, SpoolError> {
        let records = self.reader().read(&self.site, position, MOST_RECORDS, MOST_BYTES)?;
        let Some((last, _)) = records.last() else { return Ok(None) };
        let next = last + 1;
        let records = records.into_iter().map(|(offset, bytes)| received(offset, bytes)).collect();
        Ok(Some(Batch { source: self.source.clone(), partition: self.site.clone(), first: position, next, records }))
    }

    /// Records that are kept still, and when the oldest of them was received.
    pub fn waiting(&self) -> Result<(u64, Option<DateTime<Utc>>), SpoolError> {
        let reader = self.reader();
        let Some(state) = reader.sites()?.into_iter().find(|state| state.site == self.site) else {
            return Ok((0, None));
        };
        drop(reader);
        let oldest =
            self.reader().read(&self.site, state.first, 1, 1)?.pop().map(|(offset, bytes)| received(offset, bytes));
        Ok((state.waiting(), oldest.map(|record| record.received_at)))
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

fn received(offset: i64, bytes: Vec<u8>) -> Received {
    let sealed =
        String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    match sealed::open(&sealed) {
        Ok(Opened { at, decoded, statement }) => {
            Received { offset, received_at: at, decoded, kept: Some(sealed), statement }
        }
        Err(_) => {
            let reject = Reject::new(Reason::BadJson, "the record is not one that a collector writes");
            let received_at = DateTime::UNIX_EPOCH;
            Received { offset, received_at, decoded: Decoded::Rejected(reject), kept: Some(sealed), statement: None }
        }
    }
}
