//! Loading Kafka topics, for ever: one consumer for each site's topic, positions from the warehouse.

mod following;
mod records;
mod settings;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use ingest::enrich::{LATEST, Robots};
use ingest::load::intake::{Intake, Rules};
use ingest::load::staged::Stage;
use kafka::{Consumer, Settings};
use store::Store;
use warehouse::Warehouse;

use crate::silence::Silence;

use following::Following;
pub use records::received;
pub use settings::{of_site, settings};

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

    /// Reads until something fails. What was not committed is read again. What loads makes the next pause short.
    async fn follow(&self, pause: &mut Duration, silence: &mut Silence) -> anyhow::Result<()> {
        let secret = self.store.sites().secret(&self.site).await.context("the site's secret cannot be read")?;
        let rules = Rules { robots: self.robots.clone(), latest: Some(LATEST) };
        let intake = Intake::open(&self.warehouse, &self.site, &secret, rules).await?;
        let intake = intake.with_stage(self.stage.clone());
        let consumer = Consumer::open(self.settings.clone()).await?;
        let mut following = Following::new(&self.warehouse, consumer, intake);
        let followed = following.read(silence).await;
        if following.has_loaded() {
            *pause = PAUSES.0;
        }
        following.close().await;
        followed
    }
}
