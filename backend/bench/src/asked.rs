//! The six questions, each as Octavo is asked and as one would write it in SQL over the events.
//!
//! The SQL is what a careful analyst writes: persons are made distinct before they are counted, which PostgreSQL can do
//! with a hash where `count(DISTINCT …)` has to sort, and names are joined to the result, not to the events.

use access::Role;
use anyhow::Context;
use chrono::{Days, NaiveDate};
use demo::Platform;
use reference::Directory;

use crate::database::{FROM, TO};

/// A question in both forms. The SQL gives the columns of the answer, without names, as text.
pub struct Asked {
    pub title: &'static str,
    /// Milliseconds that the answer may take.
    pub target: f64,
    /// Whose question it is.
    pub role: Role,
    metrics: &'static str,
    /// The rest of the parameters, beside range and limit.
    rest: String,
    range: Range,
    /// Rows that are wanted at most.
    pub limit: usize,
    pub sql: &'static str,
    /// The number that the SQL takes as `$3`, after the first and the last day.
    pub subject: Option<i32>,
}

enum Range {
    Fixed(NaiveDate, NaiveDate),
    /// Any so many days of the year.
    Any(u64),
}

/// More than any of these answers has.
const ALL: usize = 50_000;
const OCTOBER: Range = Range::Fixed(
    NaiveDate::from_ymd_opt(2025, 10, 1).expect("a date"),
    NaiveDate::from_ymd_opt(2025, 10, 31).expect("a date"),
);

/// The six, about the subjects that the demo shows.
pub fn six(platform: &Platform, directory: &Directory) -> anyhow::Result<Vec<Asked>> {
    let show = platform.showcase();
    let site = directory.site(&show.site).context("the demo's site is missing")?;
    let of_site = format!("&filter.site={}", site.code);
    let site = Some(i32::from(site.id));
    let year = || Range::Fixed(FROM, TO);
    Ok(vec![
        Asked {
            title: "readers per day of a country, a year",
            target: 10.0,
            role: Role::Owner,
            metrics: "readers",
            rest: format!("&grain=day{of_site}"),
            range: year(),
            limit: ALL,
            sql: READERS_PER_DAY,
            subject: site,
        },
        Asked {
            title: "a publisher's views, readers, minutes by month and book, a year",
            target: 20.0,
            role: Role::Publisher,
            metrics: "views,readers,minutes",
            rest: "&grain=month&dimensions=book".into(),
            range: year(),
            limit: ALL,
            sql: PUBLISHER_BY_MONTH_AND_BOOK,
            subject: Some(publisher(platform, directory)?),
        },
        Asked {
            title: "a school's active pupils and teachers by week, a year",
            target: 10.0,
            role: Role::SchoolAdmin,
            metrics: "pupils_active,teachers_active",
            rest: "&grain=week".into(),
            range: year(),
            limit: ALL,
            sql: SCHOOL_BY_WEEK,
            subject: Some(school(platform, directory)?),
        },
        Asked {
            title: "the 20 books with most readers in a country, a month",
            target: 15.0,
            role: Role::Owner,
            metrics: "readers",
            rest: format!("&dimensions=book&order=-readers{of_site}"),
            range: OCTOBER,
            limit: 20,
            sql: TOP_BOOKS,
            subject: site,
        },
        Asked {
            title: "readers by subject × grade, all countries, any 90 days",
            target: 25.0,
            role: Role::Owner,
            metrics: "readers",
            rest: "&dimensions=subject,grade".into(),
            range: Range::Any(90),
            limit: ALL,
            sql: READERS_BY_SUBJECT_AND_GRADE,
            subject: None,
        },
        Asked {
            title: "weighted views by publisher and month, all countries, a year",
            target: 10.0,
            role: Role::Owner,
            metrics: "weighted_views",
            rest: "&grain=month&dimensions=publisher".into(),
            range: year(),
            limit: ALL,
            sql: WEIGHTED_VIEWS,
            subject: None,
        },
    ])
}

/// The publisher that the demo shows.
pub fn publisher(platform: &Platform, directory: &Directory) -> anyhow::Result<i32> {
    Ok(directory.publisher(&platform.showcase().publisher).context("the demo's publisher is missing")?.id)
}

/// The school that the demo shows.
pub fn school(platform: &Platform, directory: &Directory) -> anyhow::Result<i32> {
    let show = platform.showcase();
    Ok(directory.school(&format!("{}:{}", show.site, show.school)).context("the demo's school is missing")?.id)
}

impl Asked {
    /// First and last day of a round.
    pub fn range(&self, round: usize) -> (NaiveDate, NaiveDate) {
        match self.range {
            Range::Fixed(from, to) => (from, to),
            Range::Any(days) => {
                // Prime to the number of places, so that the rounds go through all of them, far from each other.
                let places = (TO - FROM).num_days() as u64 + 2 - days;
                let from = FROM + Days::new(round as u64 * 101 % places);
                (from, from + Days::new(days - 1))
            }
        }
    }

    /// Path and parameters.
    pub fn path(&self, (from, to): (NaiveDate, NaiveDate), limit: usize) -> String {
        let Self { metrics, rest, .. } = self;
        format!("/api/v1/query?metrics={metrics}&from={from}&to={to}{rest}&limit={limit}")
    }

    /// How many of an answer's last columns are metrics.
    pub fn metrics(&self) -> usize {
        self.metrics.split(',').count()
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
