//! The floor of loading: the rows that the loader made, ready-made and sorted, for the same binary COPY.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, ensure};
use ingest::enrich::{Robots, Steps};
use ingest::load::batch::Batch;
use ingest::load::rows::EventRow;
use ingest::load::things::Things;
use ingest::{Decoded, Pseudonym};

use crate::database::{Database, SECRET, now};

/// A table of the same columns and nothing else, and one with the same unique index.
pub const BARE: &str = "CREATE TABLE core.bare (LIKE core.event)";
pub const INDEXED: &str = "CREATE TABLE core.indexed (LIKE core.event, UNIQUE (site_id, event_id, day))";

/// What the loader found out about the events, read back after it has run.
pub struct Ready {
    pub site: i16,
    steps: Steps,
    things: Things,
    persons: HashMap<Pseudonym, i32>,
    /// The loads in their order.
    pub loads: Vec<i64>,
}

impl Ready {
    pub async fn read(database: &Database, site: &str) -> anyhow::Result<Self> {
        let directory = reference::read::directory(&database.warehouse).await?;
        let site = directory.site(site).context("the site is missing")?.clone();
        let client = database.warehouse.client().await?;
        let persons =
            client.query("SELECT pseudonym, person_no FROM core.person WHERE site_id = $1", &[&site.id]).await?;
        let persons = persons.iter().map(|row| Ok((row.get::<_, &[u8]>(0).try_into()?, row.get(1))));
        let loads = client.query("SELECT load_id FROM raw.load ORDER BY first", &[]).await?;
        Ok(Self {
            things: Things::new(&directory, site.id),
            steps: Steps::new(&site, &SECRET, Arc::new(Robots::default()), None),
            persons: persons.collect::<anyhow::Result<_>>()?,
            loads: loads.iter().map(|row| row.get(0)).collect(),
            site: site.id,
        })
    }

    /// The rows of a batch in the order in which the loader writes them.
    pub fn rows(&self, records: Vec<Decoded>) -> anyhow::Result<Vec<EventRow>> {
        let mut rows = self.steps.prepare(Batch::dense("", "", 0, now(), records)).rows;
        for row in &mut rows {
            self.finish(row)?;
        }
        Ok(rows)
    }

    /// The numbers that the loader takes from the warehouse.
    fn finish(&self, row: &mut EventRow) -> anyhow::Result<()> {
        row.refs = self.things.resolve(&row.event).map_err(|reject| anyhow::anyhow!(reject.detail))?;
        row.person_no = *self.persons.get(&row.pseudonym()).context("a person has no number")?;
        Ok(())
    }
}

/// Compares what was loaded with what was copied, as text, whatever the order.
pub async fn same_rows(database: &Database) -> anyhow::Result<()> {
    let client = database.warehouse.client().await?;
    let mut sums: Vec<(i64, String)> = Vec::new();
    for table in ["core.event", "core.bare", "core.indexed"] {
        let sql = format!("SELECT count(*), sum(hashtextextended(e::text, 0))::text FROM {table} AS e");
        let row = client.query_one(&sql, &[]).await?;
        sums.push((row.get(0), row.get(1)));
    }
    ensure!(sums[0] == sums[1] && sums[0] == sums[2], "the rows loaded and copied differ: {sums:?}");
    Ok(())
}
