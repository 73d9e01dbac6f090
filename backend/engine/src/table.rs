//! From merged groups to the rows of an answer: periods filled in, previous values beside, ordered, cut, written.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;
use model::{Formula, Model, Per};
use query::{Query, SortColumn};
use serde_json::{Map, Value};

use crate::answer::{Body, Column, ColumnKind, Days, Note, PlanInfo};
use crate::attribute::Attribute;
use crate::fetch::Fetched;
use crate::merge::{Counter, Groups, counters, total};
use crate::parts::Parts;
use crate::periods::Period;
use crate::snapshot::Snapshot;

/// The mark of a cell that is hidden to protect persons.
pub const HIDDEN: &str = "c";

/// One row before it is written.
#[derive(Debug, Clone)]
pub struct Row {
    /// Position of the period, 0 when there is no grain.
    pub period: i32,
    /// Grouping values, in the order of the query's dimensions.
    pub values: Vec<i32>,
    /// Exact counts, in the order of the parts; weighted ones in thousandths.
    pub now: Vec<i128>,
    pub previous: Option<Vec<i128>>,
    /// Metrics that must not be shown.
    pub hidden: BTreeSet<usize>,
}

impl Row {
    /// The counts, or `nothing` where the metric is hidden.
    fn seen<'r>(&'r self, metric: usize, nothing: &'r [i128]) -> &'r [i128] {
        if self.hidden.contains(&metric) { nothing } else { &self.now }
    }
}

/// All rows of a query, whole and unordered.
pub fn rows(
    query: &Query,
    formulas: &[&Formula],
    periods: &[Period],
    current: &Groups,
    previous: Option<&Groups>,
) -> Vec<Row> {
    let mut keys: HashSet<Vec<i32>> = current.keys().cloned().collect();
    keys.extend(previous.into_iter().flat_map(|p| p.keys().cloned()));
    let periods = periods.len() as i32;
    if query.dimensions.is_empty() {
        keys.extend((0..periods).map(|p| vec![p]));
    }
    // The range compared with can touch one period more than the question has; that one has no row to stand beside.
    keys.retain(|k| k[0] < periods);
    let counts = |groups: &Groups, key: &Vec<i32>| -> Vec<i128> {
        match groups.get(key) {
            Some(found) => found.iter().map(Counter::count).collect(),
            None => counters(formulas).iter().map(Counter::count).collect(),
        }
    };
    let rows = keys.into_iter().map(|key| Row {
        now: counts(current, &key),
        previous: previous.map(|p| counts(p, &key)),
        period: key[0],
        values: key[1..].to_vec(),
        hidden: BTreeSet::new(),
    });
    // A group in which nothing of what was asked was counted is none; whether a rollup happens to hold a row for it, because
    // of other measures, must not show.
    let counted = |row: &Row| row.now.iter().chain(row.previous.iter().flatten()).any(|n| *n != 0);
    rows.filter(|row| query.dimensions.is_empty() || counted(row)).collect()
}

/// Writes rows as the body of an answer.
pub struct Writer<'a> {
    pub query: &'a Query,
    pub model: &'a Model,
    pub snapshot: &'a Snapshot,
    pub grouping: &'a [Attribute],
    pub parts: &'a Parts<'a>,
    pub periods: &'a [Period],
    pub compared: Option<Days>,
    /// The site-local day it is now, to say which periods are not over.
    pub today: Option<NaiveDate>,
}

impl Writer<'_> {
    pub fn body(&self, mut rows: Vec<Row>, totals: Map<String, Value>, plan: PlanInfo) -> Body {
        self.order(&mut rows);
        let all = rows.len();
        rows.truncate(self.query.limit);
        let mut notes = self.notes(&rows, all);
        let hidden: usize = rows.iter().map(|r| r.hidden.len()).sum();
        if hidden > 0 {
            notes.push(Note::new(
                "hidden",
                format!("{hidden} cells are marked c: hidden to protect persons. Hidden is not zero."),
            ));
        }
        let rows_out = rows.iter().map(|r| self.write(r)).collect();
        let complete = all <= self.query.limit;
        Body { columns: self.columns(), rows: rows_out, totals, compared: self.compared, complete, plan, notes }
    }

    fn columns(&self) -> Vec<Column> {
        let mut out = Vec::new();
        let mut push = |name: &str, kind, unit: Option<&str>| {
            out.push(Column { name: name.into(), kind, unit: unit.map(Into::into) });
        };
        if let Some(per) = self.query.per {
            let kind = match per {
                Per::Hour => ColumnKind::Hour,
                Per::Day => ColumnKind::Day,
                Per::Week => ColumnKind::Week,
                Per::Month => ColumnKind::Month,
                Per::Term => ColumnKind::Term,
                Per::SchoolYear => ColumnKind::SchoolYear,
            };
            push(per.as_str(), kind, None);
        }
        for dimension in self.query.dimensions.iter().map(|d| &self.model.dimensions[*d]) {
            push(&dimension.name, ColumnKind::Code, None);
            if dimension.entity {
                push(&format!("{}_name", dimension.name), ColumnKind::Text, None);
            }
        }
        for suffix in ["", "_previous"].iter().take(if self.query.compare.is_some() { 2 } else { 1 }) {
            for metric in self.query.metrics.iter().map(|m| &self.model.metrics[*m]) {
                let kind = if metric.decimals() > 0 { ColumnKind::Decimal } else { ColumnKind::Integer };
                push(&format!("{}{suffix}", metric.name), kind, Some(&metric.unit));
            }
        }
        out
    }

    fn write(&self, row: &Row) -> Vec<Value> {
        let mut out = Vec::new();
        if self.query.per.is_some() {
            out.push(Value::from(self.periods[row.period as usize].label.as_str()));
        }
        for ((value, attribute), dimension) in row.values.iter().zip(self.grouping).zip(&self.query.dimensions) {
            let found = attribute.code_and_name(self.snapshot, *value);
            out.push(found.map_or(Value::Null, |(code, _)| code.into()));
            if self.model.dimensions[*dimension].entity {
                out.push(found.map_or(Value::Null, |(_, name)| name.into()));
            }
        }
        for counts in [Some(&row.now), row.previous.as_ref()].into_iter().flatten() {
            for i in 0..self.query.metrics.len() {
                out.push(if row.hidden.contains(&i) { HIDDEN.into() } else { self.parts.value(i, counts) });
            }
        }
        out
    }

    /// The order asked for, then the period, then the first metric from high to low, then codes: always the same.
    fn order(&self, rows: &mut [Row]) {
        let code = |row: &Row, i: usize| {
            self.grouping[i].code_and_name(self.snapshot, row.values[i]).map(|(code, _)| code.to_string())
        };
        // A hidden value must not show in the order either: it sorts as if it were nothing.
        let nothing = vec![0; self.parts.formulas.len()];
        let metric = |a: &Row, b: &Row, i: usize| self.parts.order(i, a.seen(i, &nothing), b.seen(i, &nothing));
        rows.sort_by(|a, b| {
            for order in &self.query.order {
                let by = match order.column {
                    SortColumn::Period => a.period.cmp(&b.period),
                    SortColumn::Dimension(i) => code(a, i).cmp(&code(b, i)),
                    SortColumn::Metric(i) => metric(a, b, i),
                };
                let by = if order.desc { by.reverse() } else { by };
                if by != Ordering::Equal {
                    return by;
                }
            }
            a.period.cmp(&b.period).then_with(|| metric(b, a, 0)).then_with(|| {
                (0..a.values.len()).map(|i| code(a, i).cmp(&code(b, i))).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
            })
        });
    }

    fn notes(&self, rows: &[Row], all: usize) -> Vec<Note> {
        let mut notes = Vec::new();
        if all > self.query.limit {
            notes.push(Note::new(
                "limit",
                format!("{} of {all} rows are shown; ask with a larger limit for more", self.query.limit),
            ));
        }
        if rows.iter().all(|r| r.hidden.is_empty() && r.now.iter().all(|n| *n == 0)) {
            notes.push(Note::new("empty", "there is nothing in this range under these filters"));
        }
        let multi = self.query.dimensions.iter().map(|d| &self.model.dimensions[*d]).filter(|d| d.multi_valued);
        for dimension in multi {
            let text = format!(
                "a row can have several values of {}; it counts under each, and once in the total",
                dimension.name
            );
            notes.push(Note::new("multi_valued", text));
        }
        match self.query.per {
            None => {}
            Some(Per::Hour) => {
                let text = |today| format!("{today} is not over; its later hours are empty as yet");
                let open = self.today.filter(|today| self.query.to >= *today);
                notes.extend(open.map(|today| Note::new("partial_period", text(today))));
            }
            Some(_) => notes.extend(self.periods.iter().filter_map(|p| self.partial(p))),
        }
        notes
    }

    /// What is to be said of a period that is not all there.
    fn partial(&self, period: &Period) -> Option<Note> {
        let text = if period.last > self.query.to {
            format!("{} ends after the range", period.label)
        } else if period.first < self.query.from {
            format!("{} begins before the range", period.label)
        } else if self.today.is_some_and(|today| period.last >= today) {
            format!("{} is not over", period.label)
        } else {
            return None;
        };
        Some(Note { period: Some(period.label.clone()), ..Note::new("partial_period", text) })
    }
}

/// The totals of the answer: the question without its dimensions and grain.
pub fn totals(
    query: &Query,
    model: &Model,
    parts: &Parts<'_>,
    current: Fetched,
    previous: Option<Fetched>,
) -> Map<String, Value> {
    let mut out = Map::new();
    for (suffix, fetched) in [("", Some(current)), ("_previous", previous)] {
        let Some(fetched) = fetched else { continue };
        let counts: Vec<i128> = total(&fetched.groups, fetched.sums).iter().map(Counter::count).collect();
        for (i, metric) in query.metrics.iter().enumerate() {
            out.insert(format!("{}{suffix}", model.metrics[*metric].name), parts.value(i, &counts));
        }
    }
    out
}
