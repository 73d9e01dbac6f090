//! The question once it is checked.

use chrono::{Datelike, Days, Months, NaiveDate};
use model::Grain;
use serde::Serialize;

use crate::question::Compare;

/// A checked question. Metrics and dimensions are positions in the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Query {
    pub metrics: Vec<usize>,
    pub dimensions: Vec<usize>,
    pub grain: Option<Grain>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub filters: Vec<QueryFilter>,
    pub compare: Option<Compare>,
    pub order: Vec<OrderBy>,
    pub limit: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryFilter {
    pub dimension: usize,
    pub values: Vec<String>,
    pub negated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum SortColumn {
    Period,
    /// Position within the query's dimensions.
    Dimension(usize),
    /// Position within the query's metrics.
    Metric(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OrderBy {
    pub column: SortColumn,
    pub desc: bool,
}

impl Query {
    /// The range to compare with, if asked.
    pub fn compared_range(&self) -> Option<(NaiveDate, NaiveDate)> {
        match self.compare? {
            Compare::PreviousYear => Some((self.from - Months::new(12), same_end_a_year_before(self.to))),
            Compare::PreviousPeriod => {
                let whole_months = self.from.day() == 1 && Grain::Month.end(self.to) == self.to;
                if whole_months {
                    let months = (self.to.year() - self.from.year()) * 12 + self.to.month() as i32
                        - self.from.month() as i32
                        + 1;
                    return Some((self.from - Months::new(months as u32), self.from - Days::new(1)));
                }
                let days = (self.to - self.from).num_days() as u64 + 1;
                Some((self.from - Days::new(days), self.from - Days::new(1)))
            }
        }
    }
}

/// The last of February stays the last of February.
fn same_end_a_year_before(to: NaiveDate) -> NaiveDate {
    let earlier = to - Months::new(12);
    if Grain::Month.end(to) == to { Grain::Month.end(earlier) } else { earlier }
}
