//! The store against a real PostgreSQL, a fresh database per test.

mod accounts;
mod database;
mod keys;
mod schema;
mod sessions;
mod sites;
mod statements;
