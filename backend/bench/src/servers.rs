//! Private servers, in a temporary directory or in one that is kept, and a database for each thing that is measured.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use anyhow::Context;
use cluster::{Postgres, PostgresOptions, Redis};
use model::Model;
use tempfile::TempDir;
use tokio_postgres::NoTls;
use warehouse::Warehouse;

use crate::database::Database;

const TEMPLATE: &str = "octavo_template";

/// The servers. Dropping them stops them too; [`Servers::stop`] also tells what went wrong.
pub struct Servers {
    // Fields drop in this order: the directory goes last.
    postgres: Postgres,
    redis: Option<Redis>,
    /// Goes with the servers, unless it was named.
    dir: Option<TempDir>,
}

impl Servers {
    /// Starts PostgreSQL as the demo does, durable, and Redis where there is one. What they keep in `kept` stays there
    /// for the next run; without it they keep nothing.
    pub async fn start(kept: Option<PathBuf>) -> anyhow::Result<Self> {
        let dir = if kept.is_none() { Some(temporary()?) } else { None };
        let path = kept.as_deref().or(dir.as_ref().map(TempDir::path)).expect("one of them is there");
        let postgres = Postgres::start(path, PostgresOptions::default()).await?;
        let redis = Redis::start(path).await?;
        let servers = Self { postgres, redis, dir };
        servers.drop(TEMPLATE).await?;
        servers.execute(&format!("CREATE DATABASE {TEMPLATE}")).await?;
        servers.bring_up_to_date(TEMPLATE).await?;
        Ok(servers)
    }

    pub async fn stop(self) -> anyhow::Result<()> {
        let redis = match self.redis {
            Some(redis) => redis.stop().await,
            None => Ok(()),
        };
        let stopped = self.postgres.stop().await.and(redis);
        if let Some(dir) = self.dir {
            // What the servers keep may be elsewhere, if their user could not enter the directory.
            cluster::remove(dir.path()).await?;
            dir.close()?;
        }
        Ok(stopped?)
    }

    pub fn redis(&self) -> Option<&str> {
        self.redis.as_ref().map(Redis::url)
    }

    /// PostgreSQL's process.
    pub fn postgres(&self) -> u32 {
        self.postgres.pid()
    }

    /// PostgreSQL's version.
    pub async fn version(&self) -> anyhow::Result<String> {
        let (client, connection) = tokio_postgres::connect(self.postgres.url(), NoTls).await?;
        tokio::spawn(connection);
        Ok(client.query_one("SHOW server_version", &[]).await?.get(0))
    }

    /// An empty, migrated database.
    pub async fn create(&self, name: &str) -> anyhow::Result<Database> {
        self.drop(name).await?;
        self.execute(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}")).await?;
        self.open(name)
    }

    /// The database of this name, if an earlier run made it and it was finished.
    pub async fn find(&self, name: &str) -> anyhow::Result<Option<Database>> {
        let (client, connection) = tokio_postgres::connect(self.postgres.url(), NoTls).await?;
        tokio::spawn(connection);
        if client.query_opt("SELECT FROM pg_database WHERE datname = $1", &[&name]).await?.is_none() {
            return Ok(None);
        }
        self.bring_up_to_date(name).await?;
        Ok(Some(self.open(name)?))
    }

    /// Gives a database its final name; what bears it is whole.
    pub async fn finish(&self, database: Database, name: &str) -> anyhow::Result<Database> {
        database.warehouse.close();
        self.drop(name).await?;
        self.execute(&format!("ALTER DATABASE {} RENAME TO {name}", database.name)).await?;
        self.open(name)
    }

    pub async fn drop(&self, name: &str) -> anyhow::Result<()> {
        self.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
    }

    fn open(&self, name: &str) -> anyhow::Result<Database> {
        Database::open(name, self.url(name))
    }

    async fn bring_up_to_date(&self, name: &str) -> anyhow::Result<()> {
        let url = self.url(name);
        store::migrate::warehouse(&url).await?;
        store::migrate::app(&url).await?;
        let warehouse = Warehouse::new(&url, 1)?;
        let model = Model::embedded()?;
        ingest::rollup::install::install(&warehouse, &model).await?;
        warehouse.close();
        Ok(wall::install(&url, &model).await?)
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

/// A directory that goes when it is dropped.
pub fn temporary() -> anyhow::Result<TempDir> {
    // Started by root, PostgreSQL runs as another user, who has to get through to what is theirs.
    let builder = &mut tempfile::Builder::new();
    builder.prefix("octavo-bench-").permissions(Permissions::from_mode(0o711));
    builder.tempdir().context("no temporary directory could be made")
}
