//! A topic of Apache Kafka as a log: (source, partition, offset) → bytes.
//!
//! The consumer group shares the partitions among loaders and is believed in nothing else: where to read on is the
//! warehouse's position, given to [`Consumer::start`], and a batch counts when the warehouse moved that position from
//! [`Batch::first`] to [`Batch::next`]. A rebalance in the middle of a batch, a loader that slept and one that never heard
//! that it lost its partition are harmless: theirs is the compare-and-set that fails (decision 16).
//!
//! Nothing is ever skipped by itself. Where the brokers no longer have what comes next, that partition stops with a
//! [`Stop`] that says so. What this crate does not know is events: it delivers bytes.

mod alone;
mod ask;
mod consumer;
mod context;
mod error;
mod event;
mod fetching;
mod mark;
mod reading;
mod settings;
mod witness;

pub use consumer::Consumer;
pub use error::{KafkaError, Stop};
pub use event::{Batch, Event, Record, Standing};
pub use mark::Mark;
pub use settings::Settings;
