//! What a consumer tells its owner.

use crate::error::Stop;
use crate::mark::Mark;

/// What happened since the last one.
#[derive(Debug)]
pub enum Event {
    /// These partitions are this consumer's now. Each is read after [`crate::Consumer::start`] and not before.
    Assigned(Vec<i32>),
    /// These are another's now. A batch of theirs that is still at work may be finished or dropped: at most one counts.
    Revoked(Vec<i32>),
    Records(Batch),
    /// This partition is not read on until it is started anew; the others are.
    Stopped {
        partition: i32,
        why: Stop,
    },
    /// More than `Settings::longest_work` passed between two calls of `next`, and the group gave the partitions away.
    /// They come as [`Event::Revoked`], and others as [`Event::Assigned`].
    Expelled,
    /// Something is wrong that mends itself or is mended elsewhere: brokers away, a right missing, no such topic.
    Trouble(String),
}

/// Neighbouring records of one partition. Offsets have gaps (compaction, transactions), so the ends stand for themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub partition: i32,
    /// Where the batch before it ended, or where the partition was started: the position it moves on from.
    pub first: i64,
    /// The position it moves to. Every record in `first..next` that the topic has is in this batch.
    pub next: i64,
    pub records: Vec<Record>,
    /// The last record's; to be kept beside the position. None only where there is no record.
    pub mark: Option<Mark>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub offset: i64,
    /// Milliseconds since 1970, as its producer or its broker wrote it.
    pub timestamp: Option<i64>,
    /// The value; empty also where there is none (a tombstone). Key and headers are not read.
    pub bytes: Vec<u8>,
}

/// How far a partition is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub partition: i32,
    /// Offset after the last record that was delivered.
    pub next: i64,
    /// Where the partition ended when a broker was last heard; None before the first time.
    pub end: Option<i64>,
}
