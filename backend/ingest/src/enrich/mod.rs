//! Enrichment: the named steps between decoding and storing, in their order. Each either lets an event pass, changed or
//! not, or refuses it with a reason of the closed list.
//!
//! What depends on an event's neighbours (its visit, double clicks) is no step: the view `core.event_marked` tells it from
//! what is stored, so that it is right after whatever comes late, and the same after a replay.

mod campaign;
mod device;
mod late;
mod local_day;
mod pseudonymise;
mod referrer;
mod robots;
mod tally;

use std::sync::Arc;
use std::time::Instant;

use chrono::TimeDelta;
use reference::Site;

pub use pseudonymise::SiteSecret;
pub use robots::{Robots, RobotsError};
pub use tally::{Noted, Tally};

use crate::event::{Decoded, Reject};
use crate::load::batch::{Batch, Refused};
use crate::load::brought::{Brought, brought};
use crate::load::rows::EventRow;

/// Events that a log brings later than this wait in the quarantine for the owner.
pub const LATEST: TimeDelta = TimeDelta::days(30);

/// One step.
trait Step: Send + Sync {
    /// Changes the event's row.
    ///
    /// # Errors
    /// Why the event cannot be stored.
    fn apply(&self, row: &mut EventRow) -> Result<Passed, Reject>;
}

/// What a step did to an event that it let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Passed {
    Changed,
    AsItWas,
}

/// A step's name and what it does, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    pub name: &'static str,
    pub does: &'static str,
}

/// All steps in their order, with the two that are told when events are read.
pub const STEPS: [About; 9] = [
    About { name: "pseudonymise", does: "the person's id becomes a pseudonym that only the site's secret can make" },
    About { name: "local_day", does: "the calendar day in the site's time zone" },
    About { name: "late", does: "what was received more than 30 days after it happened waits for the owner" },
    About { name: "device", does: "the user agent tells the device, and whether it is a robot" },
    About { name: "referrer", does: "of the address it came from, the host is kept" },
    About {
        name: "campaign",
        does: "placement, campaign and variant in one spelling; the campaign also from utm_campaign",
    },
    RESOLVE,
    About { name: "visit", does: "a visit ends after 30 minutes without an event, or with the day" },
    About {
        name: "double_click",
        does: "of requests of one item within 30 seconds the last counts; the others are kept and marked",
    },
];

/// The step that needs the dimensions, and so is the load transaction's.
pub const RESOLVE: About = About { name: "resolve", does: "school, book and chapter by the numbers of the dimensions" };

/// The steps of one site that need nothing of the warehouse.
#[derive(Clone)]
pub struct Steps {
    steps: Arc<[(&'static str, Box<dyn Step>)]>,
    secret: SiteSecret,
}

/// A batch after its steps, ready to be stored.
pub struct Prepared {
    pub source: String,
    pub partition: String,
    pub first: i64,
    pub next: i64,
    pub received: u64,
    pub rows: Vec<EventRow>,
    pub refused: Vec<Refused>,
    pub skipped: u64,
    pub tally: Tally,
    /// Numbers in the quarantine of the records that are tried again with this batch.
    pub settles: Vec<i64>,
    /// The source of the log that brought the same records before; see [`crate::load::intake::Intake::load_again`].
    pub again: Option<String>,
    /// See [`Batch::mark`].
    pub mark: Option<String>,
    /// What refused records that are kept are sealed with.
    pub secret: SiteSecret,
    /// Statements to be kept, each id once.
    pub statements: Vec<Brought>,
}

impl Steps {
    /// `latest`: how late an event may come; `None` for what somebody hands in by hand, such as a file.
    pub fn new(site: &Site, secret: &[u8; 32], robots: Arc<Robots>, latest: Option<TimeDelta>) -> Self {
        let secret = SiteSecret::new(secret);
        let mut steps: Vec<(&'static str, Box<dyn Step>)> = vec![
            ("pseudonymise", Box::new(secret.clone())),
            ("local_day", Box::new(local_day::LocalDay(site.clone()))),
        ];
        if let Some(latest) = latest {
            steps.push(("late", Box::new(late::Late(latest))));
        }
        steps.push(("device", Box::new(device::Device::new(robots))));
        steps.push(("referrer", Box::new(referrer::Referrer)));
        steps.push(("campaign", Box::new(campaign::Campaign)));
        Self { steps: steps.into(), secret }
    }

    /// Takes every record of the batch through the steps. Pure work without waiting: run it beside the load of the batch
    /// before.
    pub fn prepare(&self, batch: Batch) -> Prepared {
        let Batch { source, partition, first, next, mut records, mark } = batch;
        let statements = brought(&mut records);
        let received = records.len() as u64;
        let (mut rows, mut refused, mut skipped) = (Vec::with_capacity(records.len()), Vec::new(), 0);
        for record in records {
            match record.decoded {
                Decoded::Event(event) => {
                    rows.push(EventRow::new(record.offset, record.received_at, event, record.kept))
                }
                Decoded::Skipped => skipped += 1,
                Decoded::Rejected(reject) => refused.push(Refused {
                    offset: record.offset,
                    received_at: record.received_at,
                    reject,
                    kept: record.kept,
                }),
            }
        }
        let mut tally = Tally::default();
        for (name, step) in self.steps.iter() {
            let started = Instant::now();
            let (mut changed, before) = (0, rows.len());
            rows.retain_mut(|row| match step.apply(row) {
                Ok(passed) => {
                    changed += u64::from(passed == Passed::Changed);
                    true
                }
                Err(reject) => {
                    refused.push(row.refused(reject));
                    false
                }
            });
            tally.note(name, changed, (before - rows.len()) as u64, started.elapsed());
        }
        // In the order of the unique index, so that neighbouring rows touch neighbouring pages; of those that share an id and a day
        // the first stays first. Each row is moved once.
        rows.sort_by_cached_key(|row| (row.day, row.event.id.as_u128()));
        Prepared {
            source,
            partition,
            first,
            next,
            received,
            rows,
            refused,
            skipped,
            tally,
            settles: Vec::new(),
            again: None,
            mark,
            secret: self.secret.clone(),
            statements,
        }
    }
}
