//! Who sees which rows, as policies of the tables. A table with policies shows nothing to whom none of them speaks of; its
//! owner, the loader, is not held by them.
//!
//! The policies look in `mart.bi_account` under `current_user`: within a view that is still whoever asks, while what may be
//! read is decided by the view's owner. What everybody may see is written as a range of numbers, so that both halves of the
//! condition can use the index; "or true" could not.

use model::Grain;
use warehouse::roles::{BI_VIEW, READER};

/// The end of a query on the account that asks, if it is one of these kinds.
fn account(kinds: &str) -> String {
    format!(
        "FROM mart.bi_account AS a WHERE a.role_name = current_user AND a.rows IN ({kinds}) \
         AND (a.ended_at IS NULL OR a.ended_at > now())"
    )
}

/// All rows, for accounts of these kinds.
fn everything(column: &str, kinds: &str) -> String {
    let from = account(kinds);
    format!("{column} BETWEEN (SELECT 0 {from}) AND (SELECT 32767 * 65536 {from})")
}

/// The rows of the schools or publishers that the account is for.
fn own(column: &str, kind: &str) -> String {
    format!("{column} = ANY ((SELECT a.ids {})::integer[])", account(kind))
}

/// Whether the account that asks is for publishers.
pub fn is_for_publishers() -> String {
    format!("EXISTS (SELECT {})", account("'publishers'"))
}

pub fn of_schools(column: &str) -> String {
    format!("{} OR {}", everything(column, "'all'"), own(column, "'schools'"))
}

/// Of a book's rows those of a period in which it was the account's all along: a book changes its publisher from a day on.
pub fn of_books(table: &str, grain: Grain) -> String {
    let name = table.trim_start_matches("mart.");
    let (book, period) = (format!("{name}.book_id"), format!("{name}.period"));
    let last = last_day(&period, grain);
    let held = format!("h.publisher_id FROM core.book_publisher AS h WHERE h.book_id = {book}");
    format!(
        "{} OR ({} AND EXISTS (SELECT {} \
         AND (SELECT {held} AND h.since <= {period} ORDER BY h.since DESC LIMIT 1) = ANY (a.ids) \
         AND NOT EXISTS (SELECT {held} AND h.since > {period} AND h.since <= {last} AND h.publisher_id <> ALL (a.ids))))",
        everything("book_id", "'all'"),
        ever_own("book_id"),
        account("'publishers'"),
    )
}

/// The books that were ever the account's.
fn ever_own(column: &str) -> String {
    let held = account("'publishers'").replacen("FROM ", "FROM core.book_publisher AS h, ", 1);
    format!("{column} = ANY ((SELECT array_agg(h.book_id) {held} AND h.publisher_id = ANY (a.ids))::integer[])")
}

/// The last day of the period that begins on this one.
pub fn last_day(first: &str, grain: Grain) -> String {
    match grain {
        Grain::Day => first.to_string(),
        Grain::Week => format!("{first} + 6"),
        Grain::Month => format!("CAST({first} + INTERVAL '1 month' AS date) - 1"),
    }
}

/// Tables that are not rollups, and which of their rows are seen.
pub fn of_dimensions() -> Vec<(&'static str, String)> {
    let sites = account("'schools'").replacen("FROM ", "FROM core.school AS s, ", 1);
    let sites =
        format!("site_id = ANY ((SELECT array_agg(s.site_id) {sites} AND s.school_id = ANY (a.ids))::smallint[])");
    let of_catalogue = "'all', 'schools'";
    vec![
        ("mart.bi_account", "role_name = current_user AND (ended_at IS NULL OR ended_at > now())".into()),
        ("core.site", format!("{} OR {sites}", everything("site_id", "'all', 'publishers'"))),
        ("core.school", of_schools("school_id")),
        (
            "core.publisher",
            format!("{} OR {}", everything("publisher_id", of_catalogue), own("publisher_id", "'publishers'")),
        ),
        ("core.book", format!("{} OR {}", everything("book_id", of_catalogue), ever_own("book_id"))),
    ]
}

/// Turns the policies of a table on: the reader sees all of it, the views what `condition` says.
pub fn on(table: &str, condition: &str) -> Vec<String> {
    vec![
        format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"),
        format!("DROP POLICY IF EXISTS reader ON {table}"),
        format!("CREATE POLICY reader ON {table} FOR SELECT TO {READER} USING (true)"),
        format!("DROP POLICY IF EXISTS bi ON {table}"),
        format!("CREATE POLICY bi ON {table} FOR SELECT TO {BI_VIEW} USING ({condition})"),
    ]
}
