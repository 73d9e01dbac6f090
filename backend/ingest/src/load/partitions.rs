//! A partition of `core.event` per day, made before the first event of the day is loaded.

use std::collections::{BTreeSet, HashSet};

use chrono::{Days, NaiveDate};
use tokio_postgres::error::SqlState;
use warehouse::Warehouse;

use super::batch::LoadError;

/// The days known to have their partition.
#[derive(Debug, Default)]
pub struct Partitions {
    known: HashSet<NaiveDate>,
}

impl Partitions {
    /// Makes what is missing. Attaching takes a light lock on the whole table, so it does not wait for running loads,
    /// as `CREATE TABLE … PARTITION OF` would.
    pub async fn ensure(&mut self, warehouse: &Warehouse, days: &BTreeSet<NaiveDate>) -> Result<(), LoadError> {
        let missing: Vec<_> = days.iter().copied().filter(|d| !self.known.contains(d)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let client = warehouse.client().await?;
        let existing: HashSet<String> = client
            .query("SELECT relid::regclass::text FROM pg_partition_tree('core.event') WHERE isleaf", &[])
            .await?
            .iter()
            .map(|row| row.get(0))
            .collect();
        let mut script = String::new();
        for day in &missing {
            let name = format!("core.event_{}", day.format("%Y%m%d"));
            if !existing.contains(&name) {
                let next = *day + Days::new(1);
                script += &format!(
                    "CREATE TABLE IF NOT EXISTS {name} (LIKE core.event INCLUDING ALL EXCLUDING COMMENTS);
                     ALTER TABLE core.event ATTACH PARTITION {name} FOR VALUES FROM ('{day}') TO ('{next}');\n"
                );
            }
        }
        if !script.is_empty() {
            match client.batch_execute(&format!("BEGIN;\n{script}COMMIT;")).await {
                Ok(()) => {}
                // Another loader made the same day meanwhile: its partition is as good as ours.
                Err(e) if made_by_another(&e) => {
                    client.batch_execute("ROLLBACK").await?;
                    return Box::pin(self.ensure(warehouse, days)).await;
                }
                Err(e) => {
                    client.batch_execute("ROLLBACK").await?;
                    return Err(e.into());
                }
            }
        }
        self.known.extend(missing);
        Ok(())
    }
}

fn made_by_another(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|c| {
        [
            &SqlState::DUPLICATE_TABLE,
            &SqlState::UNIQUE_VIOLATION,
            &SqlState::WRONG_OBJECT_TYPE,
            &SqlState::T_R_DEADLOCK_DETECTED,
        ]
        .contains(&c)
    })
}
