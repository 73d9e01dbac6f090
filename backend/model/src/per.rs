//! Per which period a question is asked. Rollups are stored by [`Grain`]; the other periods are put together from these, or
//! read from the events.

use serde::{Deserialize, Serialize};

use crate::grain::Grain;

/// Per which period numbers are given: the `grain` of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// A local hour of one site. Where a clock change repeats one, it is there twice.
    Hour,
    Day,
    /// ISO week (ISO 8601, Monday first).
    Week,
    Month,
    /// A term of the site's school calendar; the days between terms are a period of their own.
    Term,
    SchoolYear,
}

impl Per {
    pub const ALL: [Per; 6] = [Per::Hour, Per::Day, Per::Week, Per::Month, Per::Term, Per::SchoolYear];

    pub fn as_str(self) -> &'static str {
        match self {
            Per::Hour => "hour",
            Per::Day => "day",
            Per::Week => "week",
            Per::Month => "month",
            Per::Term => "term",
            Per::SchoolYear => "school_year",
        }
    }

    pub fn of(name: &str) -> Option<Per> {
        Per::ALL.into_iter().find(|per| per.as_str() == name)
    }

    /// The stored grain whose periods these are.
    pub fn grain(self) -> Option<Grain> {
        match self {
            Per::Day => Some(Grain::Day),
            Per::Week => Some(Grain::Week),
            Per::Month => Some(Grain::Month),
            Per::Hour | Per::Term | Per::SchoolYear => None,
        }
    }
}
