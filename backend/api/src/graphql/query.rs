//! What can be asked and looked up.

use async_graphql::{Context, Object};

use super::answer::Answer;
use super::error::or_null;
use super::limits::ANSWER;
use super::page::{self, Page, page};
use super::question::QuestionInput;
use super::reader::Reader;
use crate::catalog::Catalog;
use crate::entities::{Search, text};
use crate::items::{BookItem, PublisherItem, RegionItem, SchoolItem, SiteItem};
use crate::problem::Problem;
use crate::who::{SessionBody, describe};

pub struct Query;

/// What lists are searched by.
fn search(q: Option<String>, site: Option<String>) -> Search {
    Search { q, site, limit: None }
}

#[Object]
impl Query {
    /// Who is signed in.
    async fn me(&self, ctx: &Context<'_>) -> Option<SessionBody> {
        let reader = Reader::of(ctx);
        or_null(ctx, describe(&reader.state, &reader.caller).await)
    }

    /// What the caller may ask.
    async fn catalog(&self, ctx: &Context<'_>) -> Catalog {
        let reader = Reader::of(ctx);
        Catalog::of(&reader.state.engine, &reader.caller)
    }

    /// Asks a question: the same answer as POST /api/v1/query.
    #[graphql(complexity = "ANSWER + child_complexity")]
    async fn answer(&self, ctx: &Context<'_>, question: QuestionInput) -> Option<Answer> {
        or_null(ctx, Reader::of(ctx).ask(question).await)
    }

    /// The sites the caller sees something of, by code; `q` is part of a name or code.
    #[graphql(complexity = "page::cost(first, child_complexity)")]
    async fn sites(
        &self,
        ctx: &Context<'_>,
        q: Option<String>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Option<Page<SiteItem>> {
        let (view, search) = (Reader::of(ctx).view(), search(q, None));
        let mut all = view.visible().sites();
        all.retain(|s| search.wants(&text(&s.code, &s.name), None));
        or_null(ctx, page(all, first, after, |s| &s.code, |s| view.site(s)))
    }

    async fn site(&self, ctx: &Context<'_>, code: String) -> Option<SiteItem> {
        let view = Reader::of(ctx).view();
        or_null(ctx, view.visible().site(&code).map(|s| view.site(s)).ok_or_else(Problem::not_found))
    }

    /// The regions the caller sees something of, by code; `q` is part of a name or code, `site` the code of a site.
    #[graphql(complexity = "page::cost(first, child_complexity)")]
    async fn regions(
        &self,
        ctx: &Context<'_>,
        q: Option<String>,
        site: Option<String>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Option<Page<RegionItem>> {
        let (view, search) = (Reader::of(ctx).view(), search(q, site));
        let mut all = view.visible().regions();
        all.retain(|r| search.wants(&text(&r.code, &r.name), Some(&view.site_code(r.site_id))));
        or_null(ctx, page(all, first, after, |r| &r.code, |r| view.region(r)))
    }

    async fn region(&self, ctx: &Context<'_>, code: String) -> Option<RegionItem> {
        let view = Reader::of(ctx).view();
        or_null(ctx, view.visible().region(&code).map(|r| view.region(r)).ok_or_else(Problem::not_found))
    }

    /// The schools the caller may see, by code; `q` is part of a name or code, `site` the code of a site.
    #[graphql(complexity = "page::cost(first, child_complexity)")]
    async fn schools(
        &self,
        ctx: &Context<'_>,
        q: Option<String>,
        site: Option<String>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Option<Page<SchoolItem>> {
        let (view, search) = (Reader::of(ctx).view(), search(q, site));
        let mut all = view.visible().schools();
        all.retain(|s| search.wants(&text(&s.code, &s.name), Some(&view.site_code(s.site_id))));
        or_null(ctx, page(all, first, after, |s| &s.code, |s| view.school(s)))
    }

    async fn school(&self, ctx: &Context<'_>, code: String) -> Option<SchoolItem> {
        let view = Reader::of(ctx).view();
        or_null(ctx, view.visible().school(&code).map(|s| view.school(s)).ok_or_else(Problem::not_found))
    }

    /// The publishers the caller may see, by code; `q` is part of a name or code.
    #[graphql(complexity = "page::cost(first, child_complexity)")]
    async fn publishers(
        &self,
        ctx: &Context<'_>,
        q: Option<String>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Option<Page<PublisherItem>> {
        let (view, search) = (Reader::of(ctx).view(), search(q, None));
        let mut all = view.visible().publishers();
        all.retain(|p| search.wants(&text(&p.code, &p.name), None));
        or_null(ctx, page(all, first, after, |p| &p.code, |p| view.publisher(p)))
    }

    async fn publisher(&self, ctx: &Context<'_>, code: String) -> Option<PublisherItem> {
        let view = Reader::of(ctx).view();
        or_null(ctx, view.visible().publisher(&code).map(|p| view.publisher(p)).ok_or_else(Problem::not_found))
    }

    /// The books the caller may see, by code; `q` is part of a name or code.
    #[graphql(complexity = "page::cost(first, child_complexity)")]
    async fn books(
        &self,
        ctx: &Context<'_>,
        q: Option<String>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Option<Page<BookItem>> {
        let (view, search) = (Reader::of(ctx).view(), search(q, None));
        let mut all = view.visible().books();
        all.retain(|b| search.wants(&text(&b.code, &b.title), None));
        or_null(ctx, page(all, first, after, |b| &b.code, |b| view.book(b, false)))
    }

    async fn book(&self, ctx: &Context<'_>, code: String) -> Option<BookItem> {
        let view = Reader::of(ctx).view();
        or_null(ctx, view.visible().book(&code).map(|b| view.book(b, false)).ok_or_else(Problem::not_found))
    }
}
