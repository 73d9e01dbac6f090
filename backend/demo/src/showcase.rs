//! Subjects worth looking at, for the demo's accounts.

use reference::{NewBook, NewPublisher};

use crate::schools::School;
use crate::site_plan::SitePlan;

/// A school, a publisher and a region of one site, all of them with plenty of use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Showcase {
    /// Code of the site.
    pub site: String,
    /// External id and name of a medium-large school.
    pub school: String,
    pub school_name: String,
    /// Code and name of a publisher.
    pub publisher: String,
    pub publisher_name: String,
    /// Code and name of the region an official is responsible for.
    pub region: String,
    pub region_name: String,
}

/// The region of the showcase, where the capital is.
const REGION: &str = "harju-maakond";

/// The school has at most so many times the mean number of pupils.
const LARGE: u64 = 3;

impl Showcase {
    /// Chosen from the schools of the first site, before their plan is reduced to reference data.
    pub(crate) fn new(
        site: &SitePlan,
        books: &[NewBook],
        publishers: &[NewPublisher],
        schools: &[School],
        popularity: &[u64],
    ) -> Showcase {
        let region = site.regions.iter().find(|r| r.code == REGION).unwrap_or(&site.regions[0]);
        // In the official's region, so that both see the same school; not a giant that is half of the region by itself.
        let large = LARGE * site.pupils / schools.len() as u64;
        let in_region = |s: &&School| s.data.region.as_ref() == Some(&region.code);
        let fits = |s: &&School| in_region(s) && s.first_grade == 1 && u64::from(s.pupils) <= large;
        let use_of = |school: &&School| u64::from(school.pupils) * school.intensity;
        let school = &schools.iter().filter(fits).max_by_key(use_of).unwrap_or(&schools[0]).data;
        let views_of = |publisher: &String| -> u64 {
            let books = books[site.books.clone()].iter().zip(popularity);
            books.filter(|(book, _)| book.publisher.as_ref() == Some(publisher)).map(|(_, &p)| p).sum()
        };
        let publisher = site.publishers.iter().max_by_key(|code| views_of(code)).cloned().unwrap_or_default();
        let publisher_name = publishers.iter().find(|p| p.code == publisher).map(|p| p.name.clone());
        Showcase {
            site: site.site.code.clone(),
            school: school.external_id.clone(),
            school_name: school.name.clone(),
            publisher_name: publisher_name.unwrap_or_default(),
            publisher,
            region: region.code.clone(),
            region_name: region.name.clone(),
        }
    }
}
