//! Reading ahead: while one batch of a source is loaded, the next is read, decoded and prepared on a thread of its own.

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Body, FileSource, Record, SourceError};
use crate::decode::Decoder;
use crate::enrich::{Prepared, Steps};
use crate::load::batch::{Batch, Received, Retained};

/// Records of one transaction.
pub const BATCH: usize = 50_000;

/// Batches that wait to be loaded, beside the one that is loaded and the one that is made.
const WAITING: usize = 1;

/// A batch, and how many bytes of the raw source were read with it.
pub type Part = Result<(Prepared, u64), SourceError>;

/// A file as one site's log.
pub struct Reading {
    pub source: FileSource,
    pub decoder: Decoder,
    pub steps: Steps,
    /// The log's name and partition.
    pub name: String,
    pub partition: String,
    /// Offset of the first record that is not loaded yet.
    pub start: i64,
    /// Tells when a record was received.
    pub clock: fn() -> DateTime<Utc>,
}

impl Reading {
    /// Begins to read. The parts end with the source or after its first error; the thread's result is how many records came before
    /// the first one wanted.
    pub fn begin(self) -> (mpsc::Receiver<Part>, JoinHandle<u64>) {
        let (send, parts) = mpsc::channel(WAITING);
        (parts, spawn_blocking(move || self.read(&send)))
    }

    fn read(self, send: &mpsc::Sender<Part>) -> u64 {
        let Self { source, decoder, steps, name, partition, start, clock } = self;
        let prepared = |first: i64, records: Vec<Received>| {
            let next = first + records.len() as i64;
            let (source, partition) = (name.clone(), partition.clone());
            steps.prepare(Batch { source, partition, first, next, records, mark: None })
        };
        let (mut before, mut bytes) = (0, 0);
        let (mut first, mut current) = (start, Vec::with_capacity(BATCH));
        for record in source {
            let Record { offset, bytes_read, body } = match record {
                Ok(record) => record,
                Err(error) => {
                    let _ = send.blocking_send(Err(error));
                    return before;
                }
            };
            if (offset as i64) < start {
                before += 1;
                continue;
            }
            bytes = bytes_read;
            current.push(received(offset as i64, &decoder, body, clock()));
            if current.len() == BATCH {
                let full = prepared(first, std::mem::replace(&mut current, Vec::with_capacity(BATCH)));
                first = full.next;
                if send.blocking_send(Ok((full, bytes))).is_err() {
                    return before;
                }
            }
        }
        if !current.is_empty() {
            let _ = send.blocking_send(Ok((prepared(first, current), bytes)));
        }
        before
    }
}

fn received(offset: i64, decoder: &Decoder, body: Body, received_at: DateTime<Utc>) -> Received {
    let decoded = decoder.decode(&body, received_at);
    let kept = match (decoder, body) {
        (Decoder::Native, Body::Line(line)) => Retained::AsItCame(line),
        _ => Retained::InSource,
    };
    Received { offset, received_at, decoded, kept, statement: None }
}
