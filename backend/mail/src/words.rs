//! Times, lengths of time and addresses, as a letter says them.

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;

use crate::fill::fill;
use crate::texts::Texts;

/// A moment with its zone: "28 November 2026 at 14:30 (EET)".
pub(crate) fn moment(texts: &Texts, at: &DateTime<Tz>) -> String {
    let month = &texts.times.months[at.month0() as usize];
    let values = [
        ("day", at.day().to_string()),
        ("month", month.clone()),
        ("year", at.year().to_string()),
        ("hour", format!("{:02}", at.hour())),
        ("minute", format!("{:02}", at.minute())),
        ("zone", at.format("%Z").to_string()),
    ];
    fill(&texts.times.moment, &values)
}

/// A length of time: whole hours as hours, else minutes.
pub(crate) fn duration(texts: &Texts, minutes: u32) -> String {
    let times = &texts.times;
    let (count, one, many) = match minutes {
        60.. if minutes.is_multiple_of(60) => (minutes / 60, &times.hour, &times.hours),
        _ => (minutes, &times.minute, &times.minutes),
    };
    format!("{count} {}", if count == 1 { one } else { many })
}

/// An address that its owner recognises and nobody else learns: `m•••@school.ee`.
pub(crate) fn masked(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}•••@{domain}")
        }
        None => "•••".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;
    use crate::language::Language;
    use crate::texts;

    #[test]
    fn a_moment_is_said_in_words_with_its_zone() {
        let at = Utc.with_ymd_and_hms(2026, 11, 28, 12, 5, 0).unwrap().with_timezone(&chrono_tz::Europe::Tallinn);
        assert_eq!(moment(texts::of(Language::English), &at), "28 November 2026 at 14:05 (EET)");
        assert_eq!(moment(texts::of(Language::Estonian), &at), "28. novembril 2026 kell 14.05 (EET)");
        let summer = Utc.with_ymd_and_hms(2026, 5, 1, 0, 0, 0).unwrap().with_timezone(&chrono_tz::Europe::Tallinn);
        assert_eq!(moment(texts::of(Language::Estonian), &summer), "1. mail 2026 kell 03.00 (EEST)");
    }

    #[test]
    fn lengths_of_time_agree_in_number() {
        let of = |language, minutes| duration(texts::of(language), minutes);
        assert_eq!(of(Language::English, 60), "1 hour");
        assert_eq!(of(Language::English, 1), "1 minute");
        assert_eq!(of(Language::English, 90), "90 minutes");
        assert_eq!(of(Language::Estonian, 60), "1 tund");
        assert_eq!(of(Language::Estonian, 1440), "24 tundi");
        assert_eq!(of(Language::Estonian, 30), "30 minutit");
        assert_eq!(of(Language::English, 0), "0 minutes");
    }

    #[test]
    fn a_masked_address_keeps_its_first_letter_and_its_domain() {
        assert_eq!(masked("mari.maasikas@kool.ee"), "m•••@kool.ee");
        assert_eq!(masked("õ@kool.ee"), "õ•••@kool.ee");
        assert_eq!(masked("nonsense"), "•••");
    }
}
