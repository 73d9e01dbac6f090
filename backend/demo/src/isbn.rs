//! ISBN-13 (ISO 2108).

/// The check digit, 0 to 9, of the first twelve digits. Weights are 1 and 3 in turn.
pub fn check_digit(twelve: &str) -> u32 {
    let sum: u32 = twelve.bytes().zip([1, 3].into_iter().cycle()).map(|(b, w)| u32::from(b - b'0') * w).sum();
    (10 - sum % 10) % 10
}

/// Whether it is thirteen digits of which the last is the right check digit.
pub fn is_isbn13(text: &str) -> bool {
    text.len() == 13
        && text.bytes().all(|b| b.is_ascii_digit())
        && check_digit(&text[..12]) == u32::from(text.as_bytes()[12] - b'0')
}

/// A publisher's book number `item` under an ISBN prefix and registration group of up to eight digits.
pub(crate) fn isbn13(group: &str, publisher: usize, item: usize) -> String {
    let width = 12 - group.len() - 2;
    let twelve = format!("{group}{publisher:02}{item:0width$}");
    debug_assert_eq!(twelve.len(), 12);
    let check = check_digit(&twelve);
    format!("{twelve}{check}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_example_is_valid() {
        assert!(is_isbn13("9780306406157"));
        assert!(!is_isbn13("9780306406158"));
        assert!(!is_isbn13("978030640615"));
        assert!(!is_isbn13("978030640615X"));
    }

    #[test]
    fn made_numbers_are_valid() {
        for item in 0..100 {
            assert!(is_isbn13(&isbn13("9789916", 12, item)));
            assert!(is_isbn13(&isbn13("978952", 3, item)));
        }
    }
}
