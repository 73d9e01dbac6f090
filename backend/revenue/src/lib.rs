//! Revenue share: money as integers in minor units, the split of a pool over usage, and the statements made of it.
//!
//! Pure and exact: no I/O, no clock, no floating point, and no rate or percentage that is rounded before it is
//! multiplied. The same usage and the same pool give the same statements, in whatever order the usage arrives.

pub mod currency;
pub mod decimal;
pub mod money;
pub mod split;
pub mod statement;

pub use currency::{Currency, UnknownCurrency};
pub use decimal::fixed;
pub use money::{MoneyError, format_minor, parse_minor};
pub use split::{Allocation, MAX_UNITS_MILLI, Share, SplitError, split};
pub use statement::{Line, StatementDraft, draft_statements};
