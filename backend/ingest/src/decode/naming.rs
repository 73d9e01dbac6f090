//! What the standards name by IRIs, as the codes that reference data has.

/// The code of a book, chapter or school: an ISBN-13 if the IRI is or ends in one, else the last segment of its path,
/// with its query (`view.php?id=5` and `view.php?id=6` are two things), else the IRI as it stands.
pub(super) fn code(iri: &str) -> String {
    let iri = iri.trim();
    let segment = last_segment(iri);
    isbn(iri).or_else(|| isbn(segment)).unwrap_or_else(|| segment.to_owned())
}

/// What stands after the last slash. An IRI without a path is its own last segment. Fragments are places within the thing
/// and left out, but for those that begin with a slash: the routes of an application of one page.
pub(crate) fn last_segment(iri: &str) -> &str {
    let iri = iri.trim();
    let whole = match iri.split_once('#') {
        Some((_, route)) if route.trim_start_matches('!').starts_with('/') => route,
        Some((before, _)) => before,
        None => iri,
    };
    let path_end = whole.find('?').unwrap_or(whole.len());
    let after_host = match whole[..path_end].find("://") {
        Some(scheme) => {
            let host = scheme + 3;
            match whole[host..path_end].find('/') {
                Some(slash) => host + slash,
                // `uuid://0aecfa93` names a thing in the host's place; a web site's address alone is kept whole.
                None => return if whole.starts_with("http") { whole } else { &whole[host..] },
            }
        }
        None => 0,
    };
    let path = whole[after_host..path_end].trim_end_matches('/');
    match path.rfind('/') {
        // A slash at the end is not part of a name, but what a query asks there is.
        Some(slash) if path_end == whole.len() => &path[slash + 1..],
        Some(slash) => &whole[after_host + slash + 1..],
        None if after_host == 0 && !path.is_empty() => whole,
        None => iri,
    }
}

/// The ISBN-13 that a text is: thirteen digits with a right check digit, hyphens or not, `urn:isbn:` before them or not. An
/// ISBN-10 is one only with the `urn`, for ten digits may be anything.
pub(super) fn isbn(text: &str) -> Option<String> {
    let text = text.trim();
    let named = text.get(..9).filter(|start| start.eq_ignore_ascii_case("urn:isbn:")).map(|_| &text[9..]);
    let digits: String = named.unwrap_or(text).chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits.is_ascii() {
        return None;
    }
    match digits.len() {
        13 if all_digits(&digits) && (digits.starts_with("978") || digits.starts_with("979")) => {
            (check_digit(&digits[..12]) == digits.as_bytes()[12]).then_some(digits)
        }
        10 if named.is_some() && all_digits(&digits[..9]) && check_of_ten(&digits[..9]) == digits.as_bytes()[9] => {
            let body = format!("978{}", &digits[..9]);
            let check = char::from(check_digit(&body));
            Some(format!("{body}{check}"))
        }
        _ => None,
    }
}

/// The check digit of twelve digits (ISO 2108).
fn check_digit(body: &str) -> u8 {
    let sum: u32 = body.bytes().zip([1, 3].into_iter().cycle()).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    b'0' + ((10 - sum % 10) % 10) as u8
}

/// The check digit of nine digits, of the older form.
fn check_of_ten(body: &str) -> u8 {
    let sum: u32 = body.bytes().zip((2..=10).rev()).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    match (11 - sum % 11) % 11 {
        10 => b'X',
        digit => b'0' + digit as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_iris_give_codes() {
        for (iri, expected) in [
            ("https://example.edu/etexts/201.epub", "201.epub"),
            ("https://example.edu/etexts/201/", "201"),
            ("https://example.edu/etexts/201#page=3", "201"),
            ("https://example.com/#/texts/guide", "guide"),
            ("https://example.com/app#!/texts/guide", "guide"),
            ("http://moodle.test/course/view.php?id=5", "view.php?id=5"),
            ("http://moodle.test/course/view.php?from=/a/b", "view.php?from=/a/b"),
            ("http://moodle.test/course/?id=5", "course/?id=5"),
            ("https://example.edu", "https://example.edu"),
            ("https://example.edu/", "https://example.edu/"),
            ("course-v1:FUN-MOOC+00001+session01", "course-v1:FUN-MOOC+00001+session01"),
            ("http://edx.test/course/course-v1:edX+DemoX+Demo", "course-v1:edX+DemoX+Demo"),
            ("uuid://0aecfa93-cef3-45ae-b7f5-a603e9e45f50", "0aecfa93-cef3-45ae-b7f5-a603e9e45f50"),
            ("urn:isbn:978-9949-09-123-3", "urn:isbn:978-9949-09-123-3"),
            ("urn:isbn:978-0-306-40615-7", "9780306406157"),
            ("urn:isbn:0-306-40615-2", "9780306406157"),
            ("https://example.edu/books/9780306406157", "9780306406157"),
            ("https://example.edu/books/0306406152", "0306406152"),
            ("/", "/"),
            ("?", "?"),
            ("", ""),
            (" 7 ", "7"),
        ] {
            assert_eq!(code(iri), expected, "{iri}");
        }
        assert_eq!(isbn("9780306406158"), None);
        assert_eq!(isbn("urn:isbn:097522980X").as_deref(), Some("9780975229804"));
        assert_eq!(isbn("urn:isbn:õõõõõ"), None);
    }
}
