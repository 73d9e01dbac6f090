//! Organisations, who belongs to them and with which keys, and the record of what was done.

pub mod about;
pub mod access;
pub mod accounts;
pub mod audit;
pub mod invitations;
pub mod keys;
pub mod organisations;
pub mod people;
pub mod reach;
pub mod viewings;
