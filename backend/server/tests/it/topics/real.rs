//! Apache Kafka itself: a broker that is killed, and a topic that is made anew.

use std::time::Instant;

use peers::Kafka;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;

use super::{PATIENCE, World};

pub fn admin(brokers: &str) -> AdminClient<DefaultClientContext> {
    ClientConfig::new().set("bootstrap.servers", brokers).set("log_level", "2").create().unwrap()
}

pub async fn create(brokers: &str, topic: &str, partitions: i32) {
    let new = NewTopic::new(topic, partitions, TopicReplication::Fixed(1));
    let created = admin(brokers).create_topics([&new], &AdminOptions::new()).await.unwrap();
    created[0].as_ref().unwrap();
}

pub async fn delete(brokers: &str, topic: &str) {
    admin(brokers).delete_topics(&[topic], &AdminOptions::new()).await.unwrap();
}

#[tokio::test]
async fn a_broker_is_killed_and_a_topic_made_anew_and_all_of_it_is_there_once() {
    let Some(mut kafka) = Kafka::to_oneself().await else { return };
    let (brokers, topic) = (kafka.brokers(), "wired_events");
    create(&brokers, topic, 3).await;
    let mut world = World::new(brokers.clone(), topic).await;
    world.send(3_000, 3);
    let worker = world.work("worker");
    world.received(1, &worker).await;
    kafka.kill();
    kafka.begin();
    world.send(1_500, 3);
    world.settled(&worker).await;

    let (done, said) = world.run(&["site", "topic-anew", "ee"]);
    assert!(!done && said.contains("is the topic that is being read"), "{said}");
    delete(&brokers, topic).await;
    create(&brokers, topic, 3).await;
    world.anew();
    // As long as the old one, so that no end tells them apart.
    world.send(4_800, 3);
    let until = Instant::now() + PATIENCE;
    while !worker.log().contains("octavo site topic-anew") {
        assert!(Instant::now() < until, "{}", worker.log());
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(world.count("SELECT sum(received)::bigint FROM raw.load").await, 4_500, "{}", worker.log());
    let (done, said) = world.run(&["site", "topic-anew", "ee"]);
    assert!(done && said.contains("wired_events@1"), "{said}");
    // Whoever reads it goes on by itself.
    world.settled(&worker).await;
    assert_eq!(world.count("SELECT count(DISTINCT source) FROM raw.load").await, 2);
}
