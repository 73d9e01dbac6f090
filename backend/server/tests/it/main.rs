//! Tests against a real PostgreSQL and Redis, a database each: run with `make test`.

mod acceptance;
mod contracts;
mod entities;
mod importing;
mod isolation;
mod loading;
mod oracle;
mod plans;
mod protected;
mod querying;
mod random_questions;
mod refreshing;
mod revenue_share;
mod sessions;
