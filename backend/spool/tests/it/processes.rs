//! Several processes on one spool, killed at any moment.
//!
//! The test's own binary is started again: as collectors, which print what was acknowledged, and as loaders, which read, print what
//! they read, and trim. What was acknowledged must have been read or still be there, as it was sent, once, at its offset.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spool::Reader;

use crate::{PATIENCE, open};

const DIR: &str = "SPOOL_TEST_DIR";
const NAME: &str = "SPOOL_TEST_NAME";

/// A process of this binary that does one thing only.
fn start(what: &str, dir: &Path, name: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("processes::{what}"), "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
        .env(NAME, name)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Not a test by itself: appends, from four tasks at once, until it is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn collector() {
    let (Ok(dir), Ok(name)) = (std::env::var(DIR), std::env::var(NAME)) else { return };
    let spool = std::sync::Arc::new(open(Path::new(&dir)));
    let tasks: Vec<_> = (0..4)
        .map(|task| {
            let (spool, name) = (spool.clone(), name.clone());
            tokio::spawn(async move {
                for n in 0.. {
                    let records: Vec<Vec<u8>> =
                        (0..=n % 5).map(|part| format!("{name}-{task}-{n}-{part}").into_bytes()).collect();
                    let first = spool.append("ee", records.clone()).await.unwrap();
                    let mut out = std::io::stdout().lock();
                    for (offset, record) in (first..).zip(records) {
                        writeln!(out, "acked {offset} {}", String::from_utf8(record).unwrap()).unwrap();
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

/// Not a test by itself: reads and trims until it is killed. What it read is printed before it is trimmed.
#[test]
fn loader() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let mut reader = Reader::open(Path::new(&dir), PATIENCE).unwrap();
    loop {
        for state in reader.sites().unwrap() {
            // The one loader there is; only after a kill a trim may be undone.
            let read = reader.read(&state.site, state.first, 100, 1 << 20).unwrap();
            let mut out = std::io::stdout().lock();
            for (offset, record) in &read {
                writeln!(out, "read {offset} {}", String::from_utf8_lossy(record)).unwrap();
            }
            if let Some((last, _)) = read.last() {
                reader.trim(&state.site, last + 1).unwrap();
            }
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Whole lines that a killed process printed, of one kind.
fn told(mut child: Child, kind: &str) -> Vec<(i64, String)> {
    let lines =
        BufReader::new(child.stdout.take().unwrap()).split(b'\n').map(|line| String::from_utf8(line.unwrap()).unwrap());
    let told = lines.filter_map(|line| {
        let (_, rest) = line.split_once(&format!("{kind} "))?;
        let (offset, record) = rest.split_once(' ')?;
        Some((offset.parse().ok()?, record.to_owned()))
    });
    let told = told.collect();
    child.wait().unwrap();
    told
}

#[test]
fn what_killed_collectors_acknowledged_is_read_once() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    let rounds = std::env::var("SPOOL_KILLS").map_or(8, |kills| kills.parse().unwrap());
    let mut acked: BTreeMap<i64, String> = BTreeMap::new();
    let mut read: BTreeMap<i64, String> = BTreeMap::new();
    for round in 0..rounds {
        // Two collectors, as when one is replaced by the next release, and a loader.
        let mut collectors = [
            start("collector", dir.path(), &format!("{round}a")),
            start("collector", dir.path(), &format!("{round}b")),
        ];
        let mut loader = start("loader", dir.path(), "");
        std::thread::sleep(Duration::from_millis(chance.random_range(100..700)));
        if chance.random() {
            loader.kill().unwrap();
        }
        for collector in &mut collectors {
            collector.kill().unwrap();
            std::thread::sleep(Duration::from_millis(chance.random_range(0..50)));
        }
        let _ = loader.kill();
        for (offset, record) in collectors.into_iter().flat_map(|collector| told(collector, "acked")) {
            assert_eq!(acked.insert(offset, record), None, "offset {offset} was given twice");
        }
        for (offset, record) in told(loader, "read") {
            // Killed before it trimmed, it reads again: the same.
            assert!(
                read.insert(offset, record.clone()).is_none_or(|before| before == record),
                "two records at {offset}"
            );
        }
    }
    let mut reader = Reader::open(dir.path(), PATIENCE).unwrap();
    let left = reader
        .sites()
        .unwrap()
        .into_iter()
        .find(|state| state.site == "ee")
        .expect("a collector came to store something");
    let remaining = reader.read("ee", left.first, usize::MAX, usize::MAX).unwrap();
    read.extend(remaining.into_iter().map(|(offset, record)| (offset, String::from_utf8(record).unwrap())));
    assert_eq!(read.keys().copied().collect::<Vec<_>>(), (0..left.next).collect::<Vec<_>>(), "a gap");
    assert!(acked.len() > 20, "only {} were acknowledged", acked.len());
    for (offset, record) in &acked {
        assert_eq!(read.get(offset), Some(record), "acknowledged at {offset}");
    }
    let mut records: Vec<&String> = read.values().collect();
    records.sort();
    records.dedup();
    assert_eq!(records.len(), read.len(), "a record is there twice");
    println!("{rounds} rounds: {} acknowledged, {} stored, {} waiting", acked.len(), left.next, left.waiting());
}
