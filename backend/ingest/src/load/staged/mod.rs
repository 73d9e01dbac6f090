//! The staged way: what a loader takes is first written to the object store, as files that never change, with a manifest that names
//! those of one range of a log. Then all of a manifest is loaded at once.
//!
//! The stage is only how events are carried; the position says what is loaded. Until a manifest is committed nothing below it is let
//! go of or acknowledged, so whatever happens before is as if nothing had: the range is read anew, and what was written of it
//! is an orphan that is swept some days later. Nothing has to be recovered.

mod by_manifest;
mod carried;
mod csv;
mod files;
mod manifest;
pub mod redshift;
mod sweep;
mod waiting;

use chrono::TimeDelta;
use stage::Objects;

pub(super) use by_manifest::ByManifest;
pub(crate) use carried::carry;
pub(crate) use csv::{Packing, time};
pub(super) use files::{Files, statements};
pub use sweep::KEPT_DAYS;
pub(super) use sweep::sweep;
pub(super) use waiting::{Part, Waiting};

/// Where batches are staged, and when they are loaded.
#[derive(Clone)]
pub struct Stage {
    pub objects: Objects,
    pub limits: Limits,
}

/// What is staged is loaded as soon as one of the three is reached.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub rows: u64,
    /// Refused records and statements, which are kept in memory until then.
    pub held: usize,
    /// Since the first record of them was taken.
    pub age: TimeDelta,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 200_000, held: 20_000, age: TimeDelta::seconds(30) }
    }
}
