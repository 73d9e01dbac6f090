//! The directory: all dimensions in memory, read-only, of one reference version.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::alias::Alias;

#[derive(Debug, Clone)]
pub struct Site {
    pub id: i16,
    pub code: String,
    pub name: String,
    pub zone: Tz,
    pub currency: String,
    pub locale: String,
}

impl Site {
    /// The site-local calendar date of an instant.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }
}

#[derive(Debug, Clone)]
pub struct Region {
    pub id: i32,
    pub site_id: i16,
    /// Public code, `site:code`.
    pub code: String,
    pub name: String,
    pub parent_id: Option<i32>,
}

#[derive(Debug, Clone)]
pub struct School {
    pub id: i32,
    pub site_id: i16,
    /// Public code, `site:external id`.
    pub code: String,
    pub name: String,
    pub licences: Option<i32>,
    /// Region from day on, ascending.
    pub regions: Vec<(NaiveDate, i32)>,
}

#[derive(Debug, Clone)]
pub struct Publisher {
    pub id: i32,
    pub code: String,
    pub name: String,
}

#[derive(Debug, Clone)]
pub struct Book {
    pub id: i32,
    /// ISBN-13 or the platform's own id.
    pub code: String,
    pub title: String,
    pub subject: Option<String>,
    pub grades: Vec<String>,
    pub language: Option<String>,
    pub weight_milli: i32,
    /// Publisher from day on, ascending.
    pub publishers: Vec<(NaiveDate, i32)>,
}

#[derive(Debug, Clone)]
pub struct Chapter {
    pub id: i32,
    pub book_id: i32,
    /// Public code, `book:code`.
    pub code: String,
    pub title: String,
}

/// What held on a day, of an ascending list of (since, value).
pub fn as_of(history: &[(NaiveDate, i32)], day: NaiveDate) -> Option<i32> {
    let after = history.partition_point(|(since, _)| *since <= day);
    after.checked_sub(1).map(|i| history[i].1)
}

/// All dimensions by number, with the codes they go by.
#[derive(Debug, Default, Clone)]
pub struct Directory {
    pub version: i64,
    pub sites: HashMap<i16, Site>,
    pub regions: HashMap<i32, Region>,
    pub schools: HashMap<i32, School>,
    pub publishers: HashMap<i32, Publisher>,
    pub books: HashMap<i32, Book>,
    pub chapters: HashMap<i32, Chapter>,
    pub aliases: Vec<Alias>,
    site_codes: HashMap<String, i16>,
    region_codes: HashMap<String, i32>,
    school_codes: HashMap<String, i32>,
    publisher_codes: HashMap<String, i32>,
    book_codes: HashMap<String, i32>,
    chapter_codes: HashMap<String, i32>,
}

impl Directory {
    /// An empty one of this version.
    pub fn new(version: i64) -> Self {
        Self { version, ..Self::default() }
    }

    pub fn add_site(&mut self, site: Site) {
        self.site_codes.insert(site.code.clone(), site.id);
        self.sites.insert(site.id, site);
    }

    pub fn add_region(&mut self, region: Region) {
        self.region_codes.insert(region.code.clone(), region.id);
        self.regions.insert(region.id, region);
    }

    pub fn add_school(&mut self, school: School) {
        self.school_codes.insert(school.code.clone(), school.id);
        self.schools.insert(school.id, school);
    }

    pub fn add_publisher(&mut self, publisher: Publisher) {
        self.publisher_codes.insert(publisher.code.clone(), publisher.id);
        self.publishers.insert(publisher.id, publisher);
    }

    pub fn add_book(&mut self, book: Book) {
        self.book_codes.insert(book.code.clone(), book.id);
        self.books.insert(book.id, book);
    }

    pub fn add_chapter(&mut self, chapter: Chapter) {
        self.chapter_codes.insert(chapter.code.clone(), chapter.id);
        self.chapters.insert(chapter.id, chapter);
    }

    pub fn site(&self, code: &str) -> Option<&Site> {
        self.sites.get(self.site_codes.get(code)?)
    }

    pub fn region(&self, code: &str) -> Option<&Region> {
        self.regions.get(self.region_codes.get(code)?)
    }

    pub fn school(&self, code: &str) -> Option<&School> {
        self.schools.get(self.school_codes.get(code)?)
    }

    pub fn publisher(&self, code: &str) -> Option<&Publisher> {
        self.publishers.get(self.publisher_codes.get(code)?)
    }

    pub fn book(&self, code: &str) -> Option<&Book> {
        self.books.get(self.book_codes.get(code)?)
    }

    pub fn chapter(&self, code: &str) -> Option<&Chapter> {
        self.chapters.get(self.chapter_codes.get(code)?)
    }

    /// The region itself and every region above it.
    pub fn ancestry(&self, region: i32) -> Vec<i32> {
        let mut out = Vec::new();
        let mut at = Some(region);
        while let Some(id) = at {
            // A circle in the tree would be a defect of an import; it must not hang a question.
            if out.contains(&id) {
                break;
            }
            out.push(id);
            at = self.regions.get(&id).and_then(|r| r.parent_id);
        }
        out
    }

    /// The chapters of a book, by code with numbers in number order.
    pub fn chapters_of(&self, book: i32) -> Vec<&Chapter> {
        let mut out: Vec<_> = self.chapters.values().filter(|c| c.book_id == book).collect();
        out.sort_by_key(|c| c.id);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_holds_from_its_day_until_the_next() {
        let d = |s: &str| s.parse::<NaiveDate>().unwrap();
        let history = [(d("2026-01-01"), 1), (d("2026-03-15"), 2)];
        assert_eq!(as_of(&history, d("2025-12-31")), None);
        assert_eq!(as_of(&history, d("2026-03-14")), Some(1));
        assert_eq!(as_of(&history, d("2026-03-15")), Some(2));
        assert_eq!(as_of(&[], d("2026-03-15")), None);
    }
}
