//! What may be asked through the protected lens: cells of one published table (site > region > school, by month) and
//! nothing else, so that no two answers can be subtracted from each other to lay bare a hidden cell.

use model::metric::Thing;
use model::{Formula, Grain, Model, Per};

use crate::invalid::Invalid;
use crate::query::Query;

pub fn check(query: &Query, model: &Model) -> Result<(), Invalid> {
    let refuse = |pointer: &str, detail: &str| Err(Invalid::new("cannot_answer", pointer, detail));
    if query.per != Some(Per::Month) {
        return refuse("/grain", "protected numbers are published by month; ask with grain month");
    }
    if Grain::Month.start(query.from) != query.from || Grain::Month.end(query.to) != query.to {
        return refuse(
            "/from",
            "protected numbers are published for whole months; from the first day of one to the last of one",
        );
    }
    if query.compare.is_some() {
        return refuse("/compare", "protected numbers are not compared here; ask for both months");
    }
    let name = |d: usize| model.dimensions[d].name.as_str();
    if let Some(i) = query.dimensions.iter().position(|d| !matches!(name(*d), "region" | "school")) {
        return refuse(&format!("/dimensions/{i}"), "protected numbers are published by region and school");
    }
    let shown = |dimension: &str| query.dimensions.iter().any(|d| name(*d) == dimension);
    for (i, filter) in query.filters.iter().enumerate() {
        // A filter may choose among the cells shown; it must not make a new cell out of several.
        let chooses = filter.dimensions().iter().all(|d| match name(*d) {
            "school" => shown("school"),
            "region" => shown("region") || shown("school"),
            _ => false,
        });
        if !chooses {
            return refuse(
                &format!("/filters/{i}"),
                "a filter can only choose among the regions and schools that are shown",
            );
        }
    }
    for (i, metric) in query.metrics.iter().enumerate() {
        let published = match model.metrics[*metric].formula {
            Formula::Sum { .. } | Formula::Persons { .. } => true,
            // How many schools are active tells of schools, and every school that is has a row, if a hidden one.
            Formula::Things { thing, .. } => thing == Thing::School,
            Formula::Weighted { .. } | Formula::Ratio { .. } => false,
        };
        if !published {
            return refuse(&format!("/metrics/{i}"), "this metric is not part of the published table");
        }
    }
    Ok(())
}
