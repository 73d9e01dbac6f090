//! One seeded run: what a collector and a loader do, and what happens to them.

use std::path::PathBuf;
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

use super::machine::{Fault, Machine, Shared, lock};
use super::oracle::Oracle;
use crate::error::AppendError;
use crate::ground::Ground;
use crate::log::{Log, Wish};
use crate::schema::Synchronous;

/// A fault in the spool itself, to see that the model finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Planted {
    Nothing,
    /// `synchronous = OFF`.
    NeverSynced,
    /// `synchronous = NORMAL`.
    OnlyCheckpointsSynced,
    /// The answer goes out before the commit.
    AnswerFirst,
    /// A new process reads the log from the machine's memory, not from the disk.
    Remembering,
}

/// What happened in a run, so that it shows when runs become idle.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) acknowledged: u64,
    pub(super) power_losses: u64,
    pub(super) lost_while_opening: u64,
    pub(super) failed_syncs: u64,
    pub(super) restarts: u64,
    pub(super) full: u64,
    pub(super) trims: u64,
}

impl Tally {
    pub(super) fn add(&mut self, other: Tally) {
        self.acknowledged += other.acknowledged;
        self.power_losses += other.power_losses;
        self.lost_while_opening += other.lost_while_opening;
        self.failed_syncs += other.failed_syncs;
        self.restarts += other.restarts;
        self.full += other.full;
        self.trims += other.trims;
    }
}

pub(super) struct Sequence {
    dir: String,
    machine: Shared,
    chance: ChaCha8Rng,
    oracle: Oracle,
    planted: Planted,
    tally: Tally,
}

impl Sequence {
    pub(super) fn new(seed: u64, planted: Planted) -> Self {
        let dir = format!("/power/{planted:?}/{seed}");
        let machine = Machine::start(&dir, seed ^ 0x5eed);
        let chance = ChaCha8Rng::seed_from_u64(seed);
        Self { dir, machine, chance, oracle: Oracle::default(), planted, tally: Tally::default() }
    }

    /// Runs until the power was lost a few times.
    ///
    /// # Errors
    /// What was acknowledged and is not there, or why it does not open.
    pub(super) fn run(mut self) -> Result<Tally, String> {
        for _ in 0..self.chance.random_range(1..=3) {
            self.plan_power_loss();
            let mut log = self.open()?;
            while !lock(&self.machine).dark {
                log = match self.step(&mut log)? {
                    Next::GoOn => log,
                    Next::Restart => {
                        drop(log);
                        self.tally.restarts += 1;
                        self.open()?
                    }
                };
            }
            drop(log);
            self.power_returns();
        }
        let mut log = self.open()?;
        self.store(&mut log)?;
        self.oracle.check(&mut log)?;
        Ok(self.tally)
    }

    fn plan_power_loss(&mut self) {
        let most = [20, 80, 300][self.chance.random_range(0..3)];
        let changes = self.chance.random_range(0..most);
        lock(&self.machine).plan = Some((changes, Fault::Power));
    }

    fn power_returns(&mut self) {
        self.tally.power_losses += 1;
        let mut machine = lock(&self.machine);
        machine.restart();
        machine.capacity = usize::MAX;
    }

    /// Opens the spool, over power losses, and compares all of it.
    fn open(&mut self) -> Result<Log, String> {
        loop {
            let fresh = Uuid::from_bytes(self.chance.random());
            let synchronous = match self.planted {
                Planted::NeverSynced => Synchronous::Off,
                Planted::OnlyCheckpointsSynced => Synchronous::Normal,
                _ => Synchronous::Full,
            };
            let ground = if self.planted == Planted::Remembering { Ground::ModelRemembering } else { Ground::Model };
            match Log::open(&PathBuf::from(&self.dir), ground, synchronous, 64 << 20, Duration::ZERO, fresh) {
                Ok((mut log, identity)) => {
                    self.oracle.opened(identity)?;
                    self.oracle.check(&mut log)?;
                    return Ok(log);
                }
                Err(_) if lock(&self.machine).dark => {
                    self.tally.lost_while_opening += 1;
                    self.power_returns();
                    if self.chance.random_bool(0.5) {
                        self.plan_power_loss();
                    }
                }
                Err(error) => return Err(format!("does not open: {error}")),
            }
        }
    }

    fn step(&mut self, log: &mut Log) -> Result<Next, String> {
        match self.chance.random_range(0..100) {
            0..70 => return self.store(log),
            70..85 => self.trim(log),
            85..92 => {
                let mode = ["PASSIVE", "TRUNCATE"][self.chance.random_range(0..2)];
                if let Err(AppendError::Broken(_)) = log.checkpoint(mode) {
                    return Ok(Next::Restart);
                }
            }
            92..95 => return Ok(Next::Restart),
            95..97 => {
                let mut machine = lock(&self.machine);
                let used = machine.disk.used();
                machine.capacity = if machine.capacity == usize::MAX {
                    used + self.chance.random_range(0..50_000)
                } else {
                    usize::MAX
                };
            }
            // One fault at a time: this puts off the power loss, which is planned again after it.
            _ => return self.fail_a_sync(log),
        }
        Ok(Next::GoOn)
    }

    /// Stores a group, and remembers what came of it.
    fn store(&mut self, log: &mut Log) -> Result<Next, String> {
        let wishes = self.wishes();
        let expected = self.oracle.expected(&wishes);
        match log.store(wishes.iter()) {
            Ok(offsets) if offsets != expected => Err(format!("offsets {offsets:?} where {expected:?} come next")),
            Ok(_) => {
                self.tally.acknowledged += wishes.len() as u64;
                self.oracle.acknowledged(wishes);
                Ok(Next::GoOn)
            }
            Err(_) if self.planted == Planted::AnswerFirst => {
                self.oracle.acknowledged(wishes);
                Ok(Next::Restart)
            }
            Err(AppendError::Full) => {
                self.tally.full += 1;
                lock(&self.machine).capacity = usize::MAX;
                self.oracle.check(log).map(|()| Next::GoOn)
            }
            Err(AppendError::Broken(_)) => {
                self.oracle.unknown(wishes);
                Ok(Next::Restart)
            }
            Err(error) => Err(format!("nobody else is there, and yet: {error}")),
        }
    }

    fn trim(&mut self, log: &mut Log) {
        let site = self.site();
        let below = self.chance.random_range(0..=self.oracle.next(&site));
        self.oracle.trimming(&site, below);
        // Without power or room it fails, and a loader tries again.
        self.tally.trims += u64::from(log.trim(&site, below).is_ok());
    }

    /// The disk fails one of the next syncs, and the process stops as it must. The power may go soon after it is back.
    fn fail_a_sync(&mut self, log: &mut Log) -> Result<Next, String> {
        lock(&self.machine).plan = Some((self.chance.random_range(0..10), Fault::Sync));
        let mut next = Next::GoOn;
        // Where a fault is planted there may be no sync at all.
        for _ in 0..20 {
            if next == Next::Restart || lock(&self.machine).plan.is_none() {
                break;
            }
            next = if self.chance.random_bool(0.8) || log.checkpoint("PASSIVE").is_ok() {
                self.store(log)?
            } else {
                Next::Restart
            };
        }
        self.tally.failed_syncs += 1;
        self.plan_power_loss();
        Ok(Next::Restart)
    }

    fn wishes(&mut self) -> Vec<Wish> {
        (0..self.chance.random_range(1..=3))
            .map(|_| match self.chance.random_range(0..10) {
                0 => Wish::Put { key: self.site(), value: self.record() },
                _ => {
                    let site = self.site();
                    let records = (0..self.chance.random_range(0..8)).map(|_| self.record()).collect();
                    Wish::Append { site, records }
                }
            })
            .collect()
    }

    fn site(&mut self) -> String {
        ["ee", "lv", "lt"][self.chance.random_range(0..3)].to_owned()
    }

    /// Bytes that do not compress, so that they take pages.
    fn record(&mut self) -> Vec<u8> {
        let most = [10, 400, 3_000][self.chance.random_range(0..3)];
        let mut record = vec![0; self.chance.random_range(0..most)];
        self.chance.fill(record.as_mut_slice());
        record
    }
}

impl Drop for Sequence {
    fn drop(&mut self) {
        Machine::scrap(&self.dir);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    GoOn,
    /// The process ends here, and another one begins.
    Restart,
}
