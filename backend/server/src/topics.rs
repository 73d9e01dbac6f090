//! Loading Kafka topics, for ever: one consumer for each site's topic, positions from the warehouse.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use ingest::decode::native;
use ingest::enrich::{LATEST, Robots};
use ingest::health;
use ingest::load::batch::{Batch, Received, Retained};
use ingest::load::intake::{Intake, Rules, Taken};
use ingest::load::staged::Stage;
use ingest::source::LONGEST_RECORD;
use ingest::{Decoded, Reason, Reject};
use kafka::{Consumer, Event, Mark, Settings};
use store::Store;
use warehouse::Warehouse;

use crate::config::Config;
use crate::silence::Silence;

/// Between two notes of how far behind the partitions are.
const NOTE: Duration = Duration::from_secs(5);
/// Between two looks at what is staged, while nothing comes.
const LOOK: Duration = Duration::from_secs(1);
/// Between two looks for what was staged long ago.
const SWEEP: Duration = Duration::from_secs(3600);
/// Between two looks whether something is there that does not come.
const LISTEN: Duration = Duration::from_secs(15);
/// After a failure, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(10));

/// A topic of one site.
#[derive(Clone)]
pub struct Topic {
    pub site: String,
    pub settings: Settings,
    pub warehouse: Warehouse,
    pub store: Store,
    pub robots: Arc<Robots>,
    /// Where batches are staged, if that is the site's strategy.
    pub stage: Option<Stage>,
}

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

impl Topic {
    pub async fn run(self) {
        let mut pause = PAUSES.0;
        let mut silence = Silence::default();
        loop {
            if let Err(error) = self.follow(&mut pause, &mut silence).await {
                tracing::error!(site = self.site, error = format!("{error:#}"), "the topic is not read; trying again");
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Reads until something fails. What was not committed is read again.
    async fn follow(&self, pause: &mut Duration, silence: &mut Silence) -> anyhow::Result<()> {
        let secret = self.store.sites().secret(&self.site).await.context("the site's secret cannot be read")?;
        let rules = Rules { robots: self.robots.clone(), latest: Some(LATEST) };
        let intake = Intake::open(&self.warehouse, &self.site, &secret, rules).await?;
        let mut intake = intake.with_stage(self.stage.clone());
        let mut consumer = Consumer::open(self.settings.clone()).await?;
        let followed = self.read(&mut consumer, &mut intake, (pause, silence)).await;
        consumer.close().await;
        followed
    }

    async fn read(
        &self,
        consumer: &mut Consumer,
        intake: &mut Intake,
        (pause, silence): (&mut Duration, &mut Silence),
    ) -> anyhow::Result<()> {
        let log = consumer.log_name().to_owned();
        let mut noted = Instant::now();
        let mut listened = Instant::now();
        let mut swept: Option<Instant> = None;
        // Partitions that are not read on, and the positions they had then.
        let mut stopped = BTreeMap::new();
        loop {
            if swept.is_none_or(|at| at.elapsed() > SWEEP) {
                if let Err(error) = intake.sweep(Utc::now()).await {
                    tracing::warn!(site = self.site, %error, "what was staged long ago is not removed yet");
                }
                swept = Some(Instant::now());
            }
            for due in consumer.meanwhile(intake.flush_due(Utc::now())).await? {
                self.tell(consumer, intake, &log, due.partition.parse()?, due.taken).await?;
            }
            if noted.elapsed() > NOTE {
                noted = Instant::now();
                self.note(consumer, intake, &log).await?;
                go_on(consumer, intake, &log, &mut stopped).await?;
            }
            if listened.elapsed() > LISTEN {
                ensure!(!silence.look(consumer).await, "nothing comes although there is something; asking anew");
                listened = Instant::now();
            }
            let event = match tokio::time::timeout(LOOK, consumer.next()).await {
                Ok(event) => event?,
                Err(_) => continue,
            };
            match event {
                Event::Assigned(partitions) => {
                    tracing::info!(site = self.site, ?partitions, "partitions of the topic are this loader's");
                    for partition in partitions {
                        start(consumer, intake, &log, partition).await?;
                    }
                }
                Event::Records(records) => {
                    let partition = records.partition;
                    let batch = batch(&log, records);
                    let steps = intake.steps();
                    let prepared = tokio::task::spawn_blocking(move || steps.prepare(batch)).await?;
                    let taken = consumer.meanwhile(intake.take(prepared, Utc::now())).await?;
                    self.tell(consumer, intake, &log, partition, taken).await?;
                    *pause = PAUSES.0;
                }
                // What waits of a partition is somebody else's to read now, or is read again when this one comes back to it.
                Event::Revoked(partitions) => {
                    for partition in partitions {
                        intake.forget(&log, &partition.to_string());
                    }
                }
                Event::Expelled => {}
                Event::Stopped { partition, why } => {
                    tracing::error!(site = self.site, "{why}");
                    stopped.insert(partition, why.position());
                }
                Event::Trouble(what) => tracing::warn!(site = self.site, "Kafka: {what}"),
            }
        }
    }

    /// Tells the group what is committed, and has the partition read on from where the warehouse is.
    async fn tell(
        &self,
        consumer: &mut Consumer,
        intake: &Intake,
        log: &str,
        partition: i32,
        taken: Taken,
    ) -> anyhow::Result<()> {
        match taken {
            Taken::Committed { next, .. } => consumer.tell(partition, next),
            Taken::Waits { .. } => {}
            // Another loader has the partition, or this one came back to it.
            Taken::Moved { .. } => start(consumer, intake, log, partition).await?,
        }
        Ok(())
    }

    async fn note(&self, consumer: &Consumer, intake: &Intake, log: &str) -> anyhow::Result<()> {
        let now = Utc::now();
        for standing in consumer.standing() {
            let Some(waiting) = standing.lag() else { continue };
            let partition = standing.partition.to_string();
            health::note(&self.warehouse, (log, &partition), intake.site().id, waiting, None, now).await?;
        }
        Ok(())
    }
}

/// Has a partition read from the warehouse's position on.
async fn start(consumer: &mut Consumer, intake: &Intake, log: &str, partition: i32) -> anyhow::Result<()> {
    let (position, mark) = intake.standing(log, &partition.to_string()).await?;
    let mark: Option<Mark> = mark.map(|mark| mark.parse()).transpose()?;
    consumer.start(partition, position, mark);
    Ok(())
}

/// Has stopped partitions read on whose positions somebody has moved since.
async fn go_on(
    consumer: &mut Consumer,
    intake: &Intake,
    log: &str,
    stopped: &mut BTreeMap<i32, i64>,
) -> anyhow::Result<()> {
    for (partition, then) in stopped.clone() {
        if intake.position(log, &partition.to_string()).await? != then {
            stopped.remove(&partition);
            start(consumer, intake, log, partition).await?;
        }
    }
    Ok(())
}

fn batch(log: &str, records: kafka::Batch) -> Batch {
    let now = Utc::now();
    Batch {
        source: log.into(),
        partition: records.partition.to_string(),
        first: records.first,
        next: records.next,
        mark: records.mark.map(|mark| mark.to_string()),
        records: records.records.into_iter().map(|record| received(record, now)).collect(),
    }
}

/// A topic's record, decoded. `now` is for one without a time.
pub fn received(record: kafka::Record, now: DateTime<Utc>) -> Received {
    let kafka::Record { offset, timestamp, bytes } = record;
    // What the topic says of the time, so that a replay says the same.
    let received_at = timestamp.and_then(DateTime::from_timestamp_millis).unwrap_or(now);
    let (decoded, kept) = if bytes.len() > LONGEST_RECORD {
        let detail = format!("the record is {} bytes long; at most {LONGEST_RECORD} are accepted", bytes.len());
        (Decoded::Rejected(Reject::new(Reason::TooLong, detail)), Retained::InSource)
    } else {
        (native::decode(&bytes, received_at), Retained::AsItCame(bytes))
    };
    Received { offset, received_at, decoded, kept, statement: None }
}
