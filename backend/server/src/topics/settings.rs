//! Which topic is a site's, and how its brokers are reached: of the settings.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use kafka::Settings;

use crate::config::Config;

/// Site → topic and the connection, of the settings; none without brokers.
pub fn settings(config: &Config) -> anyhow::Result<Vec<(String, Settings)>> {
    if config.kafka_brokers.is_empty() {
        return Ok(Vec::new());
    }
    let connection = match config.kafka_properties.as_str() {
        "" => BTreeMap::new(),
        path => properties(&std::fs::read_to_string(path).context("OCTAVO_KAFKA_PROPERTIES cannot be read")?)?,
    };
    let named = config.kafka_topics.split_whitespace().map(|pair| {
        let (site, topic) =
            pair.split_once('=').context("OCTAVO_KAFKA_TOPICS is a list such as ee=events-ee fi=events-fi")?;
        let mut settings = Settings::new(&config.kafka_brokers, topic, &config.kafka_group);
        settings.connection = connection.clone();
        settings.linger = Duration::from_millis(200);
        Ok((site.to_owned(), settings))
    });
    named.collect()
}

/// The topic of a site.
pub fn of_site(config: &Config, site: &str) -> anyhow::Result<Settings> {
    let found = settings(config)?.into_iter().find(|(own, _)| own == site);
    let missing = || format!("no topic is named for {site}; set OCTAVO_KAFKA_BROKERS and OCTAVO_KAFKA_TOPICS");
    Ok(found.with_context(missing)?.1)
}

/// `name=value` a line, as Kafka's own tools read them.
fn properties(text: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pair = |line: &str| {
        let (name, value) = line.split_once('=').context("OCTAVO_KAFKA_PROPERTIES holds a line without `=`")?;
        Ok((name.trim().to_owned(), value.trim().to_owned()))
    };
    lines.map(pair).collect()
}
