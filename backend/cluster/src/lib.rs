//! Private PostgreSQL and Redis servers in a data directory: for `octavo demo` and for the tests.
//!
//! A server listens on a Unix socket in a directory that only its own user may enter, and on no TCP port. It belongs to
//! the process that started it: it stops with [`Postgres::stop`], when the handle is dropped, and soon after the process
//! died in any other way. One that was left over is stopped and its data directory taken over by the next start.

mod binaries;
mod error;
mod guard;
mod options;
mod place;
mod postgres;
mod process;
mod redis;
mod remove;
mod server;
mod user;

pub use error::ClusterError;
pub use options::PostgresOptions;
pub use postgres::Postgres;
pub use redis::Redis;
pub use remove::remove;
