//! Settings: `config.default.toml`, which is embedded and is the documentation, then `OCTAVO_…` variables.

use std::num::{NonZeroU32, NonZeroUsize};

use anyhow::Context;
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;

#[derive(Clone, Deserialize)]
pub struct Config {
    pub app_url: String,
    pub warehouse_url: String,
    pub warehouse_reading_url: String,
    pub redis_url: String,
    pub listen: String,
    pub warehouse_connections: usize,
    pub refresh_seconds: u64,
    pub statement_timeout_seconds: NonZeroU32,
    pub caller_requests_per_second: NonZeroU32,
    pub caller_requests_at_once: NonZeroUsize,
    pub organisation_requests_per_second: NonZeroU32,
    pub organisation_requests_at_once: NonZeroUsize,
    pub public_url: String,
    pub collector_url: String,
    pub security_contact: String,
    pub secret_key: String,
    pub identity_providers: String,
    pub mail_url: String,
    pub mail_from: String,
    pub trusted_proxies: usize,
    pub session_idle_minutes: NonZeroU32,
    pub session_hours: NonZeroU32,
    pub owner_session_idle_minutes: NonZeroU32,
    pub owner_session_hours: NonZeroU32,
    pub graphql_introspection: bool,
    pub robots: String,
    pub kafka_brokers: String,
    pub kafka_topics: String,
    pub kafka_group: String,
    pub kafka_properties: String,
    pub store: String,
    pub raw_days: u32,
    pub stage_seconds: u32,
    pub redshift_role: String,
    pub spool: String,
    pub spool_megabytes: NonZeroU32,
}

/// Without the values: some are secrets.
impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("listen", &self.listen).finish_non_exhaustive()
    }
}

impl Config {
    pub fn read() -> anyhow::Result<Config> {
        Figment::from(Toml::string(include_str!("../config.default.toml")))
            .merge(Env::prefixed("OCTAVO_"))
            .extract()
            .context("a setting cannot be read; see config.default.toml")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_default_settings_are_whole() {
        let config = super::Config::read().unwrap();
        assert!(config.listen.starts_with("127.0.0.1"), "nothing is open to the network unless told");
    }
}
