//! The load transaction: the one way events get into the warehouse, from whatever source.

pub mod batch;
pub(crate) mod brought;
mod dimensions;
mod direct;
pub mod gap;
pub mod intake;
mod keep;
pub mod live;
pub mod loader;
pub mod partitions;
pub mod persons;
mod refused;
pub mod rows;
pub(crate) mod sql;
pub mod staged;
mod staging;
pub(crate) mod statements;
mod stored;
pub mod strategy;
pub mod things;
mod transaction;
