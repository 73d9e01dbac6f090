//! Points in time, as the native form and foreign logs write them.

use chrono::format::{Fixed, Item, Numeric, StrftimeItems};
use chrono::{DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, TimeZone, Timelike};
use chrono_tz::Tz;

use super::scalar::Scalar;
use crate::event::{Reason, Reject};

/// How a log writes a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TimeForm {
    Rfc3339,
    /// Milliseconds since 1970-01-01 UTC.
    EpochMs,
    /// Seconds since 1970-01-01 UTC, possibly with a fraction; kept to the millisecond.
    EpochS,
    /// A chrono format with an offset in it.
    WithOffset(String),
    /// A chrono format of local time in this zone.
    Local(String, Tz),
}

impl TimeForm {
    /// # Errors
    /// A sentence about `format` or `zone`.
    pub(super) fn parse(format: &str, zone: Option<&str>) -> Result<TimeForm, String> {
        let fixed = match format {
            "rfc3339" => Some(TimeForm::Rfc3339),
            "epoch_ms" => Some(TimeForm::EpochMs),
            "epoch_s" => Some(TimeForm::EpochS),
            _ => None,
        };
        let has_offset = match fixed {
            Some(_) => true,
            None => offset_within(format)?,
        };
        match (has_offset, zone) {
            (true, Some(_)) => Err(format!("`{format}` already says the offset from UTC; remove `zone`")),
            (true, None) => Ok(fixed.unwrap_or_else(|| TimeForm::WithOffset(format.to_owned()))),
            (false, None) => {
                Err(format!("`{format}` is local time; say whose with `zone`, such as \"Europe/Tallinn\""))
            }
            (false, Some(zone)) => {
                let zone = zone.parse().map_err(|_| format!("`{zone}` is not a zone of the IANA list"))?;
                Ok(TimeForm::Local(format.to_owned(), zone))
            }
        }
    }

    /// The point in time that `value` of the field `name` is.
    ///
    /// # Errors
    /// [`Reason::BadField`] with what was expected.
    pub(super) fn read(&self, name: &str, value: &Scalar<'_>) -> Result<DateTime<FixedOffset>, Reject> {
        let text = match value {
            Scalar::Text(text) => text.trim(),
            _ => "",
        };
        match self {
            TimeForm::Rfc3339 => rfc3339(name, text),
            TimeForm::EpochMs | TimeForm::EpochS => self.epoch(name, value, text),
            TimeForm::WithOffset(format) => {
                let at = DateTime::parse_from_str(text, format).map_err(|_| not_in(name, format))?;
                no_leap_second(name, at)
            }
            TimeForm::Local(format, zone) => {
                let local = NaiveDateTime::parse_from_str(text, format).map_err(|_| not_in(name, format))?;
                match zone.from_local_datetime(&local) {
                    // In the night the clocks go back an hour exists twice; the first one is taken.
                    LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => no_leap_second(name, at.fixed_offset()),
                    LocalResult::None => {
                        Err(bad(name, format!("does not exist in {zone}: the clocks went forward over it")))
                    }
                }
            }
        }
    }

    fn epoch(&self, name: &str, value: &Scalar<'_>, text: &str) -> Result<DateTime<FixedOffset>, Reject> {
        let milliseconds = match (self, value) {
            (TimeForm::EpochMs, Scalar::Whole(whole)) => Some(*whole),
            (_, value) => {
                let factor = if *self == TimeForm::EpochMs { 1.0 } else { 1000.0 };
                let number = value.number().or_else(|| text.parse::<f64>().ok()).map(|number| number * factor);
                // Fractions of a millisecond stand for a wrong unit when milliseconds were promised.
                number
                    .filter(|ms| ms.is_finite() && ms.abs() < 2_f64.powi(53))
                    .filter(|ms| *self == TimeForm::EpochS || ms.fract() == 0.0)
                    .map(|ms| ms.round() as i64)
            }
        };
        let unit = if *self == TimeForm::EpochMs { "milliseconds" } else { "seconds" };
        milliseconds
            .and_then(DateTime::from_timestamp_millis)
            .map(|at| at.fixed_offset())
            .ok_or_else(|| bad(name, format!("is not a number of {unit} since 1970")))
    }
}

/// A time as RFC 3339 writes it, section 5.6, without leap seconds.
///
/// # Errors
/// [`Reason::BadField`] with what is wrong with it.
pub(super) fn rfc3339(name: &str, text: &str) -> Result<DateTime<FixedOffset>, Reject> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(at) => no_leap_second(name, at),
        Err(_) => Err(bad(name, why_not_rfc3339(text).to_owned())),
    }
}

fn why_not_rfc3339(text: &str) -> &'static str {
    let (date, clock) = text.split_at_checked(10).unwrap_or((text, ""));
    if NaiveDate::parse_from_str(date, "%Y-%m-%d").is_err() {
        "does not begin with a date that exists; write it like 2026-03-01T09:30:00+02:00"
    } else if clock.get(1..3) == Some("24") {
        "has the hour 24; write 00:00 of the next day"
    } else if clock.get(1..).is_some_and(|clock| chrono::NaiveTime::parse_from_str(clock, "%H:%M:%S%.f").is_ok()) {
        "has no offset from UTC; end it with Z or one like +02:00"
    } else {
        "is not a time of RFC 3339; write it like 2026-03-01T09:30:00+02:00"
    }
}

/// No clock of the warehouse has a 61st second, and moving the event would be a lie about its time.
fn no_leap_second(name: &str, at: DateTime<FixedOffset>) -> Result<DateTime<FixedOffset>, Reject> {
    if at.nanosecond() < 1_000_000_000 {
        Ok(at)
    } else {
        Err(bad(name, "is a leap second (:60), which cannot be stored"))
    }
}

fn not_in(name: &str, format: &str) -> Reject {
    bad(name, format!("is not a time in the format `{format}`"))
}

fn bad(name: &str, problem: impl std::fmt::Display) -> Reject {
    Reject::new(Reason::BadField, format!("field `{name}` {problem}"))
}

/// Whether times in this format carry their offset.
fn offset_within(format: &str) -> Result<bool, String> {
    let items: Vec<Item<'_>> = StrftimeItems::new(format).collect();
    if items.contains(&Item::Error) {
        let known = "rfc3339, epoch_ms, epoch_s, or a format such as \"%Y-%m-%d %H:%M:%S\"";
        return Err(format!("`{format}` is not a time format; use {known}"));
    }
    if items.iter().any(|item| matches!(item, Item::Numeric(Numeric::Timestamp, _))) {
        return Err("`%s` counts seconds since 1970; write `epoch_s` instead".to_owned());
    }
    if items.contains(&Item::Fixed(Fixed::TimezoneName)) {
        return Err("`%Z`, a zone's short name, is ambiguous; use `%z` or remove it from the log".to_owned());
    }
    // A format that says enough reads back what it writes.
    let sample = NaiveDate::from_ymd_opt(2021, 11, 23).and_then(|date| date.and_hms_opt(21, 43, 0)).unwrap_or_default();
    let written = sample.and_utc().fixed_offset().format(format).to_string();
    if DateTime::parse_from_str(&written, format).is_ok() {
        Ok(true)
    } else if NaiveDateTime::parse_from_str(&written, format) == Ok(sample) {
        Ok(false)
    } else {
        Err(format!("`{format}` does not give a date and a time of day to the minute"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &TimeForm, value: impl Into<serde_json::Value>) -> Result<String, String> {
        let value = value.into();
        form.read("at", &Scalar::from(&value)).map(|at| at.to_rfc3339()).map_err(|reject| reject.detail)
    }

    #[test]
    fn decode_rfc3339_says_what_is_wrong() {
        assert!(rfc3339("at", "2026-03-01T09:30:00.123456+02:00").is_ok());
        for (text, word) in [
            ("2016-12-31T23:59:60Z", "leap second"),
            ("2026-03-01T24:00:00Z", "hour 24"),
            ("2026-03-01T09:30:00", "no offset"),
            ("2026-03-01 09:30:00.5", "no offset"),
            ("2026-02-30T09:30:00Z", "date that exists"),
            ("2026-03-01T09:30:00+99:99", "RFC 3339"),
            ("yesterday, at noon", "date that exists"),
            ("õõõõõõõõõõõõ", "date that exists"),
            ("", "date that exists"),
        ] {
            let reject = rfc3339("at", text).unwrap_err();
            assert_eq!(reject.reason, Reason::BadField);
            assert!(reject.detail.contains(word), "{text}: {}", reject.detail);
        }
    }

    #[test]
    fn decode_epochs_are_whole_milliseconds_or_fractional_seconds() {
        let at = Ok("2018-11-01T20:57:10.796+00:00".to_owned());
        let (ms, s) = (TimeForm::EpochMs, TimeForm::EpochS);
        assert_eq!(read(&ms, 1_541_105_830_796_i64), at);
        assert_eq!(read(&ms, 1_541_105_830_796.0), at);
        assert_eq!(read(&ms, "1541105830796.0"), at);
        assert_eq!(read(&s, 1_541_105_830.796), at);
        assert_eq!(read(&s, "1541105830.796"), at);
        for bad in
            [serde_json::json!(0.5), "".into(), "NaN".into(), "inf".into(), i64::MAX.into(), serde_json::json!([])]
        {
            assert!(read(&ms, bad).is_err());
        }
    }

    #[test]
    fn decode_local_times_know_both_nights_of_the_clocks() {
        let form = TimeForm::parse("%d.%m.%Y %H:%M", Some("Europe/Tallinn")).unwrap();
        assert_eq!(read(&form, "01.07.2026 12:00"), Ok("2026-07-01T12:00:00+03:00".to_owned()));
        assert_eq!(read(&form, "25.10.2026 03:30"), Ok("2026-10-25T03:30:00+03:00".to_owned()));
        assert!(read(&form, "29.03.2026 03:30").unwrap_err().contains("does not exist in Europe/Tallinn"));
        assert!(read(&form, "2026-07-01").unwrap_err().contains("%d.%m.%Y"));
        let form = TimeForm::parse("%Y-%m-%d %H:%M:%S %z", None).unwrap();
        assert_eq!(read(&form, "2026-07-01 12:00:00 +0300"), Ok("2026-07-01T12:00:00+03:00".to_owned()));
    }

    #[test]
    fn decode_time_formats_that_cannot_work_are_refused_before_any_record() {
        for (format, zone, word) in [
            ("%Y-%m-%d %H:%M", None, "zone"),
            ("%Y-%m-%d %H:%M %z", Some("UTC"), "remove `zone`"),
            ("epoch_ms", Some("UTC"), "remove `zone`"),
            ("%Y-%m-%d %H:%M", Some("Europe/Reval"), "IANA"),
            ("%Y-%m-%d", Some("UTC"), "time of day"),
            ("%s", None, "epoch_s"),
            ("%Y %Q", None, "not a time format"),
            ("iso", None, "time of day"),
            ("%Y-%m-%d %H:%M:%S %Z", Some("UTC"), "%z"),
        ] {
            let problem = TimeForm::parse(format, zone).unwrap_err();
            assert!(problem.contains(word), "{format}: {problem}");
        }
    }
}
