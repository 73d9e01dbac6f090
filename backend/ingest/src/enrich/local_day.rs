//! The day an event is of, in the site's time zone. It is told from the time as it was sent, never from a corrected one: it is
//! part of what an event is known by, and a second delivery must have the same.

use chrono::Offset;
use reference::Site;

use super::{Passed, Step};
use crate::event::Reject;
use crate::load::rows::EventRow;

pub(super) struct LocalDay(pub Site);

impl Step for LocalDay {
    fn apply(&self, row: &mut EventRow) -> Result<Passed, Reject> {
        row.at = row.event.at.to_utc();
        row.offset_min = (row.event.at.offset().fix().local_minus_utc() / 60) as i16;
        row.day = self.0.day(row.at);
        Ok(Passed::Changed)
    }
}
