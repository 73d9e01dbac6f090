//! One partition that is being read.

use std::time::{Duration, Instant};

use crate::event::{Batch, Record};
use crate::mark::Mark;

pub(crate) struct Reading {
    /// Where the next batch begins.
    pub first: i64,
    /// Offset after the last record received: where to fetch from.
    pub seen: i64,
    /// The last record before `first`, where it is known.
    mark: Option<Mark>,
    records: Vec<Record>,
    pub bytes: usize,
    /// When the batch is to be handed out even if it is not full.
    pub due: Option<Instant>,
    /// When it is to be tried again, after no broker answered.
    pub not_before: Option<Instant>,
}

impl Reading {
    pub(crate) fn new(at: i64, mark: Option<Mark>) -> Self {
        let mark = mark.filter(|m| m.offset < at);
        Self { first: at, seen: at, mark, records: Vec::new(), bytes: 0, due: None, not_before: None }
    }

    pub(crate) fn receive(&mut self, offset: i64, timestamp: Option<i64>, bytes: &[u8], linger: Duration) {
        if offset < self.seen {
            return;
        }
        self.seen = offset + 1;
        self.bytes += bytes.len();
        self.due.get_or_insert_with(|| Instant::now() + linger);
        self.records.push(Record { offset, timestamp, bytes: bytes.to_vec() });
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether to hand out a batch of which `limit` records are enough.
    pub(crate) fn is_due(&self, limit: usize, now: Instant) -> bool {
        let may = self.not_before.is_none_or(|at| at <= now) && !self.records.is_empty();
        may && (self.len() >= limit || self.due.is_some_and(|at| at <= now))
    }

    /// A record that must stand in the topic that these were read from: the last one before them, or the first of them.
    pub(crate) fn evidence(&self) -> Option<Mark> {
        self.mark.or_else(|| self.records.first().map(of))
    }

    /// What came so far.
    pub(crate) fn take(&mut self, partition: i32) -> Batch {
        self.bytes = 0;
        (self.due, self.not_before) = (None, None);
        let records = std::mem::take(&mut self.records);
        self.mark = records.last().map(of).or(self.mark);
        let first = std::mem::replace(&mut self.first, self.seen);
        Batch { partition, first, next: self.seen, records, mark: self.mark }
    }
}

fn of(record: &Record) -> Mark {
    Mark::of(record.offset, record.timestamp, &record.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_may_have_gaps_and_batches_have_none() {
        let mut reading = Reading::new(3, None);
        assert_eq!(reading.evidence(), None);
        for (offset, bytes) in [(2, "it was there"), (5, "five"), (9, "nine")] {
            reading.receive(offset, None, bytes.as_bytes(), Duration::ZERO);
        }
        assert_eq!(reading.evidence(), Some(Mark::of(5, None, b"five")));
        let one = reading.take(0);
        assert_eq!((one.first, one.next, one.records.len()), (3, 10, 2));
        assert_eq!(one.mark, Some(Mark::of(9, None, b"nine")));
        reading.receive(12, None, b"twelve", Duration::ZERO);
        assert_eq!(reading.evidence(), one.mark);
        let two = reading.take(0);
        assert_eq!((two.first, two.next, two.records.len()), (10, 13, 1));
    }
}
