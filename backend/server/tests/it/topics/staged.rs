//! A site that is loaded by way of files, and its events from a topic.

use std::time::Duration;

use chrono::TimeDelta;
use ingest::load::strategy::Strategy;
use rdkafka::mocking::MockCluster;
use tempfile::TempDir;
use testkit::seed;

use super::World;
use super::worker::{Worker, octavo};
use crate::staging::stream::{all, assert_same, choose, rollups};

/// `octavo work` on the world's topic, its files in this folder; what is staged is loaded after so many seconds. Each in a group of its
/// own: nobody waits until the group has noticed that one was killed, and positions are the warehouse's anyhow.
fn work(world: &World, name: &str, store: &TempDir, seconds: &str) -> Worker {
    let mut command = octavo(&world.db, &world.brokers, &world.topic, &["work"]);
    command.env("OCTAVO_STORE", store.path()).env("OCTAVO_STAGE_SECONDS", seconds);
    command.env("OCTAVO_KAFKA_GROUP", name);
    Worker::start(command, world.logs.path().join(name))
}

fn files(store: &TempDir, end: &str) -> usize {
    let mut found = 0;
    let mut folders = vec![store.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => found += usize::from(entry.file_name().to_string_lossy().ends_with(end)),
            }
        }
    }
    found
}

#[tokio::test]
async fn a_staged_site_loads_its_topic_once_although_loaders_are_killed_between_stage_and_commit() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 2, 1).unwrap();
    let mut world = World::new(cluster.bootstrap_servers(), "events").await;
    choose(&world.db, Strategy::Staged).await;
    let store = TempDir::new().unwrap();
    let mut staged = 0;
    for round in 0..3 {
        world.send(400, 2);
        world.record(round % 2, b"no event");
        world.flush();
        // What it stages waits for an hour, so that nothing is committed when it is killed.
        let worker = work(&world, &format!("killed-{round}"), &store, "3600");
        let until = std::time::Instant::now() + super::PATIENCE;
        while files(&store, ".csv.gz") <= staged {
            assert!(std::time::Instant::now() < until, "nothing is staged\n{}", worker.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        drop(worker);
        staged = files(&store, ".csv.gz");
        assert_eq!(files(&store, ".manifest"), 0);
        assert_eq!(world.count("SELECT count(*) FROM raw.load").await, 0, "staged is not loaded");
    }
    let worker = work(&world, "last", &store, "1");
    world.settled(&worker).await;
    assert!(files(&store, ".manifest") > 0);
    world.send(100, 2);
    world.settled(&worker).await;
    drop(worker);

    // The same topic, loaded directly: the same rows, and nothing counted otherwise.
    let expected = world.beside().await;
    let worker = work(&expected, "direct", &store, "1");
    expected.settled(&worker).await;
    drop(worker);
    let now = seed::now() + TimeDelta::days(3_650);
    assert_same(&rollups(&world.db, now).await, &rollups(&expected.db, now).await, "rollups");
    assert_same(&all(&world.db).await, &all(&expected.db).await, "staged and direct");
}
