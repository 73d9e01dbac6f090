//! One partition that is being read.

use std::time::{Duration, Instant};

use crate::event::{Batch, Record};
use crate::mark::Mark;

pub(crate) struct Reading {
    /// Where the next batch begins.
    first: i64,
    /// Offset after the last record received.
    pub seen: i64,
    /// The last record before `seen`, where it is known.
    mark: Option<Mark>,
    /// The mark's record is to be seen again before anything else.
    checking: bool,
    records: Vec<Record>,
    pub bytes: usize,
    /// When the first of the records came.
    since: Option<Instant>,
}

/// What became of a record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// It is in the batch: this many bytes.
    Kept(usize),
    /// It was known already.
    Known,
    /// It is not the record that was at this offset.
    Another,
}

impl Reading {
    pub(crate) fn new(at: i64, mark: Option<Mark>) -> Self {
        let mark = mark.filter(|m| m.offset < at);
        Self { first: at, seen: at, checking: mark.is_some(), mark, records: Vec::new(), bytes: 0, since: None }
    }

    /// The offset to fetch from.
    pub(crate) fn from(&self) -> i64 {
        self.mark.filter(|_| self.checking).map_or(self.seen, |m| m.offset)
    }

    /// Looks at the last record again before going on, where one is known.
    pub(crate) fn check_again(&mut self) {
        self.checking = self.mark.is_some();
    }

    /// Goes on without: the brokers do not have the mark's record any more.
    pub(crate) fn cannot_check(&mut self) {
        self.checking = false;
    }

    pub(crate) fn receive(&mut self, offset: i64, timestamp: Option<i64>, bytes: &[u8]) -> Received {
        if let Some(mark) = self.mark.filter(|_| self.checking) {
            if offset == mark.offset && Mark::of(offset, timestamp, bytes) != mark {
                return Received::Another;
            }
            // A later one first: compaction took the mark's record away. It may not stand where there was none.
            if offset > mark.offset && offset < self.seen {
                return Received::Another;
            }
            self.checking = false;
        }
        if offset < self.seen {
            return Received::Known;
        }
        self.seen = offset + 1;
        self.bytes += bytes.len();
        self.since.get_or_insert_with(Instant::now);
        self.records.push(Record { offset, timestamp, bytes: bytes.to_vec() });
        Received::Kept(bytes.len())
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// When the batch has waited long enough.
    pub(crate) fn due(&self, linger: Duration) -> Option<Instant> {
        self.since.map(|since| since + linger)
    }

    /// What came so far.
    pub(crate) fn take(&mut self, partition: i32) -> Batch {
        self.bytes = 0;
        self.since = None;
        let records = std::mem::take(&mut self.records);
        if let Some(last) = records.last() {
            self.mark = Some(Mark::of(last.offset, last.timestamp, &last.bytes));
        }
        let first = std::mem::replace(&mut self.first, self.seen);
        Batch { partition, first, next: self.seen, records, mark: self.mark }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_may_have_gaps_and_batches_have_none() {
        let mut reading = Reading::new(3, None);
        assert_eq!(reading.receive(2, None, b"old"), Received::Known);
        assert_eq!(reading.receive(5, None, b"five"), Received::Kept(4));
        assert_eq!(reading.receive(9, None, b"nine"), Received::Kept(4));
        let one = reading.take(0);
        assert_eq!((one.first, one.next, one.records.len()), (3, 10, 2));
        reading.receive(12, None, b"twelve");
        let two = reading.take(0);
        assert_eq!((two.first, two.next, two.records.len()), (10, 13, 1));
    }

    #[test]
    fn the_last_record_is_looked_at_again() {
        let mark = Mark::of(4, Some(7), b"four");
        let mut same = Reading::new(5, Some(mark));
        assert_eq!(same.from(), 4);
        assert_eq!(same.receive(4, Some(7), b"four"), Received::Known);
        assert_eq!(same.receive(5, Some(8), b"five"), Received::Kept(4));

        let mut another = Reading::new(5, Some(mark));
        assert_eq!(another.receive(4, Some(7), b"quatre"), Received::Another);

        let mut compacted = Reading::new(5, Some(mark));
        assert_eq!(compacted.receive(6, Some(9), b"six"), Received::Kept(3));

        let mut filled = Reading::new(8, Some(mark));
        assert_eq!(filled.receive(6, Some(9), b"six"), Received::Another, "there was nothing between 4 and 8");
    }
}
