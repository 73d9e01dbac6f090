//! The question once it is checked.

use chrono::NaiveDate;
use model::Per;
use serde::Serialize;

use crate::filter::QueryFilter;
use crate::question::Compare;

/// A checked question. Metrics and dimensions are positions in the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Query {
    pub metrics: Vec<usize>,
    pub dimensions: Vec<usize>,
    pub per: Option<Per>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub filters: Vec<QueryFilter>,
    pub compare: Option<Compare>,
    pub match_weekday: bool,
    pub order: Vec<OrderBy>,
    pub limit: usize,
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
