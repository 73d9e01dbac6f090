//! A durable queue in front of the warehouse: what a collector was sent, kept on its own disk until a loader has it.
//!
//! One directory with one SQLite database ([decision 15](../../../docs/decisions/0015-the-spool-is-sqlite.md)). It is a log as
//! `ingest` reads one: (source, partition, offset) → record, where the source is [`Spool::source`], the partition a site's code, and
//! the offsets of a site are dense from 0 and never used twice.
//!
//! * [`Spool`] appends. What it acknowledged survives a killed process and a lost power supply, as long as the disk does.
//! * [`Reader`] reads and trims, in the same process or in another one on the same host. The directory must be on a local disk:
//!   the locks and the shared memory of SQLite's log do not work over a network.

mod error;
mod ground;
mod level;
mod log;
mod pack;
#[cfg(test)]
mod power;
mod reader;
mod reading;
mod schema;
mod spool;
mod writer;

pub use error::{AppendError, SpoolError};
pub use level::{Level, WARN_SHARE, WaitingSite};
pub use log::MOST_APPEND_BYTES;
pub use reader::Reader;
pub use reading::{SiteState, Trimmed};
pub use spool::{Settings, Spool};
