//! Placeholders.

use crate::letter::Value;

/// The text with its placeholders filled, in one pass: what is filled in is never looked at again, so that no value can
/// name another's placeholder. A placeholder without a value stays, which the texts' test finds.
pub(crate) fn fill(text: &str, values: &[Value]) -> String {
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, name, after)) = next(rest) {
        filled.push_str(before);
        match values.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.extend(["{", name, "}"]),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// The names of a text's placeholders, in order.
#[cfg(test)]
pub(crate) fn placeholders(text: &str) -> Vec<&str> {
    std::iter::successors(next(text), |(_, _, after)| next(after)).map(|(_, name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_a_placeholder_stays_as_it_is() {
        let values = [("a", "{b}".to_string()), ("b", "secret".to_string())];
        assert_eq!(fill("{a} and {b} {c} {", &values), "{b} and secret {c} {");
    }
}
