//! Sees that it is still the same topic.
//!
//! librdkafka reads on in a topic that was made anew as if it were the old one, and tells nobody (its own source says
//! that this is to be done: `rd_kafka_topic_metadata_update`; seen with 2.12.1 and Apache Kafka 4.1). So before a batch is
//! handed out, and after all of it has come, the record before it is read once more. Were any of the batch another
//! topic's, then that record would be too.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::Offset;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError as ClientError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::topic_partition_list::TopicPartitionList;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::context::settle;
use crate::error::KafkaError;
use crate::mark::Mark;
use crate::settings::Settings;

/// How long to wait for the record. Meanwhile the group is not answered.
const PATIENCE: Duration = Duration::from_secs(3);

/// A client of its own, which belongs to no group.
pub(crate) struct Witness {
    client: Arc<BaseConsumer>,
    settings: Settings,
    /// One at a time. Who asked may have gone away; then the next who asks waits for it.
    under_way: Option<(Question, JoinHandle<Result<Found, KafkaError>>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Question {
    partition: i32,
    mark: Mark,
    first: i64,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Same,
    Another,
    /// Retention or compaction took the record, so nothing can be said.
    Gone,
}

impl Witness {
    pub(crate) fn new(settings: &Settings) -> Result<Self, KafkaError> {
        let mut config = settings.config()?;
        // One answer, as short as it can be. The group is named because the client wants one; it never joins.
        config
            .set("fetch.message.max.bytes", "1")
            .set("queued.min.messages", "1")
            .set("queued.max.messages.kbytes", "1024")
            .set("statistics.interval.ms", "0")
            .set("log_level", "2");
        Ok(Self { client: Arc::new(config.create()?), settings: settings.clone(), under_way: None })
    }

    /// Compares the record of the mark with what is there now. Of the records between it and `first` none may be there.
    pub(crate) async fn look(&mut self, partition: i32, mark: Mark, first: i64) -> Result<Found, KafkaError> {
        let question = Question { partition, mark, first };
        loop {
            let (asked, answer) = self.under_way.get_or_insert_with(|| {
                let (client, settings) = (Arc::clone(&self.client), self.settings.clone());
                (question, spawn_blocking(move || ask(&client, &settings, question)))
            });
            let found = answer.await.expect("a look does not panic");
            let asked = *asked;
            self.under_way = None;
            if asked == question {
                return found;
            }
        }
    }
}

fn ask(client: &BaseConsumer, settings: &Settings, question: Question) -> Result<Found, KafkaError> {
    let Question { partition, mark, first } = question;
    let mut at = TopicPartitionList::new();
    at.add_partition_offset(&settings.topic, partition, Offset::Offset(mark.offset))?;
    client.assign(&at)?;
    let until = Instant::now() + PATIENCE;
    let found = loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let (brokers, reason) = (settings.brokers.clone(), "no record came".to_string());
            break Err(KafkaError::Unreachable { brokers, reason });
        }
        match client.poll(left) {
            Some(Ok(message)) if message.partition() == partition => {
                let (offset, bytes) = (message.offset(), message.payload().unwrap_or_default());
                break Ok(if offset == mark.offset {
                    let same = Mark::of(offset, message.timestamp().to_millis(), bytes) == mark;
                    if same { Found::Same } else { Found::Another }
                } else if offset < first {
                    Found::Another
                } else {
                    Found::Gone
                });
            }
            Some(Err(error @ ClientError::MessageConsumptionFatal(_))) => break Err(KafkaError::Fatal(error)),
            Some(Err(error)) if error.rdkafka_error_code() == Some(RDKafkaErrorCode::AutoOffsetReset) => {
                break Ok(Found::Gone);
            }
            _ => {}
        }
    };
    client.unassign()?;
    settle(client);
    found
}
