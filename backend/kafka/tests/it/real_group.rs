//! A group on a real Apache Kafka: members that come, go, sleep and say goodbye.

use std::time::Duration;

use kafka::Event;
use peers::Kafka;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::time::{Instant, sleep, timeout};

use crate::loader::{Loader, PATIENCE};
use crate::producer::Producer;
use crate::real::{create, reading};
use crate::warehouse::Warehouse;

/// Three loaders that are now and then a little slow, each leaving after a second or three and coming back, while records
/// are written all the time. Some leave with a goodbye; others are dropped with a batch in their hands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_that_come_and_go_load_everything_once() {
    let Some(kafka) = Kafka::shared().await else { return };
    let brokers = kafka.brokers();
    create(&brokers, "shared", 6).await;
    let warehouse = Warehouse::default();
    let ends = Instant::now() + Duration::from_secs(20);

    let members: Vec<_> = (0..3)
        .map(|seed| {
            let (brokers, warehouse) = (brokers.clone(), warehouse.clone());
            tokio::spawn(async move {
                let mut random = ChaCha8Rng::seed_from_u64(seed);
                while Instant::now() < ends {
                    let mut settings = reading(&brokers, "shared");
                    settings.batch_records = random.random_range(50..400);
                    let mut loader = Loader::open(settings, &warehouse).await;
                    let stays = Duration::from_millis(random.random_range(1_000..4_000));
                    let _ = timeout(stays, async {
                        loop {
                            let batch = loader.batch().await;
                            sleep(Duration::from_millis(random.random_range(0..30))).await;
                            loader.store(&batch);
                        }
                    })
                    .await;
                    loader.consumer.close().await;
                }
            })
        })
        .collect();

    let mut producer = Producer::new(&brokers, "shared", &[("enable.idempotence", "true")]);
    while Instant::now() < ends {
        producer.send(50, 6);
        sleep(Duration::from_millis(50)).await;
    }
    for member in members {
        timeout(PATIENCE, member).await.unwrap().unwrap();
    }
    let mut last = Loader::open(reading(&brokers, "shared"), &warehouse).await;
    last.load(producer.sent().len()).await;
    assert_eq!(warehouse.values(), producer.sent());
}

/// It holds a batch, sleeps until the group has given its partitions away and another has loaded them, and wakes.
#[tokio::test]
async fn a_zombie_is_refused() {
    let Some(kafka) = Kafka::shared().await else { return };
    let brokers = kafka.brokers();
    create(&brokers, "zombie", 2).await;
    let mut producer = Producer::new(&brokers, "zombie", &[]);
    producer.send(500, 2);
    let warehouse = Warehouse::default();
    let mut settings = reading(&brokers, "zombie");
    settings.session = Duration::from_secs(2);
    settings.longest_work = Duration::from_secs(2);
    let mut zombie = Loader::open(settings.clone(), &warehouse).await;
    let late = zombie.batch().await;

    let mut other = Loader::open(settings, &warehouse).await;
    other.load(1_000).await;
    assert_eq!(warehouse.refused(), 0);
    assert!(!zombie.store(&late), "the zombie's batch was taken");
    assert_eq!(warehouse.refused(), 1);
    while !matches!(zombie.hear().await, Event::Expelled) {}

    producer.send(500, 2);
    tokio::select! { () = other.load(2_000) => {}, () = zombie.run() => {} }
    assert_eq!(warehouse.values(), producer.sent());
}

#[tokio::test]
async fn one_that_closes_leaves_its_partitions_at_once() {
    let Some(kafka) = Kafka::shared().await else { return };
    let brokers = kafka.brokers();
    create(&brokers, "left", 1).await;
    let mut producer = Producer::new(&brokers, "left", &[]);
    producer.send(100, 1);
    let warehouse = Warehouse::default();
    let mut settings = reading(&brokers, "left");
    settings.session = Duration::from_secs(40);
    settings.longest_work = Duration::from_secs(40);
    let mut one = Loader::open(settings.clone(), &warehouse).await;
    one.load(100).await;
    one.consumer.close().await;

    let begun = Instant::now();
    let mut two = Loader::open(settings, &warehouse).await;
    producer.send(100, 1);
    two.load(200).await;
    assert!(begun.elapsed() < Duration::from_secs(15), "it waited for a session to end: {:?}", begun.elapsed());
}
