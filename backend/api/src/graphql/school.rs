//! What a school leads to.

use async_graphql::{ComplexObject, Context, SimpleObject};

use super::books_of_schools::{SchoolInRange, Use};
use super::error::or_null;
use super::limits::ANSWER;
use super::page::{self, Page, page};
use super::reader::Reader;
use crate::items::{BookItem, RegionItem, SchoolItem, SiteItem};

/// How much a school used a book.
#[derive(SimpleObject)]
pub struct BookUse {
    book: Option<BookItem>,
    /// Pages opened.
    views: i64,
    /// Different persons who opened at least one page.
    readers: i64,
}

#[ComplexObject]
impl SchoolItem {
    async fn site(&self, ctx: &Context<'_>) -> Option<SiteItem> {
        let view = Reader::of(ctx).view();
        view.visible().site(&self.site).map(|s| view.site(s))
    }

    /// The region it lies in today, if the caller may see that one.
    async fn region(&self, ctx: &Context<'_>) -> Option<RegionItem> {
        let view = Reader::of(ctx).view();
        view.visible().region(self.region.as_deref()?).map(|r| view.region(r))
    }

    /// The books its people used from the one site-local day to the other, both included; the most viewed first.
    #[graphql(complexity = "ANSWER / 10 + page::cost(first, child_complexity)")]
    async fn books(
        &self,
        ctx: &Context<'_>,
        from: String,
        to: String,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Option<Page<BookUse>> {
        let reader = Reader::of(ctx);
        let key = SchoolInRange { school: self.code.clone(), from, to };
        let used = or_null(ctx, reader.books_of_schools.load_one(key).await)?.unwrap_or_default();
        let item = |u: &Use| BookUse {
            book: reader.view().visible().book(&u.book).map(|b| reader.view().book(b, false)),
            views: u.views,
            readers: u.readers,
        };
        or_null(ctx, page(used.iter().collect(), first, after, |u| &u.book, item))
    }
}
