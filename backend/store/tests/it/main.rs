//! The store against a real PostgreSQL, a fresh database per test.

mod accounts;
mod database;
mod ended_sessions;
mod keys;
mod listening;
mod schema;
mod sessions;
mod sites;
mod statements;
