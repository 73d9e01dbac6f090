//! Sites, regions, schools, publishers and books as one caller sees them now.

use std::sync::Arc;

use access::{Caller, Scope, scope_of};
use chrono::{DateTime, Utc};
use engine::Snapshot;
use engine::entities::Visible;
use reference::directory::as_of;

use crate::items::{BookItem, ChapterItem, PublisherItem, RegionItem, SchoolItem, SiteItem};
use crate::state::ApiState;

/// Both what is asked of and what may be seen.
pub struct View {
    snapshot: Arc<Snapshot>,
    scope: Scope,
    now: DateTime<Utc>,
}

impl View {
    pub fn new(state: &ApiState, caller: &Caller) -> Self {
        Self { snapshot: state.engine.snapshot(), scope: scope_of(caller), now: state.now() }
    }

    pub fn visible(&self) -> Visible<'_> {
        Visible::new(&self.snapshot, &self.scope)
    }

    pub fn site(&self, site: &reference::Site) -> SiteItem {
        SiteItem::new(site, self.now)
    }

    pub fn site_code(&self, id: i16) -> String {
        self.snapshot.directory.sites.get(&id).map(|s| s.code.clone()).unwrap_or_default()
    }

    pub fn region(&self, region: &reference::Region) -> RegionItem {
        RegionItem { code: region.code.clone(), name: region.name.clone(), site: self.site_code(region.site_id) }
    }

    /// The region that the region lies in, if the caller may see it.
    pub fn parent(&self, region: &str) -> Option<RegionItem> {
        let above = self.visible().region(region)?.parent_id?;
        let above = self.snapshot.directory.regions.get(&above)?;
        self.visible().region(&above.code).map(|r| self.region(r))
    }

    pub fn school(&self, school: &reference::School) -> SchoolItem {
        let region = self.region_now(school);
        SchoolItem {
            code: school.code.clone(),
            name: school.name.clone(),
            site: self.site_code(school.site_id),
            region: region.map(|r| r.code.clone()),
            region_name: region.map(|r| r.name.clone()),
            licences: school.licences,
        }
    }

    /// The schools that lie today in the region, or in one below it.
    pub fn schools_in(&self, region: &str) -> Vec<&reference::School> {
        let d = &self.snapshot.directory;
        let Some(region) = self.visible().region(region) else { return vec![] };
        let within =
            |s: &&reference::School| self.region_now(s).is_some_and(|now| d.ancestry(now.id).contains(&region.id));
        self.visible().schools().into_iter().filter(within).collect()
    }

    pub fn publisher(&self, publisher: &reference::Publisher) -> PublisherItem {
        PublisherItem { code: publisher.code.clone(), name: publisher.name.clone() }
    }

    pub fn book(&self, book: &reference::Book, with_chapters: bool) -> BookItem {
        let publisher = self.publisher_now(book);
        BookItem {
            code: book.code.clone(),
            name: book.title.clone(),
            publisher: publisher.map(|p| p.code.clone()),
            publisher_name: publisher.map(|p| p.name.clone()),
            subject: book.subject.clone(),
            grades: book.grades.clone(),
            language: book.language.clone(),
            chapters: if with_chapters { self.chapters(&book.code) } else { vec![] },
        }
    }

    /// The books that are the publisher's today.
    pub fn books_of(&self, publisher: &str) -> Vec<&reference::Book> {
        let owned = |b: &&reference::Book| self.publisher_now(b).is_some_and(|p| p.code == publisher);
        self.visible().books().into_iter().filter(owned).collect()
    }

    pub fn chapters(&self, book: &str) -> Vec<ChapterItem> {
        let Some(book) = self.visible().book(book) else { return vec![] };
        let chapters = self.snapshot.directory.chapters_of(book.id);
        chapters.into_iter().map(|c| ChapterItem { code: c.code.clone(), name: c.title.clone() }).collect()
    }

    fn region_now(&self, school: &reference::School) -> Option<&reference::Region> {
        let d = &self.snapshot.directory;
        let today = d.sites.get(&school.site_id)?.day(self.now);
        as_of(&school.regions, today).and_then(|r| d.regions.get(&r))
    }

    fn publisher_now(&self, book: &reference::Book) -> Option<&reference::Publisher> {
        as_of(&book.publishers, self.now.date_naive()).and_then(|p| self.snapshot.directory.publishers.get(&p))
    }
}
