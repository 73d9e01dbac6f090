//! Secrets that the settings have to hold, and those that they must not.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use rand::TryRngCore;
use rand::rngs::OsRng;
use store::SecretKey;

use crate::config::Config;

/// Passwords that stand in examples and that everybody tries first.
const COMMON: [&str; 12] = [
    "postgres",
    "password",
    "octavo",
    "secret",
    "changeme",
    "change-me",
    "admin",
    "root",
    "test",
    "redis",
    "example",
    "123456",
];

/// The key of what is sealed.
///
/// # Errors
/// When it is missing, no 64 hexadecimal digits, or made up rather than drawn.
pub fn key(config: &Config) -> anyhow::Result<SecretKey> {
    let help = "set OCTAVO_SECRET_KEY to what `openssl rand -hex 32` prints, and keep it safe";
    ensure!(!config.secret_key.is_empty(), "{help}");
    let bytes = hex::decode(&config.secret_key).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let bytes = bytes.with_context(|| format!("OCTAVO_SECRET_KEY is not 64 hexadecimal digits; {help}"))?;
    // Of 32 random bytes hardly two are the same; fewer than 20 different ones were typed by somebody.
    let different = bytes.iter().collect::<std::collections::BTreeSet<_>>().len();
    ensure!(different >= 20, "OCTAVO_SECRET_KEY is easily guessed; {help}");
    Ok(SecretKey::new(bytes))
}

/// The key of a demo, drawn when it is first needed and kept beside its data, readable by its owner only.
pub fn kept_in(dir: &Path) -> anyhow::Result<String> {
    let path = dir.join("secret.key");
    if let Ok(kept) = std::fs::read_to_string(&path) {
        return Ok(kept.trim().to_string());
    }
    let mut bytes = [0u8; 32];
    OsRng.try_fill_bytes(&mut bytes).context("no randomness from the system")?;
    let key = hex::encode(bytes);
    let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path);
    file.and_then(|mut file| file.write_all(key.as_bytes()))
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(key)
}

/// Refuses the passwords of examples in the addresses of databases and mail servers.
pub fn refuse_common(config: &Config) -> anyhow::Result<()> {
    let addresses = [
        ("OCTAVO_APP_URL", &config.app_url),
        ("OCTAVO_WAREHOUSE_URL", &config.warehouse_url),
        ("OCTAVO_REDIS_URL", &config.redis_url),
        ("OCTAVO_MAIL_URL", &config.mail_url),
    ];
    for (setting, address) in addresses {
        let password = password(address);
        if password.is_some_and(|p| COMMON.iter().any(|c| c.eq_ignore_ascii_case(p)) || (1..8).contains(&p.len())) {
            bail!(
                "the password in {setting} is one that everybody tries first; choose another, of 16 characters or more"
            );
        }
    }
    Ok(())
}

/// The password in an address such as `postgres://user:password@host/database`.
fn password(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    user.split_once(':').map(|(_, password)| password)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(change: impl Fn(&mut Config)) -> Config {
        let mut config = Config::read().unwrap();
        config.secret_key = String::new();
        change(&mut config);
        config
    }

    #[test]
    fn a_key_that_is_missing_or_made_up_is_refused() {
        for wrong in ["", "secret", &"0".repeat(64), &"0123456789abcdef".repeat(4), &"ab".repeat(31)] {
            assert!(key(&config(|c| c.secret_key = wrong.into())).is_err(), "{wrong}");
        }
        let drawn = "3f1c9a7be02d5486b1f7c83e6a90d24f5b17e8c3a6d9024f7be1c58a39d60e42";
        assert!(key(&config(|c| c.secret_key = drawn.into())).is_ok());
    }

    #[test]
    fn passwords_of_examples_are_refused() {
        for wrong in
            ["postgres://octavo:octavo@db/octavo", "postgres://u:Password@db", "redis://:short@r", "smtp://a:secret@m"]
        {
            let config = config(|c| c.mail_url = wrong.into());
            assert!(refuse_common(&config).is_err(), "{wrong}");
        }
        for sound in ["", "postgres://octavo@db/octavo", "postgres://u:zK4-s8Qm_x1LpW7v@db/octavo?x=a:b@c", "redis://r"]
        {
            assert!(refuse_common(&config(|c| c.app_url = sound.into())).is_ok(), "{sound}");
        }
    }
}
