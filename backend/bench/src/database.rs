//! A database of one measurement, and the demo platform in it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use demo::Platform;
use futures::{StreamExt, TryStreamExt, stream};
use ingest::load::batch::{Batch, Outcome};
use ingest::load::intake::{Intake, Rules};
use ingest::rollup::refresh::{refresh, refresh_all};
use ingest::{Decoded, Event};
use model::{Grain, Model};
use reference::Directory;
use warehouse::{Dialect, Warehouse};

use crate::servers::Servers;
use crate::table::{Progress, whole};

/// The seed of every platform: the same data in every run.
pub const SEED: u64 = 1;
/// First and last day with events: one year, whole months, a whole school year.
pub const FROM: NaiveDate = NaiveDate::from_ymd_opt(2025, 8, 1).expect("a date");
pub const TO: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 31).expect("a date");
/// The secret of every site's pseudonyms here.
pub const SECRET: [u8; 32] = [7; 32];
/// Events of one load transaction.
pub const BATCH: usize = 50_000;

const CONNECTIONS: usize = 8;
/// Sites that are made at once.
pub const AT_ONCE: usize = 2;

/// The moment at which everything takes place: the year is over.
pub fn now() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2026, 8, 1).and_then(|day| day.and_hms_opt(12, 0, 0)).expect("a time").and_utc()
}

#[derive(Clone)]
pub struct Database {
    pub name: String,
    pub url: String,
    pub warehouse: Warehouse,
    pub model: Arc<Model>,
}

/// The database with a platform of so many events a year, as up to date as a database gets; from an earlier run, if its
/// servers' data was kept.
pub async fn filled(
    servers: &Servers,
    platform: &Arc<Platform>,
    events: u64,
    progress: &Progress,
) -> anyhow::Result<Database> {
    let name = format!("platform_{events}");
    if let Some(database) = servers.find(&name).await? {
        progress.say(&format!("the platform of {} events is there already", whole(events as f64)));
        if refresh_all(&database.warehouse, &database.model, now()).await? > 0 {
            database.settle().await?;
        }
        return Ok(database);
    }
    progress.say(&format!("making the platform of {} events", whole(events as f64)));
    let database = servers.create("unfinished").await?;
    database.reference(platform).await?;
    stream::iter(0..platform.sites().len())
        .map(|site| {
            let (database, platform) = (database.clone(), platform.clone());
            let name = platform.sites()[site].site.name.clone();
            async move {
                // A task each, for making events takes as much of a core as storing them.
                tokio::spawn(async move { database.fill_site(&platform, site).await }).await??;
                progress.say(&format!("loaded {name} and computed its rollups"));
                Ok::<_, anyhow::Error>(())
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    progress.say("VACUUM ANALYZE");
    database.settle().await?;
    servers.finish(database, &name).await
}

impl Database {
    pub fn open(name: &str, url: String) -> anyhow::Result<Self> {
        let warehouse = Warehouse::new(&url, CONNECTIONS)?;
        Ok(Self { name: name.into(), url, warehouse, model: Arc::new(Model::embedded()?) })
    }

    /// Brings the platform's reference data in.
    pub async fn reference(&self, platform: &Platform) -> anyhow::Result<()> {
        let mut client = self.warehouse.client().await?;
        let tx = client.transaction().await?;
        reference::write::publishers(&tx, Dialect::Postgres, platform.publishers()).await?;
        reference::write::books(&tx, Dialect::Postgres, platform.books()).await?;
        for plan in platform.sites() {
            let site = reference::write::site(&tx, Dialect::Postgres, &plan.site).await?;
            reference::write::regions(&tx, Dialect::Postgres, site, &plan.regions).await?;
            reference::write::schools(&tx, Dialect::Postgres, site, &plan.schools).await?;
        }
        Ok(tx.commit().await?)
    }

    pub async fn directory(&self) -> anyhow::Result<Directory> {
        Ok(reference::read::directory(&self.warehouse).await?)
    }

    /// Leaves nothing to be tidied up while it is measured.
    pub async fn settle(&self) -> anyhow::Result<()> {
        self.by_itself("VACUUM ANALYZE").await?;
        self.checkpoint().await
    }

    /// Writes what is left to write.
    pub async fn checkpoint(&self) -> anyhow::Result<()> {
        self.by_itself("CHECKPOINT").await
    }

    /// Runs it as the login itself: the roles that load and read may not.
    async fn by_itself(&self, sql: &str) -> anyhow::Result<()> {
        let (client, connection) = tokio_postgres::connect(&self.url, tokio_postgres::NoTls).await?;
        let connection = tokio::spawn(connection);
        client.batch_execute(sql).await?;
        drop(client);
        // Really gone, for a database that somebody is connected to cannot be copied.
        Ok(connection.await??)
    }

    async fn fill_site(&self, platform: &Platform, site: usize) -> anyhow::Result<()> {
        let code = &platform.sites()[site].site.code;
        let mut intake = Intake::open(&self.warehouse, code, &SECRET, Rules::default()).await?;
        for month in Grain::Month.periods(FROM, TO) {
            let mut first = 0;
            // A few days at a time: a month of a large platform is more than should be held.
            for days in
                month.iter_days().take_while(|day| *day <= Grain::Month.end(month)).collect::<Vec<_>>().chunks(4)
            {
                let events: Vec<Event> = days.iter().flat_map(|day| platform.events(site, *day)).collect();
                for events in batches(events) {
                    first += load(&mut intake, code, &Grain::Month.label(month), first, events).await?;
                }
            }
        }
        while refresh(&self.warehouse, &self.model, intake.site(), now()).await?.pending > 0 {}
        Ok(())
    }
}

/// Events in batches as the loader takes them.
pub fn batches(events: Vec<Event>) -> impl Iterator<Item = Vec<Decoded>> {
    let mut rest = events.into_iter().map(|event| Decoded::Event(Box::new(event))).peekable();
    std::iter::from_fn(move || rest.peek().is_some().then(|| rest.by_ref().take(BATCH).collect()))
}

/// Loads a batch, every event of which has to be new; returns how many.
pub async fn load(
    intake: &mut Intake,
    source: &str,
    partition: &str,
    first: i64,
    records: Vec<Decoded>,
) -> anyhow::Result<i64> {
    match intake.load(Batch::dense(source, partition, first, now(), records), now()).await? {
        Outcome::Committed(counts) if counts.loaded == counts.received => Ok(counts.loaded as i64),
        other => anyhow::bail!("a batch of new events came to {other:?}"),
    }
}
