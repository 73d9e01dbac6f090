//! Formulas in words, for the catalogue and the metrics' page.

use crate::codes::{KINDS, ROLES};
use crate::metric::{Formula, Metric, Thing};
use crate::model::Model;
use crate::rollup::MeasureKind;

impl Model {
    /// How one of the model's metrics is computed, as a sentence.
    pub fn in_words(&self, metric: &Metric) -> String {
        let event = |measure: usize| match self.measures[measure].kind {
            MeasureKind::Count(kind) | MeasureKind::Persons(kind) => event_of(kind),
            MeasureKind::DurationMs => event_of(None),
        };
        match metric.formula {
            Formula::Sum { measure, per, decimals } => {
                let counted = match self.measures[measure].kind {
                    MeasureKind::DurationMs => "The milliseconds spent".to_string(),
                    _ => format!("The number of {}s", event(measure)),
                };
                format!("{counted}{}.", quotient(per, decimals))
            }
            Formula::Weighted { measure, per, decimals } => format!(
                "The number of {}s, each times the weight of its book in thousandths{}.",
                event(measure),
                quotient(per, decimals)
            ),
            Formula::Persons { measure, role } => {
                let role = role.and_then(|r| ROLES.name(r)).map_or(String::new(), |name| format!(" ({name})"));
                format!("Different persons{role} with at least one {}.", event(measure))
            }
            Formula::Things { thing, having } => {
                let things = match thing {
                    Thing::School => "schools",
                    Thing::Book => "books",
                    Thing::Publisher => "publishers",
                };
                format!("Different {things} with at least one {}.", event(having))
            }
            Formula::Ratio { of, by, decimals } => format!(
                "{} divided by {}, each counted over the whole of a row first{}.",
                self.metrics[of].title,
                self.metrics[by].title.to_lowercase(),
                rounded(decimals)
            ),
        }
    }
}

fn event_of(kind: Option<i32>) -> String {
    kind.and_then(|kind| KINDS.name(kind)).map_or("event".into(), |name| format!("{name} event"))
}

fn quotient(per: i64, decimals: u32) -> String {
    if per == 1 { String::new() } else { format!(", divided by {per}{}", rounded(decimals)) }
}

fn rounded(decimals: u32) -> String {
    match decimals {
        0 => ", rounded half up to a whole number, once".into(),
        1 => ", rounded half up to 1 decimal, once".into(),
        n => format!(", rounded half up to {n} decimals, once"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_formula_has_its_sentence() {
        let model = Model::embedded().unwrap();
        let cases = [
            ("events", "The number of events."),
            ("views", "The number of page_view events."),
            ("minutes", "The milliseconds spent, divided by 60000, rounded half up to 2 decimals, once."),
            (
                "weighted_views",
                "The number of page_view events, each times the weight of its book in thousandths, divided by 1000, \
                 rounded half up to 3 decimals, once.",
            ),
            ("pupils_active", "Different persons (student) with at least one event."),
            ("schools", "Different schools with at least one page_view event."),
            (
                "views_per_reader",
                "Views divided by readers, each counted over the whole of a row first, rounded half up to 1 decimal, once.",
            ),
        ];
        for (name, words) in cases {
            assert_eq!(model.in_words(model.metric(name).unwrap()), words);
        }
    }
}
