//! Brokers that go, come back and answer with errors.

use kafka::Event;
use rdkafka::mocking::MockCluster;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr as Code};

use crate::loader::{Loader, quick};
use crate::producer::Producer;
use crate::warehouse::Warehouse;

#[tokio::test]
async fn brokers_that_are_gone_are_waited_for() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 2, 1).unwrap();
    let mut producer = Producer::new(&cluster.bootstrap_servers(), "events", &[]);
    producer.send(500, 2);
    let warehouse = Warehouse::default();
    let mut loader = Loader::open(quick(&cluster.bootstrap_servers(), "events"), &warehouse).await;
    loader.load(1_000).await;

    cluster.broker_down(-1).unwrap();
    while !matches!(loader.hear().await, Event::Trouble(_)) {}
    while loader.consumer.connected() {
        let _ = tokio::time::timeout(std::time::Duration::from_millis(200), loader.consumer.next()).await;
    }
    assert_eq!(loader.consumer.standing().iter().map(|s| s.next).sum::<i64>(), 1_000, "what was read is still shown");

    cluster.broker_up(-1).unwrap();
    producer.send(500, 2);
    loader.load(2_000).await;
    assert_eq!(warehouse.values(), producer.sent());
}

#[tokio::test]
async fn answers_that_are_errors_lose_and_double_nothing() {
    let cluster = MockCluster::new(2).unwrap();
    cluster.create_topic("events", 2, 2).unwrap();
    let mut producer = Producer::new(&cluster.bootstrap_servers(), "events", &[]);
    let warehouse = Warehouse::default();
    let mut loader = Loader::open(quick(&cluster.bootstrap_servers(), "events"), &warehouse).await;
    let errors = [
        Code::RD_KAFKA_RESP_ERR__TRANSPORT,
        Code::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        Code::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
        Code::RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
        Code::RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH,
    ];
    for (round, error) in (1..).zip(errors) {
        cluster.request_errors(RDKafkaApiKey::Fetch, &[error; 3]);
        producer.send(200, 2);
        loader.load(round * 400).await;
    }
    cluster.partition_leader("events", 0, Some(2)).unwrap();
    cluster.partition_leader("events", 1, Some(1)).unwrap();
    producer.send(200, 2);
    loader.load(2_400).await;
    assert_eq!(warehouse.values(), producer.sent());
}

#[tokio::test]
async fn lag_is_what_is_not_read_yet() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 1, 1).unwrap();
    Producer::new(&cluster.bootstrap_servers(), "events", &[]).send(1_000, 1);
    let mut settings = quick(&cluster.bootstrap_servers(), "events");
    settings.batch_records = 400;
    let mut loader = Loader::open(settings, &Warehouse::default()).await;
    assert_eq!(loader.batch().await.next, 400);
    // Measured while nothing is read.
    loader.consumer.meanwhile(tokio::time::sleep(std::time::Duration::from_secs(8))).await;
    let standing = loader.consumer.standing();
    assert!(loader.consumer.connected());
    assert_eq!(standing.iter().map(|s| s.end.map(|end| end - s.next)).collect::<Vec<_>>(), [Some(600)], "{standing:?}");
    assert_eq!(loader.batch().await.first, 400);
}
