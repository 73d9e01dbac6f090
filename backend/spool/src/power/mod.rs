//! The power-loss model: a spool on a simulated disk whose power goes at any moment.
//!
//! Killing a process proves nothing about this: the machine's cache outlives the process. Here a sequence of appends, trims, facts,
//! checkpoints and restarts runs on [`disk::Disk`] until the power goes before some write or sync; then the spool has to open, and
//! everything that was acknowledged has to be there, whole, at its offset.
//!
//! Not as in production: one connection has the database for itself (`locking_mode = EXCLUSIVE`) and keeps the index of SQLite's log
//! in its own memory. After a power loss that index is built anew in production too; what several processes do with it is tested by
//! killing them (`tests/it/processes.rs`).

mod disk;
mod machine;
mod oracle;
mod sequence;

use std::io;
use std::path::Path;

use sequence::{Planted, Sequence};

/// The name of the simulated file system.
pub(crate) const VFS: &str = "power";

/// As [`crate::ground::Ground::sync`], on the simulated disk.
pub(crate) fn sync_directory(dir: &Path) -> io::Result<()> {
    machine::lock(&*machine::in_directory(dir)?).sync_directory()
}

/// As [`crate::ground::Ground::forget`], on the simulated disk.
pub(crate) fn forget(file: &Path) -> io::Result<()> {
    let path = file.to_str().unwrap_or_default();
    machine::lock(&*machine::of(path)?).forget(path)
}

/// How many sequences: `SPOOL_SEQUENCES`, or 60.
fn sequences() -> u64 {
    std::env::var("SPOOL_SEQUENCES").ok().and_then(|count| count.parse().ok()).unwrap_or(60)
}

/// The first of so many seeds under which a planted fault is found, and what was seen.
fn found(planted: Planted, seeds: u64) -> Option<(u64, String)> {
    (0..seeds).find_map(|seed| Sequence::new(seed, planted).run().err().map(|loss| (seed, loss)))
}

#[test]
fn nothing_acknowledged_is_lost_with_the_power() {
    let mut total = sequence::Tally::default();
    for seed in 0..sequences() {
        match Sequence::new(seed, Planted::Nothing).run() {
            Ok(tally) => total.add(tally),
            Err(loss) => panic!("seed {seed}: {loss}"),
        }
    }
    println!("{} sequences: {total:?}", sequences());
    // A sequence that never gets to the point proves nothing.
    assert!(
        total.power_losses >= sequences()
            && total.acknowledged > 10 * sequences()
            && total.failed_syncs > sequences() / 10
    );
}

#[test]
fn the_model_finds_commits_that_are_not_synced() {
    for planted in [Planted::NeverSynced, Planted::OnlyCheckpointsSynced] {
        let (seed, loss) = found(planted, 50).unwrap_or_else(|| panic!("{planted:?} was not found"));
        println!("{planted:?}: seed {seed}: {loss}");
    }
}

#[test]
fn the_model_finds_an_answer_before_the_commit() {
    let (seed, loss) = found(Planted::AnswerFirst, 50).expect("found");
    println!("seed {seed}: {loss}");
}

#[test]
fn the_model_finds_a_log_continued_from_memory_after_a_failed_sync() {
    let (seed, loss) = found(Planted::Remembering, 1_000).expect("found");
    println!("seed {seed}: {loss}");
}
