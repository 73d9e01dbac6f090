//! Rows as a file that both warehouses read: CSV, packed with gzip. A text is always in quotes, so that `\N` without them is none.

use std::io::{self, Read, Write};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::load::rows::EventRow;

/// No value.
const NONE: &str = "\\N";

/// Rows that are being packed. The same rows give the same bytes.
pub(crate) struct Packing {
    text: String,
    packed: GzEncoder<Vec<u8>>,
}

impl Default for Packing {
    fn default() -> Self {
        Self { text: String::new(), packed: GzEncoder::new(Vec::new(), Compression::fast()) }
    }
}

impl Packing {
    /// Adds a row, whose values are written in the order of its table's columns.
    pub fn row(&mut self, write: impl FnOnce(&mut Line<'_>)) {
        self.text.clear();
        write(&mut Line { out: &mut self.text, first: true });
        self.text.push('\n');
        self.packed.write_all(self.text.as_bytes()).expect("memory takes it");
    }

    pub fn finish(self) -> Bytes {
        self.packed.finish().expect("memory takes it").into()
    }
}

/// The rows in the order of [`super::redshift::EVENTS`].
pub(super) fn pack(site: i16, rows: &[EventRow]) -> Bytes {
    let mut packing = Packing::default();
    for row in rows {
        packing.row(|line| write(line, site, row));
    }
    packing.finish()
}

/// The text again, a piece at a time.
pub(super) struct Unpacked(GzDecoder<io::Cursor<Bytes>>);

impl Unpacked {
    pub fn of(packed: Bytes) -> Self {
        Self(GzDecoder::new(io::Cursor::new(packed)))
    }

    /// # Errors
    /// What was packed is damaged.
    pub fn next(&mut self) -> io::Result<Option<Bytes>> {
        const PIECE: u64 = 1 << 20;
        let mut piece = Vec::new();
        self.0.by_ref().take(PIECE).read_to_end(&mut piece)?;
        Ok((!piece.is_empty()).then(|| piece.into()))
    }
}

fn write(line: &mut Line<'_>, site: i16, row: &EventRow) {
    let event = &row.event;
    let props = row.props.as_ref().map(|props| props.to_string());
    line.plain(row.offset);
    line.plain(site);
    line.plain(row.day);
    line.plain(event.id);
    line.plain(time(row.at));
    line.plain(row.offset_min);
    line.plain(time(row.received_at));
    line.plain(hex::encode(row.pseudonym()));
    for number in [event.kind, event.role, event.device, row.refs.school, row.refs.book, row.refs.chapter] {
        line.plain(number);
    }
    line.plain(event.duration_ms);
    for text in [&event.session, &event.query, &event.placement, &event.campaign, &event.variant] {
        line.text(text.as_deref());
    }
    for place in [event.x, event.y] {
        match place {
            Some(place) => line.plain(place),
            None => line.plain(NONE),
        }
    }
    line.text(props.as_deref());
    line.plain(row.robot);
    line.text(event.referrer.as_deref());
}

/// To the microsecond, as a warehouse keeps it, and cut off as the binary form is.
pub(crate) fn time(at: DateTime<Utc>) -> impl std::fmt::Display {
    at.format("%Y-%m-%d %H:%M:%S%.6f+00")
}

/// A row that is being written.
pub(crate) struct Line<'a> {
    out: &'a mut String,
    first: bool,
}

impl Line<'_> {
    fn comma(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.out.push(',');
        }
    }

    /// What has no characters that mean anything.
    pub fn plain(&mut self, value: impl std::fmt::Display) {
        use std::fmt::Write;
        self.comma();
        write!(self.out, "{value}").expect("memory takes it");
    }

    pub fn text(&mut self, value: Option<&str>) {
        self.comma();
        let Some(text) = value else { return self.out.push_str(NONE) };
        self.out.push('"');
        for (nth, part) in text.split('"').enumerate() {
            if nth > 0 {
                self.out.push_str("\"\"");
            }
            self.out.push_str(part);
        }
        self.out.push('"');
    }
}
