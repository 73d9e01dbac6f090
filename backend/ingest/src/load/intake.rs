//! One site's way in: the steps and the loader.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use reference::Site;
use warehouse::Warehouse;

use super::batch::{Batch, LoadError, Outcome};
use super::loader::Loader;
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
}

impl Intake {
    /// `secret` is the site's, with which persons become pseudonyms.
    pub async fn open(warehouse: &Warehouse, site: &str, secret: &[u8; 32], rules: Rules) -> Result<Self, LoadError> {
        let loader = Loader::open(warehouse, site).await?;
        Ok(Self { steps: Steps::new(loader.site(), secret, rules.robots, rules.latest), loader })
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

    /// Prepares the batch and loads it, once (see [`Loader::load`]).
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
