//! What of a site's logs is staged and waits to be loaded.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::batch::{LoadError, Outcome};
use super::loader::Loader;
use super::staged::{Stage, Waiting};
use crate::enrich::Prepared;

/// A log: source and partition.
pub(super) type Log = (String, String);

/// By their logs.
pub(super) struct Staging {
    pub stage: Stage,
    waiting: BTreeMap<Log, Waiting>,
}

impl Staging {
    pub fn new(stage: Stage) -> Self {
        Self { stage, waiting: BTreeMap::new() }
    }

    /// Writes the batch to the stage. It waits, behind what waits of its log already. What waits there and is no neighbour is
    /// forgotten: its source was set back.
    pub async fn add(&mut self, loader: &mut Loader, batch: Prepared, now: DateTime<Utc>) -> Result<(), LoadError> {
        let log = (batch.source.clone(), batch.partition.clone());
        // While it fails nothing of the log may wait: nobody knows where its source goes on then.
        let before = self.waiting.remove(&log).filter(|waiting| waiting.next() == batch.first);
        let part = loader.write(&self.stage.objects, batch).await?;
        let waiting = match before {
            Some(mut waiting) => {
                waiting.add(part);
                waiting
            }
            None => Waiting::new(part, now),
        };
        self.waiting.insert(log, waiting);
        Ok(())
    }

    /// Whether what waits of a log is to be loaded.
    pub fn is_full(&self, log: &Log) -> bool {
        self.waiting.get(log).is_some_and(|waiting| waiting.is_full(&self.stage.limits))
    }

    /// The logs of which something waits, or has waited long enough.
    pub fn logs(&self, long_enough: Option<DateTime<Utc>>) -> Vec<Log> {
        let age = self.stage.limits.age;
        let due = |waiting: &Waiting| long_enough.is_none_or(|now| now - waiting.since >= age);
        self.waiting.iter().filter(|(_, waiting)| due(waiting)).map(|(log, _)| log.clone()).collect()
    }

    /// Loads what waits of a log, if anything does. If that fails nothing waits any more, and its source has to be read from the
    /// position again.
    pub async fn load(
        &mut self,
        loader: &mut Loader,
        log: &Log,
        now: DateTime<Utc>,
    ) -> Result<Option<(i64, Outcome)>, LoadError> {
        let Some(waiting) = self.waiting.remove(log) else { return Ok(None) };
        let next = waiting.next();
        Ok(Some((next, loader.load_staged(waiting, &self.stage.objects, now).await?)))
    }
}
