//! Reading the directory from the warehouse.

use std::collections::HashMap;

use thiserror::Error;
use tokio_postgres::{GenericClient, IsolationLevel, Row, Transaction};
use warehouse::{Dialect, Warehouse, WarehouseError};

use crate::alias;
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

pub(crate) const VERSION: &str = "SELECT reference_version FROM core.installation";
pub(crate) const SITES: &str = "SELECT site_id, code, name, zone, currency, locale FROM core.site";
pub(crate) const REGIONS: &str = "SELECT region_id, site_id, code, name, parent_id FROM core.region";
pub(crate) const SCHOOLS: &str = "SELECT school_id, site_id, external_id, name, licences FROM core.school";
pub(crate) const SCHOOL_REGIONS: &str =
    "SELECT school_id, since, region_id FROM core.school_region ORDER BY school_id, since";
pub(crate) const PUBLISHERS: &str = "SELECT publisher_id, code, name FROM core.publisher";
pub(crate) const BOOK_PUBLISHERS: &str =
    "SELECT book_id, since, publisher_id FROM core.book_publisher ORDER BY book_id, since";
pub(crate) const CHAPTERS: &str = "SELECT chapter_id, book_id, code, title FROM core.chapter";

pub(crate) fn books(dialect: Dialect) -> String {
    let grades = dialect.words("grades");
    format!("SELECT book_id, external_id, title, subject, {grades}, language, weight_milli FROM core.book")
}

/// The version that the dimensions have now; it goes up with every change.
pub async fn version(client: &impl GenericClient) -> Result<i64, ReferenceError> {
    Ok(client.query_one(VERSION, &[]).await?.get(0))
}

/// Reads all dimensions at one moment.
pub async fn directory(warehouse: &Warehouse) -> Result<Directory, ReferenceError> {
    let mut client = warehouse.reader().await?;
    let moment = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead);
    let tx = moment.start().await.map_err(WarehouseError::from)?;
    let directory = directory_in(&tx, warehouse.dialect()).await?;
    tx.commit().await?;
    Ok(directory)
}

/// Reads all dimensions as the transaction sees them, its own changes included.
pub async fn directory_in(tx: &Transaction<'_>, dialect: Dialect) -> Result<Directory, ReferenceError> {
    let mut d = Directory::new(version(tx).await?);

    for row in tx.query(SITES, &[]).await? {
        let (code, zone): (String, String) = (row.get(1), row.get(3));
        let zone = zone.parse().map_err(|_| ReferenceError::Zone { code: code.clone(), zone: zone.clone() })?;
        d.add_site(Site { id: row.get(0), code, name: row.get(2), zone, currency: row.get(4), locale: row.get(5) });
    }
    for row in tx.query(REGIONS, &[]).await? {
        let site_id = row.get(1);
        let Some(code) = scoped(&d, site_id, row.get(2)) else { continue };
        d.add_region(Region { id: row.get(0), site_id, code, name: row.get(3), parent_id: row.get(4) });
    }
    let mut histories = history(tx.query(SCHOOL_REGIONS, &[]).await?);
    for row in tx.query(SCHOOLS, &[]).await? {
        let (id, site_id) = (row.get(0), row.get(1));
        let Some(code) = scoped(&d, site_id, row.get(2)) else { continue };
        let regions = histories.remove(&id).unwrap_or_default();
        d.add_school(School { id, site_id, code, name: row.get(3), licences: row.get(4), regions });
    }
    for row in tx.query(PUBLISHERS, &[]).await? {
        d.add_publisher(Publisher { id: row.get(0), code: row.get(1), name: row.get(2) });
    }
    let mut histories = history(tx.query(BOOK_PUBLISHERS, &[]).await?);
    for row in tx.query(&books(dialect), &[]).await? {
        let (id, grades): (i32, String) = (row.get(0), row.get(4));
        d.add_book(Book {
            id,
            code: row.get(1),
            title: row.get(2),
            subject: row.get(3),
            grades: grades.split(',').filter(|g| !g.is_empty()).map(str::to_string).collect(),
            language: row.get(5),
            weight_milli: row.get(6),
            publishers: histories.remove(&id).unwrap_or_default(),
        });
    }
    for row in tx.query(CHAPTERS, &[]).await? {
        let (book_id, code): (i32, String) = (row.get(1), row.get(2));
        let Some(book) = d.books.get(&book_id) else { continue };
        let code = format!("{}:{code}", book.code);
        d.add_chapter(Chapter { id: row.get(0), book_id, code, title: row.get(3) });
    }
    d.aliases = alias::list(tx).await?;
    Ok(d)
}

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
