//! Money: text to minor units and back. Minor units are `i64`: cents of EUR, whole JPY, fils of JOD.

use thiserror::Error;

use crate::currency::Currency;
use crate::decimal::fixed;

/// Why a text is no amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MoneyError {
    #[error("'{0}' is no amount; write digits and a point, such as 125000.00")]
    NotANumber(String),
    #[error("'{0}' is negative; an amount is zero or more")]
    Negative(String),
    #[error("'{amount}' has more decimals than {currency} has: {decimals}")]
    TooManyDecimals { amount: String, currency: &'static str, decimals: u8 },
    #[error("'{0}' is too large")]
    TooLarge(String),
}

/// Reads an amount such as `125000.00` as minor units of its currency. Fewer decimals than the currency has are
/// filled up; more are refused rather than rounded, even when they are zeros.
///
/// # Errors
/// [`MoneyError`]: anything but ASCII digits with at most one point between digits, a minus sign, too many decimals,
/// or more minor units than an `i64` holds.
pub fn parse_minor(text: &str, currency: Currency) -> Result<i64, MoneyError> {
    let is_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (unsigned, negative) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (whole, part) = match unsigned.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (unsigned, None),
    };
    if !is_digits(whole) || !part.is_none_or(is_digits) {
        return Err(MoneyError::NotANumber(text.to_string()));
    }
    if negative {
        return Err(MoneyError::Negative(text.to_string()));
    }
    let part = part.unwrap_or("");
    let decimals = usize::from(currency.decimals());
    if part.len() > decimals {
        return Err(MoneyError::TooManyDecimals {
            amount: text.to_string(),
            currency: currency.code(),
            decimals: currency.decimals(),
        });
    }
    // All that is left of failures is the number of digits, so a parse error here means that it does not fit.
    format!("{whole}{part:0<decimals$}").parse().map_err(|_| MoneyError::TooLarge(text.to_string()))
}

/// Writes minor units as a decimal text with all decimals of the currency: 12500000 of EUR is `125000.00`.
pub fn format_minor(minor: i64, currency: Currency) -> String {
    fixed(minor, currency.decimals())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, code: &str) -> Result<i64, MoneyError> {
        parse_minor(text, Currency::of(code).unwrap())
    }

    #[test]
    fn amounts_become_minor_units() {
        assert_eq!(parse("125000.00", "EUR"), Ok(12_500_000));
        assert_eq!(parse("125000", "EUR"), Ok(12_500_000));
        assert_eq!(parse("0.5", "EUR"), Ok(50));
        assert_eq!(parse("0", "KZT"), Ok(0));
        assert_eq!(parse("7", "JPY"), Ok(7));
        assert_eq!(parse("1.005", "JOD"), Ok(1005));
        assert_eq!(parse("92233720368547758.07", "EUR"), Ok(i64::MAX));
    }

    #[test]
    fn each_wrong_amount_says_what_is_wrong() {
        for text in ["", ".", "5.", ".5", "1e3", "1,000.00", "1 000", " 5", "+5", "0x10", "--5", "1.2.3", "٣", "NaN"] {
            assert_eq!(parse(text, "EUR"), Err(MoneyError::NotANumber(text.into())), "{text:?}");
        }
        assert_eq!(parse("-5.00", "EUR"), Err(MoneyError::Negative("-5.00".into())));
        assert_eq!(parse("92233720368547758.08", "EUR"), Err(MoneyError::TooLarge("92233720368547758.08".into())));
        for (text, code, decimals) in [("1.005", "EUR", 2), ("1.000", "EUR", 2), ("1.0", "JPY", 0)] {
            let currency = Currency::of(code).unwrap().code();
            assert_eq!(parse(text, code), Err(MoneyError::TooManyDecimals { amount: text.into(), currency, decimals }));
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        for code in ["EUR", "JPY", "JOD"] {
            let currency = Currency::of(code).unwrap();
            for minor in [0, 1, 9, 10, 99, 100, 12_345_678, i64::MAX] {
                assert_eq!(parse_minor(&format_minor(minor, currency), currency), Ok(minor));
            }
        }
    }
}
