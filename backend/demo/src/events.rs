//! The events of a platform: of any day, and of any second beside.

use chrono::{DateTime, NaiveDate, Utc};
use ingest::Event;

use crate::platform::Platform;
use crate::writer::write;
use crate::{day, trickle};

impl Platform {
    /// All events of one site on one site-local day, ascending by time, the same every time. `site` is a place in
    /// [`Platform::sites`]; panics if there is no such site.
    pub fn events(&self, site: usize, day: NaiveDate) -> Vec<Event> {
        let site = &self.sites()[site];
        let (drafts, local, mut dice) = day::drafts(self, site, day);
        drafts.iter().map(|draft| write(self, site, draft, local.time(draft.at), &mut dice)).collect()
    }

    /// The events of one site in one second beside those of [`Platform::events`], ascending by time: about two over
    /// all sites at any hour, the same every time. Panics if there is no such site.
    pub fn trickle(&self, site: usize, second: DateTime<Utc>) -> Vec<Event> {
        trickle::trickle(self, &self.sites()[site], second)
    }
}
