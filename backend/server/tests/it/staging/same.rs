//! Directly and by way of files: the same events, counts, quarantine, statements and rollups.

use ingest::load::batch::{Counts, LoadError};
use ingest::load::intake::Taken;
use ingest::load::strategy::Strategy;
use peers::ObjectServer;
use rand::Rng;
use stage::Objects;
use tempfile::TempDir;
use testkit::{FaultyStore, TestDatabase, seed};

use super::stream::{LOG, all, assert_same, batch, choose, direct, open, read, records, rng, rollups};

pub async fn staged() -> TestDatabase {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    choose(&db, Strategy::Staged).await;
    db
}

#[tokio::test]
async fn staged_is_the_same_as_direct() {
    for seed in 0..4 {
        let records = records(seed, 900);
        let (by_batches, expected) = direct(&records).await;
        let db = staged().await;
        let store = FaultyStore::new();
        let mut rng = rng(seed);
        // From many manifests to one.
        let rows = [1, 50, 200, 400, 10_000][rng.random_range(0..5)];
        let mut intake = open(&db, Some(&store.objects(1)), rows).await;
        let counts = read(&mut intake, &records, &mut rng, 200).await.unwrap();
        assert_same(&all(&db).await, &expected, &format!("seed {seed}, {rows} rows"));
        let Counts { received, loaded, duplicate, quarantined, skipped } = counts;
        assert_eq!(received, 900);
        assert!(loaded > 400 && duplicate > 50 && quarantined > 50 && skipped > 20, "{counts}");
        assert_same(&rollups(&db, seed::now()).await, &rollups(&by_batches, seed::now()).await, "rollups");
    }
}

#[tokio::test]
async fn a_directory_and_a_bucket_carry_the_same() {
    let records = records(7, 400);
    let (_, expected) = direct(&records).await;
    let dir = TempDir::new().unwrap();
    let server = ObjectServer::start().await.inspect_err(|why| println!("skipped: {why}")).ok();
    let mut stores = vec![Objects::open(dir.path().to_str().unwrap()).unwrap()];
    stores.extend(server.as_ref().map(|server| server.objects("octavo", "some/prefix", "secret")));
    for objects in &stores {
        let db = staged().await;
        read(&mut open(&db, Some(objects), 150).await, &records, &mut rng(7), 100).await.unwrap();
        assert_same(&all(&db).await, &expected, &objects.url(""));
        let names: Vec<String> = objects.list("stage/ee").await.unwrap().into_iter().map(|o| o.name).collect();
        assert!(names.iter().all(|name| name.starts_with("stage/ee/log-1=p/00000")), "{names:?}");
        let manifest = names.iter().find(|name| name.ends_with(".manifest")).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&objects.get(manifest).await.unwrap()).unwrap();
        for entry in manifest["entries"].as_array().unwrap() {
            let name = entry["url"].as_str().unwrap().strip_prefix(&objects.url("")).unwrap();
            let length = objects.get(name).await.unwrap().len();
            assert_eq!((&entry["mandatory"], &entry["meta"]["content_length"]), (&true.into(), &length.into()));
        }
    }
}

#[tokio::test]
async fn a_site_moves_from_one_way_to_the_other_and_back_while_it_is_loaded() {
    for seed in 20..24 {
        let records = records(seed, 800);
        let (_, expected) = direct(&records).await;
        let db = staged().await;
        let store = FaultyStore::new();
        let mut rng = rng(seed);
        let mut intake = open(&db, Some(&store.objects(1)), 300).await;
        let (mut from, mut counts, mut waited) = (0, Counts::default(), 0);
        while let Some(next) = batch(&records, from, rng.random_range(1..60)) {
            match intake.take(intake.steps().prepare(next), seed::now()).await.unwrap() {
                Taken::Committed { next, counts: done } => {
                    (from, counts) = (next, {
                        counts += done;
                        counts
                    });
                    assert_eq!(intake.position(LOG.0, LOG.1).await.unwrap(), next);
                }
                Taken::Waits { next } => (from, waited) = (next, waited + 1),
                moved => panic!("{moved:?}"),
            }
            if rng.random_ratio(1, 5) {
                choose(&db, if rng.random() { Strategy::Staged } else { Strategy::Direct }).await;
                // Loaders that look find that what waits is to wait no longer.
                if rng.random() {
                    for flushed in intake.flush_due(seed::now()).await.unwrap() {
                        let Taken::Committed { next, counts: done } = flushed.taken else { panic!("{flushed:?}") };
                        assert_eq!(next, from);
                        counts += done;
                    }
                }
            }
        }
        assert!(waited > 0);
        counts += read(&mut intake, &records, &mut rng, 10).await.unwrap();
        assert_eq!(counts.received, 800);
        assert_same(&all(&db).await, &expected, &format!("seed {seed}"));
    }
}

#[tokio::test]
async fn two_loaders_of_one_log_store_each_record_once() {
    for (seed, other) in [(30, Strategy::Staged), (31, Strategy::Direct)] {
        let records = records(seed, 1_000);
        let (_, expected) = direct(&records).await;
        let db = staged().await;
        let store = FaultyStore::new();
        let (mut one, mut two) =
            (open(&db, Some(&store.objects(1)), 120).await, open(&db, Some(&store.objects(1)), 70).await);
        let (mut one_rng, mut two_rng) = (rng(seed), rng(seed + 1));
        let (a, b, ()) = tokio::join!(
            read(&mut one, &records, &mut one_rng, 40),
            read(&mut two, &records, &mut two_rng, 30),
            async { choose(&db, other).await }
        );
        let mut counts = a.unwrap();
        counts += b.unwrap();
        assert_eq!(counts.received, 1_000);
        assert_same(&all(&db).await, &expected, &format!("with {other}"));
    }
}

#[tokio::test]
async fn a_staged_site_without_a_stage_says_what_to_set() {
    let db = staged().await;
    let mut intake = open(&db, None, 0).await;
    let batch = intake.steps().prepare(batch(&records(1, 10), 0, 10).unwrap());
    let error = intake.take(batch, seed::now()).await.unwrap_err();
    assert!(matches!(error, LoadError::NoStage(_)) && error.to_string().contains("OCTAVO_STORE"), "{error}");
    assert!(!Strategy::Staged.choose(&db.warehouse, "nowhere").await.unwrap());
}
