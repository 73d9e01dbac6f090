//! What a publisher leads to.

use async_graphql::{ComplexObject, Context};

use super::error::or_null;
use super::page::{self, Page, page};
use super::reader::Reader;
use crate::items::{BookItem, PublisherItem};

#[ComplexObject]
impl PublisherItem {
    /// The books that are its own today.
    #[graphql(complexity = "page::cost(first, child_complexity)")]
    async fn books(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Option<Page<BookItem>> {
        let view = Reader::of(ctx).view();
        or_null(ctx, page(view.books_of(&self.code), first, after, |b| &b.code, |b| view.book(b, false)))
    }
}
