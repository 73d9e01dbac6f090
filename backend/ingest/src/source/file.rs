//! Files as sources: NDJSON or CSV, plain or packed.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::lines::{Cut, blank, cut_line};
use super::rows::cut_row;
use super::table::Table;
use super::unpack::{Gauge, unpacked};
use super::{Body, LONGEST_RECORD, Record, SourceError};
use crate::event::{Reason, Reject};

const BOM: &[u8] = "\u{feff}".as_bytes();

/// A file, or standard input, as a blocking iterator of records: run it on a thread that may block. After an
/// error it gives nothing more.
pub struct FileSource {
    path: PathBuf,
    identity: String,
    /// The file and what it looked like when it was opened; `None` for standard input.
    opened: Option<(File, Stamp)>,
    gauge: Arc<Gauge>,
    reader: Box<dyn BufRead + Send>,
    shape: Shape,
    piece: Vec<u8>,
    at_start: bool,
    next_offset: u64,
    done: bool,
}

enum Shape {
    Lines,
    /// The table is there once the header has been read.
    Rows(Option<Box<Table>>),
}

#[derive(PartialEq, Eq, Clone, Copy)]
pub(super) struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), modified: metadata.modified().ok() }
    }
}

impl FileSource {
    /// Opens a file, or standard input for `-`. A file is read once to the end here for its identity.
    ///
    /// Gzip and Zstandard are known by their first bytes. `.csv`, `.csv.gz`, `.csv.zst` are CSV with a header
    /// row; everything else, and standard input, is NDJSON. `stdin_id` names this run of standard input,
    /// which has no identity of its own; it is not used for files.
    ///
    /// # Errors
    /// [`SourceError::Open`], [`SourceError::NotAFile`] (folders, pipes), [`SourceError::Read`].
    pub fn open(path: &Path, stdin_id: Uuid) -> Result<FileSource, SourceError> {
        if path == Path::new("-") {
            return Self::over(path, format!("stdin:{stdin_id}"), Box::new(io::stdin()), None);
        }
        let cannot = |error| SourceError::Open { path: path.to_owned(), error };
        // Asked before opening: to open a pipe is to wait for its writer.
        if !std::fs::metadata(path).map_err(cannot)?.is_file() {
            return Err(SourceError::NotAFile { path: path.to_owned() });
        }
        let mut file = File::open(path).map_err(cannot)?;
        let stamp = Stamp::from(&file.metadata().map_err(cannot)?);
        let unreadable = |error| SourceError::Read { path: path.to_owned(), error };
        let identity = format!("sha256:{}", hex::encode(digest(&mut file).map_err(unreadable)?));
        file.rewind().map_err(unreadable)?;
        // Never past the length that was hashed, even if something appends meanwhile.
        let raw = file.try_clone().map_err(unreadable)?.take(stamp.bytes);
        Self::over(path, identity, Box::new(raw), Some((file, stamp)))
    }

    pub(super) fn over(
        path: &Path,
        identity: String,
        raw: Box<dyn Read + Send>,
        opened: Option<(File, Stamp)>,
    ) -> Result<FileSource, SourceError> {
        let gauge = Arc::new(Gauge::default());
        let reader = unpacked(raw, path, &gauge).map_err(|error| SourceError::Read { path: path.to_owned(), error })?;
        Ok(FileSource {
            path: path.to_owned(),
            identity,
            opened,
            gauge,
            reader,
            shape: if is_csv(path) { Shape::Rows(None) } else { Shape::Lines },
            piece: Vec::new(),
            at_start: true,
            next_offset: 0,
            done: false,
        })
    }

    /// `sha256:<hex of the raw bytes>`, so a renamed copy is the same source; `stdin:<uuid>` for standard input.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// Size of the raw file in bytes; `None` for standard input.
    pub fn total_bytes(&self) -> Option<u64> {
        self.opened.as_ref().map(|(_, stamp)| stamp.bytes)
    }

    fn record(&mut self, body: Body) -> Record {
        let offset = self.next_offset;
        self.next_offset += 1;
        Record { offset, bytes_read: self.gauge.bytes(), body }
    }

    /// Cuts pieces until one is a record. `Ok(None)` at the end of undamaged data.
    fn advance(&mut self) -> Result<Option<Body>, SourceError> {
        loop {
            let cut = match self.shape {
                Shape::Lines => cut_line(&mut self.reader, &mut self.piece),
                Shape::Rows(_) => cut_row(&mut self.reader, &mut self.piece),
            };
            let cut = match cut {
                Ok(cut) => cut,
                Err(error) => return self.broken_off(error).map(Some),
            };
            if std::mem::take(&mut self.at_start) && self.piece.starts_with(BOM) {
                self.piece.drain(..BOM.len());
            }
            match cut {
                Cut::End => {
                    self.done = true;
                    self.unchanged()?;
                    return Ok(None);
                }
                Cut::Whole if blank(&self.piece) => {}
                cut => {
                    if let Some(body) = self.body(cut)? {
                        return Ok(Some(body));
                    }
                }
            }
        }
    }

    /// What a piece is as a record; `None` for the header.
    fn body(&mut self, cut: Cut) -> Result<Option<Body>, SourceError> {
        let flaw = match cut {
            Cut::TooLong(bytes) => {
                let detail = format!("the record is {bytes} bytes long; at most {LONGEST_RECORD} are accepted");
                Some(Reject::new(Reason::TooLong, detail))
            }
            Cut::Broken(problem) => Some(Reject::new(Reason::BadCsv, problem)),
            Cut::Whole | Cut::End => None,
        };
        Ok(match (&mut self.shape, flaw) {
            (Shape::Rows(table @ None), flaw) => {
                let made = match flaw {
                    Some(reject) => Err(reject.detail),
                    None => Table::with_header(&self.piece),
                };
                *table = Some(Box::new(made.map_err(|problem| {
                    self.done = true;
                    SourceError::Header { path: self.path.clone(), problem }
                })?));
                None
            }
            (_, Some(reject)) => Some(Body::Rejected(reject)),
            (Shape::Rows(Some(table)), None) => Some(table.read(&self.piece)),
            (Shape::Lines, None) => Some(Body::Line(std::mem::take(&mut self.piece))),
        })
    }

    /// Reading failed: either the device did, or the packed data is damaged from here on, which is a record.
    fn broken_off(&mut self, error: io::Error) -> Result<Body, SourceError> {
        self.done = true;
        if self.gauge.failed() {
            return Err(SourceError::Read { path: self.path.clone(), error });
        }
        self.unchanged()?;
        let detail =
            format!("the packed data ends early or is damaged ({error}); everything before this record was read");
        Ok(Body::Rejected(Reject::new(Reason::Truncated, detail)))
    }

    /// The identity is that of the bytes hashed at the start, so they must still be the bytes that were read.
    fn unchanged(&self) -> Result<(), SourceError> {
        let Some((file, stamp)) = &self.opened else { return Ok(()) };
        let now = file.metadata().map_err(|error| SourceError::Read { path: self.path.clone(), error })?;
        if Stamp::from(&now) == *stamp { Ok(()) } else { Err(SourceError::Changed { path: self.path.clone() }) }
    }
}

impl Iterator for FileSource {
    type Item = Result<Record, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        match self.advance() {
            Ok(Some(body)) => Some(Ok(self.record(body))),
            Ok(None) => None,
            Err(error) => {
                self.done = true;
                Some(Err(error))
            }
        }
    }
}

/// Whether the name, apart from the packing, ends in `.csv`.
fn is_csv(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let inner = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    inner.ends_with(".csv")
}

fn digest(file: &mut File) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    io::copy(file, &mut hash)?;
    Ok(hash.finalize().into())
}
