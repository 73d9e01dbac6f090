//! The views of what usage is about: accounts, sites, schools, publishers, books.

use warehouse::roles::{BI, BI_VIEW, literal};

/// A view with its query, what it is, and what each of its columns is.
pub struct View {
    pub name: String,
    /// What is selected, and from where.
    pub sql: String,
    pub description: String,
    pub columns: Vec<(String, String)>,
}

impl View {
    /// Makes it, in the name of the role that owns the views. Nothing that an asker writes is looked at before the policies
    /// have cut the rows, and `OFFSET 0` keeps the planner from carrying any of it into the tables: it would see no row more,
    /// but EXPLAIN would tell how many rows of others an index found, or are estimated from the statistics of all.
    pub fn statements(&self) -> Vec<String> {
        let View { name, sql, description, columns } = self;
        let mut out = vec![
            format!("SET LOCAL ROLE {BI_VIEW}"),
            format!("CREATE VIEW bi.{name} WITH (security_barrier) AS SELECT * FROM (SELECT {sql}) AS own OFFSET 0"),
            format!("COMMENT ON VIEW bi.{name} IS {}", literal(description)),
        ];
        out.extend(columns.iter().map(|(c, text)| format!("COMMENT ON COLUMN bi.{name}.{c} IS {}", literal(text))));
        out.extend([format!("GRANT SELECT ON bi.{name} TO {BI}"), "RESET ROLE".into()]);
        out
    }
}

fn view(name: &str, sql: &str, description: &str, columns: &[(&str, &str)]) -> View {
    let columns = columns.iter().map(|(c, text)| (c.to_string(), text.to_string())).collect();
    View { name: name.into(), sql: sql.into(), description: description.into(), columns }
}

pub fn views() -> Vec<View> {
    vec![account(), site(), school(), publisher(), book()]
}

fn account() -> View {
    view(
        "account",
        "a.role_name AS account, a.name, a.organisation, a.rows, a.created_at, a.ended_at FROM mart.bi_account AS a",
        "This BI account, one row. No row: it has ended, or is none, and sees nothing anywhere.",
        &[
            ("account", "Its name in the database."),
            ("name", "What it is for."),
            ("organisation", "The organisation it reads for."),
            ("rows", "all; or the rows of its own schools or publishers."),
            ("created_at", "When it was made."),
            ("ended_at", "From when on it sees nothing; null for never."),
        ],
    )
}

fn site() -> View {
    view(
        "site",
        "s.site_id, s.code, s.name, s.zone, s.currency, s.refreshed_at, s.closed_through FROM core.site AS s",
        "Sites: one country's deployment of the platform each.",
        &[
            ("site_id", "Key; joins the usage."),
            ("code", "Short public code, such as ee."),
            ("name", "Name."),
            ("zone", "IANA time zone; a day is a calendar date in it."),
            ("currency", "ISO 4217 code."),
            ("refreshed_at", "When the usage was last complete; what happened later is not in it yet."),
            ("closed_through", "Weeks and months that end on or before this day are there; later ones by days only."),
        ],
    )
}

fn school() -> View {
    view(
        "school",
        "s.school_id, s.site_id, i.code || ':' || s.external_id AS code, s.name, r.name AS region, s.licences \
         FROM core.school AS s JOIN core.site AS i ON i.site_id = s.site_id \
         LEFT JOIN core.region AS r ON r.region_id = (SELECT h.region_id FROM core.school_region AS h \
         WHERE h.school_id = s.school_id AND h.since <= current_date ORDER BY h.since DESC LIMIT 1)",
        "Schools; those of the account.",
        &[
            ("school_id", "Key; joins the usage."),
            ("site_id", "The site it belongs to."),
            ("code", "Its code as everywhere in Octavo: the site's, a colon, the registry's."),
            ("name", "Name."),
            ("region", "The region it lies in today."),
            ("licences", "Pupil licences bought, when known."),
        ],
    )
}

fn publisher() -> View {
    view(
        "publisher",
        "p.publisher_id, p.code, p.name FROM core.publisher AS p",
        "Publishers; for a publisher's account its own.",
        &[("publisher_id", "Key; joins the books."), ("code", "Public code."), ("name", "Name.")],
    )
}

fn book() -> View {
    view(
        "book",
        "b.book_id, b.external_id AS code, b.title, b.subject, array_to_string(b.grades, ',') AS grades, b.language, \
         p.publisher_id, p.name AS publisher \
         FROM core.book AS b LEFT JOIN core.publisher AS p ON p.publisher_id = (SELECT h.publisher_id \
         FROM core.book_publisher AS h WHERE h.book_id = b.book_id AND h.since <= current_date \
         ORDER BY h.since DESC LIMIT 1)",
        "Books; for a publisher's account those that are or were its own.",
        &[
            ("book_id", "Key; joins the usage."),
            ("code", "ISBN-13, or the platform's own id."),
            ("title", "Title."),
            ("subject", "School subject."),
            ("grades", "Grades it is for, with commas between them."),
            ("language", "ISO 639-1."),
            ("publisher_id", "Whose it is today; null when that is not the account's to know."),
            ("publisher", "The name of whose it is today."),
        ],
    )
}
