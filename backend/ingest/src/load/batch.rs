//! What is loaded at once, and what became of it.

use std::fmt;
use std::ops::AddAssign;

use chrono::{DateTime, Utc};
use stage::StageError;
use thiserror::Error;
use warehouse::WarehouseError;

use crate::event::{Decoded, Reject};
use crate::kept::Kept;

/// Neighbouring records of one log: (source, partition, offset) → record.
#[derive(Debug, Clone)]
pub struct Batch {
    pub source: String,
    pub partition: String,
    /// Where the log's position stands before the batch.
    pub first: i64,
    /// Where it stands afterwards. A log may have gaps, so this is told and not counted.
    pub next: i64,
    pub records: Vec<Received>,
    /// What tells the log from another of the same name, to be kept beside its position.
    pub mark: Option<String>,
}

/// One record of a log, decoded.
#[derive(Debug, Clone)]
pub struct Received {
    pub offset: i64,
    pub received_at: DateTime<Utc>,
    pub decoded: Decoded,
    pub kept: Retained,
    /// The statement to be kept, if it is one.
    pub statement: Option<Kept>,
}

/// What the quarantine keeps of a record should it be refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retained {
    /// Nothing: it stays in its source.
    InSource,
    /// A native record as it came. It is sealed before it is kept.
    AsItCame(Vec<u8>),
    /// With a pseudonym for its person already (see [`crate::sealed`]).
    Sealed(String),
}

/// A record that is not stored, and why.
#[derive(Debug, Clone)]
pub struct Refused {
    pub offset: i64,
    pub received_at: DateTime<Utc>,
    pub reject: Reject,
    pub kept: Retained,
}

impl Batch {
    /// Records without gaps, all received at the same time, that stay in their source.
    pub fn dense(
        source: impl Into<String>,
        partition: impl Into<String>,
        first: i64,
        received_at: DateTime<Utc>,
        records: impl IntoIterator<Item = Decoded>,
    ) -> Self {
        let kept = Retained::InSource;
        let received =
            |(offset, decoded)| Received { offset, received_at, decoded, kept: kept.clone(), statement: None };
        let records: Vec<Received> = (first..).zip(records).map(received).collect();
        let next = first + records.len() as i64;
        Self { source: source.into(), partition: partition.into(), first, next, records, mark: None }
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
    #[error(
        "site {0} is to be loaded by way of an object store, and there is none; set OCTAVO_STORE, or go back with \
         `octavo site strategy {0} direct`"
    )]
    NoStage(String),
    #[error(transparent)]
    Stage(#[from] StageError),
    #[error("what was staged as {name} is damaged: {what}; nothing was loaded, its records are read again")]
    Damaged { name: String, what: String },
    #[error("a file of the stage could not be packed: {0}")]
    Packing(tokio::task::JoinError),
    #[error("one of {0} was taken out of core.event; nothing was loaded, and the next try puts it back")]
    Detached(String),
    #[error("position of {source_name} moved while it was locked; the batch was rolled back")]
    Fenced { source_name: String },
}

impl From<tokio_postgres::Error> for LoadError {
    fn from(error: tokio_postgres::Error) -> Self {
        LoadError::Warehouse(error.into())
    }
}
