//! Sites, regions, schools, publishers and books: lists and single ones, cut to the caller's scope.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::caller::{Can, ReferenceRead};
use crate::items::{BookItem, PublisherItem, RegionItem, SchoolItem, SiteItem};
use crate::parameters::Parameters;
use crate::problem::{Problem, Refused};
use crate::state::ApiState;
use crate::view::View;

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
    pub q: Option<String>,
    /// Code of a site.
    pub site: Option<String>,
    /// 1 to 10,000; 100 when not said.
    pub limit: Option<usize>,
}

impl Search {
    /// Whether a thing of this text is searched for; what belongs to no site is found in each.
    pub fn wants(&self, text: &str, site: Option<&str>) -> bool {
        let named = self.q.as_ref().is_none_or(|q| text.to_lowercase().contains(&q.to_lowercase()));
        named && (site.is_none() || self.site.is_none() || self.site.as_deref() == site)
    }

    fn cut<T: ToSchema>(
        &self,
        all: impl Iterator<Item = (T, String, Option<String>)>,
    ) -> Result<Json<Listing<T>>, Problem> {
        let limit = self.limit.unwrap_or(100);
        if !(1..=10_000).contains(&limit) {
            return Err(Problem::new("bad_limit", "limit has to be from 1 to 10000").at("/limit"));
        }
        let wanted = |(_, text, site): &(T, String, Option<String>)| self.wants(text, site.as_deref());
        let mut items: Vec<T> = all.filter(wanted).map(|(item, _, _)| item).collect();
        let total = items.len();
        items.truncate(limit);
        Ok(Json(Listing { items, total, complete: total <= limit }))
    }
}

/// What a thing is searched by.
pub fn text(code: &str, name: &str) -> String {
    format!("{code} {name}")
}

/// The sites the caller sees something of.
#[utoipa::path(get, path = "/api/v1/sites", params(Search), responses((status = 200, body = Listing<SiteItem>), Refused))]
pub async fn sites(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Parameters(search): Parameters<Search>,
) -> Result<Json<Listing<SiteItem>>, Problem> {
    let view = View::new(&state, &can.caller);
    search.cut(view.visible().sites().into_iter().map(|s| (view.site(s), text(&s.code, &s.name), Some(s.code.clone()))))
}

#[utoipa::path(get, path = "/api/v1/sites/{code}", responses((status = 200, body = SiteItem), (status = 404, body = Problem), Refused))]
pub async fn site(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Path(code): Path<String>,
) -> Result<Json<SiteItem>, Problem> {
    let view = View::new(&state, &can.caller);
    let found = view.visible().site(&code).map(|s| view.site(s));
    found.map(Json).ok_or_else(Problem::not_found)
}

/// The regions the caller sees something of.
#[utoipa::path(get, path = "/api/v1/regions", params(Search), responses((status = 200, body = Listing<RegionItem>), Refused))]
pub async fn regions(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Parameters(search): Parameters<Search>,
) -> Result<Json<Listing<RegionItem>>, Problem> {
    let view = View::new(&state, &can.caller);
    search.cut(
        view.visible()
            .regions()
            .into_iter()
            .map(|r| (view.region(r), text(&r.code, &r.name), Some(view.site_code(r.site_id)))),
    )
}

#[utoipa::path(get, path = "/api/v1/regions/{code}", responses((status = 200, body = RegionItem), (status = 404, body = Problem), Refused))]
pub async fn region(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Path(code): Path<String>,
) -> Result<Json<RegionItem>, Problem> {
    let view = View::new(&state, &can.caller);
    let found = view.visible().region(&code).map(|r| view.region(r));
    found.map(Json).ok_or_else(Problem::not_found)
}

/// The schools the caller may see.
#[utoipa::path(get, path = "/api/v1/schools", params(Search), responses((status = 200, body = Listing<SchoolItem>), Refused))]
pub async fn schools(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Parameters(search): Parameters<Search>,
) -> Result<Json<Listing<SchoolItem>>, Problem> {
    let view = View::new(&state, &can.caller);
    search.cut(
        view.visible()
            .schools()
            .into_iter()
            .map(|s| (view.school(s), text(&s.code, &s.name), Some(view.site_code(s.site_id)))),
    )
}

#[utoipa::path(get, path = "/api/v1/schools/{code}", responses((status = 200, body = SchoolItem), (status = 404, body = Problem), Refused))]
pub async fn school(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Path(code): Path<String>,
) -> Result<Json<SchoolItem>, Problem> {
    let view = View::new(&state, &can.caller);
    let found = view.visible().school(&code).map(|s| view.school(s));
    found.map(Json).ok_or_else(Problem::not_found)
}

/// The publishers the caller may see.
#[utoipa::path(get, path = "/api/v1/publishers", params(Search), responses((status = 200, body = Listing<PublisherItem>), Refused))]
pub async fn publishers(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Parameters(search): Parameters<Search>,
) -> Result<Json<Listing<PublisherItem>>, Problem> {
    let view = View::new(&state, &can.caller);
    search.cut(view.visible().publishers().into_iter().map(|p| (view.publisher(p), text(&p.code, &p.name), None)))
}

#[utoipa::path(get, path = "/api/v1/publishers/{code}", responses((status = 200, body = PublisherItem), (status = 404, body = Problem), Refused))]
pub async fn publisher(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Path(code): Path<String>,
) -> Result<Json<PublisherItem>, Problem> {
    let view = View::new(&state, &can.caller);
    let found = view.visible().publisher(&code).map(|p| view.publisher(p));
    found.map(Json).ok_or_else(Problem::not_found)
}

/// The books the caller may see.
#[utoipa::path(get, path = "/api/v1/books", params(Search), responses((status = 200, body = Listing<BookItem>), Refused))]
pub async fn books(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Parameters(search): Parameters<Search>,
) -> Result<Json<Listing<BookItem>>, Problem> {
    let view = View::new(&state, &can.caller);
    search.cut(view.visible().books().into_iter().map(|b| (view.book(b, false), text(&b.code, &b.title), None)))
}

/// One book with its chapters.
#[utoipa::path(get, path = "/api/v1/books/{code}", responses((status = 200, body = BookItem), (status = 404, body = Problem), Refused))]
pub async fn book(
    State(state): State<ApiState>,
    can: Can<ReferenceRead>,
    Path(code): Path<String>,
) -> Result<Json<BookItem>, Problem> {
    let view = View::new(&state, &can.caller);
    let found = view.visible().book(&code).map(|b| view.book(b, true));
    found.map(Json).ok_or_else(Problem::not_found)
}
