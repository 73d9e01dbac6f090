//! What a region leads to.

use async_graphql::{ComplexObject, Context};

use super::error::or_null;
use super::page::{self, Page, page};
use super::reader::Reader;
use crate::items::{RegionItem, SchoolItem, SiteItem};

#[ComplexObject]
impl RegionItem {
    async fn site(&self, ctx: &Context<'_>) -> Option<SiteItem> {
        let view = Reader::of(ctx).view();
        view.visible().site(&self.site).map(|s| view.site(s))
    }

    /// The region it lies in; null at the top of what the caller may see.
    async fn parent(&self, ctx: &Context<'_>) -> Option<RegionItem> {
        Reader::of(ctx).view().parent(&self.code)
    }

    /// The schools that lie in it today, or in a region below it.
    #[graphql(complexity = "page::cost(first, child_complexity)")]
    async fn schools(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Option<Page<SchoolItem>> {
        let view = Reader::of(ctx).view();
        or_null(ctx, page(view.schools_in(&self.code), first, after, |s| &s.code, |s| view.school(s)))
    }
}
