//! What can go wrong: with the whole client, or with one partition.

use rdkafka::error::KafkaError as Client;
use thiserror::Error;

/// Why a topic cannot be read at all, or not be asked.
#[derive(Debug, Error)]
pub enum KafkaError {
    #[error("Kafka property '{0}' cannot be set here; connection properties can: security.*, sasl.*, ssl.*, socket.*")]
    Property(String),
    #[error("no broker of {brokers} answers: {reason}")]
    Unreachable { brokers: String, reason: String },
    #[error("Kafka client: {0}")]
    Client(#[from] Client),
    /// The client is of no use any more; open another.
    #[error("Kafka client ended: {0}")]
    Fatal(Client),
    #[error("'{0}' is not a mark")]
    Mark(String),
}

/// Why one partition is not read on. Nothing was skipped; what to do is the owner's choice.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Stop {
    #[error(
        "partition {partition} of {log} is read up to {position}, but its oldest record is {low}: up to {} were deleted \
         before they were read. Nothing was skipped. If they cannot be had elsewhere, `octavo site topic-skip SITE` has it \
         read on from {low}; keep records longer (retention.ms, retention.bytes)", .low - .position
    )]
    Trimmed { log: String, partition: i32, position: i64, low: i64 },
    #[error(
        "partition {partition} of {log} is read up to {position}, but it ends at {high}: the topic was made anew, or \
         its brokers lost records. Nothing was skipped. `octavo site topic-anew SITE` has it read from its beginning"
    )]
    Behind { log: String, partition: i32, position: i64, high: i64 },
    #[error(
        "partition {partition} of {log} is read up to {position}, but the record at {at} is not the one that was read \
         there: the topic was made anew. Nothing was skipped. `octavo site topic-anew SITE` has it read from its \
         beginning"
    )]
    Another { log: String, partition: i32, position: i64, at: i64 },
}

impl Stop {
    /// Up to where the partition is read.
    pub fn position(&self) -> i64 {
        match self {
            Stop::Trimmed { position, .. } | Stop::Behind { position, .. } | Stop::Another { position, .. } => {
                *position
            }
        }
    }

    /// How many offsets wait of the partition, which has those of `low..high`: of what was trimmed also those that are gone; of a topic
    /// that was made anew all.
    pub fn waiting(&self, (low, high): (i64, i64)) -> i64 {
        match self {
            Stop::Trimmed { position, .. } => high - position,
            Stop::Behind { .. } | Stop::Another { .. } => high - low,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_topic_made_anew_all_waits_and_of_a_trimmed_one_what_was_not_read() {
        let (log, position, at) = (String::new, 100, 99);
        let marks = (20, 50);
        assert_eq!(Stop::Behind { log: log(), partition: 0, position, high: 50 }.waiting(marks), 30);
        assert_eq!(Stop::Another { log: log(), partition: 0, position, at }.waiting(marks), 30);
        assert_eq!(Stop::Trimmed { log: log(), partition: 0, position, low: 130 }.waiting((130, 200)), 100);
    }
}
