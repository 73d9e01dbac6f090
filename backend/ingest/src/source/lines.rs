//! Cuts a stream into lines, holding at most one line of the longest accepted length in memory.

use std::io::{self, BufRead, Read};

use super::LONGEST_RECORD;

/// What was cut off the stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// A complete piece, now in the buffer without its line end.
    Whole,
    /// Longer than [`LONGEST_RECORD`]; its bytes were dropped. Holds the length in bytes.
    TooLong(u64),
    /// Complete, but not CSV.
    Broken(&'static str),
    /// Nothing is left.
    End,
}

/// Reads the next line into `line` (emptied first). A last line without a line end is a line like any other.
pub(super) fn cut_line<R: BufRead + ?Sized>(reader: &mut R, line: &mut Vec<u8>) -> io::Result<Cut> {
    line.clear();
    // Two more than the longest: a line of exactly that length may end in CR LF.
    let most = LONGEST_RECORD as u64 + 2;
    let mut head = reader.take(most);
    let read = head.read_until(b'\n', line)? as u64;
    if read == 0 {
        return Ok(Cut::End);
    }
    if read == most && line.last() != Some(&b'\n') {
        // The buffer is given back before the rest is skipped: the rest can be gigabytes long.
        line.clear();
        return Ok(Cut::TooLong(read + skip_line(reader)?));
    }
    drop_line_end(line);
    if line.len() > LONGEST_RECORD { Ok(Cut::TooLong(line.len() as u64)) } else { Ok(Cut::Whole) }
}

/// Passes over the rest of a line. Returns its length without the line feed.
fn skip_line<R: BufRead + ?Sized>(reader: &mut R) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            return Ok(skipped);
        }
        let (used, ended) = match chunk.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (chunk.len(), false),
        };
        reader.consume(used);
        skipped += used as u64;
        if ended {
            return Ok(skipped - 1);
        }
    }
}

/// Takes LF or CR LF off the end.
pub(super) fn drop_line_end(line: &mut Vec<u8>) {
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
}

/// Whether there is nothing but white space.
pub(super) fn blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn all(text: &[u8]) -> Vec<(Cut, usize)> {
        let mut reader = BufReader::with_capacity(7, text);
        let mut line = Vec::new();
        let mut out = Vec::new();
        loop {
            match cut_line(&mut reader, &mut line).unwrap() {
                Cut::End => return out,
                cut => out.push((cut, line.len())),
            }
        }
    }

    #[test]
    fn source_line_ends_of_both_kinds_are_dropped_and_the_last_may_be_missing() {
        assert_eq!(all(b"ab\r\n\nabc"), [(Cut::Whole, 2), (Cut::Whole, 0), (Cut::Whole, 3)]);
        assert_eq!(all(b""), []);
    }

    #[test]
    fn source_the_longest_line_is_kept_and_one_byte_more_is_not() {
        let exact = [vec![b'x'; LONGEST_RECORD], b"\r\nshort\n".to_vec()].concat();
        assert_eq!(all(&exact), [(Cut::Whole, LONGEST_RECORD), (Cut::Whole, 5)]);
        for more in [1, 2, 3, 5000] {
            let length = LONGEST_RECORD + more;
            let long = [vec![b'x'; length], b"\nshort".to_vec()].concat();
            let cuts = all(&long);
            assert_eq!(cuts[0].0, Cut::TooLong(length as u64));
            assert_eq!(cuts[1], (Cut::Whole, 5));
        }
    }
}
