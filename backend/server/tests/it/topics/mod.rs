//! Topics as `octavo work` reads them: each record counts once, whatever goes away meanwhile, and what is no event keeps no other.

mod again;
mod gaps;
mod real;
mod sharing;
mod staged;
mod wiring;
pub mod worker;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::{ClientConfig, TopicPartitionList};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{TestDatabase, seed};
use uuid::Uuid;

use worker::Worker;

/// How long anything may take that should happen, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(120);

/// A warehouse with reference data, a topic, and what was sent there.
pub struct World {
    pub db: TestDatabase,
    pub brokers: String,
    pub topic: String,
    producer: BaseProducer,
    /// Ids of the events that have to be stored.
    sent: BTreeSet<Uuid>,
    /// Records that were sent, events or not.
    records: i64,
    logs: TempDir,
}

impl World {
    pub async fn new(brokers: String, topic: &str) -> World {
        let db = TestDatabase::create().await;
        seed::reference(&db).await;
        // Persons have one pseudonym in all worlds, so that what was loaded can be compared.
        db.execute("INSERT INTO app.site_secret (site_code, secret) VALUES ('ee', decode(repeat('07', 32), 'hex'))")
            .await;
        let producer = producer(&brokers);
        let (sent, logs) = (BTreeSet::new(), TempDir::new().unwrap());
        World { db, brokers, topic: topic.into(), producer, sent, records: 0, logs }
    }

    /// Another warehouse, into which the same topic is to be loaded.
    pub async fn beside(&self) -> World {
        let other = World::new(self.brokers.clone(), &self.topic).await;
        World { sent: self.sent.clone(), records: self.records, ..other }
    }

    /// From now on by a producer that knows nothing of a topic that was there before.
    pub fn anew(&mut self) {
        self.producer = producer(&self.brokers);
    }

    /// The next event, of one of seven persons.
    pub fn event(&mut self) -> Value {
        let n = self.sent.len() as u128;
        let id = Uuid::from_u128((7 << 76) | (2 << 62) | n);
        self.sent.insert(id);
        json!({
            "id": id, "at": seed::now().to_rfc3339(), "kind": "page_view", "person": format!("CANARY-{}", n % 7),
            "role": "student", "school": "S1", "book": "9780000000001",
        })
    }

    /// Sends so many events, spread over the first partitions, and waits until the brokers have them.
    pub fn send(&mut self, count: usize, partitions: i32) {
        for n in 0..count {
            let event = self.event().to_string();
            self.record(n as i32 % partitions, event.as_bytes());
        }
        self.flush();
    }

    /// Hands a record over to be sent.
    pub fn record(&mut self, partition: i32, bytes: &[u8]) {
        self.record_at(partition, bytes, seed::now());
    }

    /// The same as if it came at this time: the loader knows no other.
    pub fn record_at(&mut self, partition: i32, bytes: &[u8], time: DateTime<Utc>) {
        let mut record = BaseRecord::<(), [u8]>::to(&self.topic).partition(partition).payload(bytes);
        record.timestamp = Some(time.timestamp_millis());
        while let Err((error, back)) = self.producer.send(record) {
            assert_eq!(error.rdkafka_error_code(), Some(rdkafka::types::RDKafkaErrorCode::QueueFull));
            self.producer.poll(Duration::from_millis(20));
            record = back;
        }
        self.records += 1;
    }

    pub fn flush(&self) {
        self.producer.flush(PATIENCE).unwrap();
        assert_eq!(self.producer.in_flight_count(), 0);
    }

    pub fn work(&self, name: &str) -> Worker {
        let command = worker::octavo(&self.db, &self.brokers, &self.topic, &["work"]);
        Worker::start(command, self.logs.path().join(name))
    }

    /// Runs a command to its end.
    pub fn run(&self, args: &[&str]) -> (bool, String) {
        let output = worker::octavo(&self.db, &self.brokers, &self.topic, args).output().unwrap();
        (output.status.success(), worker::said(&output))
    }

    pub async fn count(&self, sql: &str) -> i64 {
        self.db.warehouse.client().await.unwrap().query_one(sql, &[]).await.unwrap().get(0)
    }

    /// Waits until so much was received.
    pub async fn received(&self, records: i64, worker: &Worker) {
        let until = Instant::now() + PATIENCE;
        let ledger = "SELECT coalesce(sum(received), 0)::bigint FROM raw.load";
        loop {
            let received = self.count(ledger).await;
            if received >= records {
                return;
            }
            assert!(Instant::now() < until, "{received} of {records} records came\n{}", worker.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the screen of the data's health is told that so many records of each partition wait.
    pub async fn waits(&self, expected: [(&str, i64); 2], worker: &Worker) {
        let until = Instant::now() + PATIENCE;
        let client = self.db.warehouse.client().await.unwrap();
        loop {
            let rows = client.query("SELECT partition, waiting FROM raw.log ORDER BY partition", &[]).await.unwrap();
            let told: Vec<(String, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
            if told.iter().map(|(partition, waiting)| (partition.as_str(), *waiting)).eq(expected) {
                return;
            }
            assert!(Instant::now() < until, "{told:?} instead of {expected:?}\n{}", worker.log());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Waits until the group was told of each partition how far it is loaded.
    pub async fn told(&self, partitions: i32, worker: &Worker) {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.brokers).set("group.id", "octavo");
        let group: BaseConsumer = config.create().unwrap();
        let until = Instant::now() + PATIENCE;
        loop {
            let mut asked = TopicPartitionList::new();
            asked.add_partition_range(&self.topic, 0, partitions - 1);
            let told = group.committed_offsets(asked, PATIENCE).unwrap();
            let told: i64 = told.elements().iter().filter_map(|partition| partition.offset().to_raw()).sum();
            if told == self.records {
                return;
            }
            assert!(Instant::now() < until, "{told} of {} records\n{}", self.records, worker.log());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Waits until all that was sent is loaded, and sees that it is there once and was read once.
    pub async fn settled(&self, worker: &Worker) {
        self.received(self.records, worker).await;
        // Were something read twice, it would come now.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let client = self.db.warehouse.client().await.unwrap();
        let rows = client.query("SELECT event_id FROM core.event", &[]).await.unwrap();
        let stored: Vec<Uuid> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(stored.len(), self.sent.len(), "{}", worker.log());
        assert_eq!(stored.into_iter().collect::<BTreeSet<_>>(), self.sent);
        // A record that was read a second time would count as a duplicate, and the event be there once all the same.
        let sums = "SELECT sum(received), sum(loaded), sum(duplicate), sum(quarantined) FROM raw.load";
        let row = client.query_one(sums, &[]).await.unwrap();
        let sums: [i64; 4] = [0, 1, 2, 3].map(|column| row.get(column));
        let events = self.sent.len() as i64;
        assert_eq!(sums, [self.records, events, 0, self.records - events], "{}", worker.log());
        let ends = "SELECT sum(next)::bigint FROM raw.position WHERE source LIKE 'kafka:%'";
        assert_eq!(self.count(ends).await, self.records, "the positions say as much");
    }
}

fn producer(brokers: &str) -> BaseProducer {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers).set("log_level", "2").set("message.max.bytes", "4000000");
    config.create().unwrap()
}
