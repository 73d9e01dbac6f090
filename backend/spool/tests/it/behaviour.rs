//! What it promises, one by one.

use std::sync::Arc;
use std::time::Duration;

use spool::{AppendError, MOST_APPEND_BYTES, Reader, Settings, Spool, SpoolError, WARN_SHARE};
use uuid::Uuid;

use crate::{PATIENCE, open};

/// Bytes that do not compress.
fn noise(length: usize, mut seed: u64) -> Vec<u8> {
    std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 56) as u8
    })
    .take(length)
    .collect()
}

#[tokio::test]
async fn the_identity_is_made_once() {
    let dir = tempfile::tempdir().unwrap();
    let first = Spool::open(Settings::new(dir.path().join("a/b"), 1 << 20), Uuid::from_u128(1)).unwrap();
    assert_eq!(first.source(), "spool:00000000-0000-0000-0000-000000000001");
    drop(first);
    let again = Spool::open(Settings::new(dir.path().join("a/b"), 1 << 20), Uuid::from_u128(2)).unwrap();
    assert_eq!(again.identity(), Uuid::from_u128(1));
    assert_eq!(again.reader().unwrap().identity(), Uuid::from_u128(1));
}

#[tokio::test]
async fn a_position_outside_the_log_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let spool = open(dir.path());
    let mut reader = spool.reader().unwrap();
    assert!(reader.read("ee", 0, 10, 1_000).unwrap().is_empty());
    assert!(matches!(reader.read("ee", 1, 10, 1_000), Err(SpoolError::Ahead { next: 0, .. })));
    assert_eq!(spool.append("ee", vec![vec![1]; 10]).await, Ok(0));
    assert!(matches!(reader.trim("ee", 11), Err(SpoolError::Ahead { next: 10, .. })));
    assert_eq!(reader.trim("ee", 4).unwrap().first, 4);
    assert!(matches!(reader.read("ee", 3, 10, 1_000), Err(SpoolError::Gone { first: 4, .. })));
    assert_eq!(reader.read("ee", 4, 2, 1_000).unwrap(), [(4, vec![1]), (5, vec![1])]);
    assert!(reader.read("ee", 10, 2, 1_000).unwrap().is_empty());
    assert!(matches!(reader.read("ee", 11, 2, 1_000), Err(SpoolError::Ahead { next: 10, .. })));
}

#[tokio::test]
async fn no_spool_a_newer_one_and_another_database_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    assert!(Reader::open(dir.path(), PATIENCE).is_err());
    assert!(!dir.path().join("spool.db").exists(), "a reader made the file");
    drop(open(dir.path()));
    let database = rusqlite::Connection::open(dir.path().join("spool.db")).unwrap();
    database.pragma_update(None, "user_version", 2).unwrap();
    let newer = Spool::open(Settings::new(dir.path(), 1 << 20), Uuid::nil());
    assert!(matches!(newer, Err(SpoolError::Newer { found: 2, known: 1 })));
    assert!(matches!(Reader::open(dir.path(), PATIENCE), Err(SpoolError::Newer { .. })));
    database.pragma_update(None, "application_id", 5).unwrap();
    assert!(matches!(Spool::open(Settings::new(dir.path(), 1 << 20), Uuid::nil()), Err(SpoolError::Foreign(5))));
    assert!(matches!(Spool::open(Settings::new(dir.path(), 1_000), Uuid::nil()), Err(SpoolError::TooSmall { .. })));
}

#[tokio::test]
async fn full_is_refused_facts_are_kept_and_trimming_heals() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Spool::open(Settings::new(dir.path(), 4 << 20), Uuid::nil()).unwrap();
    let mut reader = spool.reader().unwrap();
    let mut longest = 0;
    // More rounds than fit: pages that trimming freed are used again.
    for round in 0..4 {
        let mut next = reader.sites().unwrap().first().map_or(0, |state| state.next);
        let refused = loop {
            match spool.append("ee", vec![noise(50_000, next as u64)]).await {
                Ok(offset) => assert_eq!(offset, next),
                Err(error) => break error,
            }
            next += 1;
        };
        assert_eq!(refused, AppendError::Full, "round {round}");
        let level = spool.level().unwrap();
        assert!(level.share >= 0.95 && level.share <= 1.0 && level.share > WARN_SHARE, "{level:?}");
        assert!(level.waiting[0].records > 50, "{level:?}");
        spool.put("keys", &[round]).await.expect("a full spool keeps facts");
        assert!(!spool.is_broken());
        let bytes = std::fs::metadata(dir.path().join("spool.db")).unwrap().len();
        assert!(round == 0 || bytes <= longest.max(4 << 20), "grew to {bytes}");
        longest = longest.max(bytes);
        while reader.trim("ee", next).unwrap().more {}
        assert!(spool.level().unwrap().share < 0.1);
    }
    assert_eq!(spool.get("keys").unwrap(), Some(vec![3]));
    assert_eq!(spool.get("none").unwrap(), None);
}

#[tokio::test]
async fn who_cannot_be_served_in_time_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { patience: Duration::from_millis(200), ..Settings::new(dir.path(), 8 << 20) };
    let spool = Spool::open(settings, Uuid::nil()).unwrap();
    let mut other = rusqlite::Connection::open(dir.path().join("spool.db")).unwrap();
    let held = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    assert_eq!(spool.append("ee", vec![vec![1]]).await, Err(AppendError::Late));
    drop(held);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(spool.append("ee", vec![vec![2]]).await.is_ok());
}

#[tokio::test]
async fn a_reader_in_the_middle_of_reading_holds_up_no_append() {
    let dir = tempfile::tempdir().unwrap();
    let spool = open(dir.path());
    spool.append("ee", vec![vec![1]]).await.unwrap();
    let other = rusqlite::Connection::open(dir.path().join("spool.db")).unwrap();
    let mut reading = other.prepare("SELECT * FROM pack").unwrap();
    let mut rows = reading.query([]).unwrap();
    rows.next().unwrap();
    // Also where the log is moved under it, which has to wait for it.
    for n in 0..200 {
        spool.append("ee", vec![noise(50_000, n)]).await.expect("appends beside a reader");
    }
}

#[tokio::test]
async fn an_append_that_nobody_should_send_is_refused_alone() {
    let dir = tempfile::tempdir().unwrap();
    let spool = open(dir.path());
    let error = spool.append("ee", vec![vec![0; MOST_APPEND_BYTES]]).await.unwrap_err();
    assert!(matches!(error, AppendError::TooLarge { .. }));
    assert_eq!(spool.append("ee", Vec::new()).await, Ok(0));
    assert_eq!(spool.append("ee", vec![Vec::new()]).await, Ok(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_get_offsets_without_gaps() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Arc::new(open(dir.path()));
    let tasks: Vec<_> = (0..64u8)
        .map(|task| {
            let spool = Arc::clone(&spool);
            tokio::spawn(async move {
                let mut offsets = Vec::new();
                for n in 0..10 {
                    offsets.push((spool.append("ee", vec![vec![task, n]; 3]).await.unwrap(), vec![task, n]));
                }
                offsets
            })
        })
        .collect();
    let mut given = Vec::new();
    for task in tasks {
        given.extend(task.await.unwrap());
    }
    given.sort();
    let read = spool.reader().unwrap().read("ee", 0, usize::MAX, usize::MAX).unwrap();
    let wanted =
        given.into_iter().flat_map(|(first, record)| (first..first + 3).map(move |offset| (offset, record.clone())));
    assert_eq!(read, wanted.collect::<Vec<_>>());
    assert_eq!(read.len(), 64 * 10 * 3);
}
