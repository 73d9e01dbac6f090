//! A well-formed question: what was asked → a checked [`Query`] → a [`ScopedQuery`], the only thing that can be planned.

pub mod filter;
pub mod invalid;
pub mod protected;
pub mod query;
pub mod question;
pub mod validate;

pub use filter::{QueryFilter, Test};
pub use invalid::Invalid;
pub use query::{OrderBy, Query, SortColumn};
pub use question::{Compare, Filter, Order, Question};
pub use validate::{ScopedQuery, validate};
