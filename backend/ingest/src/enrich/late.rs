//! Events that come so late that somebody has to look first. Those of a month land in their own day.

use chrono::TimeDelta;

use super::{Passed, Step};
use crate::event::{Reason, Reject};
use crate::load::rows::EventRow;

pub(super) struct Late(pub TimeDelta);

impl Step for Late {
    fn apply(&self, row: &mut EventRow) -> Result<Passed, Reject> {
        let late = row.received_at - row.event.at.to_utc();
        if late <= self.0 {
            return Ok(Passed::AsItWas);
        }
        let detail = format!(
            "it happened on {} and was received {} days later; up to {} are counted by themselves, release it to count it",
            row.event.at.date_naive(),
            late.num_days(),
            self.0.num_days()
        );
        Err(Reject::new(Reason::TooLate, detail))
    }
}
