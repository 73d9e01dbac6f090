//! A partition of `core.event` per day, made before the first event of the day is loaded.

use std::collections::{BTreeSet, HashSet};

use chrono::{Days, NaiveDate};
use tokio_postgres::Transaction;
use tokio_postgres::error::SqlState;
use warehouse::{Statement, Warehouse};

use super::batch::LoadError;

const EXISTING: &str = "SELECT relid::regclass::text FROM pg_partition_tree('core.event') WHERE isleaf";

/// Names of partitions. Asked after rows went straight into them: none is taken out of the table before the transaction ends.
const OURS: &str = "SELECT count(*) FROM pg_inherits
    WHERE inhparent = 'core.event'::regclass AND inhrelid = ANY($1::text[]::regclass[])";

/// The day's partition.
pub(super) fn name(day: NaiveDate) -> String {
    format!("core.event_{}", day.format("%Y%m%d"))
}

fn create(name: &str) -> String {
    format!("CREATE TABLE IF NOT EXISTS {name} (LIKE core.event INCLUDING ALL EXCLUDING COMMENTS)")
}

fn attach(name: &str, day: NaiveDate) -> String {
    let next = day + Days::new(1);
    format!("ALTER TABLE core.event ATTACH PARTITION {name} FOR VALUES FROM ('{day}') TO ('{next}')")
}

pub(super) fn statements() -> [Statement; 4] {
    let day = NaiveDate::from_ymd_opt(2026, 1, 15).expect("a date");
    [
        Statement::new("ingest: read the partitions", EXISTING),
        Statement::new("ingest: see that partitions are the table's", OURS),
        Statement::new("ingest: make a partition", create(&name(day))),
        Statement::new("ingest: attach a partition", attach(&name(day), day)),
    ]
}

/// Sees that what was filled is part of `core.event`: somebody may have detached it, to keep it elsewhere.
pub(super) async fn are_ours(tx: &Transaction<'_>, days: &BTreeSet<NaiveDate>) -> Result<(), LoadError> {
    let names: Vec<String> = days.iter().map(|day| name(*day)).collect();
    let ours: i64 = tx.query_one(OURS, &[&names]).await?.get(0);
    if ours == names.len() as i64 { Ok(()) } else { Err(LoadError::Detached(names.join(", "))) }
}

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
        let existing: HashSet<String> = client.query(EXISTING, &[]).await?.iter().map(|row| row.get(0)).collect();
        let mut script = String::new();
        for day in &missing {
            let name = name(*day);
            if !existing.contains(&name) {
                script += &format!("{};\n{};\n", create(&name), attach(&name, *day));
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
