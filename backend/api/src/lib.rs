//! HTTP, thin: who calls, what they ask, and how it is written. Everything else is the engine's or the store's.

pub mod account;
pub mod attempts;
pub mod body;
pub mod caller;
pub mod catalog;
pub mod catalog_items;
pub mod csv;
pub mod entities;
pub mod graphql;
pub mod guard;
pub mod health;
pub mod items;
pub mod limits;
pub mod loads;
pub mod origin;
pub mod pools;
pub mod problem;
pub mod proof;
pub mod query;
pub mod quotas;
pub mod router;
pub mod session;
pub mod settle;
pub mod state;
pub mod statements;
pub mod tenancy;
pub mod view;
pub mod within;

pub use attempts::{Attempts, Paces};
pub use graphql::Graphql;
pub use limits::SessionLimits;
pub use origin::TrustedProxies;
pub use problem::Problem;
pub use quotas::{Quota, Quotas};
pub use router::{openapi, router};
pub use state::{ApiState, Clock, Parts};
