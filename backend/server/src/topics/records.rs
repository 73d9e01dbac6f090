//! A topic's records as a site's.

use chrono::{DateTime, Utc};
use ingest::decode::native;
use ingest::load::batch::{Batch, Received, Retained};
use ingest::source::LONGEST_RECORD;
use ingest::{Decoded, Reason, Reject};

/// The batch, decoded.
pub fn batch(log: &str, records: kafka::Batch) -> Batch {
    let now = Utc::now();
    Batch {
        source: log.into(),
        partition: records.partition.to_string(),
        first: records.first,
        next: records.next,
        mark: records.mark.map(|mark| mark.to_string()),
        records: records.records.into_iter().map(|record| received(record, now)).collect(),
    }
}

/// A topic's record, decoded. `now` is for one without a time.
pub fn received(record: kafka::Record, now: DateTime<Utc>) -> Received {
    let kafka::Record { offset, timestamp, bytes } = record;
    // What the topic says of the time, so that a replay says the same.
    let received_at = timestamp.and_then(DateTime::from_timestamp_millis).unwrap_or(now);
    let (decoded, kept) = if bytes.len() > LONGEST_RECORD {
        let detail = format!("the record is {} bytes long; at most {LONGEST_RECORD} are accepted", bytes.len());
        (Decoded::Rejected(Reject::new(Reason::TooLong, detail)), Retained::InSource)
    } else {
        (native::decode(&bytes, received_at), Retained::AsItCame(bytes))
    };
    Received { offset, received_at, decoded, kept, statement: None }
}
