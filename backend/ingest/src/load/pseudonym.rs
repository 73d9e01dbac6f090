//! Persons become pseudonyms before anything is stored.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// First 16 bytes of HMAC-SHA256.
pub type Pseudonym = [u8; 16];

/// The secret of one site. Kept outside the warehouse; without it a pseudonym leads back to nobody.
#[derive(Clone)]
pub struct SiteSecret(Hmac<Sha256>);

impl SiteSecret {
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(Hmac::new_from_slice(secret).expect("HMAC takes keys of any length"))
    }

    pub fn pseudonym(&self, person: &str) -> Pseudonym {
        let mut mac = self.0.clone();
        mac.update(person.as_bytes());
        mac.finalize().into_bytes()[..16].try_into().expect("SHA-256 has 32 bytes")
    }
}

impl std::fmt::Debug for SiteSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SiteSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_person_is_another_pseudonym_in_another_site() {
        let (one, other) = (SiteSecret::new(&[1; 32]), SiteSecret::new(&[2; 32]));
        assert_eq!(one.pseudonym("p1"), one.pseudonym("p1"));
        assert_ne!(one.pseudonym("p1"), one.pseudonym("p2"));
        assert_ne!(one.pseudonym("p1"), other.pseudonym("p1"));
        assert!(!format!("{one:?}").contains('1'));
    }
}
