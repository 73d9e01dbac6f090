//! What organisations are about: the warehouse's numbers of schools, publishers and regions, and their codes for people.

use access::{Family, OrganisationKind};
use chrono::{DateTime, NaiveDate, Utc};
use reference::Directory;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// A school, publisher or region.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct About {
    code: String,
    name: String,
}

/// Codes and names, by code. What is not in the directory any more is left out.
pub fn named(directory: &Directory, kind: OrganisationKind, numbers: &[i32]) -> Vec<About> {
    let one = |number: &i32| {
        let (code, name) = match kind.family() {
            Family::School => directory.schools.get(number).map(|s| (&s.code, &s.name)),
            Family::Publisher => directory.publishers.get(number).map(|p| (&p.code, &p.name)),
            Family::Authority => directory.regions.get(number).map(|r| (&r.code, &r.name)),
            Family::Owner => None,
        }?;
        Some(About { code: code.clone(), name: name.clone() })
    };
    let mut all: Vec<About> = numbers.iter().filter_map(one).collect();
    all.sort_by(|a, b| a.code.cmp(&b.code));
    all
}

/// The name of a number.
pub fn name(directory: &Directory, kind: OrganisationKind, number: i32) -> Option<String> {
    named(directory, kind, &[number]).pop().map(|about| about.name)
}

/// The number of a code.
pub fn number(directory: &Directory, kind: OrganisationKind, code: &str) -> Option<i32> {
    match kind.family() {
        Family::School => directory.school(code).map(|s| s.id),
        Family::Publisher => directory.publisher(code).map(|p| p.id),
        Family::Authority => directory.region(code).map(|r| r.id),
        Family::Owner => None,
    }
}

/// The numbers of codes.
pub fn numbers(directory: &Directory, kind: OrganisationKind, codes: &[String]) -> Result<Vec<i32>, Problem> {
    let unknown = || Problem::new("bad_about", "name some of what the organisation is about").at("/about");
    let mut all = codes
        .iter()
        .map(|code| number(directory, kind, code).ok_or_else(unknown))
        .collect::<Result<Vec<i32>, Problem>>()?;
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// A moment given as a day (its beginning, UTC) or as RFC 3339.
pub fn moment(text: Option<&str>, pointer: &str) -> Result<Option<DateTime<Utc>>, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let day = || text.parse::<NaiveDate>().ok().and_then(|day| Some(day.and_hms_opt(0, 0, 0)?.and_utc()));
    let moment = text.parse::<DateTime<Utc>>().ok().or_else(day);
    let wrong = || Problem::new("bad_date", "send a day such as 2027-01-31").at(pointer);
    moment.ok_or_else(wrong).map(Some)
}
