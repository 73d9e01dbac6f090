//! Passwords: Argon2id with the parameters OWASP recommends (19 MiB, 2 passes, 1 lane), and none that is easy to guess.

use std::sync::Arc;
use std::thread::available_parallelism;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use rand::TryRngCore;
use rand::rngs::OsRng;
use tokio::sync::Semaphore;

use crate::error::StoreError;

/// The fewest characters of a new password.
pub const MIN_CHARS: usize = 12;
/// The most characters of any password that is looked at; longer ones would only cost time.
pub const MAX_CHARS: usize = 128;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes and verifies, off the async threads and no more at once than there are cores: each takes 19 MiB, and a storm of
/// sign-ins must not exhaust the memory.
#[derive(Debug, Clone)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    /// The hash of a password nobody knows, verified against when there is no account, so that both take the same time.
    nobody: Arc<str>,
}

impl Passwords {
    pub async fn new() -> Result<Self, StoreError> {
        let cores = available_parallelism().map_or(1, usize::from);
        let mut passwords = Self { turns: Arc::new(Semaphore::new(cores)), nobody: Arc::from("") };
        let mut secret = [0u8; 32];
        OsRng.try_fill_bytes(&mut secret).map_err(|e| StoreError::Randomness(e.to_string()))?;
        passwords.nobody = passwords.in_turn(move || hash(&secret)).await??.into();
        Ok(passwords)
    }

    /// The PHC string of a new password. `known` is what anybody knows of its owner, such as the name.
    ///
    /// # Errors
    /// [`StoreError::PasswordLength`] unless it has [`MIN_CHARS`] to [`MAX_CHARS`] characters; [`StoreError::WeakPassword`]
    /// when it is made of what is guessed first.
    pub async fn hash(&self, password: &str, known: &[&str]) -> Result<String, StoreError> {
        if !(MIN_CHARS..=MAX_CHARS).contains(&password.chars().count()) {
            return Err(StoreError::PasswordLength { min: MIN_CHARS, max: MAX_CHARS });
        }
        let (password, known) = (password.to_string(), known.iter().map(ToString::to_string).collect::<Vec<_>>());
        // Guessing takes its time, too: a tenth of a second for a long one that looks like many words.
        let work = move || {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            if is_weak(&password, &known) { Err(StoreError::WeakPassword) } else { hash(password.as_bytes()) }
        };
        self.in_turn(work).await?
    }

    /// Whether the password is that of the hash. Without a hash the answer is no, after the same time.
    pub async fn verify(&self, password: &str, stored: Option<String>) -> Result<bool, StoreError> {
        if !(1..=MAX_CHARS).contains(&password.chars().count()) {
            return Ok(false);
        }
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.to_string());
        let password = password.to_string();
        let same = self.in_turn(move || verify(password.as_bytes(), &stored)).await??;
        Ok(known && same)
    }

    /// A hash with the parameters of today, if this one was made with others.
    pub async fn better(&self, password: &str, stored: &str) -> Result<Option<String>, StoreError> {
        if is_current(stored) {
            return Ok(None);
        }
        let password = password.to_string();
        self.in_turn(move || hash(password.as_bytes())).await?.map(Some)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
        let failed = |e: &dyn std::fmt::Display| StoreError::Hashing(e.to_string());
        let turn = self.turns.clone().acquire_owned().await.map_err(|e| failed(&e))?;
        // The turn goes with the work: when the request is dropped, the work goes on, and so must its place be taken.
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(|e| failed(&e))
    }
}

/// Fewer guesses than this, as a power of ten, are too few: what leaked and common lists, names, words, dates, keyboard rows and
/// their repetitions are made of is guessed long before (zxcvbn, Wheeler 2016; its lists are in the binary).
const FEWEST_GUESSES: f64 = 10.0;
/// What anybody knows of this product.
const PRODUCT: [&str; 3] = ["octavo", "textbook", "statistics"];

fn is_weak(password: &str, known: &[&str]) -> bool {
    let words = known.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()).chain([*text]));
    let words: Vec<&str> = words.filter(|word| word.len() > 2).chain(PRODUCT).collect();
    zxcvbn::zxcvbn(password, &words).guesses_log10() < FEWEST_GUESSES
}

fn is_current(stored: &str) -> bool {
    stored.starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$"))
}

fn hash(password: &[u8]) -> Result<String, StoreError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| StoreError::Hashing(e.to_string()))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(password).map(|hash| hash.to_string()).map_err(|e| StoreError::Hashing(e.to_string()))
}

fn verify(password: &[u8], stored: &str) -> Result<bool, StoreError> {
    let parsed = PasswordHash::new(stored).map_err(|_| StoreError::Corrupt("a password's hash".to_string()))?;
    // The parameters are those of the stored hash, whatever they were when it was made.
    Ok(Argon2::default().verify_password(password, &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let passwords = Passwords::new().await.unwrap();
        let stored = passwords.hash("correct horse battery", &[]).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, passwords.hash("correct horse battery", &[]).await.unwrap());
        assert!(passwords.verify("correct horse battery", Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("correct horse batterz", Some(stored)).await.unwrap());
        assert!(!passwords.verify("correct horse battery", None).await.unwrap());
    }

    #[tokio::test]
    async fn lengths_are_bounded() {
        let passwords = Passwords::new().await.unwrap();
        for wrong in ["", "elevenchars", &"x".repeat(129)] {
            assert!(matches!(passwords.hash(wrong, &[]).await, Err(StoreError::PasswordLength { .. })), "{wrong}");
        }
        let longest: String = "õlu ja vesi, tee ja kohv; ".chars().cycle().take(128).collect();
        let stored = passwords.hash(&longest, &[]).await.unwrap();
        assert!(passwords.verify(&longest, Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify(&format!("{longest}x"), Some(stored)).await.unwrap());
    }

    #[test]
    fn what_is_guessed_first_is_weak() {
        let known = ["olivia.owner@tallinna-kool.example", "Olivia Owner", "Tallinna 21. Kool"];
        for weak in [
            "password1234",
            "passwordpassword",
            "qwertyuiop123",
            "aaaaaaaaaaaaaaaa",
            "123456789012345",
            "olivia.owner1",
            "tallinna-kool",
            "Octavo2026!!",
            "iloveyou2026",
        ] {
            assert!(is_weak(weak, &known), "{weak}");
        }
        for strong in ["correct horse battery", "vihmane teisipäev Võrus", "k3Jd-92la_QpZx"] {
            assert!(!is_weak(strong, &known), "{strong}");
        }
    }

    #[tokio::test]
    async fn a_hash_of_other_parameters_is_made_anew() {
        let passwords = Passwords::new().await.unwrap();
        let params = Params::new(8 * 1024, 1, 1, None).unwrap();
        let old = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let old = old.hash_password(b"correct horse battery").unwrap().to_string();
        assert!(passwords.verify("correct horse battery", Some(old.clone())).await.unwrap());
        let better = passwords.better("correct horse battery", &old).await.unwrap().unwrap();
        assert!(is_current(&better) && passwords.verify("correct horse battery", Some(better.clone())).await.unwrap());
        assert_eq!(passwords.better("correct horse battery", &better).await.unwrap(), None);
    }

    #[tokio::test]
    async fn no_more_are_computed_at_once_than_there_are_turns() {
        let passwords = Passwords { turns: Arc::new(Semaphore::new(1)), nobody: Arc::from("") };
        let held = passwords.turns.clone().acquire_owned().await.unwrap();
        let patience = std::time::Duration::from_millis(50);
        let waiting = passwords.verify("correct horse battery", Some(String::new()));
        assert!(tokio::time::timeout(patience, waiting).await.is_err());
        assert!(tokio::time::timeout(patience, passwords.hash("password1234", &[])).await.is_err());
        drop(held);
        assert!(matches!(passwords.verify("x", Some(String::new())).await, Err(StoreError::Corrupt(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        /// Whatever it is made of: what guesses at it counts bytes here and characters there.
        #[test]
        fn any_text_is_weak_or_not(password in "\\PC{0,40}", known in "\\PC{0,30}", again in 1..4_usize) {
            let password: String = password.repeat(again).chars().take(MAX_CHARS).collect();
            let weak = is_weak(&password, &[&known]);
            prop_assert!(weak || password.chars().count() > 5, "{}", password);
            prop_assert!(is_weak(&known, &[&known]) || known.chars().count() > 10, "{}", known);
        }
    }
}
