//! The published table: what its suppression pattern is made from, and hiding its cells in an answer.

use access::policy::publication_scope;
use model::{Formula, Model};
use query::{Invalid, Query, Question, ScopedQuery, validate};

use crate::attribute::Attribute;
use crate::plan::Plan;
use crate::protect::{Pattern, RegionMonths, SchoolMonth, Shown, THRESHOLD};
use crate::table::Row;

/// Grouping values → counts, as [`crate::Engine`] reads them.
pub type Counts = Vec<(Vec<i32>, Vec<i128>)>;

/// The questions whose exact answers fix the pattern of the query's months: all rows of all sites, whoever asks, by
/// school and by region.
pub fn census(query: &Query, model: &Model) -> Result<[ScopedQuery; 2], Invalid> {
    let months = |dimensions: &[&str]| {
        let names = |names: &[&str]| names.iter().map(|n| n.to_string()).collect();
        let question = Question {
            metrics: names(&["active", "pupils_active", "teachers_active"]),
            dimensions: names(dimensions),
            grain: Some("month".into()),
            from: query.from.to_string(),
            to: query.to.to_string(),
            ..Question::default()
        };
        validate(&question, model, publication_scope())
    };
    Ok([months(&["site", "region", "school"])?, months(&["site", "region"])?])
}

/// The pattern, from the answers to [`census`].
pub fn pattern(schools: &Counts, regions: &Counts) -> Pattern {
    let school = |(key, n): &(Vec<i32>, Vec<i128>)| SchoolMonth {
        period: key[0],
        site: key[1],
        region: key[2],
        school: key[3],
        active: n[0],
        pupils: n[1],
        teachers: n[2],
    };
    let regions: RegionMonths = regions.iter().map(|(k, n)| ((k[0], k[1], k[2]), (n[0], n[1], n[2]))).collect();
    Pattern::fix(&schools.iter().map(school).collect::<Vec<_>>(), &regions)
}

/// Marks what of the rows must not be shown. `own_regions` are those of the caller's scope.
pub fn hide(pattern: &Pattern, query: &Query, model: &Model, plan: &Plan, own_regions: &[i32], rows: &mut [Row]) {
    let at = |attribute: Attribute| plan.grouping.iter().position(|a| *a == attribute);
    let (school, region) = (at(Attribute::School), at(Attribute::Region));
    for row in rows {
        let shown = match (school, region) {
            (Some(s), _) => pattern.school(row.period, row.values[s]),
            (None, Some(r)) => pattern.region(row.period, row.values[r]),
            (None, None) => whole(pattern, row.period, own_regions),
        };
        for (i, metric) in query.metrics.iter().enumerate() {
            let (persons, of_a_role) = match model.metrics[*metric].formula {
                Formula::Persons { role, .. } => (true, role.is_some()),
                _ => (false, false),
            };
            let few = persons && (1..THRESHOLD).contains(&row.now[i]);
            if few || shown == Shown::Nothing || (of_a_role && shown == Shown::NotSplit) {
                row.hidden.insert(i);
            }
        }
    }
}

/// A scope's whole is shown unless exactly one of its regions is hidden, which it would then give away.
fn whole(pattern: &Pattern, period: i32, regions: &[i32]) -> Shown {
    let states: Vec<Shown> = regions.iter().map(|r| pattern.region(period, *r)).collect();
    if states.iter().filter(|s| **s == Shown::Nothing).count() == 1 {
        Shown::Nothing
    } else if states.iter().filter(|s| **s != Shown::All).count() == 1 {
        Shown::NotSplit
    } else {
        Shown::All
    }
}

#[cfg(test)]
#[path = "published_tests.rs"]
mod tests;
