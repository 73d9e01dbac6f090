//! What is fetched, from where, and when not.

use std::time::Instant;

use rdkafka::Offset;
use rdkafka::consumer::Consumer as _;

use crate::consumer::{Consumer, PAUSE};
use crate::error::Stop;
use crate::event::Event;

impl Consumer {
    /// Fetches what is started and not fetched yet.
    pub(crate) fn fetch(&mut self) {
        let mut state = self.client.context().state();
        let new: Vec<(i32, i64)> = self
            .readings
            .iter()
            .filter(|(p, _)| state.ours.contains(p) && !state.fetched.contains(p))
            .map(|(p, r)| (*p, r.seen))
            .collect();
        if new.is_empty() {
            return;
        }
        self.client.context().settle(&*self.client, &mut state);
        let mut list = self.client.context().list(new.iter().map(|(p, _)| *p));
        let set = new
            .iter()
            .try_for_each(|(p, from)| list.set_partition_offset(&self.settings.topic, *p, Offset::Offset(*from)));
        match set.and_then(|()| self.client.incremental_assign(&list)) {
            Ok(()) => state.fetched.extend(new.iter().map(|(p, _)| *p)),
            Err(error) => {
                drop(state);
                self.doubt = Some(Instant::now() + PAUSE);
                self.trouble(&error);
            }
        }
    }

    /// Stops fetching.
    pub(crate) fn release(&self, partitions: &[i32]) {
        let context = self.client.context();
        let mut state = context.state();
        let fetched: Vec<i32> = partitions.iter().copied().filter(|p| state.fetched.remove(p)).collect();
        if fetched.is_empty() {
            return;
        }
        if let Err(error) = context.unassign(&*self.client, &mut state, fetched) {
            tracing::warn!(%error, "Kafka: partitions are fetched on");
        }
        context.settle(&*self.client, &mut state);
    }

    /// Compares the positions with what the brokers have, after one of them said that it has not what was asked for.
    pub(crate) async fn look(&mut self) {
        let partitions: Vec<i32> = self.readings.keys().copied().collect();
        let mut again = None;
        for partition in partitions {
            let (low, high) = match self.watermarks(partition).await {
                Ok(marks) => marks,
                Err(error) => {
                    tracing::debug!(%error, partition, "Kafka: a partition's ends are not known");
                    self.doubt = Some(Instant::now() + PAUSE);
                    return;
                }
            };
            let Some(reading) = self.readings.get_mut(&partition) else { continue };
            let (log, position) = (self.log.clone(), reading.seen);
            if reading.len() > 0 && !(low..=high).contains(&position) {
                // What came before is handed out before it stops.
                reading.due = Some(Instant::now());
                again = Some(Instant::now() + PAUSE / 10);
            } else if position < low {
                self.stop(partition, Stop::Trimmed { log, partition, position, low });
            } else if position > high {
                self.stop(partition, Stop::Behind { log, partition, position, high });
            } else {
                self.release(&[partition]);
            }
        }
        self.doubt = again;
    }

    pub(crate) fn stop(&mut self, partition: i32, why: Stop) {
        self.release(&[partition]);
        self.readings.remove(&partition);
        self.ready.push_back(Event::Stopped { partition, why });
    }
}
