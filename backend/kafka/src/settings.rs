//! Where a topic is, and how it is read.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;

use crate::error::KafkaError;

/// Records fetched ahead, of all partitions together, in KiB. With what librdkafka adds to each, one answer being unpacked
/// (`FETCH_BYTES` times what zstd saved) and the batches that are being filled and stored, it is 64 MiB in all.
const AHEAD_KIB: usize = 6 * 1024;

/// One answer of a broker, still packed. A larger record comes all the same, alone.
const FETCH_BYTES: usize = 1 << 20;

/// What an owner may say about connections, and nothing that decides which records are read.
const CONNECTION: [&str; 8] =
    ["security.", "sasl.", "ssl.", "enable.ssl.", "enable.sasl.", "socket.", "client.rack", "client.dns.lookup"];

/// A topic and the manner of reading it. Times and sizes have defaults; tests shorten them.
#[derive(Clone)]
pub struct Settings {
    /// `host:port`, separated by commas.
    pub brokers: String,
    pub topic: String,
    pub group: String,
    /// What this process is called in the brokers' logs and quotas.
    pub client: String,
    /// SASL and TLS as librdkafka names it: `security.protocol`, `sasl.mechanism`, `ssl.ca.location`, …
    pub connection: BTreeMap<String, String>,
    /// A batch ends at this many records,
    pub batch_records: usize,
    /// or bytes of all partitions' unfinished batches together,
    pub batch_bytes: usize,
    /// or when its first record has waited this long.
    pub linger: Duration,
    /// How long a member that is not heard keeps its partitions: so long nobody loads them after it was killed. Short, for one that
    /// is put out wrongly only reads some records again.
    pub session: Duration,
    /// How long a member that is heard but does not ask for records keeps them.
    pub longest_work: Duration,
    /// How often lag is measured.
    pub measured: Duration,
    /// How long a broker may take to answer a question.
    pub patience: Duration,
}

impl Settings {
    pub fn new(brokers: &str, topic: &str, group: &str) -> Self {
        Self {
            brokers: brokers.into(),
            topic: topic.into(),
            group: group.into(),
            client: "octavo".into(),
            connection: BTreeMap::new(),
            batch_records: 20_000,
            batch_bytes: 8 << 20,
            linger: Duration::from_secs(1),
            session: Duration::from_secs(10),
            longest_work: Duration::from_secs(300),
            measured: Duration::from_secs(5),
            patience: Duration::from_secs(10),
        }
    }

    pub(crate) fn config(&self) -> Result<ClientConfig, KafkaError> {
        if let Some(name) = self.connection.keys().find(|k| !CONNECTION.iter().any(|allowed| k.starts_with(allowed))) {
            return Err(KafkaError::Property(name.clone()));
        }
        let mut config = ClientConfig::new();
        config.extend(self.connection.iter().map(|(k, v)| (k.clone(), v.clone())));
        config
            .set("bootstrap.servers", &self.brokers)
            .set("group.id", &self.group)
            .set("client.id", &self.client)
            // Partitions that stay are read on during a rebalance. No group.instance.id: a static member's partitions
            // would lie idle for a session after it left, and there is nothing here that is dear to move.
            .set("partition.assignment.strategy", "cooperative-sticky")
            .set("session.timeout.ms", millis(self.session))
            .set("heartbeat.interval.ms", millis(self.session / 5))
            .set("max.poll.interval.ms", millis(self.longest_work.max(self.session)))
            // Positions are the warehouse's: none is taken from the group, and a wrong one is an error.
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "error")
            .set("isolation.level", "read_committed")
            .set("check.crcs", "true")
            .set("queued.max.messages.kbytes", AHEAD_KIB.to_string())
            .set("fetch.max.bytes", FETCH_BYTES.to_string())
            .set("fetch.message.max.bytes", (FETCH_BYTES / 2).to_string())
            .set("fetch.queue.backoff.ms", "20")
            .set("reconnect.backoff.max.ms", "2000")
            .set("topic.metadata.refresh.interval.ms", "60000")
            .set("statistics.interval.ms", millis(self.measured))
            .set_log_level(RDKafkaLogLevel::Warning);
        Ok(config)
    }
}

fn millis(time: Duration) -> String {
    time.as_millis().to_string()
}

/// Connection properties hold passwords, so only their names are shown.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let connection: Vec<&String> = self.connection.keys().collect();
        f.debug_struct("Settings")
            .field("brokers", &self.brokers)
            .field("topic", &self.topic)
            .field("group", &self.group)
            .field("connection", &connection)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown_and_what_decides_is_not_set() {
        let mut settings = Settings::new("localhost:1", "events", "octavo");
        settings.connection.insert("sasl.password".into(), "open sesame".into());
        assert!(settings.config().is_ok());
        assert!(format!("{settings:?}").contains("sasl.password"));
        assert!(!format!("{settings:?}").contains("sesame"));
        settings.connection.insert("auto.offset.reset".into(), "latest".into());
        assert!(matches!(settings.config(), Err(KafkaError::Property(name)) if name == "auto.offset.reset"));
    }
}
