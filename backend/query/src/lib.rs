//! A well-formed question: what was asked → a checked [`Query`] → a [`ScopedQuery`], the only thing that can be planned.

pub mod invalid;
pub mod protected;
pub mod question;
pub mod validate;

pub use invalid::Invalid;
pub use question::{Compare, Filter, Order, Question};
pub use validate::{OrderBy, Query, QueryFilter, ScopedQuery, SortColumn, validate};
