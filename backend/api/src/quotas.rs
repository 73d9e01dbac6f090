//! How much one caller may ask for, and how much all of one organisation together: requests a second, and requests at once.
//! A caller is an account or a key. Each process counts its own.

use std::collections::HashMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use access::{Caller, Via};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, RateLimiter};

use crate::problem::Problem;

/// What one may ask for.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    /// Requests a second. After a pause as many may come in one moment.
    pub per_second: NonZeroU32,
    /// Requests that are being answered.
    pub at_once: NonZeroUsize,
}

pub struct Quotas {
    caller: Counted,
    organisation: Counted,
}

/// The places of one request; they are taken until it is answered.
#[must_use]
pub struct Turn {
    _places: [Place; 2],
}

impl Quotas {
    pub fn new(caller: Quota, organisation: Quota) -> Self {
        Self { caller: Counted::new("you", caller), organisation: Counted::new("your organisation", organisation) }
    }

    /// Lets a request in, or says when to try again.
    pub fn enter(&self, caller: &Caller) -> Result<Turn, Problem> {
        let own = match &caller.via {
            Via::Key { id, .. } => id,
            Via::View { by, .. } => by,
            Via::Session { .. } | Via::Program => &caller.account,
        };
        // Places first: who is refused one has not used up anything.
        let places = [self.caller.place(own)?, self.organisation.place(&caller.organisation.id)?];
        self.caller.count(&places[0])?;
        self.organisation.count(&places[1])?;
        Ok(Turn { _places: places })
    }
}

/// A quota, and how much of it each has used. Of everyone who ever called some bytes are kept: accounts, keys and
/// organisations, of which there are no more than the application's database holds.
struct Counted {
    whose: &'static str,
    quota: Quota,
    used: RwLock<HashMap<String, Arc<Used>>>,
}

struct Used {
    rate: DefaultDirectRateLimiter,
    at_once: AtomicUsize,
}

/// One request of somebody's, as long as it is being answered.
struct Place(Arc<Used>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.at_once.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Counted {
    fn new(whose: &'static str, quota: Quota) -> Self {
        Self { whose, quota, used: RwLock::default() }
    }

    fn used(&self, name: &str) -> Arc<Used> {
        if let Some(used) = self.used.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return used.clone();
        }
        let rate = RateLimiter::direct(governor::Quota::per_second(self.quota.per_second));
        let new = || Arc::new(Used { rate, at_once: AtomicUsize::new(0) });
        self.used.write().unwrap_or_else(PoisonError::into_inner).entry(name.into()).or_insert_with(new).clone()
    }

    fn place(&self, name: &str) -> Result<Place, Problem> {
        let place = Place(self.used(name));
        if place.0.at_once.fetch_add(1, Ordering::Relaxed) < self.quota.at_once.get() {
            return Ok(place);
        }
        let (whose, most) = (self.whose, self.quota.at_once);
        let detail = format!("{whose} may have {most} requests answered at once; wait until one of them is");
        Err(Problem::too_many_requests(detail, Duration::from_secs(1)))
    }

    fn count(&self, place: &Place) -> Result<(), Problem> {
        place.0.rate.check().map_err(|until| {
            let (whose, most) = (self.whose, self.quota.per_second);
            let detail = format!("{whose} may send {most} requests a second; wait, and send them one after the other");
            Problem::too_many_requests(detail, until.wait_time_from(DefaultClock::default().now()))
        })
    }
}
