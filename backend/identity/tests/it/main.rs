//! Signing in at real providers, an honest one and one that is told to be none.

mod honest;
mod hostile;
mod unreachable;

use std::path::Path;

use chrono::{DateTime, Utc};
use identity::{ProviderSettings, Providers};

/// The tokens' times are those of the providers' own clocks.
#[expect(clippy::disallowed_methods, reason = "the other end of the wire has this clock")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

fn open(toml: &str) -> Providers {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), toml).unwrap();
    Providers::open(read(file.path()))
}

fn read(path: &Path) -> Vec<ProviderSettings> {
    ProviderSettings::read(path).unwrap_or_else(|error| panic!("{error}"))
}
