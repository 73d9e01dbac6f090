//! Questions to the brokers. librdkafka's answers block, so they are awaited on threads of their own.

use std::sync::Arc;

use rdkafka::Offset;
use rdkafka::consumer::{Consumer as _, StreamConsumer};
use rdkafka::error::KafkaResult;
use rdkafka::topic_partition_list::TopicPartitionList;

use crate::consumer::Consumer;
use crate::context::Context;
use crate::error::KafkaError;
use crate::settings::Settings;

/// What the log is called: its cluster and its topic. The id of a topic made anew is not among what librdkafka tells; that
/// is what [`crate::Mark`] is for.
pub(crate) async fn name(client: &Arc<StreamConsumer<Context>>, settings: &Settings) -> Result<String, KafkaError> {
    let patience = settings.patience;
    let cluster = blocking(client, move |c| c.client().fetch_cluster_id(patience)).await;
    let cluster = cluster.ok_or_else(|| KafkaError::Unreachable {
        brokers: settings.brokers.clone(),
        reason: format!("none told the cluster's id within {patience:?}"),
    })?;
    Ok(format!("kafka:{cluster}/{}", settings.topic))
}

impl Consumer {
    /// Offset of the oldest record that is left, and the one after the newest that can be read.
    pub async fn watermarks(&self, partition: i32) -> Result<(i64, i64), KafkaError> {
        let (topic, patience) = (self.settings.topic.clone(), self.settings.patience);
        Ok(blocking(&self.client, move |c| c.fetch_watermarks(&topic, partition, patience)).await?)
    }

    /// Offset of the first record that is not older than `time` (milliseconds since 1970): to replay from there. Where all
    /// are older, the partition's end.
    pub async fn offset_at(&self, partition: i32, time: i64) -> Result<i64, KafkaError> {
        let (topic, patience) = (self.settings.topic.clone(), self.settings.patience);
        let found = blocking(&self.client, move |c| -> KafkaResult<Offset> {
            let mut wanted = TopicPartitionList::new();
            wanted.add_partition_offset(&topic, partition, Offset::Offset(time))?;
            let found = c.offsets_for_times(wanted, patience)?;
            let found = found.find_partition(&topic, partition).expect("what was asked for is answered");
            found.error()?;
            Ok(found.offset())
        });
        match found.await? {
            Offset::Offset(offset) => Ok(offset),
            _ => Ok(self.watermarks(partition).await?.1),
        }
    }
}

pub(crate) async fn blocking<T: Send + 'static>(
    client: &Arc<StreamConsumer<Context>>,
    question: impl FnOnce(&StreamConsumer<Context>) -> T + Send + 'static,
) -> T {
    let client = Arc::clone(client);
    tokio::task::spawn_blocking(move || question(&client)).await.expect("a question does not panic")
}
