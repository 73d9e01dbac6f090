//! The limits every event is held to, whatever form it came in.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};

use crate::event::{Reason, Reject};

/// The longest text of a field, in bytes of UTF-8. `props` is bounded by the record's length alone.
pub const LONGEST_TEXT: usize = 512;

/// The longest duration: one day, in milliseconds.
pub const LONGEST_DURATION_MS: i32 = 86_400_000;

/// How far an event's time may lie ahead of the receiver's clock.
pub const AHEAD: TimeDelta = TimeDelta::hours(1);

/// Nothing that Octavo measures is older; an earlier date is a clock that was never set, or seconds read as
/// milliseconds.
pub const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date");

/// How much of a value a sentence may show.
const SHOWN: usize = 40;

/// A text within the limits. `name` is the field's, for the sentence.
pub(crate) fn text(name: &str, value: &str) -> Result<(), Reject> {
    if value.len() > LONGEST_TEXT {
        let detail = format!("field `{name}` is {} bytes long; at most {LONGEST_TEXT} are accepted", value.len());
        return Err(Reject::new(Reason::BadField, detail));
    }
    // Nearly every text is plain ASCII, which bytes alone decide.
    let plain = value.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if !plain && value.chars().any(char::is_control) {
        return Err(Reject::new(Reason::BadField, format!("field `{name}` contains a control character")));
    }
    Ok(())
}

/// As much of a text as is read, without control characters at its end or beyond [`LONGEST_TEXT`].
pub(super) fn cut(value: &str) -> &str {
    let end = value.find(char::is_control).unwrap_or(value.len()).min(LONGEST_TEXT);
    &value[..value.floor_char_boundary(end)]
}

/// A time no older than [`EARLIEST`] (on its own calendar) and at most [`AHEAD`] of `now`.
pub(super) fn time(at: DateTime<FixedOffset>, now: DateTime<Utc>) -> Result<(), Reject> {
    let date = at.date_naive();
    if date < EARLIEST {
        let detail = format!("the date is {date}; the earliest accepted is {EARLIEST}");
        return Err(Reject::new(Reason::TooOld, detail));
    }
    if at.signed_duration_since(now) > AHEAD {
        let detail = format!("the date is {date}; that is more than an hour ahead of the clock");
        return Err(Reject::new(Reason::InFuture, detail));
    }
    Ok(())
}

/// Milliseconds as stored. Fractions are rounded away; `None` outside of 0 to one day.
pub(super) fn duration_ms(milliseconds: f64) -> Option<i32> {
    let rounded = milliseconds.round();
    // NaN is in no range.
    (0.0..=f64::from(LONGEST_DURATION_MS)).contains(&rounded).then_some(rounded as i32)
}

/// A coordinate as stored; `None` when it is not finite in single precision.
pub(super) fn coordinate(value: f64) -> Option<f32> {
    let stored = value as f32;
    stored.is_finite().then_some(stored)
}

/// An unknown name, for a sentence: only if it looks like a name, for a mixed-up log may have a person's id
/// in its place, and sentences are read by people who may not see that.
pub(super) fn shown<'a>(value: &'a str, person: Option<&str>) -> Cow<'a, str> {
    let name_like = value.len() <= SHOWN && value.bytes().all(|b| b.is_ascii_alphabetic() || b" _-".contains(&b));
    if name_like && person != Some(value) { Cow::Owned(format!("`{value}`")) } else { Cow::Borrowed("what it holds") }
}

/// The sentence for a name outside of a closed list.
pub(super) fn unknown(
    reason: Reason,
    field: &str,
    value: &str,
    person: Option<&str>,
    known: impl Iterator<Item = &'static str>,
) -> Reject {
    let known: Vec<&str> = known.collect();
    let value = shown(value, person);
    Reject::new(reason, format!("{value} is not a {field}; known are {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn decode_texts_are_limited_in_bytes_and_free_of_control_characters() {
        assert!(text("book", &"ä".repeat(256)).is_ok());
        assert!(text("book", &"ä".repeat(257)).unwrap_err().detail.contains("514 bytes"));
        for bad in ["a\0", "a\n", "\u{7f}", "\u{85}"] {
            assert_eq!(text("book", bad).unwrap_err().reason, Reason::BadField);
        }
        assert!(text("book", "Õpik 🎉").is_ok());
    }

    #[test]
    fn decode_times_are_bounded_on_both_sides() {
        let now = Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap();
        let checked = |text| time(DateTime::parse_from_rfc3339(text).unwrap(), now).map_err(|r| (r.reason, r.detail));
        assert!(checked("2000-01-01T00:00:00+02:00").is_ok());
        let (reason, detail) = checked("1970-01-01T00:00:00Z").unwrap_err();
        assert_eq!(reason, Reason::TooOld);
        assert_eq!(detail, "the date is 1970-01-01; the earliest accepted is 2000-01-01");
        assert!(checked("2026-03-01T15:00:00+02:00").is_ok());
        assert_eq!(checked("2026-03-01T15:00:01+02:00").unwrap_err().0, Reason::InFuture);
        assert_eq!(checked("9999-12-31T23:59:59Z").unwrap_err().0, Reason::InFuture);
    }

    #[test]
    fn decode_numbers_are_bounded() {
        assert_eq!(duration_ms(-0.0), Some(0));
        assert_eq!(duration_ms(86_400_000.0), Some(LONGEST_DURATION_MS));
        for bad in [-1.0, 86_400_001.0, 1e300, f64::NAN, f64::INFINITY] {
            assert_eq!(duration_ms(bad), None);
        }
        assert_eq!(coordinate(0.5), Some(0.5));
        assert_eq!(coordinate(1e39), None);
    }

    #[test]
    fn decode_sentences_show_names_but_neither_ids_nor_persons() {
        assert_eq!(shown("video_play", None), "`video_play`");
        for hidden in ["pupil-7", "a@b.ee", "Ann"] {
            assert_eq!(shown(hidden, Some("Ann")), "what it holds");
        }
    }
}
