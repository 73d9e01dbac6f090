//! Several consumers of one group.

use std::time::Duration;

use kafka::Event;
use rdkafka::mocking::MockCluster;
use tokio::time::timeout;

use crate::loader::{Loader, PATIENCE, quick};
use crate::producer::Producer;
use crate::warehouse::Warehouse;

#[tokio::test]
async fn two_share_and_the_one_that_stays_takes_all() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 4, 1).unwrap();
    let mut producer = Producer::new(&cluster.bootstrap_servers(), "events", &[]);
    producer.send(500, 4);
    let warehouse = Warehouse::default();
    let mut one = Loader::open(quick(&cluster.bootstrap_servers(), "events"), &warehouse).await;
    one.load(2_000).await;
    let mut two = Loader::open(quick(&cluster.bootstrap_servers(), "events"), &warehouse).await;

    let shared = async {
        while two.consumer.standing().len() != 2 {
            tokio::select! {
                event = two.hear() => if let Event::Records(batch) = event { two.store(&batch); },
                () = one.run() => {}
            }
        }
    };
    timeout(PATIENCE, shared).await.expect("two shares with one in time");
    producer.send(500, 4);
    tokio::select! { () = one.load(4_000) => {}, () = two.run() => {} }
    assert_eq!(two.consumer.standing().len(), 2);

    // It says goodbye, so its partitions are given away before its session ends.
    two.consumer.close().await;
    producer.send(500, 4);
    one.load(6_000).await;
    assert_eq!(one.consumer.standing().len(), 4);
    assert_eq!(warehouse.values(), producer.sent());
}

#[tokio::test]
async fn one_that_works_too_long_is_told_and_its_batch_does_not_count() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 2, 1).unwrap();
    let mut producer = Producer::new(&cluster.bootstrap_servers(), "events", &[]);
    producer.send(500, 2);
    let warehouse = Warehouse::default();
    let mut settings = quick(&cluster.bootstrap_servers(), "events");
    settings.longest_work = Duration::from_secs(6);
    let mut slow = Loader::open(settings.clone(), &warehouse).await;
    let late = slow.batch().await;

    let mut quick = Loader::open(settings, &warehouse).await;
    quick.load(1_000).await;
    assert!(!slow.store(&late), "the zombie's batch was taken");
    while !matches!(slow.hear().await, Event::Expelled) {}
    producer.send(100, 2);
    tokio::select! { () = quick.load(1_200) => {}, () = slow.run() => {} }
    assert_eq!(warehouse.values(), producer.sent());
}

#[tokio::test]
async fn one_that_waits_for_the_warehouse_stays() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 2, 1).unwrap();
    let mut producer = Producer::new(&cluster.bootstrap_servers(), "events", &[]);
    producer.send(500, 2);
    let warehouse = Warehouse::default();
    let mut settings = quick(&cluster.bootstrap_servers(), "events");
    settings.longest_work = Duration::from_secs(6);
    let mut loader = Loader::open(settings, &warehouse).await;
    let batch = loader.batch().await;
    loader.consumer.meanwhile(tokio::time::sleep(Duration::from_secs(9))).await;
    assert!(loader.store(&batch));
    while warehouse.len() < 1_000 {
        match loader.hear().await {
            Event::Records(batch) => assert!(loader.store(&batch), "it was read from the wrong place"),
            Event::Expelled | Event::Revoked(_) => panic!("it was sent away"),
            _ => {}
        }
    }
    assert_eq!(warehouse.values(), producer.sent());
}
