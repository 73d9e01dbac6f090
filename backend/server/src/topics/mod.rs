//! Loading Kafka topics, for ever: one consumer for each site's topic, positions from the warehouse.

mod loading;
mod records;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use chrono::Utc;
use ingest::enrich::{LATEST, Robots};
use ingest::health;
use ingest::load::intake::{Intake, Rules};
use ingest::load::loader;
use ingest::load::staged::Stage;
use kafka::{Consumer, Event, Settings};
use store::Store;
use warehouse::Warehouse;

use crate::silence::Silence;

use loading::{Done, Loading};
pub use records::received;
pub use settings::{of_site, settings};

/// Between two notes of how far behind the partitions are.
const NOTE: Duration = Duration::from_secs(5);
/// How long is waited for what happens, before it is seen whether something else is due.
const LOOK: Duration = Duration::from_secs(1);
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
        let intake = Intake::open(&self.warehouse, &self.site, &secret, rules).await?.with_stage(self.stage.clone());
        let mut consumer = Consumer::open(self.settings.clone()).await?;
        let site = intake.site().id;
        let loading = Loading::begin(intake, consumer.log_name());
        let followed = self.read(&mut consumer, loading, site, (pause, silence)).await;
        consumer.close().await;
        followed
    }

    async fn read(
        &self,
        consumer: &mut Consumer,
        mut loading: Loading,
        site: i16,
        (pause, silence): (&mut Duration, &mut Silence),
    ) -> anyhow::Result<()> {
        let log = consumer.log_name().to_owned();
        let mut noted = Instant::now();
        let mut listened = Instant::now();
        // Partitions that are not read on, and the positions they had then.
        let mut stopped = BTreeMap::new();
        loop {
            // Records are only asked for when they can be handed on.
            consumer.meanwhile(loading.room()).await?;
            if noted.elapsed() > NOTE {
                noted = Instant::now();
                self.note(consumer, site, &log).await?;
                self.go_on(&mut loading, &log, &mut stopped).await?;
            }
            if listened.elapsed() > LISTEN {
                ensure!(!silence.look(consumer).await, "nothing comes although there is something; asking anew");
                listened = Instant::now();
            }
            let event = tokio::select! {
                done = loading.done() => {
                    match done? {
                        Done::Begin { partition, position, mark } => consumer.start(partition, position, mark),
                        Done::Committed { partition, next } => {
                            consumer.tell(partition, next);
                            *pause = PAUSES.0;
                        }
                    }
                    continue;
                }
                event = consumer.next() => event?,
                () = tokio::time::sleep(LOOK) => continue,
            };
            match event {
                Event::Assigned(partitions) => {
                    tracing::info!(site = self.site, ?partitions, "partitions of the topic are this loader's");
                    for partition in partitions {
                        consumer.meanwhile(loading.ask(partition)).await?;
                    }
                }
                Event::Records(records) => loading.load(records).await?,
                Event::Revoked(partitions) => {
                    for partition in partitions {
                        consumer.meanwhile(loading.forget(partition)).await?;
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

    async fn note(&self, consumer: &Consumer, site: i16, log: &str) -> anyhow::Result<()> {
        let now = Utc::now();
        for standing in consumer.standing() {
            let Some(waiting) = standing.lag() else { continue };
            let partition = standing.partition.to_string();
            health::note(&self.warehouse, (log, &partition), site, waiting, None, now).await?;
        }
        Ok(())
    }

    /// Has stopped partitions read on whose positions somebody has moved since.
    async fn go_on(&self, loading: &mut Loading, log: &str, stopped: &mut BTreeMap<i32, i64>) -> anyhow::Result<()> {
        for (partition, then) in stopped.clone() {
            if loader::position(&self.warehouse, log, &partition.to_string()).await? != then {
                stopped.remove(&partition);
                loading.ask(partition).await?;
            }
        }
        Ok(())
    }
}
