//! The parts that the metrics of a query are counted by, and how their counts are written: a ratio is two parts, each
//! counted over the whole row before one is divided by the other.

use std::cmp::Ordering;

use model::{Formula, Model};
use serde_json::Value;

/// What is counted, and how the metrics are made of it.
pub struct Parts<'a> {
    pub formulas: Vec<&'a Formula>,
    /// For each metric of the query.
    shown: Vec<Shown>,
}

#[derive(Debug, Clone, Copy)]
enum Shown {
    /// The part of this position.
    Part(usize),
    Ratio {
        of: usize,
        by: usize,
        decimals: u32,
    },
}

impl<'a> Parts<'a> {
    /// The parts of these metrics, by their positions in the model.
    pub fn of(model: &'a Model, metrics: &[usize]) -> Self {
        let mut counted: Vec<usize> = Vec::new();
        let mut part = |metric: usize| {
            counted.iter().position(|c| *c == metric).unwrap_or_else(|| {
                counted.push(metric);
                counted.len() - 1
            })
        };
        let shown = metrics
            .iter()
            .map(|m| match model.metrics[*m].formula {
                Formula::Ratio { of, by, decimals } => Shown::Ratio { of: part(of), by: part(by), decimals },
                _ => Shown::Part(part(*m)),
            })
            .collect();
        Self { formulas: counted.iter().map(|m| &model.metrics[*m].formula).collect(), shown }
    }

    /// A metric's value, by its position in the query: divided and rounded half up, once. Null is a ratio by nothing.
    pub fn value(&self, metric: usize, counts: &[i128]) -> Value {
        match self.shown[metric] {
            Shown::Part(part) => {
                let (per, decimals) = per(self.formulas[part]);
                number(counts[part], per, decimals)
            }
            Shown::Ratio { of, by, decimals } => match self.fraction(of, by, counts) {
                (_, 0) => Value::Null,
                (above, below) => number(above, below, decimals),
            },
        }
    }

    /// The order of two rows by a metric. A ratio by nothing comes before every other.
    pub fn order(&self, metric: usize, a: &[i128], b: &[i128]) -> Ordering {
        match self.shown[metric] {
            Shown::Part(part) => a[part].cmp(&b[part]),
            Shown::Ratio { of, by, .. } => match (self.fraction(of, by, a), self.fraction(of, by, b)) {
                ((_, 0), (_, 0)) => Ordering::Equal,
                ((_, 0), _) => Ordering::Less,
                (_, (_, 0)) => Ordering::Greater,
                ((a_above, a_below), (b_above, b_below)) => (a_above * b_below).cmp(&(b_above * a_below)),
            },
        }
    }

    /// The ratio of two parts as a fraction of whole numbers.
    fn fraction(&self, of: usize, by: usize, counts: &[i128]) -> (i128, i128) {
        let ((of_per, _), (by_per, _)) = (per(self.formulas[of]), per(self.formulas[by]));
        (counts[of] * by_per, counts[by] * of_per)
    }
}

/// What a count is divided by, and its decimals.
fn per(formula: &Formula) -> (i128, u32) {
    match formula {
        Formula::Sum { per, decimals, .. } | Formula::Weighted { per, decimals, .. } => (i128::from(*per), *decimals),
        Formula::Persons { .. } | Formula::Things { .. } | Formula::Ratio { .. } => (1, 0),
    }
}

fn number(above: i128, below: i128, decimals: u32) -> Value {
    let scale = 10i128.pow(decimals);
    let scaled = (above * scale * 2 + below).div_euclid(below * 2);
    if decimals == 0 {
        return Value::from(i64::try_from(scaled).unwrap_or(i64::MAX));
    }
    Value::from(scaled as f64 / scale as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(metrics: &[&str], metric: usize, counts: &[i128]) -> Value {
        let model = Model::embedded().unwrap();
        let positions: Vec<usize> =
            metrics.iter().map(|name| model.metrics.iter().position(|m| m.name == *name).unwrap()).collect();
        Parts::of(&model, &positions).value(metric, counts)
    }

    #[test]
    fn a_sum_is_divided_and_rounded_once() {
        assert_eq!(value(&["minutes"], 0, &[90_000]), Value::from(1.5));
        assert_eq!(value(&["minutes"], 0, &[300]), Value::from(0.01));
        assert_eq!(value(&["minutes"], 0, &[299]), Value::from(0.0));
        assert_eq!(value(&["weighted_views"], 0, &[2_500]), Value::from(2.5));
        assert_eq!(value(&["views"], 0, &[7]), Value::from(7));
    }

    #[test]
    fn a_ratio_is_made_of_its_parts_and_rounded_once() {
        // 100,000 ms are 1.666… minutes, which no rounded number of minutes would give back.
        assert_eq!(value(&["minutes_per_reader"], 0, &[100_000, 3]), Value::from(0.6));
        assert_eq!(value(&["readers", "views_per_reader"], 1, &[4, 10]), Value::from(2.5));
        assert_eq!(value(&["views_per_reader"], 0, &[0, 0]), Value::Null);
    }

    #[test]
    fn rows_are_ordered_by_the_exact_ratio() {
        let model = Model::embedded().unwrap();
        let position = model.metrics.iter().position(|m| m.name == "views_per_reader").unwrap();
        let parts = Parts::of(&model, &[position]);
        assert_eq!(parts.order(0, &[10, 3], &[7, 2]), Ordering::Less);
        assert_eq!(parts.order(0, &[5, 0], &[0, 9]), Ordering::Less);
    }
}
