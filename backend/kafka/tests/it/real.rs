//! Apache Kafka itself: what producers of all kinds write, and brokers that stop and are killed.

use kafka::{Event, Settings};
use peers::Kafka;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;

use crate::loader::{Loader, quick};
use crate::producer::Producer;
use crate::warehouse::Warehouse;

pub fn admin(brokers: &str) -> AdminClient<DefaultClientContext> {
    ClientConfig::new().set("bootstrap.servers", brokers).set("log_level", "2").create().unwrap()
}

pub async fn create(brokers: &str, topic: &str, partitions: i32) {
    let new = NewTopic::new(topic, partitions, TopicReplication::Fixed(1));
    let created = admin(brokers).create_topics([&new], &AdminOptions::new()).await.unwrap();
    created[0].as_ref().unwrap();
}

/// Settings for a topic, with a group of its own.
pub fn reading(brokers: &str, topic: &str) -> Settings {
    let mut settings = quick(brokers, topic);
    settings.group = format!("octavo-{topic}");
    settings
}

#[tokio::test]
async fn whatever_producers_write_is_read_and_what_they_abort_is_not() {
    let Some(kafka) = Kafka::shared().await else { return };
    let brokers = kafka.brokers();
    create(&brokers, "compatible", 3).await;
    let mut sent = Vec::new();
    for packed in ["none", "gzip", "snappy", "lz4", "zstd"] {
        let mut producer = Producer::new(
            &brokers,
            "compatible",
            &[("compression.type", packed), ("client.id", packed), ("enable.idempotence", "true")],
        );
        sent.extend(producer.send(1_000, 3).sent());
    }
    let mut producer = Producer::new(&brokers, "compatible", &[("transactional.id", "one"), ("acks", "all")]);
    producer.begin_transactions();
    for round in 0..6 {
        producer.transaction(100, 3, round % 2 == 0);
    }
    sent.extend(producer.sent());
    sent.sort();

    let warehouse = Warehouse::default();
    let mut settings = reading(&brokers, "compatible");
    settings.batch_records = 137;
    let mut loader = Loader::open(settings, &warehouse).await;
    loader.load(sent.len()).await;
    assert_eq!(warehouse.values(), sent);
    let log = loader.consumer.log_name();
    assert!((0..3).all(|p| warehouse.position(log, p).0 > 5_300), "markers and what was aborted have offsets too");
    assert_eq!(loader.consumer.watermarks(0).await.unwrap(), (0, 5_606));
}

#[tokio::test]
async fn a_broker_that_stops_and_one_that_is_killed_are_waited_for() {
    let Some(mut kafka) = Kafka::to_oneself().await else { return };
    let brokers = kafka.brokers();
    create(&brokers, "restarted", 2).await;
    let mut producer = Producer::new(&brokers, "restarted", &[("enable.idempotence", "true"), ("acks", "all")]);
    let warehouse = Warehouse::default();
    let mut loader = Loader::open(reading(&brokers, "restarted"), &warehouse).await;
    let mut expected = 0;
    for kill in [false, true] {
        producer.send(1_000, 2);
        expected += 2_000;
        loader.load(expected).await;
        if kill {
            kafka.kill()
        } else {
            kafka.stop()
        }
        while !matches!(loader.hear().await, Event::Trouble(_)) {}
        kafka.begin();
    }
    producer.send(1_000, 2);
    loader.load(expected + 2_000).await;
    assert_eq!(warehouse.values(), producer.sent());
}
