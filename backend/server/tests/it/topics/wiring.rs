//! One loader; brokers and warehouse that go away and come back.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::mocking::MockCluster;
use serde_json::json;

use super::World;

#[tokio::test]
async fn what_is_no_event_waits_with_its_reason_and_the_rest_goes_on() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 2, 1).unwrap();
    let mut world = World::new(cluster.bootstrap_servers(), "events").await;
    world.send(200, 2);
    let poison: [&[u8]; 6] = [
        b"",
        b"no event",
        b"\0\xff\xfe\0",
        b"{\"person\": \"CANARY-1\", \"id\": \"CANARY-1",
        br#"{"id": "0191e8c0-0000-7000-8000-0000000000f1", "kind": "jump\u0000", "person": "CANARY-2"}"#,
        &vec![b'x'; (1 << 20) + 1],
    ];
    for bytes in poison {
        world.record(0, bytes);
    }
    let mut jump = json!({ "at": "2026-04-02T12:00:00Z", "person": "CANARY-3", "role": "student" });
    jump["id"] = json!("0191e8c0-0000-7000-8000-0000000000f2");
    jump["kind"] = json!("jump");
    world.record(0, jump.to_string().as_bytes());
    // Whole but for its length.
    jump["kind"] = json!("page_view");
    jump["note"] = json!("x".repeat(1 << 20));
    world.record(1, jump.to_string().as_bytes());
    world.send(200, 2);
    let worker = world.work("worker");
    world.settled(&worker).await;
    let client = world.db.warehouse.client().await.unwrap();
    let sql = "SELECT reason, count(*) FROM raw.quarantine GROUP BY reason";
    let reasons: BTreeMap<String, i64> =
        client.query(sql, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect();
    let expected = [("bad_json", 3), ("bad_utf8", 1), ("missing_field", 1), ("too_long", 2), ("unknown_kind", 1)];
    assert_eq!(reasons, expected.map(|(reason, n)| (reason.to_owned(), n)).into());
    let named = "SELECT count(*) FROM raw.quarantine AS q WHERE q::text LIKE '%CANARY%'";
    assert_eq!(world.count(named).await, 0, "nobody's id is kept");
    world.send(20, 2);
    world.settled(&worker).await;
    // For the tools that show how far behind a group is.
    world.told(2, &worker).await;
}

#[tokio::test]
async fn brokers_and_a_warehouse_that_go_away_are_waited_for() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 2, 1).unwrap();
    let mut world = World::new(cluster.bootstrap_servers(), "events").await;
    world.send(3_000, 2);
    let worker = world.work("one");
    world.received(1, &worker).await;

    cluster.broker_down(-1).unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    cluster.broker_up(-1).unwrap();
    world.send(1_000, 2);
    world.settled(&worker).await;

    // Away in the middle of loads, and longer than one is tried.
    for seconds in [0, 4] {
        for _ in 0..10 {
            world.send(100, 2);
            world.db.shut().await;
        }
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        world.send(100, 2);
        world.db.open().await;
        world.settled(&worker).await;
    }
    assert!(worker.log().contains("the topic is not read"), "{}", worker.log());

    // Killed in between and started anew, with what the warehouse knows.
    for round in 0..3 {
        world.send(2_000, 2);
        world.received(world.records - 2_000 + 1, &worker).await;
        let another = world.work(&format!("another {round}"));
        world.send(500, 2);
        drop(another);
    }
    world.settled(&worker).await;
}
