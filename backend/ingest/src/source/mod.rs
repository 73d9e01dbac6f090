//! Sources: logs of records. A source is (name, partition, offset) → record, and the same bytes always
//! give the same offsets, so a load that was cut off continues exactly where its last commit ended.

pub mod ahead;
pub mod drain;
pub mod file;
mod lines;
mod rows;
pub mod spooled;
mod table;
mod unpack;

#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::event::Reject;

pub use ahead::Reading;
pub use drain::{Drain, DrainError};
pub use file::FileSource;
pub use spooled::Spooled;

/// The longest line or CSV row that is kept, in bytes without its line end. Of a longer one only the length is.
pub const LONGEST_RECORD: usize = 1 << 20;

/// One record of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The record's number in its source, from 0, without gaps. Blank lines and the CSV header have none.
    pub offset: u64,
    /// Bytes of the raw (still packed) source read so far: for a progress bar beside [`FileSource::total_bytes`].
    /// Runs ahead of the record by what is buffered.
    pub bytes_read: u64,
    pub body: Body,
}

/// What a record holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A line without its line end; not yet known to be UTF-8.
    Line(Vec<u8>),
    /// A CSV row: column name → text as it stands in the file.
    Row(Map<String, Value>),
    /// The source itself could not make a record of it.
    Rejected(Reject),
}

/// Why a source cannot be read, or read on. Damage *inside* the data is a rejected record instead.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("cannot open {}: {error}", .path.display())]
    Open { path: PathBuf, error: io::Error },
    #[error("{} is not a regular file; give a file, or `-` to read standard input", .path.display())]
    NotAFile { path: PathBuf },
    #[error("reading {} failed: {error}; what was read before is complete, load the file again to continue", .path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("{} was changed while it was read; load it again when nothing writes to it any more", .path.display())]
    Changed { path: PathBuf },
    #[error("the CSV header of {} cannot be used: {problem}", .path.display())]
    Header { path: PathBuf, problem: String },
}
