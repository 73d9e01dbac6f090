//! The whole platform: sites with their reference data, publishers, books, and the events of any day.

use model::Model;
use reference::{NewBook, NewPublisher, NewRegion, NewSite};

use crate::books::books;
use crate::calendar::Calendar;
use crate::codes::Codes;
use crate::country::{COUNTRIES, Country};
use crate::publishers::{PUBLISHERS, publishers};
use crate::roll::Roll;
use crate::schools::schools;
use crate::shelf::Shelf;
use crate::showcase::Showcase;
use crate::site_plan::SitePlan;
use crate::volume::Volume;

/// One person for so many events a year, but never fewer persons than the minimum.
const EVENTS_PER_PERSON: u64 = 40;
const FEWEST_PERSONS: u64 = 2_000;
/// Where a platform is larger than the default one, each also does more: one person more for so many events more.
const DEFAULT_EVENTS: u64 = 2_000_000;
const EVENTS_PER_FURTHER_PERSON: u64 = 65;

/// A lifelike platform of five countries, the same for the same seed and size.
pub struct Platform {
    pub(crate) seed: u64,
    pub(crate) codes: Codes,
    sites: Vec<SitePlan>,
    publishers: Vec<NewPublisher>,
    books: Vec<NewBook>,
    showcase: Showcase,
}

impl Platform {
    /// A platform with about so many events in any 365 days, all sites together. Schools and persons are as many as
    /// fit that: 400 and 50,000 for the default of 2,000,000 events, 3,000 and 300,000 for 20,000,000.
    pub fn new(seed: u64, events_per_year: u64) -> Platform {
        let persons = persons(events_per_year);
        let model = Model::embedded().expect("the model is sound");
        let mut all_books = Vec::new();
        let mut sites = Vec::new();
        let mut first_site = None;
        for (index, country) in COUNTRIES.into_iter().enumerate() {
            let books = books(seed, index, country);
            let schools = schools(seed, index, country, persons);
            let told = model.calendar(country.code).expect("every country has a calendar").clone();
            let calendar = Calendar::new(told, country.rollover_month, country.exam_month);
            let first = all_books.len();
            sites.push(SitePlan {
                site: NewSite {
                    code: country.code.to_owned(),
                    name: country.name.to_owned(),
                    zone: country.zone,
                    currency: country.currency.to_owned(),
                    locale: country.locale.to_owned(),
                },
                regions: regions(country),
                schools: schools.iter().map(|school| school.data.clone()).collect(),
                publishers: sellers(country),
                books: first..first + books.len(),
                pupils: schools.iter().map(|school| u64::from(school.pupils)).sum(),
                index,
                country,
                roll: Roll::new(seed, index, &schools),
                shelf: Shelf::new(seed, index, first, &books),
                volume: Volume::new(seed, index, country, &calendar, events_per_year * country.share / 1000),
                calendar,
            });
            let popularity: Vec<u64> = books.iter().map(|book| book.popularity).collect();
            first_site.get_or_insert((schools, popularity));
            all_books.extend(books.into_iter().map(|book| book.data));
        }
        let publishers = publishers();
        let showcase = first_site
            .map(|(schools, popularity)| Showcase::new(&sites[0], &all_books, &publishers, &schools, &popularity));
        Platform {
            seed,
            codes: Codes::new(),
            sites,
            publishers,
            books: all_books,
            showcase: showcase.unwrap_or_default(),
        }
    }

    /// In this order: ee, fi, lt, kz, ke.
    pub fn sites(&self) -> &[SitePlan] {
        &self.sites
    }

    pub fn publishers(&self) -> &[NewPublisher] {
        &self.publishers
    }

    /// The books of all sites, those of one site together.
    pub fn books(&self) -> &[NewBook] {
        &self.books
    }

    /// What the demo's accounts should be shown.
    pub fn showcase(&self) -> &Showcase {
        &self.showcase
    }
}

fn persons(events_per_year: u64) -> u64 {
    let up_to_default = events_per_year.min(DEFAULT_EVENTS) / EVENTS_PER_PERSON;
    let beyond = events_per_year.saturating_sub(DEFAULT_EVENTS) / EVENTS_PER_FURTHER_PERSON;
    (up_to_default + beyond).max(FEWEST_PERSONS)
}

fn regions(country: &Country) -> Vec<NewRegion> {
    let region =
        |r: &crate::country::RegionFacts| NewRegion { code: r.code.to_owned(), name: r.name.to_owned(), parent: None };
    country.regions.iter().map(region).collect()
}

fn sellers(country: &Country) -> Vec<String> {
    let here = PUBLISHERS.iter().filter(|publisher| publisher.sites.contains(&country.code));
    here.map(|publisher| publisher.code.to_owned()).collect()
}
