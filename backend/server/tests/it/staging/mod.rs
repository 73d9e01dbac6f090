//! The staged way: the same rows and the same counts as the direct one, whatever fails on the way.

mod choosing;
mod faults;
pub mod same;
mod sources;
pub mod stream;
