//! The shipped mapping on a real month of its log, where that file is at hand.

use std::collections::HashSet;
use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{TimeZone, Utc};
use model::{KINDS, ROLES};
use uuid::Uuid;

use super::{Decoder, Mapping};
use crate::event::Decoded;
use crate::source::FileSource;

const MAPPING: &str = include_str!("../../../../mappings/eventsim.toml");

/// `$OCTAVO_SHARED`, or the folder `shared` beside the workspace.
fn log() -> PathBuf {
    let shared = env::var_os("OCTAVO_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    shared.join("data/eventsim/2018-11.jsonl.gz")
}

#[test]
fn decode_eventsim_a_month_of_the_log_gives_the_known_counts() {
    let path = log();
    if !path.is_file() {
        // Past the test runner's capture, so that a run says what it did not prove.
        let _ =
            writeln!(std::io::stderr(), "skipped: the mapping of the music log, for shared/data/eventsim is not here");
        return;
    }
    let decoder = Decoder::from(Mapping::parse(MAPPING).unwrap());
    let now = Utc.with_ymd_and_hms(2026, 3, 10, 12, 0, 0).unwrap();
    let (mut records, mut events, mut skipped) = (0, 0, 0);
    let (mut ids, mut persons, mut publishers) = (HashSet::new(), HashSet::new(), HashSet::new());
    let (mut books, mut schools) = (HashSet::new(), HashSet::new());
    let mut milliseconds = 0;
    for record in FileSource::open(&path, Uuid::nil()).unwrap() {
        let record = record.unwrap();
        assert_eq!(record.offset, records);
        records += 1;
        match decoder.decode(&record.body, now) {
            Decoded::Skipped => skipped += 1,
            Decoded::Rejected(reject) => panic!("record {} was rejected: {reject:?}", record.offset),
            Decoded::Event(event) => {
                events += 1;
                assert_eq!((KINDS.name(event.kind), ROLES.name(event.role)), (Some("page_view"), Some("student")));
                let creates = event.creates.unwrap();
                let (code, name) = creates.publisher.unwrap();
                assert_eq!(code, name);
                assert_eq!(event.school, creates.school_name);
                assert_eq!(event.book, Some(format!("{code} / {}", creates.book_title.unwrap())));
                assert!(event.session.is_some() && event.props.is_empty());
                ids.insert(event.id);
                persons.insert(event.person);
                publishers.insert(code);
                books.extend(event.book);
                schools.extend(event.school);
                milliseconds += i64::from(event.duration_ms);
            }
        }
    }
    assert_eq!((records, events, skipped), (8056, 6820, 1236));
    assert_eq!((ids.len(), persons.len(), publishers.len()), (6820, 96, 3147));
    assert_eq!((books.len(), schools.len()), (5295, 63));
    // 246 seconds a song, on average.
    assert!((1_600_000_000..1_800_000_000).contains(&milliseconds), "{milliseconds}");
}
