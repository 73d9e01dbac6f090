//! Looking at how far the product is, from outside: in its spool, in its warehouse, and by asking it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use chrono::NaiveDate;
use reqwest::Client;
use serde_json::{Value, json};
use spool::{Reader, SiteState};
use tokio::task::spawn_blocking;
use tokio_postgres::NoTls;

/// Between two looks.
pub const LOOK: Duration = Duration::from_millis(20);

const LOADS: &str = "SELECT count(*) FROM raw.load";
/// Only spools are loaded from here.
const REACHED: &str = "SELECT coalesce(sum(next), 0)::bigint FROM raw.position";
const PENDING: &str = "SELECT count(*) FROM raw.dirty";

#[derive(Clone)]
pub struct Eye {
    pub spool: PathBuf,
    pub database_url: String,
    pub server: String,
    pub api_key: String,
    pub client: Client,
}

impl Eye {
    /// What the spool keeps of each site.
    pub async fn sites(&self) -> anyhow::Result<Vec<SiteState>> {
        let dir = self.spool.clone();
        Ok(spawn_blocking(move || Reader::open(&dir, Duration::from_secs(5))?.sites()).await??)
    }

    /// Records that wait in the spool.
    pub async fn waiting(&self) -> anyhow::Result<u64> {
        Ok(self.sites().await?.iter().map(SiteState::waiting).sum())
    }

    /// A connection of this process's own, as the superuser.
    pub async fn database(&self) -> anyhow::Result<tokio_postgres::Client> {
        let (client, connection) = tokio_postgres::connect(&self.database_url, NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    pub async fn loads(&self) -> anyhow::Result<i64> {
        Ok(self.database().await?.query_one(LOADS, &[]).await?.get(0))
    }

    /// Marks that wait for the refresher.
    pub async fn pending(&self) -> anyhow::Result<i64> {
        Ok(self.database().await?.query_one(PENDING, &[]).await?.get(0))
    }

    /// Records that are spooled and not loaded. What is loaded may still be in the spool.
    async fn unloaded(&self) -> anyhow::Result<i64> {
        let spooled: i64 = self.sites().await?.iter().map(|site| site.next).sum();
        let loaded: i64 = self.database().await?.query_one(REACHED, &[]).await?.get(0);
        Ok(spooled - loaded)
    }

    /// Waits until a load is committed that was not when `before` was read, or there is nothing to load.
    pub async fn loaded_since(&self, before: i64, patience: Duration) -> bool {
        until(patience, async || Ok(self.loads().await? > before || self.unloaded().await? == 0)).await
    }

    /// The sum of a metric, as the owner is answered. `school` with its site's code.
    pub async fn answer(
        &self,
        metric: &str,
        (from, to): (NaiveDate, NaiveDate),
        by: &str,
        school: Option<&str>,
    ) -> anyhow::Result<Vec<(String, i64)>> {
        let mut question = json!({"metrics": [metric], "dimensions": [by], "from": from, "to": to, "limit": 100});
        if let Some(school) = school {
            question["filters"] = json!([{"dimension": "school", "in": [school]}]);
        }
        let url = format!("http://{}/api/v1/query", self.server);
        let request = self.client.post(url).bearer_auth(&self.api_key).json(&question).timeout(Duration::from_secs(10));
        let response = request.send().await?;
        let (status, body) = (response.status(), response.text().await?);
        ensure!(status.is_success(), "{status}: {body}");
        let answer: Value = serde_json::from_str(&body)?;
        let rows = answer["rows"].as_array().context("an answer has rows")?;
        // Code, name and number.
        let row = |row: &Value| Some((row[0].as_str()?.to_owned(), row[2].as_i64()?));
        rows.iter().map(|cells| row(cells).with_context(|| format!("a row of the answer is {cells}"))).collect()
    }
}

/// Looks until it is so; false when it is not in time. What cannot be looked at is not so.
pub async fn until(patience: Duration, mut so: impl AsyncFnMut() -> anyhow::Result<bool>) -> bool {
    let since = Instant::now();
    loop {
        if so().await.unwrap_or(false) {
            return true;
        }
        if since.elapsed() > patience {
            return false;
        }
        tokio::time::sleep(LOOK).await;
    }
}
