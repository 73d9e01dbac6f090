//! How many connections each account has open, so that none can have them all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::problem::Problem;

/// Connections of an account to this process, at most.
pub const CONNECTIONS: usize = 20;

#[derive(Debug, Default, Clone)]
pub struct Connections(Arc<Mutex<HashMap<String, usize>>>);

/// One open connection; it counts until it is dropped.
#[derive(Debug)]
pub struct Open {
    account: String,
    connections: Connections,
}

impl Connections {
    /// Refuses when the account has as many as it may.
    pub fn open(&self, account: &str) -> Result<Open, Problem> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(account.into()).or_default();
        if *count == CONNECTIONS {
            return Err(Problem::new("too_many_connections", "close another of your connections first"));
        }
        *count += 1;
        Ok(Open { account: account.into(), connections: self.clone() })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.connections.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_so_many_and_another_its_own() {
        let connections = Connections::default();
        let mut held: Vec<_> = (0..CONNECTIONS).map(|_| connections.open("a").expect("one more")).collect();
        assert!(connections.open("a").is_err());
        assert!(connections.open("b").is_ok());
        held.pop();
        assert!(connections.open("a").is_ok());
        held.clear();
        assert!(connections.0.lock().unwrap().is_empty(), "nothing is kept of who is gone");
    }
}
