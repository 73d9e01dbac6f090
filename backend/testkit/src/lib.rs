//! What tests stand on: a database per test, a small seeded platform of several tenants, and the real app over HTTP with
//! a fixed clock. Tests run inside `testkit run -- COMMAND`, which starts a private PostgreSQL and Redis for all of them.

pub mod app;
pub mod calendars;
pub mod clock;
pub mod database;
pub mod faulty;
pub mod seed;

pub use app::{Options, TestApp, User};
pub use database::TestDatabase;
pub use faulty::{Fault, FaultyStore};
