//! What is loaded at once, and what became of it.

use std::fmt;
use std::ops::AddAssign;

use thiserror::Error;
use warehouse::WarehouseError;

use crate::event::Decoded;

/// Neighbouring records of one log: (source, partition, offset) → record.
#[derive(Debug, Clone)]
pub struct Batch {
    pub source: String,
    pub partition: String,
    /// Offset of the first record; the others follow without a gap.
    pub first: i64,
    pub records: Vec<Decoded>,
}

impl Batch {
    /// Offset after the last record.
    pub fn next(&self) -> i64 {
        self.first + self.records.len() as i64
    }
}

/// Every record ends in exactly one of the four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub received: u64,
    pub loaded: u64,
    pub duplicate: u64,
    pub quarantined: u64,
    pub skipped: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.received += other.received;
        self.loaded += other.loaded;
        self.duplicate += other.duplicate;
        self.quarantined += other.quarantined;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { received, loaded, duplicate, quarantined, skipped } = self;
        write!(
            f,
            "received {received} = loaded {loaded} + duplicate {duplicate} + quarantined {quarantined} + skipped {skipped}"
        )
    }
}

/// What a load came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Committed(Counts),
    /// Somebody committed these records before: the log's position is already `next`. Nothing was changed.
    Moved {
        next: i64,
    },
}

#[derive(Debug, Error)]
pub enum LoadError {
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error(transparent)]
    Reference(#[from] reference::ReferenceError),
    #[error("there is no site '{0}'; add it with `octavo site add {0} --name … --zone … --currency …`")]
    NoSite(String),
    #[error("position of {source_name} moved while it was locked; the batch was rolled back")]
    Fenced { source_name: String },
}

impl From<tokio_postgres::Error> for LoadError {
    fn from(error: tokio_postgres::Error) -> Self {
        LoadError::Warehouse(error.into())
    }
}
