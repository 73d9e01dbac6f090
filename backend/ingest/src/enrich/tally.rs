//! What the steps of a batch came to. It stands in the ledger beside the batch's counts.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// By the step's name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tally(pub BTreeMap<String, Noted>);

/// What one step did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// Events it changed.
    pub changed: u64,
    /// Events it refused.
    pub refused: u64,
    /// Microseconds it took.
    pub micros: u64,
}

impl Tally {
    pub fn add(&mut self, other: &Tally) {
        for (step, noted) in &other.0 {
            let all = self.0.entry(step.clone()).or_default();
            all.changed += noted.changed;
            all.refused += noted.refused;
            all.micros += noted.micros;
        }
    }

    pub fn note(&mut self, step: &str, changed: u64, refused: u64, took: Duration) {
        let noted = self.0.entry(step.to_owned()).or_default();
        noted.changed += changed;
        noted.refused += refused;
        noted.micros += took.as_micros() as u64;
    }
}
