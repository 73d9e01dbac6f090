//! Secrets made here.

use anyhow::Context;
use rand::TryRngCore;
use rand::rngs::OsRng;

/// 24 random letters and digits, more than 128 bits.
pub fn random_password() -> anyhow::Result<String> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = [0u8; 24];
    OsRng.try_fill_bytes(&mut bytes).context("no randomness from the system")?;
    Ok(bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 64)])).collect())
}
