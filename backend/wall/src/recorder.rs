//! Where it is written down that an account was made or has ended.

use std::error::Error;

use crate::accounts::Account;

/// Why it could not be written down.
pub type Unrecorded = Box<dyn Error + Send + Sync>;

/// The record is kept in another database than the accounts, so no transaction holds both. It is asked when everything is done but
/// for the commit: what cannot be recorded does not happen, and whatever happened is recorded. Should the commit itself fail,
/// the record tells of something that was tried, and the command of its failure.
pub trait Recorder: Sync {
    fn made(&self, account: &Account) -> impl Future<Output = Result<(), Unrecorded>> + Send;
    fn ended(&self, account: &Account) -> impl Future<Output = Result<(), Unrecorded>> + Send;
}
