//! What a demo was made with, kept beside its data, so that it goes on the same.

use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub seed: u64,
    /// Events of a year, about.
    pub events: u64,
    /// The first day with events.
    pub since: NaiveDate,
}

impl Settings {
    /// What is kept in the directory; else these, from fifteen months before `now`: then this term has the same one of last year
    /// to be compared with.
    pub fn keep(data: &Path, events: u64, now: DateTime<Utc>) -> anyhow::Result<Settings> {
        let path = data.join("demo.json");
        if let Ok(text) = std::fs::read_to_string(&path) {
            let kept: Settings =
                serde_json::from_str(&text).with_context(|| format!("{} is damaged; --reset", path.display()))?;
            if kept.events != events {
                eprintln!(
                    "going on with about {} events a year, as this demo was made; --reset makes it anew",
                    kept.events
                );
            }
            return Ok(kept);
        }
        let settings = Settings { seed: 1, events, since: now.date_naive() - Days::new(460) };
        std::fs::write(&path, serde_json::to_string_pretty(&settings)?)?;
        Ok(settings)
    }
}
