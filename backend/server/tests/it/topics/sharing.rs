//! Several loaders of one group.

use std::time::{Duration, Instant};

use rdkafka::mocking::MockCluster;

use super::{PATIENCE, World};

/// One of them is killed, and says goodbye to nobody: its partitions are the other's when its session has ended.
#[tokio::test]
async fn two_share_a_topic_and_when_one_is_killed_the_other_takes_all() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 4, 1).unwrap();
    let mut world = World::new(cluster.bootstrap_servers(), "events").await;
    world.send(400, 4);
    let one = world.work("one");
    world.settled(&one).await;
    let two = world.work("two");
    let until = Instant::now() + PATIENCE;
    while !two.has_partitions() {
        assert!(Instant::now() < until, "{}\n{}", one.log(), two.log());
        world.send(40, 4);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    world.settled(&two).await;
    for _ in 0..5 {
        world.send(400, 4);
    }
    world.received(world.records - 1_900, &one).await;
    drop(one);
    world.send(400, 4);
    world.settled(&two).await;
    let sources = "SELECT count(DISTINCT source) FROM raw.load";
    assert_eq!(world.count(sources).await, 1);
}
