//! Whatever fails at whatever step: nothing is lost, nothing is double, and nothing has to be put right by hand.

use std::time::Duration;

use chrono::TimeDelta;
use ingest::load::batch::LoadError;
use ingest::load::intake::Taken;
use ingest::load::strategy::Strategy;
use stage::StageError;
use testkit::{Fault, FaultyStore, seed};

use super::same::staged;
use super::stream::{LOG, all, assert_same, batch, choose, direct, open, read, records, rng};

/// Operations of the store in a run without a fault, and a few more.
const OPERATIONS: i64 = 26;

#[tokio::test]
async fn a_store_that_fails_at_any_operation_loses_and_doubles_nothing() {
    let records = records(40, 240);
    let (_, expected) = direct(&records).await;
    let mut met = 0;
    for fault in Fault::ALL {
        // Each operation fails; in the other ways, some of each kind do.
        for nth in (0..OPERATIONS).step_by(if fault == Fault::Before { 1 } else { 5 }) {
            let db = staged().await;
            let store = FaultyStore::new();
            let failing = store.failing(nth, fault);
            // Tried once only: the loader gives up and is opened anew, as after a kill.
            let first = read(&mut open(&db, Some(&failing.objects(1)), 80).await, &records, &mut rng(3), 60).await;
            if failing.has_failed() {
                met += 1;
                assert!(
                    matches!(first, Err(LoadError::Stage(StageError::Unavailable { .. }))),
                    "{fault:?} {nth}: {first:?}"
                );
            }
            read(&mut open(&db, Some(&store.objects(1)), 80).await, &records, &mut rng(nth as u64), 60).await.unwrap();
            assert_same(&all(&db).await, &expected, &format!("{fault:?} {nth}"));
        }
    }
    assert!(met >= OPERATIONS, "{met}");
}

#[tokio::test]
async fn a_store_that_fails_once_is_asked_again() {
    let records = records(41, 240);
    let (_, expected) = direct(&records).await;
    for fault in Fault::ALL {
        for nth in [0, 1, 2, 5, 6, 8, 9, 11] {
            let db = staged().await;
            let failing = FaultyStore::new().failing(nth, fault);
            read(&mut open(&db, Some(&failing.objects(3)), 80).await, &records, &mut rng(3), 60).await.unwrap();
            assert!(failing.has_failed());
            assert_same(&all(&db).await, &expected, &format!("{fault:?} {nth}"));
        }
    }
}

/// The future of the load is dropped at any of its awaits, wherever it then is.
#[tokio::test]
async fn a_loader_that_ends_at_any_moment_loses_and_doubles_nothing() {
    let records = records(42, 600);
    let (_, expected) = direct(&records).await;
    let db = staged().await;
    let store = FaultyStore::new();
    let mut ended = 0;
    for round in 0..60 {
        let mut intake = open(&db, Some(&store.objects(1)), 60).await;
        let mut rng = rng(round);
        let run = read(&mut intake, &records, &mut rng, 30);
        // Ever a little longer, so that it ends within every step.
        if tokio::time::timeout(Duration::from_micros(1_000 + 2_500 * (round % 30)), async { run.await.unwrap() })
            .await
            .is_err()
        {
            ended += 1;
        }
    }
    assert!(ended > 20, "{ended}");
    read(&mut open(&db, Some(&store.objects(1)), 60).await, &records, &mut rng(99), 30).await.unwrap();
    assert_same(&all(&db).await, &expected, "ended");
}

#[tokio::test]
async fn what_fails_within_the_transaction_leaves_nothing_behind() {
    let records = records(43, 300);
    let (_, expected) = direct(&records).await;
    let db = staged().await;
    let store = FaultyStore::new();
    for (table, condition) in [
        ("core.person", "person_no < 5"),
        ("raw.load", "loaded < 10"),
        ("raw.quarantine", "false"),
        ("raw.dirty", "false"),
        ("raw.position", "next = 0"),
    ] {
        db.execute(&format!("ALTER TABLE {table} ADD CONSTRAINT planted CHECK ({condition})")).await;
        let mut intake = open(&db, Some(&store.objects(1)), 10_000).await;
        read(&mut intake, &records, &mut rng(1), 60).await.unwrap_err();
        assert!(intake.flush(seed::now()).await.unwrap().is_empty(), "nothing waits of what failed");
        for table in
            ["core.event", "core.person", "raw.load", "raw.dirty", "raw.quarantine", "raw.statement", "raw.position"]
        {
            let left = format!("SELECT count(*) FROM {table}");
            let client = db.warehouse.client().await.unwrap();
            assert_eq!(client.query_one(&left, &[]).await.unwrap().get::<_, i64>(0), 0, "{table}");
        }
        db.execute(&format!("ALTER TABLE {table} DROP CONSTRAINT planted")).await;
    }
    read(&mut open(&db, Some(&store.objects(1)), 10_000).await, &records, &mut rng(1), 60).await.unwrap();
    assert_same(&all(&db).await, &expected, "after it failed");
}

#[tokio::test]
async fn an_object_that_is_missing_or_damaged_is_not_loaded_past() {
    let records = records(44, 200);
    let (_, expected) = direct(&records).await;
    let db = staged().await;
    let store = FaultyStore::new();
    let objects = store.objects(1);
    for damaged in [false, true] {
        let mut intake = open(&db, Some(&objects), 10_000).await;
        for from in [0, 100] {
            let batch = intake.steps().prepare(batch(&records, from, 100).unwrap());
            let taken = intake.take(batch, seed::now()).await.unwrap();
            assert_eq!(taken, Taken::Waits { next: from + 100 });
        }
        let second = objects.list("stage/ee").await.unwrap().pop().unwrap().name;
        let bytes = objects.get(&second).await.unwrap();
        objects.delete(&second).await.unwrap();
        if damaged {
            objects.put(&second, bytes.slice(..bytes.len() / 2)).await.unwrap();
        }
        let error = intake.flush(seed::now()).await.unwrap_err();
        match damaged {
            false => {
                assert!(matches!(&error, LoadError::Stage(StageError::Missing(name)) if *name == second), "{error}")
            }
            true => assert!(matches!(&error, LoadError::Damaged { name, .. } if *name == second), "{error}"),
        }
        assert_eq!(intake.position(LOG.0, LOG.1).await.unwrap(), 0);
        objects.delete(&second).await.unwrap();
    }
    read(&mut open(&db, Some(&objects), 10_000).await, &records, &mut rng(1), 100).await.unwrap();
    assert_same(&all(&db).await, &expected, "after it was missing");
}

#[tokio::test]
async fn what_waits_is_loaded_in_time_and_not_by_a_zombie() {
    let records = records(45, 200);
    let (_, expected) = direct(&records).await;
    let db = staged().await;
    let store = FaultyStore::new();
    let mut zombie = open(&db, Some(&store.objects(1)), 10_000).await;
    let mut intake = open(&db, Some(&store.objects(1)), 10_000).await;
    for one in [&mut zombie, &mut intake] {
        let batch = one.steps().prepare(batch(&records, 0, 120).unwrap());
        assert_eq!(one.take(batch, seed::now()).await.unwrap(), Taken::Waits { next: 120 });
    }
    let soon = seed::now() + TimeDelta::seconds(29);
    assert!(intake.flush_due(soon).await.unwrap().is_empty());
    assert_eq!(intake.position(LOG.0, LOG.1).await.unwrap(), 0);
    let later = seed::now() + TimeDelta::seconds(30);
    let flushed = intake.flush_due(later).await.unwrap();
    assert!(matches!(flushed[..], [ref f] if matches!(f.taken, Taken::Committed { next: 120, .. })), "{flushed:?}");
    let flushed = zombie.flush(later).await.unwrap();
    assert!(matches!(flushed[..], [ref f] if matches!(f.taken, Taken::Moved { next: 120, .. })), "{flushed:?}");
    // Set back, it forgets what it had.
    for from in [120, 150, 120] {
        let some = zombie.steps().prepare(batch(&records, from, 30).unwrap());
        assert_eq!(zombie.take(some, seed::now()).await.unwrap(), Taken::Waits { next: from + 30 });
    }
    let flushed = zombie.flush(later).await.unwrap();
    assert!(matches!(flushed[..], [ref f] if matches!(f.taken, Taken::Committed { next: 150, .. })), "{flushed:?}");
    read(&mut intake, &records, &mut rng(1), 100).await.unwrap();
    assert_same(&all(&db).await, &expected, "zombie");
}

#[tokio::test]
async fn what_waited_counts_although_the_batch_behind_it_is_not_loaded() {
    let records = records(46, 200);
    let db = staged().await;
    let store = FaultyStore::new();
    let mut intake = open(&db, Some(&store.objects(1)), 10_000).await;
    let waits = intake.steps().prepare(batch(&records, 0, 120).unwrap());
    assert_eq!(intake.take(waits, seed::now()).await.unwrap(), Taken::Waits { next: 120 });
    choose(&db, Strategy::Direct).await;
    let not_next = intake.steps().prepare(batch(&records, 150, 10).unwrap());
    let taken = intake.take(not_next, seed::now()).await.unwrap();
    assert!(matches!(taken, Taken::Moved { next: 120, counts } if counts.received == 120), "{taken:?}");
}

#[tokio::test]
async fn what_was_staged_long_ago_is_removed() {
    let db = staged().await;
    let store = FaultyStore::new();
    let objects = store.objects(1);
    objects.put("stage/eee/a", "another site's".into()).await.unwrap();
    objects.put("raw/ee/a", "the archive's".into()).await.unwrap();
    let mut intake = open(&db, Some(&objects), 10_000).await;
    read(&mut intake, &records(46, 100), &mut rng(1), 50).await.unwrap();
    let there = objects.list("stage/ee").await.unwrap();
    assert!(there.len() > 2);
    let written = there[0].written_at;
    assert_eq!(intake.sweep(written + TimeDelta::days(6)).await.unwrap(), 0);
    assert_eq!(intake.sweep(written + TimeDelta::days(8)).await.unwrap(), there.len() as u64);
    assert!(objects.list("stage/ee").await.unwrap().is_empty());
    assert_eq!(objects.list("stage/eee").await.unwrap().len() + objects.list("raw").await.unwrap().len(), 2);
}
