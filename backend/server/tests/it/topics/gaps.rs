//! A position that retention has passed: the partition stops, and goes on once somebody gives up what is gone.

use std::time::{Duration, Instant};

use peers::Kafka;
use testkit::seed;

use super::again::delete_before;
use super::real::{create, delete};
use super::{PATIENCE, World};

#[tokio::test]
async fn a_position_that_retention_passed_is_moved_by_hand_and_what_is_lost_is_told() {
    let Some(kafka) = Kafka::shared().await else { return };
    let (brokers, topic) = (kafka.brokers(), "wired_gap");
    create(&brokers, topic, 2).await;
    let mut world = World::new(brokers.clone(), topic).await;
    world.send(200, 2);
    let worker = world.work("first");
    world.received(200, &worker).await;
    let (done, said) = world.run(&["site", "topic-skip", "ee"]);
    assert!(!done && said.contains("is gone that was not read; nothing was changed"), "{said}");
    drop(worker);

    // While nobody reads, retention takes thirty of partition 0 that were not read.
    world.send(200, 2);
    delete_before(&brokers, topic, 0, 130).await;
    let worker = world.work("second");
    let until = Instant::now() + PATIENCE;
    while !worker.log().contains("octavo site topic-skip") {
        assert!(Instant::now() < until, "{}", worker.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // The other partition is read on.
    world.received(300, &worker).await;
    assert_eq!(world.count("SELECT next FROM raw.position WHERE partition = '0'").await, 100, "nothing by itself");
    world.waits([("0", 100), ("1", 0)], &worker).await;
    let (done, said) = world.run(&["site", "topic-skip", "us"]);
    assert!(!done && said.contains("no topic is named for us"), "{said}");

    let (done, said) = world.run(&["site", "topic-skip", "ee"]);
    assert!(done && said.contains("offsets 100 to 129 are gone from the topic, 30 in all"), "{said}");
    // Whoever reads it goes on by itself.
    world.received(370, &worker).await;
    world.waits([("0", 0), ("1", 0)], &worker).await;
    let health = ingest::health::read(&world.db.warehouse, seed::now()).await.unwrap();
    let site = health.sites.iter().find(|site| site.site == "ee").unwrap();
    assert_eq!((site.sent, site.lost), (370, 30));
    assert_eq!(site.sent, site.loaded + site.duplicate + site.quarantined + site.skipped);
    assert_eq!(world.count("SELECT count(*) FROM core.event").await, 370);
    assert_eq!(world.count("SELECT sum(next)::bigint FROM raw.position").await, 400);
    // The ledger has every offset, once.
    let ranges = "SELECT sum(next - first)::bigint FROM raw.load";
    assert_eq!(world.count(ranges).await, 400);
    let (done, said) = world.run(&["site", "topic-skip", "ee"]);
    assert!(!done && said.contains("nothing was changed"), "{said}");

    // A topic that was made anew has lost nothing: that is another command's.
    delete(&brokers, topic).await;
    create(&brokers, topic, 2).await;
    let (done, said) = world.run(&["site", "topic-skip", "ee"]);
    assert!(!done && said.contains("octavo site topic-anew"), "{said}");
    delete(&brokers, topic).await;
}
