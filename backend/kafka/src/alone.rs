//! Reading a topic by oneself: to load it once more, or to see what it is.

use rdkafka::consumer::Consumer as _;

use crate::ask::blocking;
use crate::consumer::Consumer;
use crate::error::{KafkaError, Stop};
use crate::mark::Mark;
use crate::settings::Settings;
use crate::witness::Found;

impl Consumer {
    /// Belongs to no group: all partitions are this consumer's, and nobody loses one by it. Each is read after
    /// [`Consumer::start`] until [`Consumer::leave_off`]; none is told as assigned.
    pub async fn alone(settings: Settings) -> Result<Self, KafkaError> {
        let consumer = Self::connect(settings).await?;
        let partitions = consumer.partitions().await?;
        consumer.client.context().state().ours.extend(partitions);
        Ok(consumer)
    }

    /// The topic's partitions; none where there is no such topic.
    pub async fn partitions(&self) -> Result<Vec<i32>, KafkaError> {
        let (topic, patience) = (self.settings.topic.clone(), self.settings.patience);
        let found = blocking(&self.client, move |c| c.client().fetch_metadata(Some(&topic), patience)).await?;
        let topic = found.topics().iter().find(|topic| topic.name() == self.settings.topic);
        let mut partitions: Vec<i32> =
            topic.map(|topic| topic.partitions().iter().map(|p| p.id()).collect()).unwrap_or_default();
        partitions.sort_unstable();
        Ok(partitions)
    }

    /// Why a partition that was read up to `position` is not the one that is there now; `None` when nothing says so: it is the same,
    /// or retention took the record of the mark.
    pub async fn differs(
        &mut self,
        partition: i32,
        position: i64,
        mark: Option<Mark>,
    ) -> Result<Option<Stop>, KafkaError> {
        let log = self.log.clone();
        let (_, high) = self.watermarks(partition).await?;
        if position > high {
            return Ok(Some(Stop::Behind { log, partition, position, high }));
        }
        let Some(mark) = mark.filter(|mark| mark.offset < position) else { return Ok(None) };
        Ok(match self.witness.look(partition, mark, position).await? {
            Found::Another => Some(Stop::Another { log, partition, position, at: mark.offset }),
            Found::Same | Found::Gone => None,
        })
    }

    /// Reads a partition no more.
    pub fn leave_off(&mut self, partition: i32) {
        self.release(&[partition]);
        self.readings.remove(&partition);
    }
}
