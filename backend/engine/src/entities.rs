//! The things a caller may see: lists and single ones, cut to the scope.

use access::{Rows, Scope, Sites};
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
        let d = &self.snapshot.directory;
        let own = |site: &Site| match self.scope.rows() {
            Rows::All | Rows::Publishers(_) => true,
            Rows::Schools(ids) => ids.iter().any(|s| d.schools.get(s).is_some_and(|s| s.site_id == site.id)),
            Rows::Regions(ids) => ids.iter().any(|r| d.regions.get(r).is_some_and(|r| r.site_id == site.id)),
        };
        let mut out: Vec<_> = d.sites.values().filter(|s| self.in_sites(s.id) && own(s)).collect();
        out.sort_by(|a, b| a.code.cmp(&b.code));
        out
    }

    pub fn regions(&self) -> Vec<&'a Region> {
        let d = &self.snapshot.directory;
        let own = |region: &Region| match self.scope.rows() {
            Rows::All => true,
            Rows::Regions(ids) => d.ancestry(region.id).iter().any(|r| ids.contains(r)),
            Rows::Schools(ids) => {
                ids.iter().filter_map(|s| d.schools.get(s)).any(|s| s.regions.iter().any(|(_, r)| *r == region.id))
            }
            Rows::Publishers(_) => false,
        };
        let mut out: Vec<_> = d.regions.values().filter(|r| self.in_sites(r.site_id) && own(r)).collect();
        out.sort_by(|a, b| a.code.cmp(&b.code));
        out
    }

    pub fn schools(&self) -> Vec<&'a School> {
        let d = &self.snapshot.directory;
        let own = |school: &School| match self.scope.rows() {
            Rows::All => true,
            Rows::Schools(ids) => ids.contains(&school.id),
            Rows::Regions(ids) => {
                school.regions.iter().any(|(_, r)| d.ancestry(*r).iter().any(|above| ids.contains(above)))
            }
            Rows::Publishers(_) => false,
        };
        let mut out: Vec<_> = d.schools.values().filter(|s| self.in_sites(s.site_id) && own(s)).collect();
        out.sort_by(|a, b| a.code.cmp(&b.code));
        out
    }

    pub fn publishers(&self) -> Vec<&'a Publisher> {
        let own = |publisher: &Publisher| match self.scope.rows() {
            Rows::All | Rows::Schools(_) => !self.is_nobody(),
            Rows::Publishers(ids) => ids.contains(&publisher.id),
            Rows::Regions(_) => false,
        };
        let mut out: Vec<_> = self.snapshot.directory.publishers.values().filter(|p| own(p)).collect();
        out.sort_by(|a, b| a.code.cmp(&b.code));
        out
    }

    pub fn books(&self) -> Vec<&'a Book> {
        let own = |book: &Book| match self.scope.rows() {
            Rows::All | Rows::Schools(_) => !self.is_nobody(),
            Rows::Publishers(ids) => book.publishers.iter().any(|(_, p)| ids.contains(p)),
            Rows::Regions(_) => false,
        };
        let mut out: Vec<_> = self.snapshot.directory.books.values().filter(|b| own(b)).collect();
        out.sort_by(|a, b| a.code.cmp(&b.code));
        out
    }

    fn in_sites(&self, site: i16) -> bool {
        match self.scope.sites() {
            Sites::All => true,
            Sites::Only(ids) => ids.contains(&site),
        }
    }

    /// A membership that sees nothing (see [`access::scope_of`]).
    fn is_nobody(&self) -> bool {
        matches!(self.scope.sites(), Sites::Only(ids) if ids.is_empty())
            || matches!(self.scope.rows(), Rows::Schools(ids) if ids.is_empty())
    }
}
