//! Loading what a collector's spool holds, for ever: a task for each site, which reads on from where the warehouse is.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::{TimeDelta, Utc};
use ingest::archive::{Archive, Keeper, Limits};
use ingest::enrich::{LATEST, Robots};
use ingest::health;
use ingest::load::intake::{Intake, Rules};
use ingest::load::staged::Stage;
use ingest::source::{Drain, Spooled};
use spool::Reader;
use stage::Objects;
use store::Store;
use tokio::task::{JoinHandle, spawn_blocking};
use warehouse::Warehouse;

/// Between two looks at an empty spool. With the time that a load takes it is how late an event is seen.
const LOOK: Duration = Duration::from_millis(100);
/// Between two looks for sites that are new.
const SITES: Duration = Duration::from_millis(500);
/// Between two notes of how far behind a site is.
const NOTE: Duration = Duration::from_secs(5);
/// Between two looks at what is to be archived.
const KEEP: Duration = Duration::from_secs(1);
/// Between two looks for what was archived or staged long ago.
const FORGET: Duration = Duration::from_secs(3600);
/// After a failure, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// What loading needs.
#[derive(Clone)]
pub struct Draining {
    /// The spool's directory.
    pub dir: PathBuf,
    pub warehouse: Warehouse,
    pub store: Store,
    pub robots: Arc<Robots>,
    /// Where what was received is kept, if it is.
    pub objects: Option<Objects>,
    /// For so many days; 0: for ever.
    pub raw_days: u32,
    /// Where batches are staged, of sites whose strategy that is.
    pub stage: Option<Stage>,
}

impl Draining {
    pub async fn run(self) {
        let mut sites: HashMap<String, Following> = HashMap::new();
        loop {
            let dir = self.dir.clone();
            match spawn_blocking(move || Reader::open(&dir, LOOK)?.sites()).await {
                Ok(Ok(found)) => {
                    for site in found.into_iter().map(|state| state.site) {
                        if sites.get(&site).is_none_or(|following| following.0.is_finished()) {
                            let task = tokio::spawn(self.clone().attend(site.clone()));
                            sites.insert(site, Following(task));
                        }
                    }
                }
                Ok(Err(error)) => tracing::error!(%error, "the spool cannot be read; trying again"),
                Err(error) => tracing::error!(%error, "the spool could not be read; trying again"),
            }
            tokio::time::sleep(SITES).await;
        }
    }

    /// Loads one site's records, and keeps them in the archive if there is one; neither waits for the other.
    async fn attend(self, site: String) {
        match self.objects.clone() {
            None => self.follow(site).await,
            Some(objects) => {
                let archive = Archive::new(objects, &site);
                tokio::join!(self.clone().archive(site.clone(), archive), self.follow(site));
            }
        }
    }

    /// Keeps one site's records for ever. A failure is tried again from where the archive then ends.
    async fn archive(self, site: String, archive: Archive) {
        let mut pause = PAUSES.0;
        loop {
            if let Err(error) = self.keep(&site, &archive, &mut pause).await {
                let error = format!("{error:#}");
                tracing::error!(
                    site,
                    error,
                    "what was received cannot be archived and stays in the spool; trying again"
                );
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Keeps until something fails.
    async fn keep(&self, site: &str, archive: &Archive, pause: &mut Duration) -> anyhow::Result<()> {
        let (dir, code) = (self.dir.clone(), site.to_owned());
        let log = spawn_blocking(move || Spooled::open(&dir, &code)).await??;
        let mut keeper = Keeper::open(log, archive.clone(), self.warehouse.clone(), Limits::default()).await?;
        let mut forgot: Option<Instant> = None;
        loop {
            keeper.keep(Utc::now()).await?;
            *pause = PAUSES.0;
            if self.raw_days > 0 && forgot.is_none_or(|at| at.elapsed() > FORGET) {
                let directory = reference::read::directory(&self.warehouse).await?;
                if let Some(site) = directory.site(site) {
                    let before = Utc::now() - TimeDelta::days(self.raw_days.into());
                    archive.forget(&self.warehouse, site, before).await?;
                }
                forgot = Some(Instant::now());
            }
            tokio::time::sleep(KEEP).await;
        }
    }

    /// Loads one site's records for ever. A failure is tried again from where the warehouse then is.
    async fn follow(self, site: String) {
        let mut pause = PAUSES.0;
        loop {
            if let Err(error) = self.load(&site, &mut pause).await {
                tracing::error!(site, error = format!("{error:#}"), "events wait in the spool; trying again");
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Loads until something fails.
    async fn load(&self, site: &str, pause: &mut Duration) -> anyhow::Result<()> {
        let secret = self.store.sites().secret(site).await.context("the site's secret cannot be read")?;
        let rules = Rules { robots: self.robots.clone(), latest: Some(LATEST) };
        let intake = Intake::open(&self.warehouse, site, &secret, rules).await?.with_stage(self.stage.clone());
        let archive = self.objects.clone().map(|objects| Archive::new(objects, site));
        let mut drain = Drain::open(self.dir.clone(), intake, archive).await?;
        let (mut noted, mut swept): (Option<Instant>, Option<Instant>) = (None, None);
        loop {
            let loaded = drain.load(Utc::now()).await?;
            *pause = PAUSES.0;
            if noted.is_none_or(|at| at.elapsed() > NOTE) {
                self.note(&drain).await?;
                noted = Some(Instant::now());
            }
            if swept.is_none_or(|at| at.elapsed() > FORGET) {
                if let Err(error) = drain.intake().sweep(Utc::now()).await {
                    tracing::warn!(site, %error, "what was staged long ago is not removed yet");
                }
                swept = Some(Instant::now());
            }
            if !loaded {
                tokio::time::sleep(LOOK).await;
            }
        }
    }

    async fn note(&self, drain: &Drain) -> anyhow::Result<()> {
        let (log, site, position) = (drain.log().clone(), drain.intake().site(), drain.position());
        let source = log.source().to_owned();
        let (waiting, oldest_at) = spawn_blocking(move || log.waiting(position)).await??;
        let waiting = i64::try_from(waiting).unwrap_or(i64::MAX);
        Ok(health::note(&self.warehouse, (&source, &site.code), site.id, waiting, oldest_at, Utc::now()).await?)
    }
}

/// A site's task, which ends with the whole.
struct Following(JoinHandle<()>);

impl Drop for Following {
    fn drop(&mut self) {
        self.0.abort();
    }
}
