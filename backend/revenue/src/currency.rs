//! Currencies and the number of decimals of their minor unit, by ISO 4217 (list one, active national currencies).

use thiserror::Error;

/// A currency of ISO 4217: its alphabetic code and how many decimals its minor unit has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency {
    code: &'static str,
    decimals: u8,
}

/// The code is not one of ISO 4217's active national currencies.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is no currency; use a code of ISO 4217 such as EUR")]
pub struct UnknownCurrency(pub String);

/// Currencies without a minor unit: the amount is a whole number.
const WHOLE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";

/// Currencies divided in a thousand.
const THOUSANDTHS: &str = "BHD IQD JOD KWD LYD OMR TND";

/// Currencies divided in a hundred. MGA and MRU are divided in five, and ISO 4217 writes them with two decimals.
const HUNDREDTHS: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD \
    CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG \
    HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK \
    MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS \
    SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW";

impl Currency {
    /// Looks a code up; upper case, as ISO 4217 writes it.
    ///
    /// # Errors
    /// [`UnknownCurrency`] when the code is not in the table: guessing two decimals would make amounts wrong by 100.
    pub fn of(code: &str) -> Result<Self, UnknownCurrency> {
        [(WHOLE, 0), (HUNDREDTHS, 2), (THOUSANDTHS, 3)]
            .into_iter()
            .find_map(|(codes, decimals)| {
                codes.split_ascii_whitespace().find(|c| *c == code).map(|code| Self { code, decimals })
            })
            .ok_or_else(|| UnknownCurrency(code.to_string()))
    }

    /// The alphabetic code, such as `EUR`.
    pub fn code(self) -> &'static str {
        self.code
    }

    /// Decimals of the minor unit: 0, 2 or 3.
    pub fn decimals(self) -> u8 {
        self.decimals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_iso_4217() {
        for (code, decimals) in [("EUR", 2), ("KZT", 2), ("KES", 2), ("UAH", 2), ("JPY", 0), ("ISK", 0), ("JOD", 3)] {
            let currency = Currency::of(code).unwrap();
            assert_eq!((currency.code(), currency.decimals()), (code, decimals));
        }
    }

    #[test]
    fn what_is_no_currency_is_refused() {
        for code in ["", "EU", "eur", "XXX", "EUR USD", " EUR"] {
            assert_eq!(Currency::of(code), Err(UnknownCurrency(code.to_string())));
        }
    }

    #[test]
    fn no_code_stands_twice_and_all_have_three_letters() {
        let mut codes: Vec<&str> =
            [WHOLE, HUNDREDTHS, THOUSANDTHS].iter().flat_map(|c| c.split_ascii_whitespace()).collect();
        assert!(codes.iter().all(|c| c.len() == 3 && c.bytes().all(|b| b.is_ascii_uppercase())));
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
