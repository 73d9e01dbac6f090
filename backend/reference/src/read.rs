//! Reading the directory from the warehouse.

use std::collections::HashMap;

use thiserror::Error;
use tokio_postgres::{GenericClient, Row, Transaction};
use warehouse::{Warehouse, WarehouseError};

use crate::directory::{Book, Chapter, Directory, Publisher, Region, School, Site};

#[derive(Debug, Error)]
pub enum ReferenceError {
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error("site {code} has the time zone '{zone}', which is not known")]
    Zone { code: String, zone: String },
    #[error("{0}")]
    Invalid(String),
}

impl From<tokio_postgres::Error> for ReferenceError {
    fn from(error: tokio_postgres::Error) -> Self {
        ReferenceError::Warehouse(error.into())
    }
}

/// The version that the dimensions have now; it goes up with every change.
pub async fn version(client: &impl GenericClient) -> Result<i64, ReferenceError> {
    Ok(client.query_one("SELECT reference_version FROM core.installation", &[]).await?.get(0))
}

/// Reads all dimensions at one moment.
pub async fn directory(warehouse: &Warehouse) -> Result<Directory, ReferenceError> {
    let mut client = warehouse.client().await?;
    let tx = client
        .build_transaction()
        .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await
        .map_err(WarehouseError::from)?;
    let directory = directory_in(&tx).await?;
    tx.commit().await?;
    Ok(directory)
}

/// Reads all dimensions as the transaction sees them, its own changes included.
pub async fn directory_in(tx: &Transaction<'_>) -> Result<Directory, ReferenceError> {
    let mut d = Directory { version: version(tx).await?, ..Directory::default() };

    for row in tx.query("SELECT site_id, code, name, zone, currency, locale FROM core.site", &[]).await? {
        let (code, zone): (String, String) = (row.get(1), row.get(3));
        let zone = zone.parse().map_err(|_| ReferenceError::Zone { code: code.clone(), zone: zone.clone() })?;
        let site = Site { id: row.get(0), code, name: row.get(2), zone, currency: row.get(4), locale: row.get(5) };
        d.site_codes.insert(site.code.clone(), site.id);
        d.sites.insert(site.id, site);
    }
    for row in tx.query("SELECT region_id, site_id, code, name, parent_id FROM core.region", &[]).await? {
        let site_id = row.get(1);
        let Some(code) = scoped(&d, site_id, row.get(2)) else { continue };
        let region = Region { id: row.get(0), site_id, code, name: row.get(3), parent_id: row.get(4) };
        d.region_codes.insert(region.code.clone(), region.id);
        d.regions.insert(region.id, region);
    }
    let mut histories = history(tx.query(SCHOOL_REGIONS, &[]).await?);
    for row in tx.query("SELECT school_id, site_id, external_id, name, licences FROM core.school", &[]).await? {
        let (id, site_id) = (row.get(0), row.get(1));
        let Some(code) = scoped(&d, site_id, row.get(2)) else { continue };
        let regions = histories.remove(&id).unwrap_or_default();
        d.school_codes.insert(code.clone(), id);
        d.schools.insert(id, School { id, site_id, code, name: row.get(3), licences: row.get(4), regions });
    }
    for row in tx.query("SELECT publisher_id, code, name FROM core.publisher", &[]).await? {
        let publisher = Publisher { id: row.get(0), code: row.get(1), name: row.get(2) };
        d.publisher_codes.insert(publisher.code.clone(), publisher.id);
        d.publishers.insert(publisher.id, publisher);
    }
    let mut histories = history(tx.query(BOOK_PUBLISHERS, &[]).await?);
    for row in tx.query(BOOKS, &[]).await? {
        let id = row.get(0);
        let book = Book {
            id,
            code: row.get(1),
            title: row.get(2),
            subject: row.get(3),
            grades: row.get(4),
            language: row.get(5),
            weight_milli: row.get(6),
            publishers: histories.remove(&id).unwrap_or_default(),
        };
        d.book_codes.insert(book.code.clone(), id);
        d.books.insert(id, book);
    }
    for row in tx.query("SELECT chapter_id, book_id, code, title FROM core.chapter", &[]).await? {
        let (book_id, code): (i32, String) = (row.get(1), row.get(2));
        let Some(book) = d.books.get(&book_id) else { continue };
        let code = format!("{}:{code}", book.code);
        let chapter = Chapter { id: row.get(0), book_id, code, title: row.get(3) };
        d.chapter_codes.insert(chapter.code.clone(), chapter.id);
        d.chapters.insert(chapter.id, chapter);
    }
    Ok(d)
}

const SCHOOL_REGIONS: &str = "SELECT school_id, since, region_id FROM core.school_region ORDER BY school_id, since";
const BOOK_PUBLISHERS: &str = "SELECT book_id, since, publisher_id FROM core.book_publisher ORDER BY book_id, since";
const BOOKS: &str = "SELECT book_id, external_id, title, subject, grades, language, weight_milli FROM core.book";

/// A code that is unique beyond its site. None for a thing of a site that was added a moment after the sites were read;
/// the version says so, and the next reading has both.
fn scoped(directory: &Directory, site: i16, code: String) -> Option<String> {
    Some(format!("{}:{code}", directory.sites.get(&site)?.code))
}

fn history(rows: Vec<Row>) -> HashMap<i32, Vec<(chrono::NaiveDate, i32)>> {
    let mut out: HashMap<i32, Vec<_>> = HashMap::new();
    for row in rows {
        out.entry(row.get(0)).or_default().push((row.get(1), row.get(2)));
    }
    out
}
