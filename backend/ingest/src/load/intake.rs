//! One site's way in: the steps and the loader, by the site's strategy.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use reference::Site;
use stage::StageError;
use warehouse::Warehouse;

use super::batch::{Batch, Counts, LoadError, Outcome};
use super::loader::Loader;
use super::staged::{self, Stage};
use super::staging::{Log, Staging};
use super::strategy::Strategy;
use crate::enrich::{Prepared, Robots, Steps};

/// What the steps of a site go by.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub robots: Arc<Robots>,
    /// How late an event may come and be counted by itself; `None` for what somebody hands in, such as a file.
    pub latest: Option<TimeDelta>,
}

/// Takes batches of one site through the steps and loads them.
pub struct Intake {
    steps: Steps,
    loader: Loader,
    staging: Option<Staging>,
}

/// What became of a batch that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// All below `next` is committed; counted are also the batches that waited before this one.
    Committed { next: i64, counts: Counts },
    /// Nothing is committed yet; the log is read on from `next`. Nothing of it may be let go of or acknowledged.
    Waits { next: i64 },
    /// Somebody committed records of it before: the log's position is `next`. Of the batch nothing was changed, and nothing waits:
    /// from there it is to be read. Counted is what waited before the batch and was committed still.
    Moved { next: i64, counts: Counts },
}

impl Taken {
    /// `before` counts what was committed on the way there.
    fn of(next: i64, outcome: Outcome, before: Counts) -> Self {
        match outcome {
            Outcome::Committed(mut counts) => {
                counts += before;
                Taken::Committed { next, counts }
            }
            Outcome::Moved { next } => Taken::Moved { next, counts: before },
        }
    }
}

/// What became of what waited of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flushed {
    pub source: String,
    pub partition: String,
    /// Never [`Taken::Waits`].
    pub taken: Taken,
}

impl Intake {
    /// `secret` is the site's, with which persons become pseudonyms.
    pub async fn open(warehouse: &Warehouse, site: &str, secret: &[u8; 32], rules: Rules) -> Result<Self, LoadError> {
        let loader = Loader::open(warehouse, site).await?;
        Ok(Self { steps: Steps::new(loader.site(), secret, rules.robots, rules.latest), loader, staging: None })
    }

    /// The same with a stage, for when the site's strategy is to use one.
    pub fn with_stage(self, stage: Option<Stage>) -> Self {
        Self { staging: stage.map(Staging::new), ..self }
    }

    pub fn site(&self) -> &Site {
        self.loader.site()
    }

    /// The steps, to prepare a batch beside the load of the one before.
    pub fn steps(&self) -> Steps {
        self.steps.clone()
    }

    /// See [`Loader::position`].
    pub async fn position(&self, source: &str, partition: &str) -> Result<i64, LoadError> {
        self.loader.position(source, partition).await
    }

    /// See [`Loader::standing`].
    pub async fn standing(&self, source: &str, partition: &str) -> Result<(i64, Option<String>), LoadError> {
        self.loader.standing(source, partition).await
    }

    /// Takes a batch of a log that is read on and on, by the strategy that the site has now.
    ///
    /// # Errors
    /// Nothing of the log waits any more then: it has to be read from its position again.
    pub async fn take(&mut self, batch: Prepared, now: DateTime<Utc>) -> Result<Taken, LoadError> {
        let (log, next) = ((batch.source.clone(), batch.partition.clone()), batch.next);
        match (self.loader.strategy().await?, &mut self.staging) {
            (Strategy::Staged, None) => Err(LoadError::NoStage(self.site().code.clone())),
            (Strategy::Staged, Some(staging)) => {
                staging.add(&mut self.loader, batch, now).await?;
                let full = staging.is_full(&log) || staging.logs(Some(now)).contains(&log);
                if !full {
                    return Ok(Taken::Waits { next });
                }
                Ok(self.flush_log(&log, now).await?.unwrap_or(Taken::Waits { next }))
            }
            (Strategy::Direct, _) => {
                // What waits came first.
                let waited = match self.flush_log(&log, now).await? {
                    Some(Taken::Committed { counts, .. }) => counts,
                    Some(moved) => return Ok(moved),
                    None => Counts::default(),
                };
                Ok(Taken::of(next, self.loader.load(batch, now).await?, waited))
            }
        }
    }

    /// Loads what has waited long enough, or, when the site is loaded directly by now, whatever waits. Cheap when nothing does.
    ///
    /// # Errors
    /// As of [`Intake::take`].
    pub async fn flush_due(&mut self, now: DateTime<Utc>) -> Result<Vec<Flushed>, LoadError> {
        let Some(staging) = &self.staging else { return Ok(Vec::new()) };
        if staging.logs(None).is_empty() {
            return Ok(Vec::new());
        }
        let staged = self.loader.strategy().await? == Strategy::Staged;
        let logs = staging.logs(staged.then_some(now));
        self.flush_logs(logs, now).await
    }

    /// Loads all that waits: the source has come to its end.
    ///
    /// # Errors
    /// As of [`Intake::take`].
    pub async fn flush(&mut self, now: DateTime<Utc>) -> Result<Vec<Flushed>, LoadError> {
        let logs = self.staging.as_ref().map(|staging| staging.logs(None)).unwrap_or_default();
        self.flush_logs(logs, now).await
    }

    async fn flush_logs(&mut self, logs: Vec<Log>, now: DateTime<Utc>) -> Result<Vec<Flushed>, LoadError> {
        let mut flushed = Vec::new();
        for log in logs {
            if let Some(taken) = self.flush_log(&log, now).await? {
                flushed.push(Flushed { source: log.0, partition: log.1, taken });
            }
        }
        Ok(flushed)
    }

    async fn flush_log(&mut self, log: &Log, now: DateTime<Utc>) -> Result<Option<Taken>, LoadError> {
        let Some(staging) = &mut self.staging else { return Ok(None) };
        let loaded = staging.load(&mut self.loader, log, now).await?;
        Ok(loaded.map(|(next, outcome)| Taken::of(next, outcome, Counts::default())))
    }

    /// Removes what was staged long ago; returns how many objects that were.
    ///
    /// # Errors
    /// The store does not answer. It can be tried again at any time.
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<u64, StageError> {
        match &self.staging {
            Some(staging) => staged::sweep(&staging.stage.objects, &self.site().code, now).await,
            None => Ok(0),
        }
    }

    /// Prepares the batch and loads it directly, once (see [`Loader::load`]), whatever the site's strategy is.
    pub async fn load(&mut self, batch: Batch, now: DateTime<Utc>) -> Result<Outcome, LoadError> {
        self.load_prepared(self.steps.prepare(batch), now).await
    }

    /// Loads a batch of what waited in the quarantine under these numbers; there it is settled with the load.
    pub async fn settle(&mut self, batch: Batch, numbers: Vec<i64>, now: DateTime<Utc>) -> Result<Outcome, LoadError> {
        let batch = Prepared { settles: numbers, ..self.steps.prepare(batch) };
        self.loader.load(batch, now).await
    }

    /// Loads a batch of records that another log, of this source and the site's partition, brought before, at the same offsets. What
    /// it had refused is in the quarantine already, and counts as a duplicate.
    pub async fn load_again(&mut self, batch: Prepared, of: &str, now: DateTime<Utc>) -> Result<Outcome, LoadError> {
        self.loader.load(Prepared { again: Some(of.to_owned()), ..batch }, now).await
    }

    /// See [`Loader::load`].
    pub async fn load_prepared(&mut self, batch: Prepared, now: DateTime<Utc>) -> Result<Outcome, LoadError> {
        self.loader.load(batch, now).await
    }
}
