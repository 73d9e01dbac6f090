//! The cache of answers in several processes on one real Redis.

mod losing_redis;
mod processes;
mod stampede;
