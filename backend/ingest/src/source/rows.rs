//! Cuts a stream into CSV rows: a line feed inside quotes belongs to the row (RFC 4180, section 2). Only the
//! extent of a row is found here, with bounded memory; its fields are the csv crate's work.

use std::io::{self, BufRead};

use super::LONGEST_RECORD;
use super::lines::{Cut, drop_line_end};

/// Where in a row the reader stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// After a quote inside quotes: the end of the field, or the first half of a doubled quote.
    QuoteSeen,
}

struct Scan {
    state: State,
    /// Something other than a comma or line end followed a closing quote.
    stray: bool,
}

impl Scan {
    /// Goes through a chunk. Returns how many bytes belong to this row, and whether the row ends there.
    fn over(&mut self, chunk: &[u8]) -> (usize, bool) {
        for (at, byte) in chunk.iter().enumerate() {
            self.state = match (self.state, byte) {
                (State::Quoted, b'"') => State::QuoteSeen,
                (State::Quoted, _) => State::Quoted,
                (_, b'\n') => return (at + 1, true),
                (_, b',') => State::FieldStart,
                (State::FieldStart, b'"') => State::Quoted,
                (State::FieldStart | State::Plain, _) => State::Plain,
                (State::QuoteSeen, b'"') => State::Quoted,
                (State::QuoteSeen, b'\r') => State::QuoteSeen,
                (State::QuoteSeen, _) => {
                    self.stray = true;
                    State::Plain
                }
            };
        }
        (chunk.len(), false)
    }
}

/// Reads the next row into `row` (emptied first), without its line end.
pub(super) fn cut_row<R: BufRead + ?Sized>(reader: &mut R, row: &mut Vec<u8>) -> io::Result<Cut> {
    row.clear();
    let mut scan = Scan { state: State::FieldStart, stray: false };
    let mut length: u64 = 0;
    loop {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let at_end = chunk.is_empty();
        let (used, ended) = scan.over(chunk);
        // Two more than the longest, as for lines: the row may end in CR LF.
        let room = (LONGEST_RECORD + 2).saturating_sub(row.len());
        row.extend_from_slice(&chunk[..used.min(room)]);
        reader.consume(used);
        length += used as u64;
        if ended || at_end {
            break;
        }
    }
    if length == 0 {
        return Ok(Cut::End);
    }
    let kept_all = row.len() as u64 == length;
    drop_line_end(row);
    if !kept_all || row.len() > LONGEST_RECORD {
        row.clear();
        return Ok(Cut::TooLong(length));
    }
    Ok(match scan {
        Scan { state: State::Quoted, .. } => Cut::Broken("a quote is opened in this row and never closed"),
        Scan { stray: true, .. } => {
            Cut::Broken("text follows a closing quote; a quote inside a quoted field is written twice")
        }
        _ => Cut::Whole,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn all(text: &[u8]) -> Vec<(bool, String)> {
        let mut reader = BufReader::with_capacity(3, text);
        let mut row = Vec::new();
        let mut out = Vec::new();
        loop {
            match cut_row(&mut reader, &mut row).unwrap() {
                Cut::End => return out,
                cut => out.push((cut == Cut::Whole, String::from_utf8_lossy(&row).into_owned())),
            }
        }
    }

    #[test]
    fn source_rows_keep_line_feeds_inside_quotes_only() {
        let rows = all(b"a,\"b\nc\"\r\n5\" disk,d\n\"say \"\"x\"\"\",e");
        let texts: Vec<&str> = rows.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["a,\"b\nc\"", "5\" disk,d", "\"say \"\"x\"\"\",e"]);
        assert!(rows.iter().all(|(whole, _)| *whole));
    }

    #[test]
    fn source_rows_with_open_quotes_or_text_after_them_are_broken() {
        assert_eq!(all(b"\"a\"b,c\nd,e\n").iter().map(|(whole, _)| *whole).collect::<Vec<_>>(), [false, true]);
        assert_eq!(all(b"a,b\nc,\"d\ne,f\n").iter().map(|(whole, _)| *whole).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn source_a_row_without_end_is_not_held_in_memory() {
        let mut text = b"\"".to_vec();
        text.resize(LONGEST_RECORD * 3, b'x');
        let length = text.len() as u64;
        let mut row = Vec::new();
        assert_eq!(cut_row(&mut text.as_slice(), &mut row).unwrap(), Cut::TooLong(length));
        assert!(row.capacity() < LONGEST_RECORD * 2 + 16);
    }
}
