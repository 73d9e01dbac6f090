//! One consumer and brokers that do nothing wrong.

use kafka::{Consumer, Event, KafkaError, Record, Settings, Stop};
use rdkafka::mocking::MockCluster;

use crate::loader::{Loader, PATIENCE, quick};
use crate::producer::Producer;
use crate::warehouse::Warehouse;

#[tokio::test]
async fn every_record_comes_once_in_batches_that_meet() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 3, 1).unwrap();
    let mut producer = Producer::new(&cluster.bootstrap_servers(), "events", &[]);
    producer.send(1_000, 3);

    let warehouse = Warehouse::default();
    let mut settings = quick(&cluster.bootstrap_servers(), "events");
    settings.batch_records = 300;
    let mut loader = Loader::open(settings, &warehouse).await;
    assert!(loader.consumer.log_name().starts_with("kafka:") && loader.consumer.log_name().ends_with("/events"));
    loader.load(3_000).await;
    assert_eq!(warehouse.values(), producer.sent());
    assert_eq!(warehouse.refused(), 0);

    producer.send(10, 3);
    loader.load(3_030).await;
    assert_eq!(warehouse.values(), producer.sent());
    assert_eq!(loader.consumer.watermarks(1).await.unwrap(), (0, 1_010));
    loader.consumer.close().await;
}

#[tokio::test]
async fn nothing_comes_before_a_partition_is_started() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 2, 1).unwrap();
    Producer::new(&cluster.bootstrap_servers(), "events", &[]).send(100, 2);

    let mut loader = Loader::open(quick(&cluster.bootstrap_servers(), "events"), &Warehouse::default()).await;
    match loader.consumer.next().await.unwrap() {
        Event::Assigned(partitions) => assert_eq!(partitions, [0, 1]),
        other => panic!("{other:?}"),
    }
    loader.consumer.start(1, 40, None);
    let batch = loader.batch().await;
    assert_eq!((batch.partition, batch.first, batch.next, batch.records.len()), (1, 40, 100, 60));
    let more = tokio::time::timeout(std::time::Duration::from_secs(1), loader.consumer.next()).await;
    assert!(more.is_err(), "partition 0 was not started: {more:?}");
}

#[tokio::test]
async fn a_batch_that_is_dropped_comes_again() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 1, 1).unwrap();
    Producer::new(&cluster.bootstrap_servers(), "events", &[]).send(5_000, 1);

    let mut settings = quick(&cluster.bootstrap_servers(), "events");
    settings.batch_records = 700;
    let mut loader = Loader::open(settings, &Warehouse::default()).await;
    let first = loader.batch().await;
    // Much is fetched ahead by now: none of it may slip in.
    for at in [0, 350, 4_900, 1, 2_000, 0] {
        loader.consumer.start(0, at, None);
        let batch = loader.batch().await;
        assert_eq!(batch.first, at);
        assert_eq!(batch.records.first().map(|r: &Record| r.offset), Some(at));
        assert_eq!(batch.records.len() as i64, batch.next - at);
    }
    loader.consumer.start(0, first.first, None);
    assert_eq!(loader.batch().await, first);
}

#[tokio::test]
async fn a_position_beyond_the_end_stops_its_partition_alone() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 2, 1).unwrap();
    Producer::new(&cluster.bootstrap_servers(), "events", &[]).send(100, 2);

    let warehouse = Warehouse::default();
    let mut loader = Loader::open(quick(&cluster.bootstrap_servers(), "events"), &warehouse).await;
    warehouse.move_position(loader.consumer.log_name(), 0, 500);
    let (mut stopped, mut read) = (None, 0);
    while stopped.is_none() || read < 100 {
        match loader.hear().await {
            Event::Stopped { partition, why } => stopped = Some((partition, why)),
            Event::Records(batch) => read += batch.records.len(),
            _ => {}
        }
    }
    let (partition, why) = stopped.unwrap();
    assert_eq!(partition, 0);
    assert!(matches!(why, Stop::Behind { position: 500, high: 100, .. }), "{why}");
    loader.consumer.start(0, 90, None);
    assert_eq!(loader.batch().await.records.len(), 10);
}

#[tokio::test]
async fn a_position_that_retention_passed_stops() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 1, 1).unwrap();
    // The mock keeps 5 MB of a partition.
    Producer::new(&cluster.bootstrap_servers(), "events", &[]).send(20_000, 1);

    let mut loader = Loader::open(quick(&cluster.bootstrap_servers(), "events"), &Warehouse::default()).await;
    let why = loop {
        match loader.hear().await {
            Event::Stopped { why, .. } => break why,
            Event::Records(batch) => panic!("{} was skipped", batch.records[0].offset),
            _ => {}
        }
    };
    let Stop::Trimmed { position: 0, low, .. } = why else { panic!("{why}") };
    assert_eq!(loader.consumer.watermarks(0).await.unwrap(), (low, 20_000));
    // The owner's choice.
    loader.consumer.start(0, low, None);
    assert_eq!(loader.batch().await.first, low);
}

#[tokio::test]
async fn another_record_where_the_last_one_was_stops() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 1, 1).unwrap();
    Producer::new(&cluster.bootstrap_servers(), "events", &[]).send(100, 1);
    let mut loader = Loader::open(quick(&cluster.bootstrap_servers(), "events"), &Warehouse::default()).await;
    let batch = loader.batch().await;
    let mark = batch.mark.unwrap();
    assert_eq!(mark.offset, 99);

    // As if the topic had been made anew, and were longer by now.
    let forged = format!("49-{}", mark.to_string().split_once('-').unwrap().1).parse().unwrap();
    loader.consumer.start(0, 50, Some(forged));
    match loader.hear().await {
        Event::Stopped { partition: 0, why: Stop::Another { position: 50, at: 49, .. } } => {}
        other => panic!("{other:?}"),
    }
    loader.consumer.start(0, 100, Some(mark));
    Producer::new(&cluster.bootstrap_servers(), "events", &[]).send(1, 1);
    assert_eq!(loader.batch().await.first, 100);
}

#[tokio::test]
async fn a_cluster_that_is_not_there_is_said() {
    let mut settings = Settings::new("127.0.0.1:1", "events", "octavo");
    settings.patience = std::time::Duration::from_secs(1);
    let error = kafka::Consumer::open(settings).await.err().unwrap();
    assert!(matches!(error, KafkaError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn one_without_a_group_takes_nothing_from_those_that_have_one() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 3, 1).unwrap();
    let mut producer = Producer::new(&cluster.bootstrap_servers(), "events", &[]);
    producer.send(500, 3);
    let warehouse = Warehouse::default();
    let settings = quick(&cluster.bootstrap_servers(), "events");
    let mut loader = Loader::open(settings.clone(), &warehouse).await;
    loader.load(1_500).await;

    let mut beside = Consumer::alone(settings).await.unwrap();
    assert_eq!(beside.partitions().await.unwrap(), [0, 1, 2]);
    for partition in 0..3 {
        beside.start(partition, 100, None);
    }
    let mut read = [0; 3];
    while read.iter().sum::<usize>() < 1_200 {
        match tokio::time::timeout(PATIENCE, beside.next()).await.unwrap().unwrap() {
            Event::Records(batch) => read[batch.partition as usize] += batch.records.len(),
            Event::Trouble(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(read, [400; 3]);
    beside.leave_off(1);
    producer.send(10, 3);
    loader.load(1_530).await;
    assert_eq!(loader.consumer.standing().len(), 3, "the group did not notice");
    let mut more = [0; 3];
    while more[0] + more[2] < 20 {
        if let Event::Records(batch) = tokio::time::timeout(PATIENCE, beside.next()).await.unwrap().unwrap() {
            more[batch.partition as usize] += batch.records.len();
        }
    }
    assert_eq!(more, [10, 0, 10]);

    let (position, mark) = warehouse.position(loader.consumer.log_name(), 2);
    assert_eq!(beside.differs(2, position, mark).await.unwrap(), None);
    let print = mark.unwrap().to_string().split_once('-').unwrap().1.to_owned();
    let forged = format!("7-{print}").parse().unwrap();
    let why = beside.differs(2, 8, Some(forged)).await.unwrap().unwrap();
    assert!(matches!(why, Stop::Another { position: 8, at: 7, .. }), "{why}");
    let why = beside.differs(2, 600, mark).await.unwrap().unwrap();
    assert!(matches!(why, Stop::Behind { position: 600, high: 510, .. }), "{why}");
    beside.close().await;
    loader.consumer.close().await;
}
