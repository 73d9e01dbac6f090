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

/// The rows in the order of [`super::redshift::EVENTS`]. The same rows give the same bytes.
pub(super) fn pack(site: i16, rows: &[EventRow]) -> Bytes {
    let mut text = String::new();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    for row in rows {
        text.clear();
        write(&mut text, site, row);
        packed.write_all(text.as_bytes()).expect("memory takes it");
    }
    packed.finish().expect("memory takes it").into()
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

fn write(out: &mut String, site: i16, row: &EventRow) {
    let event = &row.event;
    let props = row.props.as_ref().map(|props| props.to_string());
    let mut line = Line { out, first: true };
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
    out.push('\n');
}

/// To the microsecond, as a warehouse keeps it, and cut off as the binary form is.
fn time(at: DateTime<Utc>) -> impl std::fmt::Display {
    at.format("%Y-%m-%d %H:%M:%S%.6f+00")
}

struct Line<'a> {
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
    fn plain(&mut self, value: impl std::fmt::Display) {
        use std::fmt::Write;
        self.comma();
        write!(self.out, "{value}").expect("memory takes it");
    }

    fn text(&mut self, value: Option<&str>) {
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
