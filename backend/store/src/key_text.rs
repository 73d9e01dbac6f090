//! What a key looks like: `oct_<8 hex digits to find it by>_<32 random bytes, base64url>`.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::error::StoreError;
use crate::random;

/// What every key begins with, for people and scanners to know it by.
pub(crate) const MARK: &str = "oct_";
const PREFIX_CHARS: usize = 8;

/// A new key and its prefix.
pub(crate) fn new_key() -> Result<(String, String), StoreError> {
    let random: [u8; PREFIX_CHARS / 2 + 32] = random::bytes()?;
    let (prefix, secret) = random.split_at(PREFIX_CHARS / 2);
    let prefix = hex::encode(prefix);
    let key = format!("{MARK}{prefix}_{}", BASE64_URL_SAFE_NO_PAD.encode(secret));
    Ok((prefix, key))
}

/// The prefix of what has the form of a key.
pub(crate) fn prefix_of(key: &str) -> Option<&str> {
    let (prefix, secret) = key.strip_prefix(MARK)?.split_once('_')?;
    (prefix.len() == PREFIX_CHARS && secret.len() == 43).then_some(prefix)
}

/// Whether a text has the form of an API key.
pub fn is_key(text: &str) -> bool {
    prefix_of(text).is_some()
}

/// Equality in a time that does not depend on where the two differ.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (x, y)| differ | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_form_and_are_never_the_same() {
        let (prefix, key) = new_key().unwrap();
        assert_eq!(key.len(), 4 + 8 + 1 + 43);
        assert_eq!(prefix_of(&key), Some(prefix.as_str()));
        assert_ne!(new_key().unwrap().1, key);
        for wrong in ["", "oct_", "oct_12345678", "oct_12345678_short", &key[1..], &format!("{key}x")] {
            assert_eq!(prefix_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn equality_is_equality() {
        assert!(same(b"abc", b"abc"));
        assert!(!same(b"abc", b"abd"));
        assert!(!same(b"abc", b"ab"));
    }
}
