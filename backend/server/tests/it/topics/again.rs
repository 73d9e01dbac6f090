//! `octavo replay --kafka`: what a topic still has is loaded once more, and no number changes by it.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use peers::Kafka;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rdkafka::Offset;
use rdkafka::admin::AdminOptions;
use rdkafka::topic_partition_list::TopicPartitionList;
use serde_json::json;
use testkit::seed;

use super::World;
use super::real::{admin, create, delete};
use super::worker::{Worker, octavo};
use crate::replaying::Numbers;

/// Two hours after the first records.
const FROM: &str = "2026-04-02T14:00Z";

/// A topic that was written for some hours, with what comes twice, late, with other words and as none, and loaded.
async fn world(brokers: &str, topic: &str) -> World {
    create(brokers, topic, 2).await;
    let mut world = World::new(brokers.into(), topic).await;
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let worker = world.work("loader");
    let mut events = Vec::new();
    for hour in 0..5 {
        for _ in 0..60 {
            let mut event = world.event();
            match rng.random_range(0..10) {
                0 => event["kind"] = json!("jump"),
                1 => event["school"] = json!("S77"),
                2 => event["at"] = json!((seed::now() - TimeDelta::days(35)).to_rfc3339()),
                3 | 4 if !events.is_empty() => event = json!(events[rng.random_range(0..events.len())]),
                5 => event["duration_ms"] = json!(7),
                _ => {}
            }
            let time = seed::now() + TimeDelta::hours(hour) + TimeDelta::seconds(rng.random_range(0..3600));
            world.record_at(rng.random_range(0..2), event.to_string().as_bytes(), time);
            events.push(event);
        }
        // Loads of their own.
        world.flush();
        world.received(world.records, &worker).await;
    }
    world
}

#[expect(clippy::disallowed_methods, reason = "the programs go by the clock of the machine")]
async fn numbers(world: &World) -> Numbers {
    Numbers::read(&world.db, Utc::now()).await
}

fn replay(world: &World, flags: &[&str]) -> (bool, String) {
    world.run(&[&["replay", "ee", "--from", FROM, "--kafka"], flags].concat())
}

pub async fn delete_before(brokers: &str, topic: &str, partition: i32, offset: i64) {
    let mut before = TopicPartitionList::new();
    before.add_partition_offset(topic, partition, Offset::Offset(offset)).unwrap();
    admin(brokers).delete_records(&before, &AdminOptions::new()).await.unwrap();
}

#[tokio::test]
async fn a_topic_is_loaded_once_more_and_no_number_changes() {
    let Some(kafka) = Kafka::shared().await else { return };
    let (brokers, topic) = (kafka.brokers(), "wired_again");
    let mut world = world(&brokers, topic).await;
    let before = numbers(&world).await;
    let (sent, loaded, duplicate, quarantined, _) = before.health;
    assert!(sent == 300 && loaded > 150 && duplicate > 20 && quarantined > 30, "{:?}", before.health);
    for flags in [&[][..], &["--anew"], &[], &["--anew"]] {
        let (done, said) = replay(&world, flags);
        assert!(done && said.contains("2 partitions of the topic: received 1"), "{flags:?}: {said}");
        assert_eq!(flags.is_empty(), said.contains("= loaded 0 "), "{flags:?}: {said}");
        assert_eq!(numbers(&world).await, before, "{flags:?}");
    }
    let by = "SELECT count(*) FROM core.event AS e JOIN raw.load AS l USING (load_id) WHERE l.source LIKE";
    assert!(world.count(&format!("{by} 'replay:%/kafka:%'")).await > 50);
    assert!(world.count(&format!("{by} 'kafka:%' AND e.received_at < '2026-04-02T14:00Z'")).await > 30);

    // What was lost comes back.
    world
        .db
        .execute("DELETE FROM core.event WHERE received_at >= '2026-04-02T14:00Z' AND event_id::text LIKE '%1'")
        .await;
    world.db.execute("INSERT INTO raw.dirty (site_id, day) SELECT DISTINCT site_id, day FROM core.event").await;
    let (done, said) = replay(&world, &[]);
    assert!(done && !said.contains("= loaded 0 "), "{said}");
    assert_eq!(numbers(&world).await.events, before.events);

    // What is not loaded yet is for the loader.
    world.send(10, 2);
    let (done, _) = replay(&world, &[]);
    assert!(done);
    assert_eq!(numbers(&world).await.events.len(), before.events.len());
    delete(&brokers, topic).await;
}

#[tokio::test]
async fn a_replay_that_is_killed_goes_on_and_another_has_to_wait() {
    let Some(kafka) = Kafka::shared().await else { return };
    let (brokers, topic) = (kafka.brokers(), "wired_killed");
    let world = world(&brokers, topic).await;
    let before = numbers(&world).await;
    let open = "SELECT count(*) FROM raw.replay WHERE ended_at IS NULL";
    let mut killed = 0;
    for step in 0..8 {
        let args = ["replay", "ee", "--from", FROM, "--kafka", "--anew"];
        let mut process = Worker::start(octavo(&world.db, &brokers, topic, &args), world.logs.path().join("replay"));
        // It is killed once it is at work, each time a little later.
        while world.count(open).await == 0 && process.runs() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(15 * step)).await;
        drop(process);
        if world.count(open).await == 1 {
            killed += 1;
            let (done, said) = replay(&world, &[]);
            assert!(!done && said.contains("on with --kafka --anew is not finished"), "{said}");
        }
        let (done, said) = replay(&world, &["--anew"]);
        assert!(done, "{said}");
        assert_eq!(numbers(&world).await, before, "{step}");
    }
    assert!(killed > 0, "no replay was caught at work");
    delete(&brokers, topic).await;
}

#[tokio::test]
async fn nothing_is_removed_that_the_topic_has_no_more_or_is_of_another() {
    let Some(kafka) = Kafka::shared().await else { return };
    let (brokers, topic) = (kafka.brokers(), "wired_trimmed");
    let mut world = world(&brokers, topic).await;
    let before = numbers(&world).await;
    let end = "SELECT next FROM raw.position WHERE source LIKE 'kafka:%' AND partition = '0'";
    // In the middle of a load that is younger than the time.
    delete_before(&brokers, topic, 0, world.count(end).await - 45).await;
    let (done, said) = replay(&world, &["--anew"]);
    assert!(done, "{said}");
    assert_eq!(numbers(&world).await, before);
    let by = "SELECT count(*) FROM core.event AS e JOIN raw.load AS l USING (load_id) WHERE l.source LIKE";
    assert!(world.count(&format!("{by} 'replay:%/kafka:%' AND l.partition = '0'")).await > 10);
    assert!(world.count(&format!("{by} 'kafka:%' AND e.received_at >= '2026-04-02T14:00Z'")).await > 10);

    delete(&brokers, topic).await;
    create(&brokers, topic, 2).await;
    world.anew();
    world.send(1_000, 2);
    for flags in [&[][..], &["--anew"]] {
        let (done, said) = replay(&world, flags);
        assert!(!done && said.contains("the topic was made anew"), "{said}");
        assert_eq!(numbers(&world).await, before);
    }
    delete(&brokers, topic).await;
}
