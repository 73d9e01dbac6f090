//! What the logs of replays are called: `replay:NUMBER/LOG`.

use super::piece;
use crate::health::REPLAYED;

/// What the source of a topic begins with.
const TOPIC: &str = "kafka:";

/// What the sources of a replay's logs begin with.
pub(super) fn logs(id: i64) -> String {
    format!("{REPLAYED}{id}/")
}

/// The sources of all replays of a log, as LIKE reads them.
pub(crate) fn replays_of(site: &str, source: &str) -> String {
    if source.starts_with(TOPIC) {
        return format!("{REPLAYED}%/{}", literal(source));
    }
    format!("{REPLAYED}%/{}/%", piece::of_log(site, source))
}

/// A text as LIKE reads it that matches itself alone.
pub(super) fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// The piece that is the log of this source, if it is one of a replay.
pub(super) fn piece_of(source: &str) -> Option<&str> {
    Some(source.strip_prefix(REPLAYED)?.split_once('/')?.1)
}
