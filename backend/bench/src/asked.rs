//! The six questions, each as Octavo is asked and as one would write it in SQL over the events.
//!
//! The SQL is what a careful analyst writes: persons are made distinct before they are counted, which PostgreSQL can do
//! with a hash where `count(DISTINCT …)` has to sort, and names are joined to the result, not to the events.

use access::{Caller, Organisation, Role, Via};
use anyhow::Context;
use demo::Platform;
use engine::Snapshot;
use query::{Filter, Order, Question};

/// A question in both forms. The SQL gives the columns of the answer, without names, as text.
pub struct Asked {
    pub title: &'static str,
    pub caller: Caller,
    pub question: Question,
    pub sql: &'static str,
    /// The number that the SQL takes as `$3`, after the first and the last day.
    pub subject: Option<i32>,
}

const YEAR: (&str, &str) = ("2025-08-01", "2026-07-31");
const OCTOBER: (&str, &str) = ("2025-10-01", "2025-10-31");
/// Ninety days that are no whole months.
const NINETY_DAYS: (&str, &str) = ("2025-10-15", "2026-01-12");

/// The six, about the subjects that the demo shows.
pub fn six(platform: &Platform, snapshot: &Snapshot) -> anyhow::Result<Vec<Asked>> {
    let show = platform.showcase();
    let d = &snapshot.directory;
    let site = d.site(&show.site).context("the demo's site is missing")?;
    let school = d.school(&format!("{}:{}", show.site, show.school)).context("the demo's school is missing")?.id;
    let publisher = d.publisher(&show.publisher).context("the demo's publisher is missing")?.id;
    let of_site = || vec![Filter { dimension: "site".into(), is_in: Some(vec![site.code.clone()]), not_in: None }];
    let site = Some(i32::from(site.id));
    let owner = || caller(Role::Owner, None);
    Ok(vec![
        Asked {
            title: "readers per day of a country, a year",
            caller: owner(),
            question: Question { filters: of_site(), ..question(&["readers"], &[], Some("day"), YEAR) },
            sql: READERS_PER_DAY,
            subject: site,
        },
        Asked {
            title: "a publisher's views, readers, minutes by month and book, a year",
            caller: caller(Role::Publisher, Some(publisher)),
            question: question(&["views", "readers", "minutes"], &["book"], Some("month"), YEAR),
            sql: PUBLISHER_BY_MONTH_AND_BOOK,
            subject: Some(publisher),
        },
        Asked {
            title: "a school's active pupils and teachers by week, a year",
            caller: caller(Role::SchoolAdmin, Some(school)),
            question: question(&["pupils_active", "teachers_active"], &[], Some("week"), YEAR),
            sql: SCHOOL_BY_WEEK,
            subject: Some(school),
        },
        Asked {
            title: "the 20 books with most readers in a country, a month",
            caller: owner(),
            question: Question {
                filters: of_site(),
                order: vec![Order { by: "readers".into(), desc: true }],
                limit: Some(20),
                ..question(&["readers"], &["book"], None, OCTOBER)
            },
            sql: TOP_BOOKS,
            subject: site,
        },
        Asked {
            title: "readers by subject × grade, all countries, 90 days",
            caller: owner(),
            question: question(&["readers"], &["subject", "grade"], None, NINETY_DAYS),
            sql: READERS_BY_SUBJECT_AND_GRADE,
            subject: None,
        },
        Asked {
            title: "weighted views by publisher and month, all countries, a year",
            caller: owner(),
            question: question(&["weighted_views"], &["publisher"], Some("month"), YEAR),
            sql: WEIGHTED_VIEWS,
            subject: None,
        },
    ])
}

/// A caller who is about one thing, or, as the owner, about all.
pub fn caller(role: Role, about: Option<i32>) -> Caller {
    let organisation = Organisation {
        id: "bench".into(),
        name: "bench".into(),
        kind: role.organisation_kind(),
        subjects: about.into_iter().collect(),
    };
    let email = "bench@example.org".into();
    Caller { account: "bench".into(), email, name: "bench".into(), role, organisation, via: Via::Session }
}

pub fn question(metrics: &[&str], dimensions: &[&str], grain: Option<&str>, (from, to): (&str, &str)) -> Question {
    let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
    Question {
        metrics: names(metrics),
        dimensions: names(dimensions),
        grain: grain.map(str::to_string),
        from: from.into(),
        to: to.into(),
        // All rows, for the SQL gives all.
        limit: Some(100_000),
        ..Question::default()
    }
}

const READERS_PER_DAY: &str = "
    SELECT day::text, count(*)::text
    FROM (SELECT DISTINCT day, person_no FROM core.event
          WHERE site_id = $3::integer AND day BETWEEN $1 AND $2 AND kind = 1) AS reader
    GROUP BY day";

const PUBLISHER_BY_MONTH_AND_BOOK: &str = "
    WITH owner AS (
        SELECT book_id, publisher_id, since,
               lead(since, 1, 'infinity') OVER (PARTITION BY book_id ORDER BY since) AS until
        FROM core.book_publisher),
    person AS (
        SELECT date_trunc('month', e.day::timestamp) AS month, e.book_id, e.site_id, e.person_no,
               count(*) FILTER (WHERE e.kind = 1) AS views, sum(e.duration_ms) AS ms
        FROM core.event AS e JOIN owner AS o ON o.book_id = e.book_id AND e.day >= o.since AND e.day < o.until
        WHERE o.publisher_id = $3::integer AND e.day BETWEEN $1 AND $2
        GROUP BY 1, 2, 3, 4)
    SELECT to_char(month, 'YYYY-MM'), b.external_id, sum(views)::text, count(*) FILTER (WHERE views > 0)::text,
           round(sum(ms) / 60000, 2)::text
    FROM person JOIN core.book AS b USING (book_id)
    GROUP BY month, b.external_id";

const SCHOOL_BY_WEEK: &str = r#"
    SELECT to_char(week, 'IYYY-"W"IW'), count(*) FILTER (WHERE role = 1)::text, count(*) FILTER (WHERE role = 2)::text
    FROM (SELECT DISTINCT date_trunc('week', day::timestamp) AS week, role, person_no FROM core.event
          WHERE site_id = (SELECT site_id FROM core.school WHERE school_id = $3::integer) AND school_id = $3::integer
            AND day BETWEEN $1 AND $2) AS active
    GROUP BY week"#;

const TOP_BOOKS: &str = "
    SELECT b.external_id, count(*)::text
    FROM (SELECT DISTINCT book_id, person_no FROM core.event
          WHERE site_id = $3::integer AND day BETWEEN $1 AND $2 AND kind = 1) AS reader
    JOIN core.book AS b USING (book_id)
    GROUP BY b.external_id ORDER BY count(*) DESC, b.external_id LIMIT 20";

const READERS_BY_SUBJECT_AND_GRADE: &str = "
    WITH reader AS (
        SELECT DISTINCT site_id, person_no, book_id FROM core.event WHERE day BETWEEN $1 AND $2 AND kind = 1),
    cell AS (
        SELECT DISTINCT b.subject, g.grade, r.site_id, r.person_no
        FROM reader AS r LEFT JOIN core.book AS b USING (book_id)
        LEFT JOIN LATERAL unnest(coalesce(nullif(b.grades, '{}'), '{NULL}')) AS g (grade) ON true)
    SELECT subject, grade, count(*)::text FROM cell GROUP BY subject, grade";

const WEIGHTED_VIEWS: &str = "
    WITH owner AS (
        SELECT book_id, publisher_id, since,
               lead(since, 1, 'infinity') OVER (PARTITION BY book_id ORDER BY since) AS until
        FROM core.book_publisher),
    viewed AS (
        SELECT day, book_id, count(*) AS views FROM core.event
        WHERE day BETWEEN $1 AND $2 AND kind = 1 GROUP BY day, book_id)
    SELECT to_char(v.day, 'YYYY-MM'), p.code, round(sum(v.views * b.weight_milli) / 1000, 3)::text
    FROM viewed AS v JOIN core.book AS b USING (book_id)
    LEFT JOIN owner AS o ON o.book_id = v.book_id AND v.day >= o.since AND v.day < o.until
    LEFT JOIN core.publisher AS p USING (publisher_id)
    GROUP BY 1, 2";
