//! Private servers in a temporary directory, a database for each thing that is measured, and the demo platform in it.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use cluster::{Postgres, PostgresOptions, Redis};
use demo::Platform;
use futures::{StreamExt, TryStreamExt, stream};
use ingest::load::batch::{Batch, Outcome};
use ingest::load::loader::Loader;
use ingest::{Decoded, Event};
use model::{Grain, Model};
use tempfile::TempDir;
use tokio_postgres::NoTls;
use warehouse::Warehouse;

use crate::table::Progress;

/// First and last day with events: one year, whole months, a whole school year.
pub const FROM: NaiveDate = NaiveDate::from_ymd_opt(2025, 8, 1).expect("a date");
pub const TO: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 31).expect("a date");
/// The secret of every site's pseudonyms here.
pub const SECRET: [u8; 32] = [7; 32];
/// Events of one load transaction.
pub const BATCH: usize = 50_000;

const TEMPLATE: &str = "octavo_template";
const CONNECTIONS: usize = 8;

/// The moment at which everything takes place: the year is over.
pub fn now() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2026, 8, 1).and_then(|day| day.and_hms_opt(12, 0, 0)).expect("a time").and_utc()
}

/// The servers. Dropping them stops them too; [`Servers::stop`] also tells what went wrong.
pub struct Servers {
    // Fields drop in this order: the directory goes last.
    postgres: Postgres,
    redis: Option<Redis>,
    dir: TempDir,
}

impl Servers {
    /// Starts PostgreSQL as the demo does, durable, and Redis where there is one.
    pub async fn start() -> anyhow::Result<Self> {
        // Started by root, PostgreSQL runs as another user, who has to get through to what is theirs.
        let dir = tempfile::Builder::new()
            .prefix("octavo-bench-")
            .permissions(Permissions::from_mode(0o711))
            .tempdir()
            .context("no temporary directory could be made")?;
        let postgres = Postgres::start(dir.path(), PostgresOptions::default()).await?;
        let redis = Redis::start(dir.path()).await?;
        let servers = Self { postgres, redis, dir };
        servers.execute(&format!("CREATE DATABASE {TEMPLATE}")).await?;
        let url = servers.url(TEMPLATE);
        store::migrate::warehouse(&url).await?;
        store::migrate::app(&url).await?;
        let warehouse = Warehouse::new(&url, 1)?;
        ingest::rollup::install::install(&warehouse, &Model::embedded()?).await?;
        warehouse.close();
        Ok(servers)
    }

    pub async fn stop(self) -> anyhow::Result<()> {
        let redis = match self.redis {
            Some(redis) => redis.stop().await,
            None => Ok(()),
        };
        let postgres = self.postgres.stop().await;
        // What the servers keep may be elsewhere, if their user could not enter the directory.
        let removed = cluster::remove(self.dir.path()).await;
        self.dir.close()?;
        Ok(redis.and(postgres).and(removed)?)
    }

    /// The address of the server's own database.
    pub fn postgres(&self) -> &str {
        self.postgres.url()
    }

    pub fn redis(&self) -> Option<&str> {
        self.redis.as_ref().map(Redis::url)
    }

    /// An empty, migrated database.
    pub async fn database(&self, name: &str) -> anyhow::Result<Database> {
        self.execute(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}")).await?;
        let url = self.url(name);
        let warehouse = Warehouse::new(&url, CONNECTIONS)?;
        Ok(Database { name: name.into(), url, warehouse, model: Arc::new(Model::embedded()?) })
    }

    pub async fn drop(&self, database: Database) -> anyhow::Result<()> {
        database.warehouse.close();
        self.execute(&format!("DROP DATABASE {} WITH (FORCE)", database.name)).await
    }

    /// The server's address with another database.
    fn url(&self, database: &str) -> String {
        let (base, _) = self.postgres.url().rsplit_once('/').expect("an address ends with a database");
        format!("{base}/{database}")
    }

    async fn execute(&self, sql: &str) -> anyhow::Result<()> {
        let (client, connection) = tokio_postgres::connect(self.postgres.url(), NoTls).await?;
        let connection = tokio::spawn(connection);
        client.batch_execute(sql).await.with_context(|| sql.to_string())?;
        drop(client);
        // Really gone, for a database that somebody is connected to cannot be copied.
        connection.await??;
        Ok(())
    }
}

/// A database of one measurement.
pub struct Database {
    name: String,
    pub url: String,
    pub warehouse: Warehouse,
    pub model: Arc<Model>,
}

impl Database {
    /// The same database through another pool.
    pub fn with_connections(&self, connections: usize) -> anyhow::Result<Database> {
        let warehouse = Warehouse::new(&self.url, connections)?;
        Ok(Database { name: self.name.clone(), url: self.url.clone(), warehouse, model: self.model.clone() })
    }

    /// Brings the platform's reference data in.
    pub async fn reference(&self, platform: &Platform) -> anyhow::Result<()> {
        let mut client = self.warehouse.client().await?;
        let tx = client.transaction().await?;
        reference::write::publishers(&tx, platform.publishers()).await?;
        reference::write::books(&tx, platform.books()).await?;
        for plan in platform.sites() {
            let site = reference::write::site(&tx, &plan.site).await?;
            reference::write::regions(&tx, site, &plan.regions).await?;
            reference::write::schools(&tx, site, &plan.schools).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Brings in the platform with its year of events and its rollups, as up to date as a database gets.
    pub async fn fill(&self, platform: &Platform, progress: &Progress) -> anyhow::Result<()> {
        self.reference(platform).await?;
        stream::iter(0..platform.sites().len())
            .map(|site| async move {
                self.fill_site(platform, site).await?;
                progress.say(&format!("loaded {} and computed its rollups", platform.sites()[site].site.name));
                Ok::<_, anyhow::Error>(())
            })
            .buffer_unordered(2)
            .try_collect::<()>()
            .await?;
        progress.say("VACUUM ANALYZE");
        let client = self.warehouse.client().await?;
        client.batch_execute("VACUUM ANALYZE").await?;
        Ok(client.batch_execute("CHECKPOINT").await?)
    }

    async fn fill_site(&self, platform: &Platform, site: usize) -> anyhow::Result<()> {
        let code = &platform.sites()[site].site.code;
        let mut loader = Loader::open(&self.warehouse, code, &SECRET).await?;
        for month in Grain::Month.periods(FROM, TO) {
            let days = month.iter_days().take_while(|day| *day <= Grain::Month.end(month));
            let events: Vec<Event> = days.flat_map(|day| platform.events(site, day)).collect();
            let mut first = 0;
            for events in batches(events) {
                first += load(&mut loader, code, &Grain::Month.label(month), first, events).await?;
            }
        }
        while ingest::rollup::refresh::refresh(&self.warehouse, &self.model, loader.site(), now()).await?.pending > 0 {}
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
    loader: &mut Loader,
    source: &str,
    partition: &str,
    first: i64,
    records: Vec<Decoded>,
) -> anyhow::Result<i64> {
    let batch = Batch { source: source.into(), partition: partition.into(), first, records };
    match loader.load(batch, now()).await? {
        Outcome::Committed(counts) if counts.loaded == counts.received => Ok(counts.loaded as i64),
        other => anyhow::bail!("a batch of new events came to {other:?}"),
    }
}
