//! How much one caller may ask for, and how much all of one organisation together: requests a second, and requests at once.
//! A caller is an account or a key. Each process counts its own.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use access::{Caller, Via};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, RateLimiter};

use crate::places::{Place, Places};
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
#[derive(Debug)]
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
            Via::Session => &caller.account,
            Via::Key { id, .. } => id,
        };
        let organisation = &caller.organisation.id;
        // Places first: who is refused one has not used up anything.
        let places = [self.caller.place(own)?, self.organisation.place(organisation)?];
        self.caller.count(own)?;
        self.organisation.count(organisation)?;
        Ok(Turn { _places: places })
    }
}

/// A quota and how much of it each has used. Of everyone who ever called some bytes are kept, by account, key or
/// organisation, of which there are no more than the application's database holds.
struct Counted {
    whose: &'static str,
    quota: Quota,
    rate: DefaultKeyedRateLimiter<String>,
    places: Places,
}

impl Counted {
    fn new(whose: &'static str, quota: Quota) -> Self {
        let rate = RateLimiter::keyed(governor::Quota::per_second(quota.per_second));
        Self { whose, quota, rate, places: Places::new(quota.at_once.get()) }
    }

    fn place(&self, name: &str) -> Result<Place, Problem> {
        let detail = || {
            let (whose, most) = (self.whose, self.quota.at_once);
            format!("{whose} may have {most} requests answered at once; wait until one of them is")
        };
        self.places.take(name).ok_or_else(|| Problem::too_many_requests(detail(), Duration::from_secs(1)))
    }

    fn count(&self, name: &String) -> Result<(), Problem> {
        self.rate.check_key(name).map_err(|until| {
            let (whose, most) = (self.whose, self.quota.per_second);
            let detail = format!("{whose} may send {most} requests a second; wait, and send them one after the other");
            Problem::too_many_requests(detail, until.wait_time_from(DefaultClock::default().now()))
        })
    }
}
