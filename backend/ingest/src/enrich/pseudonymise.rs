//! Persons become pseudonyms before anything is stored.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::{Passed, Step};
use crate::event::{Person, Pseudonym, Reject};
use crate::load::rows::EventRow;

/// The secret of one site. Kept outside the warehouse; without it a pseudonym leads back to nobody.
#[derive(Clone)]
pub struct SiteSecret(Hmac<Sha256>);

impl SiteSecret {
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(Hmac::new_from_slice(secret).expect("HMAC takes keys of any length"))
    }

    /// The pseudonym of a platform's id.
    pub fn pseudonym(&self, person: &str) -> Pseudonym {
        let mut mac = self.0.clone();
        mac.update(person.as_bytes());
        mac.finalize().into_bytes()[..16].try_into().expect("SHA-256 has 32 bytes")
    }

    /// What tells whether two messages are the same, and nothing of either.
    pub fn digest(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = self.0.clone();
        // No person's id begins so: a digest is nobody's pseudonym.
        mac.update(b"\0message\0");
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    /// What stands for who has this write key.
    pub fn sender(&self, key: &str) -> String {
        hex::encode(&self.digest(key.as_bytes())[..16])
    }

    /// The pseudonym, made here unless it was where the event was received.
    pub fn of(&self, person: &Person) -> Pseudonym {
        match person {
            Person::Id(id) => self.pseudonym(id),
            Person::Pseudonym(pseudonym) => *pseudonym,
        }
    }
}

impl std::fmt::Debug for SiteSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SiteSecret(…)")
    }
}

impl Step for SiteSecret {
    fn apply(&self, row: &mut EventRow) -> Result<Passed, Reject> {
        let pseudonym = self.of(&row.event.person);
        // The id is forgotten here.
        let before = std::mem::replace(&mut row.event.person, Person::Pseudonym(pseudonym));
        Ok(if matches!(before, Person::Id(_)) { Passed::Changed } else { Passed::AsItWas })
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
        assert_eq!(other.of(&Person::Pseudonym(one.pseudonym("p1"))), one.pseudonym("p1"));
        assert!(!format!("{one:?}").contains('1'));
    }
}
