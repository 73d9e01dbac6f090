//! The demo platform: a lifelike textbook platform of five countries, made from a seed.
//!
//! Pure: no I/O, no clock, no ambient randomness. The same seed and size always give the same platform and, day by
//! day and in whatever order they are asked for, the same events. Randomness is ChaCha8 and arithmetic is integer or
//! plain IEEE, so that this holds on every machine.

mod books;
mod calendar;
mod codes;
mod country;
mod day;
mod dice;
mod draft;
mod events;
mod isbn;
mod local_day;
mod platform;
mod publishers;
mod roll;
mod schools;
mod session;
mod shelf;
mod showcase;
mod site_plan;
mod trickle;
mod volume;
mod weighted;
mod words;
mod writer;

pub use calendar::{Calendar, DayKind};
pub use isbn::{check_digit, is_isbn13};
pub use platform::Platform;
pub use showcase::Showcase;
pub use site_plan::SitePlan;
