//! One calendar date in a time zone.

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDate, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// A site-local day: which instants it has, whatever the clocks do in it.
pub struct LocalDay {
    zone: Tz,
    /// UTC milliseconds at which each local hour begins; `None` for an hour that the clocks skip. The first of an hour
    /// that they repeat.
    hours: [Option<i64>; 24],
    /// UTC milliseconds of the day's end, exclusive.
    end: i64,
    /// The offset, if it is the same all day.
    offset: Option<FixedOffset>,
}

impl LocalDay {
    pub fn new(zone: Tz, day: NaiveDate) -> LocalDay {
        let mut hours = [None; 24];
        for (hour, start) in hours.iter_mut().enumerate() {
            *start = start_of(zone, day, hour as u32);
        }
        let next = day + TimeDelta::days(1);
        let end = (0..24).find_map(|hour| start_of(zone, next, hour)).unwrap_or(i64::MAX);
        let first = hours.iter().flatten().next().copied().unwrap_or(end);
        let offset = Some(offset_at(zone, first)).filter(|&offset| offset == offset_at(zone, end - 1));
        LocalDay { zone, hours, end, offset }
    }

    /// UTC milliseconds of a second of a local hour; `None` if there is no such hour on that day.
    pub fn at(&self, hour: usize, second: u32) -> Option<i64> {
        self.hours[hour].map(|start| start + i64::from(second) * 1000)
    }

    pub fn end(&self) -> i64 {
        self.end
    }

    /// An instant of this day with the offset that holds then.
    pub fn time(&self, ms: i64) -> DateTime<FixedOffset> {
        let offset = self.offset.unwrap_or_else(|| offset_at(self.zone, ms));
        instant(ms).with_timezone(&offset)
    }
}

/// The date and offset of an instant in a zone.
pub fn local(zone: Tz, at: DateTime<Utc>) -> (NaiveDate, FixedOffset) {
    let local = at.with_timezone(&zone);
    (local.date_naive(), local.offset().fix())
}

fn start_of(zone: Tz, day: NaiveDate, hour: u32) -> Option<i64> {
    let time = day.and_hms_opt(hour, 0, 0)?;
    match zone.from_local_datetime(&time) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.timestamp_millis()),
        LocalResult::None => None,
    }
}

fn offset_at(zone: Tz, ms: i64) -> FixedOffset {
    zone.offset_from_utc_datetime(&instant(ms).naive_utc()).fix()
}

fn instant(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDay {
        LocalDay::new(Tz::Europe__Tallinn, text.parse().unwrap())
    }

    #[test]
    fn the_hour_that_clocks_skip_does_not_exist() {
        let spring = day("2026-03-29");
        assert_eq!(spring.at(3, 0), None);
        assert_eq!(spring.at(4, 0).unwrap() - spring.at(2, 0).unwrap(), 3_600_000);
        assert_eq!(spring.end() - spring.at(0, 0).unwrap(), 23 * 3_600_000);
        assert_eq!(spring.time(spring.at(2, 60).unwrap()).to_rfc3339(), "2026-03-29T02:01:00+02:00");
        assert_eq!(spring.time(spring.at(4, 60).unwrap()).to_rfc3339(), "2026-03-29T04:01:00+03:00");
    }

    #[test]
    fn the_hour_that_clocks_repeat_is_there_twice() {
        let autumn = day("2026-10-25");
        assert_eq!(autumn.end() - autumn.at(0, 0).unwrap(), 25 * 3_600_000);
        let first = autumn.at(3, 0).unwrap();
        assert_eq!(autumn.time(first).to_rfc3339(), "2026-10-25T03:00:00+03:00");
        assert_eq!(autumn.time(first + 3_600_000).to_rfc3339(), "2026-10-25T03:00:00+02:00");
    }
}
