//! Secrets that have to be read again, kept so that the database alone does not give them away: XChaCha20-Poly1305 under a
//! key that is in the settings only.

use std::fmt;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use crate::error::StoreError;
use crate::random;

const NONCE: usize = 24;

/// The key of what is sealed.
#[derive(Clone)]
pub struct SecretKey(Arc<[u8; 32]>);

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey")
    }
}

impl SecretKey {
    pub fn new(key: [u8; 32]) -> Self {
        Self(Arc::new(key))
    }

    /// Seals a secret of somebody's: it opens for the same one only.
    pub(crate) fn seal(&self, secret: &[u8], whose: &[u8]) -> Result<Vec<u8>, StoreError> {
        let nonce: [u8; NONCE] = random::bytes()?;
        let payload = Payload { msg: secret, aad: whose };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| StoreError::Corrupt("a secret that cannot be sealed".into()))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// # Errors
    /// [`StoreError::Sealed`] when it was sealed with another key or for another.
    pub(crate) fn open(&self, sealed: &[u8], whose: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(StoreError::Sealed)?;
        let payload = Payload { msg: sealed, aad: whose };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| StoreError::Sealed)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.0).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_for_the_same_one_only() {
        let key = SecretKey::new([1; 32]);
        let sealed = key.seal(b"secret", b"me").unwrap();
        assert!(!sealed.windows(6).any(|w| w == b"secret"));
        assert_ne!(sealed, key.seal(b"secret", b"me").unwrap());
        assert_eq!(key.open(&sealed, b"me").unwrap(), b"secret");
        assert!(matches!(key.open(&sealed, b"you"), Err(StoreError::Sealed)));
        assert!(matches!(SecretKey::new([2; 32]).open(&sealed, b"me"), Err(StoreError::Sealed)));
        assert!(matches!(key.open(&sealed[..20], b"me"), Err(StoreError::Sealed)));
        assert!(!format!("{key:?}").contains('1'));
    }
}
