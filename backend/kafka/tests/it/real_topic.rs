//! Topics of a real Apache Kafka that lose records or are made anew, and reading from a time.

use kafka::{Event, Stop};
use peers::Kafka;
use rdkafka::Offset;
use rdkafka::admin::AdminOptions;
use rdkafka::topic_partition_list::TopicPartitionList;

use crate::loader::Loader;
use crate::producer::Producer;
use crate::real::{admin, create, reading};
use crate::warehouse::Warehouse;

/// The next stop; batches before it are stored.
async fn stop(loader: &mut Loader) -> Stop {
    loop {
        match loader.hear().await {
            Event::Stopped { why, .. } => return why,
            Event::Records(batch) => {
                loader.store(&batch);
            }
            _ => {}
        }
    }
}

async fn delete_before(brokers: &str, topic: &str, offset: i64) {
    let mut before = TopicPartitionList::new();
    before.add_partition_offset(topic, 0, Offset::Offset(offset)).unwrap();
    admin(brokers).delete_records(&before, &AdminOptions::new()).await.unwrap();
}

#[tokio::test]
async fn a_position_that_retention_passed_stops() {
    let Some(kafka) = Kafka::shared().await else { return };
    let brokers = kafka.brokers();
    create(&brokers, "trimmed", 1).await;
    let mut producer = Producer::new(&brokers, "trimmed", &[]);
    producer.send(1_000, 1);
    let warehouse = Warehouse::default();
    let mut loader = Loader::open(reading(&brokers, "trimmed"), &warehouse).await;
    loader.load(1_000).await;
    let log = loader.consumer.log_name().to_string();

    // What was read may go.
    delete_before(&brokers, "trimmed", 900).await;
    producer.send(100, 1);
    loader.load(1_100).await;
    loader.consumer.close().await;
    delete_before(&brokers, "trimmed", 1_100).await;
    producer.send(200, 1);
    let mut loader = Loader::open(reading(&brokers, "trimmed"), &warehouse).await;
    loader.load(1_300).await;
    loader.consumer.close().await;

    // What was not may not.
    producer.send(200, 1);
    delete_before(&brokers, "trimmed", 1_400).await;
    let mut loader = Loader::open(reading(&brokers, "trimmed"), &warehouse).await;
    let why = stop(&mut loader).await;
    assert_eq!(why, Stop::Trimmed { log: log.clone(), partition: 0, position: 1_300, low: 1_400 });
    assert!(why.to_string().contains("up to 100 were deleted before they were read"), "{why}");
    assert_eq!(warehouse.len(), 1_300);

    warehouse.move_position(&log, 0, 1_400);
    loader.start(0);
    loader.load(1_400).await;
}

#[tokio::test]
async fn a_topic_made_anew_stops_also_when_it_is_longer() {
    let Some(kafka) = Kafka::shared().await else { return };
    let brokers = kafka.brokers();
    for (topic, records) in [("shorter", 50), ("longer", 3_000)] {
        create(&brokers, topic, 1).await;
        Producer::new(&brokers, topic, &[]).send(100, 1);
        let warehouse = Warehouse::default();
        let mut loader = Loader::open(reading(&brokers, topic), &warehouse).await;
        loader.load(100).await;
        loader.consumer.close().await;

        admin(&brokers).delete_topics(&[topic], &AdminOptions::new()).await.unwrap();
        create(&brokers, topic, 1).await;
        // The first of them differ from those before in their times alone.
        Producer::new(&brokers, topic, &[]).send(records, 1);
        let mut loader = Loader::open(reading(&brokers, topic), &warehouse).await;
        match stop(&mut loader).await {
            Stop::Behind { position: 100, high: 50, .. } if topic == "shorter" => {}
            Stop::Another { position: 100, at: 99, .. } if topic == "longer" => {}
            other => panic!("{topic}: {other}"),
        }
        assert_eq!(warehouse.len(), 100);
    }
}

#[tokio::test]
async fn a_topic_made_anew_while_it_is_read_stops() {
    let Some(kafka) = Kafka::shared().await else { return };
    let brokers = kafka.brokers();
    create(&brokers, "anew", 1).await;
    Producer::new(&brokers, "anew", &[]).send(100, 1);
    let warehouse = Warehouse::default();
    let mut loader = Loader::open(reading(&brokers, "anew"), &warehouse).await;
    loader.load(100).await;

    admin(&brokers).delete_topics(&["anew"], &AdminOptions::new()).await.unwrap();
    create(&brokers, "anew", 1).await;
    Producer::new(&brokers, "anew", &[]).send(3_000, 1);
    let why = stop(&mut loader).await;
    assert!(matches!(why, Stop::Another { at: 99, .. } | Stop::Behind { .. }), "{why}");
    assert_eq!(warehouse.len(), 100, "records of another topic were taken for this one's");
}

#[tokio::test]
async fn a_time_is_an_offset() {
    let Some(kafka) = Kafka::shared().await else { return };
    let brokers = kafka.brokers();
    create(&brokers, "times", 1).await;
    let noon = 1_790_000_000_000;
    let mut producer = Producer::new(&brokers, "times", &[]);
    for minute in 0..10 {
        producer.send_at(100, 1, noon + minute * 60_000);
    }
    let mut loader = Loader::open(reading(&brokers, "times"), &Warehouse::default()).await;
    loader.batch().await;
    assert_eq!(loader.consumer.offset_at(0, noon + 3 * 60_000 - 1).await.unwrap(), 300);
    assert_eq!(loader.consumer.offset_at(0, 0).await.unwrap(), 0);
    assert_eq!(loader.consumer.offset_at(0, noon + 3_600_000).await.unwrap(), 1_000, "none is as late: the end");

    let at = loader.consumer.offset_at(0, noon + 5 * 60_000).await.unwrap();
    loader.consumer.start(0, at, None);
    let batch = loader.batch().await;
    assert_eq!((batch.first, batch.next), (500, 1_000));
    assert_eq!(batch.records[0].timestamp, Some(noon + 5 * 60_000));
}
