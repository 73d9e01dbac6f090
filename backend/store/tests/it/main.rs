//! The store against a real PostgreSQL, a fresh database per test.

mod accounts;
mod audit;
mod audit_reading;
mod database;
mod ended_sessions;
mod identities;
mod invitations;
mod keys;
mod listening;
mod mail_links;
mod one_only;
mod organisations;
mod people;
mod people_of_a_test;
mod schema;
mod second_factor;
mod sessions;
mod sign_ins;
mod sites;
mod statements;
