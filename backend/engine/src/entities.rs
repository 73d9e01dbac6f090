//! The things a caller may see: lists and single ones, cut to the scope.

use access::{Rows, Scope};
use reference::{Book, Publisher, Region, School, Site};

use crate::snapshot::Snapshot;

/// The directory through a scope. What the scope does not hold is not found.
pub struct Visible<'a> {
    snapshot: &'a Snapshot,
    scope: &'a Scope,
}

impl<'a> Visible<'a> {
    pub fn new(snapshot: &'a Snapshot, scope: &'a Scope) -> Self {
        Self { snapshot, scope }
    }

    pub fn sites(&self) -> Vec<&'a Site> {
        let held = self.snapshot.directory.sites.values().filter(|s| self.holds_site(s));
        by_code(held, |s| &s.code)
    }

    pub fn regions(&self) -> Vec<&'a Region> {
        let held = self.snapshot.directory.regions.values().filter(|r| self.holds_region(r));
        by_code(held, |r| &r.code)
    }

    pub fn schools(&self) -> Vec<&'a School> {
        let held = self.snapshot.directory.schools.values().filter(|s| self.holds_school(s));
        by_code(held, |s| &s.code)
    }

    pub fn publishers(&self) -> Vec<&'a Publisher> {
        let held = self.snapshot.directory.publishers.values().filter(|p| self.holds_publisher(p));
        by_code(held, |p| &p.code)
    }

    pub fn books(&self) -> Vec<&'a Book> {
        let held = self.snapshot.directory.books.values().filter(|b| self.holds_book(b));
        by_code(held, |b| &b.code)
    }

    pub fn site(&self, code: &str) -> Option<&'a Site> {
        self.snapshot.directory.site(code).filter(|s| self.holds_site(s))
    }

    pub fn region(&self, code: &str) -> Option<&'a Region> {
        self.snapshot.directory.region(code).filter(|r| self.holds_region(r))
    }

    pub fn school(&self, code: &str) -> Option<&'a School> {
        self.snapshot.directory.school(code).filter(|s| self.holds_school(s))
    }

    pub fn publisher(&self, code: &str) -> Option<&'a Publisher> {
        self.snapshot.directory.publisher(code).filter(|p| self.holds_publisher(p))
    }

    pub fn book(&self, code: &str) -> Option<&'a Book> {
        self.snapshot.directory.book(code).filter(|b| self.holds_book(b))
    }

    fn holds_site(&self, site: &Site) -> bool {
        let d = &self.snapshot.directory;
        let own = match self.scope.rows() {
            Rows::All | Rows::Publishers(_) => true,
            Rows::Schools(ids) => ids.iter().any(|s| d.schools.get(s).is_some_and(|s| s.site_id == site.id)),
            Rows::Regions(ids) => ids.iter().any(|r| d.regions.get(r).is_some_and(|r| r.site_id == site.id)),
        };
        own && self.scope.holds_site(site.id)
    }

    fn holds_region(&self, region: &Region) -> bool {
        let d = &self.snapshot.directory;
        let own = match self.scope.rows() {
            Rows::All => true,
            Rows::Regions(ids) => d.ancestry(region.id).iter().any(|r| ids.contains(r)),
            Rows::Schools(ids) => {
                ids.iter().filter_map(|s| d.schools.get(s)).any(|s| s.regions.iter().any(|(_, r)| *r == region.id))
            }
            Rows::Publishers(_) => false,
        };
        own && self.scope.holds_site(region.site_id)
    }

    fn holds_school(&self, school: &School) -> bool {
        let d = &self.snapshot.directory;
        let own = match self.scope.rows() {
            Rows::All => true,
            Rows::Schools(ids) => ids.contains(&school.id),
            Rows::Regions(ids) => {
                school.regions.iter().any(|(_, r)| d.ancestry(*r).iter().any(|above| ids.contains(above)))
            }
            Rows::Publishers(_) => false,
        };
        own && self.scope.holds_site(school.site_id)
    }

    fn holds_publisher(&self, publisher: &Publisher) -> bool {
        match self.scope.rows() {
            Rows::All | Rows::Schools(_) => !self.scope.is_nothing(),
            Rows::Publishers(ids) => ids.contains(&publisher.id),
            Rows::Regions(_) => false,
        }
    }

    fn holds_book(&self, book: &Book) -> bool {
        match self.scope.rows() {
            Rows::All | Rows::Schools(_) => !self.scope.is_nothing(),
            Rows::Publishers(ids) => book.publishers.iter().any(|(_, p)| ids.contains(p)),
            Rows::Regions(_) => false,
        }
    }
}

fn by_code<'a, T>(held: impl Iterator<Item = &'a T>, code: impl Fn(&T) -> &String) -> Vec<&'a T> {
    let mut out: Vec<_> = held.collect();
    out.sort_by(|a, b| code(a).cmp(code(b)));
    out
}
