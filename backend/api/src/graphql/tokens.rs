//! The size of a document before it is parsed, for parsing itself costs.

/// How many lexical tokens there are (GraphQL, October 2021, section 2.1), and how deep brackets stand in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tokens {
    pub count: usize,
    pub brackets: usize,
}

/// Counts without judging: what is no token is counted as one, and told by the parser.
pub fn tokens(document: &str) -> Tokens {
    let bytes = document.as_bytes();
    let mut out = Tokens { count: 0, brackets: 0 };
    let (mut at, mut open) = (0, 0usize);
    while let Some(byte) = bytes.get(at) {
        let ignored = byte.is_ascii_whitespace() || *byte == b',';
        match byte {
            _ if ignored => {}
            b'#' => {
                at += bytes[at..].iter().take_while(|b| !matches!(b, b'\n' | b'\r')).count();
                continue;
            }
            b'{' | b'(' | b'[' => {
                open += 1;
                out.brackets = out.brackets.max(open);
            }
            b'}' | b')' | b']' => open = open.saturating_sub(1),
            _ => {}
        }
        out.count += usize::from(!ignored);
        at += length(&bytes[at..]);
    }
    out
}

/// Bytes of the token that the rest begins with.
fn length(rest: &[u8]) -> usize {
    let run = |holds: fn(&u8) -> bool| rest.iter().take_while(|b| holds(b)).count();
    match rest {
        [b'"', b'"', b'"', text @ ..] => {
            let ends = |i: &usize| text[*i..].starts_with(b"\"\"\"") && !text[..*i].ends_with(b"\\");
            3 + (0..text.len()).find(ends).map_or(text.len(), |i| i + 3)
        }
        [b'"', text @ ..] => {
            let mut escaped = false;
            let end = text.iter().position(|b| {
                let ends = !escaped && matches!(b, b'"' | b'\n');
                escaped = !escaped && *b == b'\\';
                ends
            });
            1 + end.map_or(text.len(), |i| i + 1)
        }
        [b'.', b'.', b'.', ..] => 3,
        [b'0'..=b'9' | b'-', ..] => run(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-')),
        [b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => run(|b| b.is_ascii_alphanumeric() || *b == b'_'),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_counted_as_the_grammar_has_them() {
        for (document, count, brackets) in [
            ("", 0, 0),
            ("\u{20}\n,, # {{{ a comment", 0, 0),
            ("{ me { role } }", 6, 2),
            ("{a...b}", 5, 1),
            (r#"{ school(code: "a \" {b} c") { name } }"#, 11, 2),
            ("{ a(b: \"\"\"x \" { \n y\"\"\", c: [1, -2.5e+3]) }", 14, 3),
            (r#"{ a(b: """x \""" {""") c }"#, 9, 2),
            ("query Q($a: Int! = 1) @skip(if: true) { a }", 21, 1),
        ] {
            assert_eq!(tokens(document), Tokens { count, brackets }, "{document}");
        }
    }

    #[test]
    fn what_does_not_end_ends_with_the_document() {
        for document in ["\"", "\"\"\"", "\"\\", "#", "...", "-", "é"] {
            assert!(tokens(document).count <= 2, "{document}");
        }
    }
}
