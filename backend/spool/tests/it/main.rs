//! The spool from outside, on the machine's own disk.

mod behaviour;
mod histories;
mod processes;

use std::path::Path;
use std::time::Duration;

use spool::{Settings, Spool};
use uuid::Uuid;

/// A spool as a collector opens it.
fn open(dir: &Path) -> Spool {
    Spool::open(Settings::new(dir, 64 << 20), Uuid::from_u128(7)).expect("opens")
}

const PATIENCE: Duration = Duration::from_secs(5);
