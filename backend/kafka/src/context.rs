//! What librdkafka calls back: rebalances, statistics, its log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::TopicPartitionList;
use rdkafka::types::RDKafkaRespErr;
use tokio::sync::Notify;

/// What was heard and is not told yet.
pub(crate) enum Heard {
    Assigned(Vec<i32>),
    Revoked(Vec<i32>),
}

#[derive(Default)]
pub(crate) struct State {
    pub heard: Vec<Heard>,
    /// Partitions that the group gave to this member.
    pub ours: BTreeSet<i32>,
    /// Those of them that are being fetched.
    pub fetched: BTreeSet<i32>,
    /// Whether partitions were unassigned that may not have stopped yet.
    stopping: bool,
    /// Where each ends, as of the last statistics.
    pub ends: BTreeMap<i32, i64>,
    pub connected: bool,
}

pub(crate) struct Context {
    topic: String,
    state: Mutex<State>,
    pub changed: Notify,
}

impl Context {
    pub(crate) fn new(topic: &str) -> Self {
        Self { topic: topic.into(), state: Mutex::default(), changed: Notify::new() }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics with it")
    }

    /// The partitions as librdkafka lists them.
    pub(crate) fn list(&self, partitions: impl IntoIterator<Item = i32>) -> TopicPartitionList {
        let mut list = TopicPartitionList::new();
        for partition in partitions {
            list.add_partition(&self.topic, partition);
        }
        list
    }

    /// Fetches the partitions no more. It is not waited until they are stopped: this may be the last that a client which
    /// leaves its group ever does, and then nobody would answer. Whoever goes on calls [`Context::settle`].
    pub(crate) fn unassign<C: ConsumerContext>(
        &self,
        consumer: &impl Consumer<C>,
        state: &mut State,
        partitions: Vec<i32>,
    ) -> KafkaResult<()> {
        self.settle(consumer, state);
        state.stopping = !partitions.is_empty();
        consumer.incremental_unassign(&self.list(partitions))
    }

    /// Waits until partitions that were unassigned are stopped.
    pub(crate) fn settle<C: ConsumerContext>(&self, consumer: &impl Consumer<C>, state: &mut State) {
        if std::mem::take(&mut state.stopping) {
            settle(consumer);
        }
    }
}

impl ConsumerContext for Context {
    /// Takes note of what the group decided. New partitions are acknowledged but not fetched: where to start is not known
    /// yet, and librdkafka would ask the group.
    fn rebalance(&self, consumer: &BaseConsumer<Self>, what: RDKafkaRespErr, list: &mut TopicPartitionList) {
        let partitions: Vec<i32> = list.elements().iter().map(|e| e.partition()).collect();
        let mut state = self.state();
        let done = if what == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            state.ours.extend(&partitions);
            state.heard.push(Heard::Assigned(partitions));
            consumer.incremental_assign(&TopicPartitionList::new())
        } else {
            let fetched: Vec<i32> = partitions.iter().copied().filter(|p| state.fetched.remove(p)).collect();
            partitions.iter().for_each(|p| {
                state.ours.remove(p);
                state.ends.remove(p);
            });
            state.heard.push(Heard::Revoked(partitions));
            self.unassign(consumer, &mut state, fetched)
        };
        if let Err(error) = done {
            tracing::warn!(%error, "Kafka: a rebalance was not acknowledged");
        }
        drop(state);
        self.changed.notify_one();
    }

    fn commit_callback(&self, result: KafkaResult<()>, _: &TopicPartitionList) {
        if let Err(error) = result {
            tracing::debug!(%error, "Kafka: the group was not told how far it is read");
        }
    }
}

/// Waits until partitions that were unassigned are stopped. librdkafka does not: unassigned a second time before that, it
/// aborts the process (`rktp->rktp_started`, rdkafka_assignment.c). The stop and its answer are one step each in its main
/// thread's queue, behind which these two questions stand. A client that has left its group answers never.
pub(crate) fn settle<C: ConsumerContext>(consumer: &impl Consumer<C>) {
    for _ in 0..2 {
        let _ = consumer.assignment();
    }
}

impl ClientContext for Context {
    fn stats(&self, statistics: Statistics) {
        let mut state = self.state();
        state.connected = statistics.brokers.values().any(|b| b.nodeid >= 0 && b.state == "UP");
        if let Some(topic) = statistics.topics.get(&self.topic) {
            // Beyond the last stable offset nothing can be read yet.
            let end = |p: &rdkafka::statistics::Partition| if p.ls_offset >= 0 { p.ls_offset } else { p.hi_offset };
            state.ends.extend(topic.partitions.iter().map(|(id, p)| (*id, end(p))).filter(|(_, end)| *end >= 0));
        }
    }

    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        match level {
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info | RDKafkaLogLevel::Debug => {
                tracing::debug!(facility, "Kafka: {message}");
            }
            _ => tracing::warn!(facility, "Kafka: {message}"),
        }
    }

    /// Errors come as answers of `next` too, and are told there.
    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, "Kafka: {reason}");
    }
}
