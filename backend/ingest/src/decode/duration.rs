//! Durations as ISO 8601 writes them (section 4.4.3.2, with designators), which both standards use.

/// A duration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Span {
    Milliseconds(f64),
    /// It counts years or months, which are of no fixed length.
    Calendar,
}

/// The designators in their order, and each one's milliseconds; `None` for years and months.
const DATE: [(u8, Option<f64>); 4] =
    [(b'Y', None), (b'M', None), (b'W', Some(604_800_000.0)), (b'D', Some(86_400_000.0))];
const TIME: [(u8, Option<f64>); 3] = [(b'H', Some(3_600_000.0)), (b'M', Some(60_000.0)), (b'S', Some(1000.0))];

/// The duration that `text` is; `None` if it is none. Only its last number may have a fraction.
pub(super) fn parse(text: &str) -> Option<Span> {
    let rest = text.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let mut sum = Sum { milliseconds: 0.0, calendar: false, last_was_fraction: false };
    let dates = sum.add(date, &DATE)?;
    let times = match time {
        // A `T` with nothing behind it promises what does not come.
        Some(time) => sum.add(time, &TIME).filter(|parts| *parts > 0)?,
        None => 0,
    };
    if dates + times == 0 {
        return None;
    }
    Some(if sum.calendar { Span::Calendar } else { Span::Milliseconds(sum.milliseconds) })
}

struct Sum {
    milliseconds: f64,
    calendar: bool,
    last_was_fraction: bool,
}

impl Sum {
    /// Adds the numbers of one half, and says how many there were.
    fn add(&mut self, mut text: &str, designators: &[(u8, Option<f64>)]) -> Option<usize> {
        let (mut parts, mut from) = (0, 0);
        while !text.is_empty() {
            let end = text.bytes().position(|byte| byte.is_ascii_alphabetic())?;
            let (number, designator) = (&text[..end], text.as_bytes()[end]);
            let at = designators[from..].iter().position(|(known, _)| *known == designator)? + from;
            if self.last_was_fraction {
                return None;
            }
            let number = self.number(number)?;
            match designators[at].1 {
                Some(unit) => self.milliseconds += number * unit,
                None => self.calendar |= number != 0.0,
            }
            (parts, from, text) = (parts + 1, at + 1, &text[end + 1..]);
        }
        Some(parts)
    }

    fn number(&mut self, text: &str) -> Option<f64> {
        let (whole, fraction) = match text.split_once(['.', ',']) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || fraction.is_some_and(|part| !digits(part)) {
            return None;
        }
        self.last_was_fraction = fraction.is_some();
        format!("{whole}.{}", fraction.unwrap_or("0")).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_iso_durations() {
        for (text, milliseconds) in [
            ("PT40M12S", 2_412_000.0),
            ("PT3000S", 3_000_000.0),
            ("PT1H12M27.5S", 4_347_500.0),
            ("PT0,25S", 250.0),
            ("P1DT1S", 86_401_000.0),
            ("P2W", 1_209_600_000.0),
            ("PT1.5H", 5_400_000.0),
            ("P0Y0M0DT0S", 0.0),
        ] {
            assert_eq!(parse(text), Some(Span::Milliseconds(milliseconds)), "{text}");
        }
        assert_eq!(parse("P1Y2M"), Some(Span::Calendar));
        for bad in [
            "", "P", "PT", "P1DT", "40M", "PT40", "PTS", "PT-1S", "P-1D", "PT1S1M", "PT1.5H1M", "PT1,S", "PT.5S",
            "pt1s", "P1H", "PT1D", "PT1S ", "PTõS", "P1D1D",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
