//! Records for the tests, each with a value of its own.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};

pub struct Producer {
    client: BaseProducer,
    topic: String,
    sent: Vec<String>,
}

impl Producer {
    pub fn new(brokers: &str, topic: &str, more: &[(&str, &str)]) -> Self {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", brokers).set("linger.ms", "5").set("log_level", "2");
        config.extend(more.iter().map(|(k, v)| (k.to_string(), v.to_string())));
        Self { client: config.create().unwrap(), topic: topic.into(), sent: Vec::new() }
    }

    /// Sends `count` records to each of the first `partitions`, and waits until they are there.
    pub fn send(&mut self, count: usize, partitions: i32) -> &mut Self {
        self.queue(count, partitions, None);
        self.flush();
        self
    }

    /// The same, made at this time (milliseconds since 1970).
    pub fn send_at(&mut self, count: usize, partitions: i32, time: i64) -> &mut Self {
        self.queue(count, partitions, Some(time));
        self.flush();
        self
    }

    /// Sends them in a transaction. What is aborted was never sent.
    pub fn transaction(&mut self, count: usize, partitions: i32, commit: bool) -> &mut Self {
        let before = self.sent.len();
        self.client.begin_transaction().unwrap();
        self.queue(count, partitions, None);
        if commit {
            self.client.commit_transaction(Duration::from_secs(20)).unwrap();
        } else {
            self.flush();
            self.client.abort_transaction(Duration::from_secs(20)).unwrap();
            self.sent.truncate(before);
        }
        self
    }

    pub fn begin_transactions(&mut self) {
        self.client.init_transactions(Duration::from_secs(20)).unwrap();
    }

    pub fn flush(&self) {
        self.client.flush(Duration::from_secs(30)).unwrap();
        assert_eq!(self.client.in_flight_count(), 0);
    }

    fn queue(&mut self, count: usize, partitions: i32, time: Option<i64>) {
        for n in 0..count * partitions as usize {
            let partition = n as i32 % partitions;
            // About as long as an event.
            let value = format!("{:08} {} {}", self.sent.len(), self.topic, "x".repeat(350 + n % 50));
            let headers = OwnedHeaders::new().insert(Header { key: "source", value: Some("test") });
            let mut record =
                BaseRecord::<(), str>::to(&self.topic).partition(partition).payload(&value).headers(headers);
            record.timestamp = time;
            while let Err((error, back)) = self.client.send(record) {
                assert_eq!(error.rdkafka_error_code(), Some(rdkafka::types::RDKafkaErrorCode::QueueFull));
                self.client.poll(Duration::from_millis(20));
                record = back;
            }
            self.sent.push(value);
        }
        self.client.poll(Duration::ZERO);
    }

    /// Every value that was sent, sorted.
    pub fn sent(&self) -> Vec<String> {
        let mut sent = self.sent.clone();
        sent.sort();
        sent
    }
}
