//! Bringing dimensions in. Everything here runs in the caller's transaction, adds or updates, and never deletes:
//! events refer to these numbers for ever. The statements here are PostgreSQL's; Redshift's are merges ([`crate::merge`]).

use tokio_postgres::Transaction;
use warehouse::Dialect;

use crate::entity::{NewBook, NewChapter, NewPublisher, NewRegion, NewSchool, NewSite};
use crate::merging;
use crate::read::ReferenceError;

pub(crate) const CHANGED: &str = "UPDATE core.installation SET reference_version = reference_version + 1";

/// Says that the dimensions changed, so that every reader takes a new directory.
pub async fn changed(tx: &Transaction<'_>) -> Result<(), ReferenceError> {
    tx.execute(CHANGED, &[]).await?;
    Ok(())
}

/// Keeps every other writer of dimensions waiting until the transaction ends. For a transaction that reads before it writes: on
/// Redshift it would write by what it saw first.
pub async fn hold(tx: &Transaction<'_>, dialect: Dialect) -> Result<(), ReferenceError> {
    if dialect == Dialect::Redshift {
        tx.batch_execute(crate::merge::LOCK).await?;
    }
    Ok(())
}

pub(crate) const SITE: &str = "INSERT INTO core.site (code, name, zone, currency, locale) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, currency = excluded.currency, locale = excluded.locale
    RETURNING site_id, zone";

/// Adds a site, or updates its name, currency and locale. The zone of a site that has events cannot change, for their
/// days would.
pub async fn site(tx: &Transaction<'_>, dialect: Dialect, site: &NewSite) -> Result<i16, ReferenceError> {
    let (id, zone): (i16, String) = match dialect {
        Dialect::Postgres => {
            let NewSite { code, name, zone, currency, locale } = site;
            let row = tx.query_one(SITE, &[code, name, &zone.name(), currency, locale]).await?;
            (row.get(0), row.get(1))
        }
        Dialect::Redshift => merging::site(tx, site).await?,
    };
    if zone != site.zone.name() {
        return Err(ReferenceError::Invalid(format!(
            "site {} is in zone {zone}; a zone cannot change once the site exists, for the days of its events would",
            site.code
        )));
    }
    changed(tx).await?;
    Ok(id)
}

pub(crate) const REGION: &str = "INSERT INTO core.region (site_id, code, name, parent_id)
    VALUES ($1, $2, $3, (SELECT region_id FROM core.region WHERE site_id = $1 AND code = $4))
    ON CONFLICT (site_id, code) DO UPDATE SET name = excluded.name, parent_id = excluded.parent_id";

/// Adds regions or renames them. Parents have to come before their children.
pub async fn regions(
    tx: &Transaction<'_>,
    dialect: Dialect,
    site: i16,
    regions: &[NewRegion],
) -> Result<(), ReferenceError> {
    match dialect {
        Dialect::Postgres => {
            for region in regions {
                tx.execute(REGION, &[&site, &region.code, &region.name, &region.parent]).await?;
            }
        }
        Dialect::Redshift => merging::regions(tx, site, regions).await?,
    }
    changed(tx).await
}

pub(crate) const SCHOOLS: &str = "INSERT INTO core.school (site_id, external_id, name, licences)
    SELECT $1, * FROM unnest($2::text[], $3::text[], $4::int[]) AS s (external_id, name, licences) ORDER BY 2
    ON CONFLICT (site_id, external_id) DO UPDATE
    SET name = excluded.name, licences = coalesce(excluded.licences, core.school.licences)";
pub(crate) const SCHOOL_REGIONS: &str = "INSERT INTO core.school_region (school_id, since, region_id)
    SELECT s.school_id, n.since, r.region_id
    FROM unnest($2::text[], $3::text[], $4::date[]) AS n (external_id, region, since)
    JOIN core.school s ON s.site_id = $1 AND s.external_id = n.external_id
    JOIN core.region r ON r.site_id = $1 AND r.code = n.region
    ON CONFLICT (school_id, since) DO UPDATE SET region_id = excluded.region_id";

/// Adds schools or updates them; a region holds from `since` on.
pub async fn schools(
    tx: &Transaction<'_>,
    dialect: Dialect,
    site: i16,
    schools: &[NewSchool],
) -> Result<(), ReferenceError> {
    let with_region: Vec<_> = schools.iter().filter_map(|s| Some((s, s.region.as_deref()?))).collect();
    let placed = match dialect {
        Dialect::Postgres => {
            let ids: Vec<&str> = schools.iter().map(|s| s.external_id.as_str()).collect();
            let names: Vec<&str> = schools.iter().map(|s| s.name.as_str()).collect();
            let licences: Vec<Option<i32>> = schools.iter().map(|s| s.licences).collect();
            tx.execute(SCHOOLS, &[&site, &ids, &names, &licences]).await?;
            let ids: Vec<&str> = with_region.iter().map(|(s, _)| s.external_id.as_str()).collect();
            let regions: Vec<&str> = with_region.iter().map(|(_, r)| *r).collect();
            let since: Vec<_> = with_region.iter().map(|(s, _)| s.since).collect();
            tx.execute(SCHOOL_REGIONS, &[&site, &ids, &regions, &since]).await?
        }
        Dialect::Redshift => merging::schools(tx, site, schools).await?,
    };
    if placed != with_region.len() as u64 {
        return Err(ReferenceError::Invalid(
            "a school names a region that does not exist; bring in regions first".into(),
        ));
    }
    changed(tx).await
}

pub(crate) const PUBLISHERS: &str = "INSERT INTO core.publisher (code, name)
    SELECT * FROM unnest($1::text[], $2::text[]) AS p (code, name) ORDER BY 1
    ON CONFLICT (code) DO UPDATE SET name = excluded.name";

/// Adds publishers or renames them.
pub async fn publishers(
    tx: &Transaction<'_>,
    dialect: Dialect,
    publishers: &[NewPublisher],
) -> Result<(), ReferenceError> {
    match dialect {
        Dialect::Postgres => {
            let codes: Vec<&str> = publishers.iter().map(|p| p.code.as_str()).collect();
            let names: Vec<&str> = publishers.iter().map(|p| p.name.as_str()).collect();
            tx.execute(PUBLISHERS, &[&codes, &names]).await?;
        }
        Dialect::Redshift => merging::publishers(tx, publishers).await?,
    }
    changed(tx).await
}

pub(crate) const BOOKS: &str = "INSERT INTO core.book (external_id, title, subject, grades, language, weight_milli)
    SELECT id, title, subject, string_to_array(grades, ','), language, weight
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[])
         AS b (id, title, subject, grades, language, weight) ORDER BY 1
    ON CONFLICT (external_id) DO UPDATE SET title = excluded.title, subject = excluded.subject,
        grades = excluded.grades, language = excluded.language, weight_milli = excluded.weight_milli";
pub(crate) const BOOK_PUBLISHERS: &str = "INSERT INTO core.book_publisher (book_id, since, publisher_id)
    SELECT b.book_id, n.since, p.publisher_id
    FROM unnest($1::text[], $2::text[], $3::date[]) AS n (external_id, publisher, since)
    JOIN core.book b ON b.external_id = n.external_id
    JOIN core.publisher p ON p.code = n.publisher
    ON CONFLICT (book_id, since) DO UPDATE SET publisher_id = excluded.publisher_id";

/// Adds books with their chapters or updates them; a publisher holds from `since` on.
pub async fn books(tx: &Transaction<'_>, dialect: Dialect, books: &[NewBook]) -> Result<(), ReferenceError> {
    let owned: Vec<_> = books.iter().filter_map(|b| Some((b, b.publisher.as_deref()?))).collect();
    let placed = match dialect {
        Dialect::Postgres => {
            let ids: Vec<&str> = books.iter().map(|b| b.external_id.as_str()).collect();
            let titles: Vec<&str> = books.iter().map(|b| b.title.as_str()).collect();
            let subjects: Vec<Option<&str>> = books.iter().map(|b| b.subject.as_deref()).collect();
            // An array of arrays has to be rectangular, so grades travel as one text each.
            let grades: Vec<String> = books.iter().map(|b| b.grades.join(",")).collect();
            let languages: Vec<Option<&str>> = books.iter().map(|b| b.language.as_deref()).collect();
            let weights: Vec<i32> = books.iter().map(|b| b.weight_milli).collect();
            tx.execute(BOOKS, &[&ids, &titles, &subjects, &grades, &languages, &weights]).await?;
            let ids: Vec<&str> = owned.iter().map(|(b, _)| b.external_id.as_str()).collect();
            let publishers: Vec<&str> = owned.iter().map(|(_, p)| *p).collect();
            let since: Vec<_> = owned.iter().map(|(b, _)| b.since).collect();
            tx.execute(BOOK_PUBLISHERS, &[&ids, &publishers, &since]).await?
        }
        Dialect::Redshift => merging::books(tx, books).await?,
    };
    if placed != owned.len() as u64 {
        return Err(ReferenceError::Invalid(
            "a book names a publisher that does not exist; bring in publishers first".into(),
        ));
    }
    let of = |b: &NewBook| b.chapters.iter().map(|c| (b.external_id.clone(), c.clone())).collect::<Vec<_>>();
    chapters(tx, dialect, &books.iter().flat_map(of).collect::<Vec<_>>()).await
}

pub(crate) const CHAPTERS: &str = "INSERT INTO core.chapter (book_id, code, title)
    SELECT b.book_id, n.code, n.title
    FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS n (external_id, code, title, position)
    JOIN core.book b ON b.external_id = n.external_id
    ORDER BY b.book_id, n.position
    ON CONFLICT (book_id, code) DO UPDATE SET title = excluded.title";

/// Adds chapters of books that exist, or renames them; (external id of the book, chapter).
pub async fn chapters(
    tx: &Transaction<'_>,
    dialect: Dialect,
    chapters: &[(String, NewChapter)],
) -> Result<(), ReferenceError> {
    let placed = match dialect {
        Dialect::Postgres => {
            let ids: Vec<&str> = chapters.iter().map(|(book, _)| book.as_str()).collect();
            let codes: Vec<&str> = chapters.iter().map(|(_, c)| c.code.as_str()).collect();
            let titles: Vec<&str> = chapters.iter().map(|(_, c)| c.title.as_str()).collect();
            tx.execute(CHAPTERS, &[&ids, &codes, &titles]).await?
        }
        Dialect::Redshift => merging::chapters(tx, chapters).await?,
    };
    if placed != chapters.len() as u64 {
        return Err(ReferenceError::Invalid("a chapter names a book that does not exist; bring in books first".into()));
    }
    changed(tx).await
}
