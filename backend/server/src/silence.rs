//! Partitions from which nothing comes although there is something.
//!
//! librdkafka takes no news of a partition whose leader's epoch went back, as that of a topic that is made anew does once a broker
//! was restarted before: it asks for ever with an epoch that nobody knows, and says nothing (seen with 2.12.1 and Apache
//! Kafka 4.1). A new client knows no epoch.

use std::collections::BTreeMap;

use kafka::Consumer;

/// What was seen of each partition: how far it is read, and its end.
#[derive(Debug, Default)]
pub struct Silence {
    looked: BTreeMap<i32, i64>,
    /// When the client was replaced for it the last time. What ends in a transaction's marker is never read to its end, and
    /// that is no reason to replace a client again.
    replaced: BTreeMap<i32, (i64, i64)>,
}

impl Silence {
    /// Looks once more; says whether the client is to be replaced. Two looks are so far apart that something would have come.
    pub async fn look(&mut self, consumer: &Consumer) -> bool {
        let before = std::mem::take(&mut self.looked);
        let mut replace = false;
        for standing in consumer.standing() {
            // Brokers that do not answer are waited for elsewhere.
            let Ok((_, end)) = consumer.watermarks(standing.partition).await else { return false };
            if end == standing.next {
                continue;
            }
            self.looked.insert(standing.partition, standing.next);
            let seen = (standing.next, end);
            if before.get(&standing.partition) == Some(&standing.next)
                && self.replaced.get(&standing.partition) != Some(&seen)
            {
                self.replaced.insert(standing.partition, seen);
                replace = true;
            }
        }
        if replace {
            self.looked.clear();
        }
        replace
    }
}
