//! What a book leads to.

use async_graphql::{ComplexObject, Context};

use super::reader::Reader;
use crate::items::{BookItem, ChapterItem, PublisherItem};

/// Chapters of a book, about; what they add to the complexity.
const CHAPTERS: usize = 10;

#[ComplexObject]
impl BookItem {
    /// Whose it is today, if the caller may see that publisher.
    async fn publisher(&self, ctx: &Context<'_>) -> Option<PublisherItem> {
        let view = Reader::of(ctx).view();
        view.visible().publisher(self.publisher.as_deref()?).map(|p| view.publisher(p))
    }

    #[graphql(complexity = "1 + CHAPTERS * child_complexity")]
    async fn chapters(&self, ctx: &Context<'_>) -> Vec<ChapterItem> {
        Reader::of(ctx).view().chapters(&self.code)
    }
}
