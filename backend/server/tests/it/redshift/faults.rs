//! Whatever fails at whatever step of a load: nothing is lost, nothing is double, and nothing has to be put right by hand.

use std::io::{Read, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use ingest::load::batch::LoadError;
use ingest::load::intake::Taken;
use testkit::{Fault, FaultyStore, seed};

use super::StandIn;
use super::loading::{events, expected, held};
use crate::staging::stream::{LOG, assert_same, batch, open, read, rng};

/// Nothing of the log is there.
async fn is_empty(own: &StandIn) {
    for table in
        ["core.event", "core.person", r#""raw".load"#, r#""raw".dirty"#, r#""raw".quarantine"#, r#""raw".position"#]
    {
        assert_eq!(own.count(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
}

#[tokio::test]
async fn an_object_that_is_missing_or_not_whole_rolls_all_back_and_is_loaded_once_it_is_there() {
    let records = events(70, 200);
    let expected = expected(&records).await;
    let store = FaultyStore::new();
    let objects = store.objects(1);
    let own = StandIn::start(&objects).await;
    let packed = |text: &str| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        Bytes::from(packed.finish().unwrap())
    };
    let mut told = Vec::new();
    for what in ["missing", "cut off", "a row less", "a wrong row"] {
        let mut intake = open(&own.db, Some(&objects), 10_000).await;
        for from in [0, 100] {
            let batch = intake.steps().prepare(batch(&records, from, 100).unwrap());
            assert_eq!(intake.take(batch, seed::now()).await.unwrap(), Taken::Waits { next: from + 100 });
        }
        let files = objects.list("stage/ee").await.unwrap();
        let second = files.iter().rfind(|object| object.name.ends_with(".csv.gz")).unwrap().name.clone();
        let bytes = objects.get(&second).await.unwrap();
        let mut text = String::new();
        GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        objects.delete(&second).await.unwrap();
        let (less, wrong) = (text.split_once('\n').unwrap().1, text.replacen("2026-", "someday-", 1));
        match what {
            "cut off" => objects.put(&second, bytes.slice(..bytes.len() / 2)).await.unwrap(),
            "a row less" => objects.put(&second, packed(less)).await.unwrap(),
            "a wrong row" => objects.put(&second, packed(&wrong)).await.unwrap(),
            _ => {}
        }
        let error = intake.flush(seed::now()).await.unwrap_err();
        told.push(error.to_string());
        if what == "a row less" {
            assert!(matches!(error, LoadError::Damaged { .. }), "{error}");
        }
        is_empty(&own).await;
        assert_eq!(intake.position(LOG.0, LOG.1).await.unwrap(), 0);
        objects.delete(&second).await.unwrap();
    }
    assert!(told[0].contains("S3 said of stage/ee/"), "{told:#?}");
    assert!(told[1].contains("gzip") && told[2].contains(" rows of ") && told[3].contains("someday"), "{told:#?}");
    read(&mut open(&own.db, Some(&objects), 10_000).await, &records, &mut rng(1), 100).await.unwrap();
    assert_same(&held(&own).await, &expected, "after it was missing");
}

#[tokio::test]
async fn a_connection_that_breaks_between_any_two_statements_loses_and_doubles_nothing() {
    let records = events(71, 240);
    let expected = expected(&records).await;
    let (mut broken, mut nth) = (0, 0);
    loop {
        let store = FaultyStore::new();
        let own = StandIn::start(&store.objects(1)).await;
        let mut intake = open(&own.db, Some(&store.objects(1)), 80).await;
        own.wire.faults.break_after(nth);
        let failed = read(&mut intake, &records, &mut rng(3), 60).await.is_err();
        let broke = own.wire.faults.broke();
        assert_eq!(failed, broke, "{nth}");
        own.wire.faults.none();
        read(&mut open(&own.db, Some(&store.objects(1)), 80).await, &records, &mut rng(nth as u64), 60).await.unwrap();
        assert_same(&held(&own).await, &expected, &format!("broken after {nth}"));
        if !broke {
            break;
        }
        broken += 1;
        nth += 11;
    }
    assert!(broken > 5, "{broken}");
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_found_by_the_position() {
    let records = events(72, 400);
    let expected = expected(&records).await;
    let store = FaultyStore::new();
    let own = StandIn::start(&store.objects(1)).await;
    let mut lost = 0;
    loop {
        let mut intake = open(&own.db, Some(&store.objects(1)), 10_000).await;
        let before = intake.position(LOG.0, LOG.1).await.unwrap();
        let Some(next) = batch(&records, before, 70) else { break };
        intake.take(intake.steps().prepare(next), seed::now()).await.unwrap();
        own.wire.faults.lose_the_next_commit();
        let flushed = intake.flush(seed::now()).await;
        assert!(flushed.is_err() && own.wire.faults.lost(), "{flushed:?}");
        assert!(intake.position(LOG.0, LOG.1).await.unwrap() > before, "it was committed");
        lost += 1;
    }
    assert_eq!(lost, 6, "{lost}");
    assert_same(&held(&own).await, &expected, "lost answers");
}

#[tokio::test]
async fn a_store_that_fails_at_any_operation_loses_and_doubles_nothing() {
    let records = events(73, 240);
    let expected = expected(&records).await;
    let mut met = 0;
    for nth in (0..24).step_by(3) {
        let store = FaultyStore::new();
        let own = StandIn::start(&store.objects(1)).await;
        let fault = Fault::ALL[nth as usize / 3 % Fault::ALL.len()];
        let failing = store.failing(nth, fault);
        let first = read(&mut open(&own.db, Some(&failing.objects(1)), 80).await, &records, &mut rng(3), 60).await;
        if failing.has_failed() {
            met += 1;
            assert!(matches!(first, Err(LoadError::Stage(_))), "{fault:?} {nth}: {first:?}");
        }
        read(&mut open(&own.db, Some(&store.objects(1)), 80).await, &records, &mut rng(nth as u64), 60).await.unwrap();
        assert_same(&held(&own).await, &expected, &format!("{fault:?} {nth}"));
    }
    assert!(met > 4, "{met}");
}
