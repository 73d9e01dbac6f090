//! From merged groups to the rows of an answer: periods filled in, previous values beside, ordered, cut, written.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;
use model::{Formula, Model};
use query::{Query, SortColumn};
use serde_json::{Map, Value};

use crate::answer::{Body, Column, ColumnKind, Note, PlanInfo};
use crate::attribute::Attribute;
use crate::fetch::Fetched;
use crate::merge::{Counter, Groups, counters, total};
use crate::snapshot::Snapshot;

/// The mark of a cell that is hidden to protect persons.
pub const HIDDEN: &str = "c";

/// One row before it is written.
#[derive(Debug, Clone)]
pub struct Row {
    /// Index of the period, 0 when there is no grain.
    pub period: i32,
    /// Grouping values, in the order of the query's dimensions.
    pub values: Vec<i32>,
    /// Exact counts, in the order of the query's metrics; weighted ones in thousandths.
    pub now: Vec<i128>,
    pub previous: Option<Vec<i128>>,
    /// Metrics that must not be shown.
    pub hidden: BTreeSet<usize>,
}

/// All rows of a query, whole and unordered.
pub fn rows(query: &Query, formulas: &[&Formula], current: &Groups, previous: Option<&Groups>) -> Vec<Row> {
    let mut keys: HashSet<Vec<i32>> = current.keys().cloned().collect();
    keys.extend(previous.into_iter().flat_map(|p| p.keys().cloned()));
    let periods = query.grain.map_or(1, |g| g.periods(query.from, query.to).len() as i32);
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
    pub formulas: &'a [&'a Formula],
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
        let periods = self.query.grain.map(|g| g.periods(self.query.from, self.query.to)).unwrap_or_default();
        let rows_out = rows.iter().map(|r| self.write(r, &periods)).collect();
        Body { columns: self.columns(), rows: rows_out, totals, complete: all <= self.query.limit, plan, notes }
    }

    fn columns(&self) -> Vec<Column> {
        let mut out = Vec::new();
        let mut push = |name: &str, kind, unit: Option<&str>| {
            out.push(Column { name: name.into(), kind, unit: unit.map(Into::into) });
        };
        if let Some(grain) = self.query.grain {
            let kind = match grain {
                model::Grain::Day => ColumnKind::Day,
                model::Grain::Week => ColumnKind::Week,
                model::Grain::Month => ColumnKind::Month,
            };
            push(grain.as_str(), kind, None);
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

    fn write(&self, row: &Row, periods: &[NaiveDate]) -> Vec<Value> {
        let mut out = Vec::new();
        if let Some(grain) = self.query.grain {
            out.push(Value::from(grain.label(periods[row.period as usize])));
        }
        for ((value, attribute), dimension) in row.values.iter().zip(self.grouping).zip(&self.query.dimensions) {
            let found = attribute.code_and_name(self.snapshot, *value);
            out.push(found.map_or(Value::Null, |(code, _)| code.into()));
            if self.model.dimensions[*dimension].entity {
                out.push(found.map_or(Value::Null, |(_, name)| name.into()));
            }
        }
        for counts in [Some(&row.now), row.previous.as_ref()].into_iter().flatten() {
            for (i, (count, formula)) in counts.iter().zip(self.formulas).enumerate() {
                out.push(if row.hidden.contains(&i) { HIDDEN.into() } else { number(formula, *count) });
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
        let metric = |row: &Row, i: usize| if row.hidden.contains(&i) { 0 } else { row.now[i] };
        rows.sort_by(|a, b| {
            for order in &self.query.order {
                let by = match order.column {
                    SortColumn::Period => a.period.cmp(&b.period),
                    SortColumn::Dimension(i) => code(a, i).cmp(&code(b, i)),
                    SortColumn::Metric(i) => metric(a, i).cmp(&metric(b, i)),
                };
                let by = if order.desc { by.reverse() } else { by };
                if by != Ordering::Equal {
                    return by;
                }
            }
            a.period.cmp(&b.period).then_with(|| metric(b, 0).cmp(&metric(a, 0))).then_with(|| {
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
        if let Some(grain) = self.query.grain {
            for period in grain.periods(self.query.from, self.query.to) {
                let label = grain.label(period);
                let text = if grain.end(period) > self.query.to {
                    format!("{label} ends after the range")
                } else if period < self.query.from {
                    format!("{label} begins before the range")
                } else if self.today.is_some_and(|today| grain.end(period) >= today) {
                    format!("{label} is not over")
                } else {
                    continue;
                };
                notes.push(Note { period: Some(label), ..Note::new("partial_period", text) });
            }
        }
        notes
    }
}

/// The totals of the answer: the question without its dimensions and grain.
pub fn totals(
    query: &Query,
    model: &Model,
    formulas: &[&Formula],
    current: Fetched,
    previous: Option<Fetched>,
) -> Map<String, Value> {
    let mut out = Map::new();
    for (suffix, fetched) in [("", Some(current)), ("_previous", previous)] {
        let Some(fetched) = fetched else { continue };
        let counters = total(&fetched.groups, fetched.sums);
        for ((metric, formula), counter) in query.metrics.iter().zip(formulas).zip(counters) {
            out.insert(format!("{}{suffix}", model.metrics[*metric].name), number(formula, counter.count()));
        }
    }
    out
}

/// A count as it is written: divided and rounded half up, once.
fn number(formula: &Formula, count: i128) -> Value {
    let (per, decimals) = match formula {
        Formula::Sum { per, decimals, .. } | Formula::Weighted { per, decimals, .. } => (i128::from(*per), *decimals),
        _ => (1, 0),
    };
    let scale = 10i128.pow(decimals);
    let scaled = (count * scale * 2 + per).div_euclid(per * 2);
    if decimals == 0 {
        return Value::from(i64::try_from(scaled).unwrap_or(i64::MAX));
    }
    Value::from(scaled as f64 / scale as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_divided_and_rounded_once() {
        let minutes = Formula::Sum { measure: 0, per: 60_000, decimals: 2 };
        assert_eq!(number(&minutes, 90_000), Value::from(1.5));
        assert_eq!(number(&minutes, 300), Value::from(0.01));
        assert_eq!(number(&minutes, 299), Value::from(0.0));
        assert_eq!(number(&Formula::Sum { measure: 0, per: 1, decimals: 0 }, 7), Value::from(7));
    }
}
