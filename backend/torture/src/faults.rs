//! The faults, and the seeded order in which they come.

use std::fmt;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::event::mixed;

/// One thing that is done to the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    KillCollector,
    KillLoader,
    KillPostgres,
    Zombie,
    TwoLoaders,
    PostgresAway,
    RedisAway,
    DiskFull,
    SpoolFull,
}

/// Killed by SIGKILL, over and over.
const KILLS: [Fault; 3] = [Fault::KillCollector, Fault::KillLoader, Fault::KillPostgres];
/// What else is done, each once for so many kills.
const OTHERS: [Fault; 6] =
    [Fault::Zombie, Fault::TwoLoaders, Fault::PostgresAway, Fault::RedisAway, Fault::DiskFull, Fault::SpoolFull];
const KILLS_FOR_ALL_OTHERS: usize = 25;

pub const ALL: [Fault; 9] = [
    Fault::KillCollector,
    Fault::KillLoader,
    Fault::KillPostgres,
    Fault::Zombie,
    Fault::TwoLoaders,
    Fault::PostgresAway,
    Fault::RedisAway,
    Fault::DiskFull,
    Fault::SpoolFull,
];

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Fault::KillCollector => "collector killed",
            Fault::KillLoader => "loader killed",
            Fault::KillPostgres => "PostgreSQL killed",
            Fault::Zombie => "loader stopped and woken while another loads",
            Fault::TwoLoaders => "two loaders at once",
            Fault::PostgresAway => "PostgreSQL away for 3 s",
            Fault::RedisAway => "Redis killed, away for 2 s",
            Fault::DiskFull => "the spool's disk full",
            Fault::SpoolFull => "collector killed and restarted with a full spool",
        })
    }
}

/// So many kills and what else is done beside them, in an order that the seed makes. The three are killed equally often.
pub fn schedule(seed: u64, kills: usize) -> Vec<Fault> {
    let mut faults: Vec<Fault> = KILLS.into_iter().cycle().take(kills).collect();
    for _ in 0..(kills / KILLS_FOR_ALL_OTHERS).max(1) {
        faults.extend(OTHERS);
    }
    faults.shuffle(&mut ChaCha8Rng::seed_from_u64(mixed(seed, u64::MAX)));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_has_every_fault_and_is_the_seeds_own() {
        let faults = schedule(1, 100);
        assert_eq!(faults.len(), 100 + 4 * OTHERS.len());
        assert!(ALL.iter().all(|fault| faults.contains(fault)));
        assert_eq!(faults.iter().filter(|fault| **fault == Fault::KillPostgres).count(), 33);
        assert_eq!(faults, schedule(1, 100));
        assert_ne!(faults, schedule(2, 100));
    }
}
