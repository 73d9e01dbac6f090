//! Lists, a page at a time.

use async_graphql::OutputType;
use async_graphql::SimpleObject;
use async_graphql::connection::{Connection, CursorType, Edge, OpaqueCursor};

use crate::problem::Problem;

/// Things on a page, at most.
pub const MOST: i32 = 100;

#[derive(SimpleObject)]
pub struct Whole {
    /// How long the whole list is.
    total_count: usize,
}

pub type Page<T> = Connection<OpaqueCursor<String>, T, Whole>;

/// The complexity of a page.
pub fn cost(first: i32, each: usize) -> usize {
    1 + first.clamp(1, MOST) as usize * each
}

/// The `first` of the list after the thing that the cursor names; `code` tells things apart, `item` writes one.
pub fn page<S, T: OutputType>(
    all: Vec<S>,
    first: i32,
    after: Option<String>,
    code: impl Fn(&S) -> &str,
    item: impl Fn(S) -> T,
) -> Result<Page<T>, Problem> {
    if !(1..=MOST).contains(&first) {
        return Err(Problem::new("bad_limit", format!("first has to be from 1 to {MOST}")).at("/first"));
    }
    let start = match after {
        None => 0,
        Some(cursor) => {
            let named = OpaqueCursor::<String>::decode_cursor(&cursor).ok();
            let found = named.and_then(|named| all.iter().position(|thing| code(thing) == named.0));
            let unknown = || Problem::new("bad_parameter", "after has to be a cursor of this very list").at("/after");
            found.ok_or_else(unknown)? + 1
        }
    };
    let whole = Whole { total_count: all.len() };
    let end = start + first as usize;
    let mut page = Page::with_additional_fields(start > 0, end < all.len(), whole);
    page.edges = all
        .into_iter()
        .skip(start)
        .take(first as usize)
        .map(|thing| Edge::new(OpaqueCursor(code(&thing).to_string()), item(thing)))
        .collect();
    Ok(page)
}
