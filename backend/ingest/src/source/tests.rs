use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::event::Reason;

fn written(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn records(path: &Path) -> Vec<Record> {
    FileSource::open(path, Uuid::nil()).unwrap().map(Result::unwrap).collect()
}

/// The bodies of a file of these bytes under this name; offsets must be 0, 1, 2 … .
fn bodies(name: &str, bytes: &[u8]) -> Vec<Body> {
    let folder = tempfile::tempdir().unwrap();
    let records = records(&written(&folder, name, bytes));
    for (at, record) in records.iter().enumerate() {
        assert_eq!(record.offset, at as u64);
        assert!(record.bytes_read <= bytes.len() as u64);
    }
    records.into_iter().map(|record| record.body).collect()
}

fn line(text: &str) -> Body {
    Body::Line(text.as_bytes().to_vec())
}

fn reason(body: &Body) -> Option<Reason> {
    match body {
        Body::Rejected(reject) => Some(reject.reason),
        _ => None,
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).unwrap()
}

/// Lines that pack badly, so that a cut anywhere leaves some of them.
fn sample(lines: usize) -> Vec<u8> {
    (0..lines).map(|n| format!("{}\n", Uuid::new_v5(&Uuid::NAMESPACE_OID, &n.to_le_bytes()))).collect::<String>().into()
}

#[test]
fn source_plain_and_packed_files_give_the_same_records_whatever_they_are_called() {
    let text = "\u{feff}{\"a\":1}\r\n\n  \n{\"b\":2}\nlast".as_bytes();
    let expected = vec![line("{\"a\":1}"), line("{\"b\":2}"), line("last")];
    for name in ["x.jsonl", "x.gz", "x.json.zst", "x"] {
        assert_eq!(bodies(name, text), expected);
        assert_eq!(bodies(name, &gzip(text)), expected);
        assert_eq!(bodies(name, &zstd(text)), expected);
    }
    let members = [gzip(b"one\ntw"), gzip(b"o\nthree\n")].concat();
    assert_eq!(bodies("x.gz", &members), [line("one"), line("two"), line("three")]);
    assert!(bodies("x.jsonl", b"").is_empty());
    assert!(bodies("x.gz", &gzip(b"")).is_empty());
}

#[test]
fn source_identity_is_the_raw_bytes_not_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let identity = |name, bytes: &[u8]| {
        let source = FileSource::open(&written(&folder, name, bytes), Uuid::nil()).unwrap();
        assert_eq!(source.total_bytes(), Some(bytes.len() as u64));
        source.identity().to_owned()
    };
    assert_eq!(identity("a", b"abc"), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(identity("b.csv", b"abc"), identity("a", b"abc"));
    assert_ne!(identity("a", b"abd"), identity("a", b"abc"));
    let stdin = FileSource::open(Path::new("-"), Uuid::from_u128(7)).unwrap();
    assert_eq!(stdin.identity(), "stdin:00000000-0000-0000-0000-000000000007");
    assert_eq!(stdin.total_bytes(), None);
}

#[test]
fn source_folders_and_missing_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(FileSource::open(folder.path(), Uuid::nil()), Err(SourceError::NotAFile { .. })));
    let missing = folder.path().join("missing");
    assert!(matches!(FileSource::open(&missing, Uuid::nil()), Err(SourceError::Open { .. })));
}

#[test]
fn source_a_gzip_file_cut_anywhere_gives_its_complete_lines_and_one_truncated_record() {
    let text = sample(400);
    let whole: Vec<Body> = bodies("x.gz", &text);
    let packed = gzip(&text);
    let mut seen = 0;
    for cut in (0..packed.len()).step_by(97).chain([1, packed.len() - 9, packed.len() - 8, packed.len() - 1]) {
        let read = bodies("x.gz", &packed[..cut]);
        let (last, before) = read.split_last().expect("damage is visible");
        assert_eq!(reason(last), Some(Reason::Truncated), "cut at {cut}");
        assert_eq!(before, &whole[..before.len()], "cut at {cut}");
        seen = seen.max(before.len());
    }
    assert_eq!(seen, 400, "a cut inside the trailer loses no line");
}

#[test]
fn source_damaged_gzip_and_zstd_end_in_one_truncated_record() {
    let text = sample(400);
    let packed = zstd(&text);
    for cut in (0..packed.len()).step_by(97).chain([1, 2, 3]) {
        let read = bodies("x.zst", &packed[..cut]);
        assert_eq!(read.iter().filter(|body| reason(body).is_some()).count(), 1, "cut at {cut}");
        assert_eq!(reason(read.last().unwrap()), Some(Reason::Truncated));
    }
    let mut flipped = gzip(&text);
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    assert_eq!(reason(bodies("x.gz", &flipped).last().unwrap()), Some(Reason::Truncated));
    // Something after the last member is damage too: it may be the rest of another file.
    let trailing = [gzip(b"one\n"), b"garbage".to_vec()].concat();
    let read = bodies("x.gz", &trailing);
    assert_eq!((&read[0], reason(&read[1]), read.len()), (&line("one"), Some(Reason::Truncated), 2));
}

#[test]
fn source_a_line_too_long_is_one_record_with_its_length() {
    let text = [b"a\n".to_vec(), vec![b'x'; LONGEST_RECORD + 1], b"\nb\n".to_vec()].concat();
    for bytes in [text.clone(), gzip(&text)] {
        let read = bodies("x", &bytes);
        assert_eq!((&read[0], &read[2], read.len()), (&line("a"), &line("b"), 3));
        let Body::Rejected(reject) = &read[1] else { panic!("too long a line was accepted") };
        assert_eq!(reject.reason, Reason::TooLong);
        assert!(reject.detail.contains("1048577"), "{}", reject.detail);
    }
}

#[test]
fn source_csv_rows_are_maps_and_bad_rows_are_records_too() {
    let text = b"\xef\xbb\xbfid,title\r\n1,\"a\nb\"\r\n\r\n2\r\n3,\xff\n4,\"x\"y\n5,e\n6,\"open\n";
    for (name, bytes) in [("x.csv", text.to_vec()), ("X.CSV.gz", gzip(text)), ("x.csv.zst", zstd(text))] {
        let read = bodies(name, &bytes);
        let Body::Row(first) = &read[0] else { panic!("not a row") };
        assert_eq!((first["id"].as_str(), first["title"].as_str()), (Some("1"), Some("a\nb")));
        let reasons: Vec<_> = read.iter().map(reason).collect();
        let (csv, utf8) = (Some(Reason::BadCsv), Some(Reason::BadUtf8));
        assert_eq!(reasons, [None, csv, utf8, csv, None, csv]);
    }
    assert!(bodies("x.csv", b"id,title\n").is_empty());
    assert!(bodies("x.csv", b"").is_empty());
}

#[test]
fn source_a_bad_csv_header_is_an_error_and_not_a_record() {
    let folder = tempfile::tempdir().unwrap();
    for header in [&b"id,id\n1,2\n"[..], b"id;at\n", b"\"id,at\n", b"id,\xff\n1,2\n"] {
        let path = written(&folder, "x.csv", header);
        let read: Vec<_> = FileSource::open(&path, Uuid::nil()).unwrap().collect();
        assert!(matches!(read.as_slice(), [Err(SourceError::Header { .. })]), "{read:?}");
    }
}

#[test]
fn source_a_file_changed_meanwhile_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "x", b"one\ntwo\n");
    let source = FileSource::open(&path, Uuid::nil()).unwrap();
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"three\n").unwrap();
    let read: Vec<_> = source.collect();
    assert_eq!(read.len(), 3);
    assert!(matches!(read[2], Err(SourceError::Changed { .. })));
}

/// A device that fails after some bytes.
struct Failing(io::Cursor<Vec<u8>>);

impl Read for Failing {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.0.read(into)? {
            0 => Err(io::Error::other("the device is gone")),
            read => Ok(read),
        }
    }
}

#[test]
fn source_a_failing_device_is_an_error_not_an_end_and_not_damage() {
    let text = sample(20_000);
    for (name, bytes) in [("x", text.clone()), ("x.gz", gzip(&text)), ("x.csv", text.clone())] {
        let half = io::Cursor::new(bytes[..bytes.len() / 2].to_vec());
        let source = FileSource::over(Path::new(name), "test".into(), Box::new(Failing(half)), None).unwrap();
        let read: Vec<_> = source.collect();
        assert!(matches!(read.last(), Some(Err(SourceError::Read { .. }))), "{name}");
        assert_eq!(read.iter().filter(|item| item.is_err()).count(), 1);
        assert!(read.len() > 1 && read.iter().flatten().all(|record| reason(&record.body).is_none()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn source_every_line_is_one_record_however_it_is_split(
        lines in prop::collection::vec("[ -~]{0,30}", 0..40),
        ends in prop::collection::vec(any::<bool>(), 40),
        last_end in any::<bool>(),
        members in 1_usize..5,
    ) {
        let mut text = String::new();
        for (at, line) in lines.iter().enumerate() {
            text.push_str(line);
            if at + 1 < lines.len() || last_end {
                text.push_str(if ends[at] { "\r\n" } else { "\n" });
            }
        }
        let expected: Vec<Body> = lines.iter().filter(|text| !text.trim().is_empty()).map(|text| line(text)).collect();
        let size = text.len() / members + 1;
        let packed: Vec<u8> = text.as_bytes().chunks(size).flat_map(gzip).collect();
        prop_assert_eq!(&bodies("x", text.as_bytes()), &expected);
        if !text.is_empty() {
            prop_assert_eq!(&bodies("x", &packed), &expected);
        }
        prop_assert_eq!(&bodies("x", &zstd(text.as_bytes())), &expected);
    }

    #[test]
    fn source_arbitrary_bytes_never_panic_and_read_twice_give_the_same(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        magic in 0_usize..3,
        csv in any::<bool>(),
    ) {
        let head: &[u8] = [&b""[..], &[0x1f, 0x8b, 8, 0], &[0x28, 0xb5, 0x2f, 0xfd]][magic];
        let folder = tempfile::tempdir().unwrap();
        let path = written(&folder, if csv { "x.csv" } else { "x" }, &[head, &bytes].concat());
        let read = || FileSource::open(&path, Uuid::nil()).unwrap().map(|item| format!("{item:?}")).collect::<Vec<_>>();
        prop_assert_eq!(read(), read());
    }
}
