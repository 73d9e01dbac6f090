//! Reference data out of CSV files (RFC 4180, UTF-8, with a header line): regions, schools, publishers, books, chapters.

use std::io::Read;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use tokio_postgres::Transaction;
use warehouse::Dialect;

use crate::entity::{NewBook, NewChapter, NewPublisher, NewRegion, NewSchool};
use crate::read::ReferenceError;
use crate::write;

/// Which table a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// `code,name,parent`
    Regions,
    /// `id,name,region,licences,since`
    Schools,
    /// `code,name`
    Publishers,
    /// `id,title,publisher,subject,grades,language,weight,since`; grades separated by spaces
    Books,
    /// `book,code,title`
    Chapters,
}

impl FromStr for Table {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "regions" => Ok(Table::Regions),
            "schools" => Ok(Table::Schools),
            "publishers" => Ok(Table::Publishers),
            "books" => Ok(Table::Books),
            "chapters" => Ok(Table::Chapters),
            _ => Err(format!("'{text}' is no table; use regions, schools, publishers, books or chapters")),
        }
    }
}

/// A file that cannot be taken. Nothing of it is.
#[derive(Debug, Error)]
pub enum TableError {
    #[error("{0}; see `octavo import csv --help` for the columns")]
    Csv(#[from] csv::Error),
    #[error("row {row}: {problem}")]
    Row { row: usize, problem: String },
    #[error(transparent)]
    Reference(#[from] ReferenceError),
}

/// When nothing is said, what is brought in has held since before any event.
const ALWAYS: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionRow {
    code: String,
    name: String,
    #[serde(default)]
    parent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SchoolRow {
    id: String,
    name: String,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    licences: Option<i32>,
    #[serde(default)]
    since: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublisherRow {
    code: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BookRow {
    id: String,
    title: String,
    #[serde(default)]
    publisher: Option<String>,
    #[serde(default)]
    subject: Option<String>,
    #[serde(default)]
    grades: String,
    #[serde(default)]
    language: Option<String>,
    /// A decimal with at most three places; 1 when not said.
    #[serde(default)]
    weight: Option<String>,
    #[serde(default)]
    since: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChapterRow {
    book: String,
    code: String,
    title: String,
}

/// Brings a table in, all of it or nothing; returns how many rows. `site` is the site of regions and schools.
pub async fn bring_in(
    tx: &Transaction<'_>,
    dialect: Dialect,
    table: Table,
    site: i16,
    file: impl Read,
) -> Result<usize, TableError> {
    match table {
        Table::Regions => {
            let rows: Vec<RegionRow> = rows(file, |r: &RegionRow| &r.code)?;
            let new = |r: RegionRow| NewRegion { code: r.code, name: r.name, parent: r.parent };
            let new: Vec<_> = rows.into_iter().map(new).collect();
            write::regions(tx, dialect, site, &new).await?;
            Ok(new.len())
        }
        Table::Schools => {
            let rows: Vec<SchoolRow> = rows(file, |r: &SchoolRow| &r.id)?;
            let new = |r: SchoolRow| NewSchool {
                external_id: r.id,
                name: r.name,
                region: r.region,
                licences: r.licences,
                since: r.since.unwrap_or(ALWAYS),
            };
            let new: Vec<_> = rows.into_iter().map(new).collect();
            write::schools(tx, dialect, site, &new).await?;
            Ok(new.len())
        }
        Table::Publishers => {
            let rows: Vec<PublisherRow> = rows(file, |r: &PublisherRow| &r.code)?;
            let new: Vec<_> = rows.into_iter().map(|r| NewPublisher { code: r.code, name: r.name }).collect();
            write::publishers(tx, dialect, &new).await?;
            Ok(new.len())
        }
        Table::Books => {
            let rows: Vec<BookRow> = rows(file, |r: &BookRow| &r.id)?;
            let new: Vec<_> = rows.into_iter().enumerate().map(|(i, r)| book(i, r)).collect::<Result<_, _>>()?;
            write::books(tx, dialect, &new).await?;
            Ok(new.len())
        }
        Table::Chapters => {
            let rows: Vec<ChapterRow> = rows(file, |r: &ChapterRow| &r.book)?;
            let new = |r: ChapterRow| (r.book, NewChapter { code: r.code, title: r.title });
            let new: Vec<_> = rows.into_iter().map(new).collect();
            write::chapters(tx, dialect, &new).await?;
            Ok(new.len())
        }
    }
}

fn rows<T: DeserializeOwned>(file: impl Read, key: impl Fn(&T) -> &String) -> Result<Vec<T>, TableError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
    let rows: Vec<T> = reader.deserialize().collect::<Result<_, _>>()?;
    match rows.iter().position(|r| key(r).is_empty()) {
        Some(i) => Err(TableError::Row { row: i + 1, problem: "its first column is empty".into() }),
        None => Ok(rows),
    }
}

fn book(index: usize, row: BookRow) -> Result<NewBook, TableError> {
    let weight_milli = match row.weight.as_deref() {
        None => Some(1000),
        Some(text) => milli(text),
    };
    let problem =
        || TableError::Row { row: index + 1, problem: "weight has to be a decimal such as 1.5, up to 1000".into() };
    Ok(NewBook {
        external_id: row.id,
        title: row.title,
        publisher: row.publisher,
        subject: row.subject,
        grades: row.grades.split_whitespace().map(str::to_string).collect(),
        language: row.language,
        weight_milli: weight_milli.ok_or_else(problem)?,
        since: row.since.unwrap_or(ALWAYS),
        chapters: vec![],
    })
}

/// `1.5` → 1500. Exactly: no float is involved.
fn milli(text: &str) -> Option<i32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || part.len() > 3 || !digits(whole) || !digits(part) {
        return None;
    }
    let milli = format!("{whole}{part:0<3}").parse().ok()?;
    (milli <= 1_000_000).then_some(milli)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_exact_thousandths() {
        assert_eq!(milli("1"), Some(1000));
        assert_eq!(milli("0.8"), Some(800));
        assert_eq!(milli("1.125"), Some(1125));
        for bad in ["", "-1", "1.0001", "1e3", "one", "1001", "."] {
            assert_eq!(milli(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_file_with_a_wrong_column_or_an_empty_key_is_refused() {
        let id = |r: &PublisherRow| -> String { r.code.clone() };
        let read = |text: &str| {
            rows(text.as_bytes(), |r: &PublisherRow| &r.code).map(|r| r.iter().map(id).collect::<Vec<_>>())
        };
        assert_eq!(read("code,name\nalma,Alma\n").unwrap(), ["alma"]);
        assert!(read("code,name,colour\nalma,Alma,red\n").is_err());
        assert!(read("code\nalma\n").is_err());
        assert!(read("code,name\n,Alma\n").is_err());
    }
}
