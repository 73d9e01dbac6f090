//! Sites, regions, schools, publishers and books: lists and single ones, cut to the caller's scope.

use access::{Scope, scope_of};
use axum::Json;
use axum::extract::{Path, Query, State};
use chrono::{DateTime, Utc};
use engine::Snapshot;
use engine::entities::Visible;
use reference::directory::as_of;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::caller::{Can, ReferenceRead};
use crate::items::{BookItem, ChapterItem, PublisherItem, RegionItem, SchoolItem, SiteItem};
use crate::problem::Problem;
use crate::state::ApiState;

/// Part of a list, with how long the whole is.
#[derive(Serialize, ToSchema)]
pub struct Listing<T: ToSchema> {
    items: Vec<T>,
    total: usize,
    /// False when `limit` cut the list.
    complete: bool,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Part of a name or code, upper or lower case alike.
    q: Option<String>,
    /// Code of a site.
    site: Option<String>,
    /// 1 to 10,000; 100 when not said.
    limit: Option<usize>,
}

impl Search {
    fn cut<T: ToSchema>(
        &self,
        all: impl Iterator<Item = (T, String, Option<String>)>,
    ) -> Result<Json<Listing<T>>, Problem> {
        let limit = self.limit.unwrap_or(100);
        if !(1..=10_000).contains(&limit) {
            return Err(Problem::new("bad_limit", "limit has to be from 1 to 10000").at("/limit"));
        }
        let q = self.q.as_deref().unwrap_or_default().to_lowercase();
        let wanted = |(_, text, site): &(T, String, Option<String>)| {
            text.to_lowercase().contains(&q) && (self.site.is_none() || site.is_none() || self.site == *site)
        };
        let mut items: Vec<T> = all.filter(wanted).map(|(item, _, _)| item).collect();
        let total = items.len();
        items.truncate(limit);
        Ok(Json(Listing { items, total, complete: total <= limit }))
    }
}

/// Both what is asked of and what may be seen.
struct View {
    snapshot: std::sync::Arc<Snapshot>,
    scope: Scope,
    now: DateTime<Utc>,
}

impl View {
    fn new(state: &ApiState, can: &Can<ReferenceRead>) -> Self {
        Self { snapshot: state.engine.snapshot(), scope: scope_of(&can.caller), now: state.now() }
    }

    fn visible(&self) -> Visible<'_> {
        Visible::new(&self.snapshot, &self.scope)
    }

    fn site(&self, id: i16) -> String {
        self.snapshot.directory.sites.get(&id).map(|s| s.code.clone()).unwrap_or_default()
    }

    fn region(&self, region: &reference::Region) -> RegionItem {
        RegionItem { code: region.code.clone(), name: region.name.clone(), site: self.site(region.site_id) }
    }

    fn school(&self, school: &reference::School) -> SchoolItem {
        let d = &self.snapshot.directory;
        let today = d.sites.get(&school.site_id).map(|s| s.day(self.now));
        let region = today.and_then(|t| as_of(&school.regions, t)).and_then(|r| d.regions.get(&r));
        SchoolItem {
            code: school.code.clone(),
            name: school.name.clone(),
            site: self.site(school.site_id),
            region: region.map(|r| r.code.clone()),
            region_name: region.map(|r| r.name.clone()),
            licences: school.licences,
        }
    }

    fn book(&self, book: &reference::Book, with_chapters: bool) -> BookItem {
        let d = &self.snapshot.directory;
        let publisher = as_of(&book.publishers, self.now.date_naive()).and_then(|p| d.publishers.get(&p));
        let chapters = if with_chapters { d.chapters_of(book.id) } else { vec![] };
        BookItem {
            code: book.code.clone(),
            name: book.title.clone(),
            publisher: publisher.map(|p| p.code.clone()),
            publisher_name: publisher.map(|p| p.name.clone()),
            subject: book.subject.clone(),
            grades: book.grades.clone(),
            language: book.language.clone(),
            chapters: chapters
                .into_iter()
                .map(|c| ChapterItem { code: c.code.clone(), name: c.title.clone() })
                .collect(),
        }
    }
}

fn text(code: &str, name: &str) -> String {
    format!("{code} {name}")
}

/// The sites the caller sees something of.
#[utoipa::path(get, path = "/api/v1/sites", params(Search), responses((status = 200, body = Listing<SiteItem>), (status = 401, body = Problem)))]
pub async fn sites(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Query(search): Query<Search>,
) -> Result<Json<Listing<SiteItem>>, Problem> {
    let view = View::new(&state, &can);
    search.cut(
        view.visible()
            .sites()
            .into_iter()
            .map(|s| (SiteItem::new(s, view.now), text(&s.code, &s.name), Some(s.code.clone()))),
    )
}

#[utoipa::path(get, path = "/api/v1/sites/{code}", responses((status = 200, body = SiteItem), (status = 404, body = Problem)))]
pub async fn site(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Path(code): Path<String>,
) -> Result<Json<SiteItem>, Problem> {
    let view = View::new(&state, &can);
    let found = view.visible().sites().into_iter().find(|s| s.code == code).map(|s| SiteItem::new(s, view.now));
    found.map(Json).ok_or_else(Problem::not_found)
}

/// The regions the caller sees something of.
#[utoipa::path(get, path = "/api/v1/regions", params(Search), responses((status = 200, body = Listing<RegionItem>), (status = 401, body = Problem)))]
pub async fn regions(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Query(search): Query<Search>,
) -> Result<Json<Listing<RegionItem>>, Problem> {
    let view = View::new(&state, &can);
    search.cut(
        view.visible()
            .regions()
            .into_iter()
            .map(|r| (view.region(r), text(&r.code, &r.name), Some(view.site(r.site_id)))),
    )
}

#[utoipa::path(get, path = "/api/v1/regions/{code}", responses((status = 200, body = RegionItem), (status = 404, body = Problem)))]
pub async fn region(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Path(code): Path<String>,
) -> Result<Json<RegionItem>, Problem> {
    let view = View::new(&state, &can);
    let found = view.visible().regions().into_iter().find(|r| r.code == code).map(|r| view.region(r));
    found.map(Json).ok_or_else(Problem::not_found)
}

/// The schools the caller may see.
#[utoipa::path(get, path = "/api/v1/schools", params(Search), responses((status = 200, body = Listing<SchoolItem>), (status = 401, body = Problem)))]
pub async fn schools(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Query(search): Query<Search>,
) -> Result<Json<Listing<SchoolItem>>, Problem> {
    let view = View::new(&state, &can);
    search.cut(
        view.visible()
            .schools()
            .into_iter()
            .map(|s| (view.school(s), text(&s.code, &s.name), Some(view.site(s.site_id)))),
    )
}

#[utoipa::path(get, path = "/api/v1/schools/{code}", responses((status = 200, body = SchoolItem), (status = 404, body = Problem)))]
pub async fn school(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Path(code): Path<String>,
) -> Result<Json<SchoolItem>, Problem> {
    let view = View::new(&state, &can);
    let found = view.visible().schools().into_iter().find(|s| s.code == code).map(|s| view.school(s));
    found.map(Json).ok_or_else(Problem::not_found)
}

/// The publishers the caller may see.
#[utoipa::path(get, path = "/api/v1/publishers", params(Search), responses((status = 200, body = Listing<PublisherItem>), (status = 401, body = Problem)))]
pub async fn publishers(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Query(search): Query<Search>,
) -> Result<Json<Listing<PublisherItem>>, Problem> {
    let view = View::new(&state, &can);
    let item = |p: &reference::Publisher| PublisherItem { code: p.code.clone(), name: p.name.clone() };
    search.cut(view.visible().publishers().into_iter().map(|p| (item(p), text(&p.code, &p.name), None)))
}

#[utoipa::path(get, path = "/api/v1/publishers/{code}", responses((status = 200, body = PublisherItem), (status = 404, body = Problem)))]
pub async fn publisher(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Path(code): Path<String>,
) -> Result<Json<PublisherItem>, Problem> {
    let view = View::new(&state, &can);
    let found = view.visible().publishers().into_iter().find(|p| p.code == code);
    found.map(|p| Json(PublisherItem { code: p.code.clone(), name: p.name.clone() })).ok_or_else(Problem::not_found)
}

/// The books the caller may see.
#[utoipa::path(get, path = "/api/v1/books", params(Search), responses((status = 200, body = Listing<BookItem>), (status = 401, body = Problem)))]
pub async fn books(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Query(search): Query<Search>,
) -> Result<Json<Listing<BookItem>>, Problem> {
    let view = View::new(&state, &can);
    search.cut(view.visible().books().into_iter().map(|b| (view.book(b, false), text(&b.code, &b.title), None)))
}

/// One book with its chapters.
#[utoipa::path(get, path = "/api/v1/books/{code}", responses((status = 200, body = BookItem), (status = 404, body = Problem)))]
pub async fn book(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Path(code): Path<String>,
) -> Result<Json<BookItem>, Problem> {
    let view = View::new(&state, &can);
    let found = view.visible().books().into_iter().find(|b| b.code == code).map(|b| view.book(b, true));
    found.map(Json).ok_or_else(Problem::not_found)
}
