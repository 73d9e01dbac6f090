//! One site's topic, read until something fails. While a batch is loaded, the next one is decoded and prepared.

use std::collections::BTreeMap;
use std::future::pending;
use std::time::{Duration, Instant};

use anyhow::ensure;
use chrono::Utc;
use ingest::enrich::{Prepared, Steps};
use ingest::health;
use ingest::load::intake::{Intake, Taken};
use kafka::{Consumer, Event, Mark, Stop};
use tokio::task::{JoinHandle, spawn_blocking};
use warehouse::Warehouse;

use super::records::batch;
use crate::silence::Silence;

/// Between two notes of how far behind the partitions are.
const NOTE: Duration = Duration::from_secs(5);
/// Between two looks at what is staged, while nothing comes.
const LOOK: Duration = Duration::from_secs(1);
/// Between two looks for what was staged long ago.
const SWEEP: Duration = Duration::from_secs(3600);
/// Between two looks whether something is there that does not come.
const LISTEN: Duration = Duration::from_secs(15);

pub struct Following<'a> {
    warehouse: &'a Warehouse,
    consumer: Consumer,
    intake: Intake,
    log: String,
    /// What is loaded next.
    ahead: Option<Ahead>,
    /// Partitions of this loader's that are not read on.
    stopped: BTreeMap<i32, Stop>,
    has_loaded: bool,
}

/// A batch that is being prepared.
struct Ahead {
    partition: i32,
    prepared: JoinHandle<Prepared>,
}

impl Ahead {
    fn begin(log: &str, steps: Steps, records: kafka::Batch) -> Self {
        let (partition, log) = (records.partition, log.to_owned());
        Self { partition, prepared: spawn_blocking(move || steps.prepare(batch(&log, records))) }
    }

    /// Takes it once it is prepared; waits for ever where there is none. May be dropped before it is done.
    async fn take(ahead: &mut Option<Self>) -> anyhow::Result<(i32, Prepared)> {
        let Some(Ahead { partition, prepared }) = ahead else { return pending().await };
        let (partition, prepared) = (*partition, prepared.await?);
        *ahead = None;
        Ok((partition, prepared))
    }
}

impl<'a> Following<'a> {
    pub fn new(warehouse: &'a Warehouse, consumer: Consumer, intake: Intake) -> Self {
        let log = consumer.log_name().to_owned();
        Self { warehouse, consumer, intake, log, ahead: None, stopped: BTreeMap::new(), has_loaded: false }
    }

    pub fn has_loaded(&self) -> bool {
        self.has_loaded
    }

    pub async fn close(self) {
        self.consumer.close().await;
    }

    pub async fn read(&mut self, silence: &mut Silence) -> anyhow::Result<()> {
        let mut noted = Instant::now();
        let mut listened = Instant::now();
        let mut swept: Option<Instant> = None;
        loop {
            if swept.is_none_or(|at| at.elapsed() > SWEEP) {
                if let Err(error) = self.intake.sweep(Utc::now()).await {
                    tracing::warn!(site = self.site(), %error, "what was staged long ago is not removed yet");
                }
                swept = Some(Instant::now());
            }
            for due in self.consumer.meanwhile(self.intake.flush_due(Utc::now())).await? {
                self.note(due.partition.parse()?, due.taken).await?;
            }
            if noted.elapsed() > NOTE {
                noted = Instant::now();
                self.note_lag().await?;
                self.go_on().await?;
            }
            if listened.elapsed() > LISTEN {
                ensure!(!silence.look(&self.consumer).await, "nothing comes although there is something; asking anew");
                listened = Instant::now();
            }
            // Records that are there already come first, so that they are prepared while those before them are loaded.
            let event = tokio::select! {
                biased;
                event = self.consumer.next() => event?,
                taken = Ahead::take(&mut self.ahead) => {
                    let (partition, prepared) = taken?;
                    self.load(partition, prepared).await?;
                    continue;
                }
                () = tokio::time::sleep(LOOK) => continue,
            };
            self.hear(event).await?;
        }
    }

    async fn hear(&mut self, event: Event) -> anyhow::Result<()> {
        if !matches!(event, Event::Records(_)) {
            // What was read before it comes before it.
            self.put_ahead(None).await?;
        }
        match event {
            Event::Records(records) => {
                let next = Ahead::begin(&self.log, self.intake.steps(), records);
                self.put_ahead(Some(next)).await?;
            }
            Event::Assigned(partitions) => {
                tracing::info!(site = self.site(), ?partitions, "partitions of the topic are this loader's");
                for partition in partitions {
                    self.start(partition).await?;
                }
            }
            // What waits of them counts if nobody was faster; the position decides.
            Event::Revoked(partitions) => partitions.iter().for_each(|partition| drop(self.stopped.remove(partition))),
            Event::Expelled => {}
            Event::Stopped { partition, why } => {
                tracing::error!(site = self.site(), "{why}");
                self.stopped.insert(partition, why);
            }
            Event::Trouble(what) => tracing::warn!(site = self.site(), "Kafka: {what}"),
        }
        Ok(())
    }

    /// Puts this ahead, and loads what was there.
    async fn put_ahead(&mut self, next: Option<Ahead>) -> anyhow::Result<()> {
        match std::mem::replace(&mut self.ahead, next) {
            Some(Ahead { partition, prepared }) => self.load(partition, prepared.await?).await,
            None => Ok(()),
        }
    }

    async fn load(&mut self, partition: i32, prepared: Prepared) -> anyhow::Result<()> {
        let taken = self.consumer.meanwhile(self.intake.take(prepared, Utc::now())).await?;
        self.has_loaded = true;
        self.note(partition, taken).await
    }

    /// Tells the group what is committed, and has the partition read on from where the warehouse is.
    async fn note(&mut self, partition: i32, taken: Taken) -> anyhow::Result<()> {
        match taken {
            Taken::Committed { next, .. } => self.consumer.tell(partition, next),
            Taken::Waits { .. } => {}
            // Another loader has the partition, or this one came back to it; what was read of it meanwhile does not follow.
            Taken::Moved { .. } => {
                self.ahead.take_if(|ahead| ahead.partition == partition);
                self.start(partition).await?;
            }
        }
        Ok(())
    }

    /// Has a partition read from the warehouse's position on.
    async fn start(&mut self, partition: i32) -> anyhow::Result<()> {
        let (position, mark) = self.intake.standing(&self.log, &partition.to_string()).await?;
        let mark: Option<Mark> = mark.map(|mark| mark.parse()).transpose()?;
        self.consumer.start(partition, position, mark);
        Ok(())
    }

    /// Has stopped partitions read on whose positions somebody has moved since.
    async fn go_on(&mut self) -> anyhow::Result<()> {
        for (partition, then) in self.stopped.clone() {
            if self.intake.position(&self.log, &partition.to_string()).await? != then.position() {
                self.stopped.remove(&partition);
                self.start(partition).await?;
            }
        }
        Ok(())
    }

    /// Notes how much of each partition is not loaded, also of those that stopped. Markers of transactions count, so it may rest at a
    /// few. What brokers do not tell stays as it was noted.
    async fn note_lag(&self) -> anyhow::Result<()> {
        for standing in self.consumer.standing() {
            let Some(end) = standing.end else { continue };
            let position = self.intake.position(&self.log, &standing.partition.to_string()).await?;
            self.note_waiting(standing.partition, end - position).await?;
        }
        for (partition, why) in &self.stopped {
            // Brokers that do not answer are waited for elsewhere.
            let Ok(marks) = self.consumer.watermarks(*partition).await else { break };
            self.note_waiting(*partition, why.waiting(marks)).await?;
        }
        Ok(())
    }

    async fn note_waiting(&self, partition: i32, waiting: i64) -> anyhow::Result<()> {
        let (partition, site) = (partition.to_string(), self.intake.site().id);
        Ok(health::note(self.warehouse, (&self.log, &partition), site, waiting.max(0), None, Utc::now()).await?)
    }

    fn site(&self) -> &str {
        &self.intake.site().code
    }
}
