//! The names of pieces.

use chrono::{DateTime, Utc};
use stage::Object;

const FOLDER: &str = "raw";
const ENDING: &str = ".ndjson.zst";

/// The records from `first` to before `next` of one log, as an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub name: String,
    /// The log's source, such as `spool:…`.
    pub source: String,
    pub first: i64,
    pub next: i64,
    pub written_at: DateTime<Utc>,
}

impl Piece {
    /// What stands in the store under this name; `None` if it is no piece.
    pub(super) fn of(object: Object) -> Option<Self> {
        let mut parts = object.name.split('/');
        let (Some(FOLDER), Some(_), Some(source), Some(range), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let (first, next) = range.strip_suffix(ENDING)?.split_once('-')?;
        let (first, next) = (first.parse().ok()?, next.parse().ok()?);
        let source = source.replacen('=', ":", 1);
        (0 <= first && first < next).then_some(Self {
            source,
            first,
            next,
            written_at: object.written_at,
            name: object.name,
        })
    }
}

/// The folder of a site's pieces.
pub(super) fn of_site(site: &str) -> String {
    format!("{FOLDER}/{site}")
}

/// The folder of a log's pieces. A colon is no safe character in a key of S3.
pub(super) fn of_log(site: &str, source: &str) -> String {
    format!("{FOLDER}/{site}/{}", source.replacen(':', "=", 1))
}

/// With so many digits names sort as their numbers do.
pub(super) fn name(site: &str, source: &str, (first, next): (i64, i64)) -> String {
    format!("{}/{first:019}-{next:019}{ENDING}", of_log(site, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_is_in_it() {
        let object = |name: &str| Object { name: name.into(), bytes: 1, written_at: DateTime::UNIX_EPOCH };
        let piece = Piece::of(object(&name("ee", "spool:1-2", (7, 4711)))).unwrap();
        assert_eq!((piece.source.as_str(), piece.first, piece.next), ("spool:1-2", 7, 4711));
        for other in [
            "raw/ee/spool=1/7-4711.csv",
            "raw/ee/spool=1/9-9.ndjson.zst",
            "raw/ee/1-2.ndjson.zst",
            "stage/ee/s/1-2.ndjson.zst",
        ] {
            assert_eq!(Piece::of(object(other)), None, "{other}");
        }
    }
}
