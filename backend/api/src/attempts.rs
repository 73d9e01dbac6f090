//! How often somebody may try to prove who they are. An attacker is slowed; whose account it is is never locked out: a browser
//! that has signed in before has tries of its own that no other can use up, and a link by mail always leads in. A try that
//! succeeds costs nothing. Each process counts its own.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// So many at once, and then one each so many seconds.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    pub burst: u32,
    pub seconds: u32,
}

/// What one may try.
#[derive(Debug, Clone, Copy)]
pub struct Paces {
    /// From one network, whatever is tried.
    pub network: Pace,
    /// At one account, from all browsers that never signed in to it together.
    pub account: Pace,
    /// At one account, from one browser that has.
    pub browser: Pace,
    /// Letters asked for from one network.
    pub letters: Pace,
}

impl Default for Paces {
    fn default() -> Self {
        Self {
            network: Pace { burst: 60, seconds: 5 },
            account: Pace { burst: 10, seconds: 30 },
            browser: Pace { burst: 10, seconds: 30 },
            letters: Pace { burst: 20, seconds: 60 },
        }
    }
}

impl Paces {
    /// For tests that are not about it.
    pub fn unlimited() -> Self {
        let none = Pace { burst: u32::MAX, seconds: 1 };
        Self { network: none, account: none, browser: none, letters: none }
    }
}

pub struct Attempts {
    paces: Paces,
    used: Mutex<HashMap<[u8; 16], Used>>,
}

/// Tries that count still, and when that was reckoned.
struct Used {
    tries: f64,
    at: DateTime<Utc>,
    seconds: f64,
}

/// Names of more tries than this are looked through for those that count no more.
const MANY: usize = 100_000;

/// A try that has begun; unless it succeeds it counts.
#[must_use]
pub struct Attempt<'a> {
    attempts: &'a Attempts,
    names: Vec<[u8; 16]>,
}

impl Attempts {
    pub fn new(paces: Paces) -> Self {
        Self { paces, used: Mutex::default() }
    }

    /// A try at an account; `browser` is the token of one that is known to have signed in to it.
    pub fn at_account(
        &self,
        email: &str,
        browser: Option<&str>,
        from: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<Attempt<'_>, Problem> {
        let account = email.trim().to_lowercase();
        let own = match browser {
            Some(token) => (format!("browser {account} {token}"), self.paces.browser),
            None => (format!("account {account}"), self.paces.account),
        };
        self.begin(&[(format!("network {}", network(from)), self.paces.network), own], now)
    }

    /// A try of somebody who is signed in to prove it anew.
    pub fn at_session(&self, sign_in: &str, now: DateTime<Utc>) -> Result<Attempt<'_>, Problem> {
        self.begin(&[(format!("session {sign_in}"), self.paces.browser)], now)
    }

    /// A letter asked for without being signed in; it counts in any case.
    pub fn at_letter(&self, from: Option<IpAddr>, now: DateTime<Utc>) -> Result<(), Problem> {
        self.begin(&[(format!("letters {}", network(from)), self.paces.letters)], now).map(drop)
    }

    fn begin(&self, tries: &[(String, Pace)], now: DateTime<Utc>) -> Result<Attempt<'_>, Problem> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() > MANY {
            used.retain(|_, used| used.left(now) > 0.0);
        }
        let mut names = Vec::new();
        for (name, pace) in tries {
            // Names are people's addresses; a digest is as good a name.
            let name: [u8; 16] = Sha256::digest(name.as_bytes())[..16].try_into().unwrap_or_default();
            let left = used.get(&name).map_or(0.0, |used| used.left(now));
            if left + 1.0 > f64::from(pace.burst) {
                let over = (left + 1.0 - f64::from(pace.burst)) * f64::from(pace.seconds);
                return Err(Problem::too_many_attempts(Duration::from_secs_f64(over)));
            }
            names.push(name);
        }
        for (name, (_, pace)) in names.iter().zip(tries) {
            let entry = used.entry(*name).or_insert(Used { tries: 0.0, at: now, seconds: f64::from(pace.seconds) });
            (entry.tries, entry.at) = (entry.left(now) + 1.0, now);
        }
        Ok(Attempt { attempts: self, names })
    }
}

impl Attempt<'_> {
    pub fn succeeded(self) {
        let mut used = self.attempts.used.lock().unwrap_or_else(PoisonError::into_inner);
        for name in &self.names {
            if let Some(used) = used.get_mut(name) {
                used.tries -= 1.0;
            }
        }
    }
}

impl Used {
    fn left(&self, now: DateTime<Utc>) -> f64 {
        let passed = (now - self.at).num_milliseconds() as f64 / 1000.0;
        (self.tries - passed.max(0.0) / self.seconds).max(0.0)
    }
}

/// Of IPv6 addresses one house has 2^64.
fn network(from: Option<IpAddr>) -> String {
    match from {
        None => "unknown".into(),
        Some(IpAddr::V4(v4)) => v4.to_string(),
        Some(IpAddr::V6(v6)) => format!("{:?}", &v6.segments()[..4]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeDelta, TimeZone};

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 21, 7, 0, 0).unwrap()
    }

    fn ip(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([198, 51, 100, last]))
    }

    #[test]
    fn an_attacker_is_slowed_and_a_known_browser_is_not_locked_out() {
        let attempts = Attempts::new(Paces::default());
        for n in 0..10 {
            assert!(attempts.at_account("a@b", None, ip(n), now()).is_ok());
        }
        let refused = attempts.at_account("A@B ", None, ip(99), now()).err().unwrap();
        assert_eq!((refused.status, refused.code), (429, "too_many_attempts"));
        assert!(attempts.at_account("a@b", Some("token"), ip(99), now()).is_ok(), "the owner's browser");
        assert!(attempts.at_account("c@d", None, ip(99), now()).is_ok(), "another account");
        assert!(attempts.at_account("a@b", None, ip(99), now() + TimeDelta::seconds(31)).is_ok(), "later");
    }

    #[test]
    fn one_network_does_not_try_a_password_on_everybody() {
        let attempts = Attempts::new(Paces::default());
        let tried = (0..1000).filter(|n| attempts.at_account(&format!("{n}@b"), None, ip(1), now()).is_ok()).count();
        assert_eq!(tried, 60);
        assert!(attempts.at_account("x@b", None, ip(2), now()).is_ok());
    }

    #[test]
    fn what_succeeds_costs_nothing() {
        let attempts = Attempts::new(Paces::default());
        for _ in 0..1000 {
            attempts.at_account("a@b", None, ip(1), now()).ok().unwrap().succeeded();
        }
        assert!(attempts.at_account("a@b", None, ip(1), now()).is_ok());
    }
}
