//! A CSV file's header and what it makes of each row.

use std::collections::HashSet;
use std::io::{self, Read};

use serde_json::{Map, Value};

use super::Body;
use crate::event::{Reason, Reject};

/// Names the columns and turns rows into maps.
pub(super) struct Table {
    reader: csv::Reader<Feed>,
    row: csv::ByteRecord,
    columns: Vec<String>,
}

/// Hands the csv reader one row at a time, so that the length of what it buffers is ours to bound.
#[derive(Default)]
struct Feed {
    row: Vec<u8>,
    at: usize,
}

impl Read for Feed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = (&self.row[self.at..]).read(into)?;
        self.at += read;
        Ok(read)
    }
}

impl Table {
    /// Reads the header row. An unnamed column is called `column_N`, counted from 1.
    ///
    /// # Errors
    /// A sentence: the header is not UTF-8, has a name twice, or is not separated by commas.
    pub(super) fn with_header(header: &[u8]) -> Result<Table, String> {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            // The rows come ready cut; a lone CR inside one is text.
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(Feed::default());
        let mut table = Table { reader, row: csv::ByteRecord::new(), columns: Vec::new() };
        table.split(header)?;
        let mut seen = HashSet::new();
        for (at, name) in table.row.iter().enumerate() {
            let name = std::str::from_utf8(name).map_err(|_| "it is not UTF-8; save the file as UTF-8".to_owned())?;
            let name = match name.trim() {
                "" => format!("column_{}", at + 1),
                name => name.to_owned(),
            };
            if !seen.insert(name.clone()) {
                return Err(format!("the column `{name}` stands in it twice; rename one of them"));
            }
            table.columns.push(name);
        }
        if let [only] = table.columns.as_slice()
            && only.contains([';', '\t'])
        {
            return Err("its names are not separated by commas; save the file with commas (RFC 4180)".to_owned());
        }
        Ok(table)
    }

    /// The row as column → text, or why it cannot be that.
    pub(super) fn read(&mut self, row: &[u8]) -> Body {
        if let Err(problem) = self.split(row) {
            return Body::Rejected(Reject::new(Reason::BadCsv, problem));
        }
        if self.row.len() != self.columns.len() {
            let detail = format!("the row has {} fields, the header {}", self.row.len(), self.columns.len());
            return Body::Rejected(Reject::new(Reason::BadCsv, detail));
        }
        let mut map = Map::new();
        for (name, field) in self.columns.iter().zip(self.row.iter()) {
            let Ok(text) = std::str::from_utf8(field) else {
                let detail = format!("the column `{name}` is not UTF-8");
                return Body::Rejected(Reject::new(Reason::BadUtf8, detail));
            };
            map.insert(name.clone(), Value::String(text.to_owned()));
        }
        Body::Row(map)
    }

    fn split(&mut self, row: &[u8]) -> Result<(), String> {
        let feed = self.reader.get_mut();
        feed.row.clear();
        feed.row.extend_from_slice(row);
        feed.row.push(b'\n');
        feed.at = 0;
        match self.reader.read_byte_record(&mut self.row) {
            Ok(true) => Ok(()),
            Ok(false) => Err("the row is empty".to_owned()),
            Err(error) => Err(format!("the row is not CSV: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(table: &mut Table, text: &[u8]) -> Result<Vec<(String, String)>, Reason> {
        match table.read(text) {
            Body::Row(map) => {
                Ok(map.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect())
            }
            Body::Rejected(reject) => Err(reject.reason),
            Body::Line(_) => panic!("a table gives no lines"),
        }
    }

    #[test]
    fn source_rows_become_maps_by_the_names_of_the_header() {
        let mut table = Table::with_header("\u{feff}\"id\",,title".as_bytes()).unwrap();
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let read = row(&mut table, b"1,,\"say \"\"x\"\", y\nz\"").unwrap();
        assert_eq!(read, [pair("column_2", ""), pair("id", "1"), pair("title", "say \"x\", y\nz")]);
        assert_eq!(row(&mut table, b"1,2"), Err(Reason::BadCsv));
        assert_eq!(row(&mut table, b"1,2,3,4"), Err(Reason::BadCsv));
        assert_eq!(row(&mut table, b"1,2,\xff"), Err(Reason::BadUtf8));
        assert_eq!(row(&mut table, b"a\rb,2,3").unwrap()[1], pair("id", "a\rb"));
        let long = "x".repeat(100_000);
        assert_eq!(row(&mut table, format!("{long},2,3").as_bytes()).unwrap()[1].1.len(), 100_000);
        assert_eq!(row(&mut table, b"7,8,9").unwrap()[1], pair("id", "7"));
    }

    #[test]
    fn source_headers_that_cannot_name_columns_are_refused() {
        for header in [&b"id,at,id"[..], b"id;at;kind", b"id,\xff"] {
            assert!(Table::with_header(header).is_err());
        }
    }
}
