//! The rollups: their tables, computing them from events, keeping them equal to the events, checking that they are.

pub mod cells;
pub mod check;
pub mod compute;
mod counted;
pub mod install;
pub mod refresh;
pub mod statements;
pub mod store;
pub mod summary;
mod writing;
