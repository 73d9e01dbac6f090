//! What the roles that read may read, table by table: a table that is not named here is not read.

use warehouse::roles::{BI, BI_VIEW, READER};

/// The dimensions, and the events without the persons' pseudonyms; the ledger; what is known of the rollups.
const READ: [&str; 20] = [
    "core.site",
    "core.region",
    "core.school",
    "core.school_region",
    "core.publisher",
    "core.book",
    "core.book_publisher",
    "core.chapter",
    "core.alias",
    "core.installation",
    "core.event",
    "core.event_marked",
    "raw.load",
    "raw.quarantine",
    "raw.dirty",
    "raw.log",
    "raw.statement",
    "mart.extent",
    "mart.unready",
    "mart.live",
];

/// What the views for BI accounts need beside the rollups: whose a book is and was, to see whose its rows are.
const VIEWED: [&str; 9] = [
    "core.site",
    "core.region",
    "core.school",
    "core.school_region",
    "core.publisher",
    "core.book",
    "core.book_publisher",
    "mart.unready",
    "mart.bi_account",
];

/// Advisory locks are for those that work: whoever else held one could keep a refresher from its site for ever. Large objects
/// are for nobody.
pub const FUNCTIONS: &str = include_str!("functions.sql").trim_ascii_end();
/// To whom the database itself is open, said of each database at each start: a copy of one does not have it.
pub const DATABASE: &str = include_str!("database.sql").trim_ascii_end();

/// The reader's rights beside those on rollups, which are granted where rollups are made.
pub fn reader() -> Vec<String> {
    let mut out = vec![format!("GRANT USAGE ON SCHEMA raw, core, mart TO {READER}")];
    out.extend(READ.iter().map(|table| format!("GRANT SELECT ON {table} TO {READER}")));
    out
}

/// The schema of the views, made anew, and the rights of the role that owns them. Its rights on rollups, column by column, are
/// with the views.
pub fn views() -> Vec<String> {
    let mut out = vec![
        FUNCTIONS.to_string(),
        "DROP SCHEMA IF EXISTS bi CASCADE".into(),
        format!("CREATE SCHEMA bi AUTHORIZATION {BI_VIEW}"),
        "COMMENT ON SCHEMA bi IS 'What BI accounts read: each sees the rows of its organisation. Start with bi.account.'".into(),
        format!("GRANT USAGE ON SCHEMA bi TO {BI}"),
        format!("GRANT USAGE ON SCHEMA core, mart TO {BI_VIEW}"),
    ];
    out.extend(VIEWED.iter().map(|table| format!("GRANT SELECT ON {table} TO {BI_VIEW}")));
    out
}
