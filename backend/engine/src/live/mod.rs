//! What is happening now: the events of the last half hour, and what a caller may see of them.

mod tell;
mod window;

pub use tell::{Busy, Live, Reading};
pub(crate) use window::{OLDEST, READ, Window};
