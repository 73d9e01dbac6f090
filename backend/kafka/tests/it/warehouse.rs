//! The warehouse's rule, in memory: records and position move together, and the position only from where it is.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use kafka::{Batch, Mark};

/// Shared by all loaders of a test.
#[derive(Clone, Default)]
pub struct Warehouse(Arc<Mutex<Tables>>);

#[derive(Default)]
struct Tables {
    positions: HashMap<(String, i32), (i64, Option<Mark>)>,
    records: BTreeMap<(String, i32, i64), Vec<u8>>,
    refused: usize,
}

impl Warehouse {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap()
    }

    pub fn position(&self, log: &str, partition: i32) -> (i64, Option<Mark>) {
        self.tables().positions.get(&(log.to_string(), partition)).copied().unwrap_or((0, None))
    }

    /// What only an owner does.
    pub fn move_position(&self, log: &str, partition: i32, to: i64) {
        self.tables().positions.insert((log.into(), partition), (to, None));
    }

    /// The transaction. Says whether it committed.
    pub fn store(&self, log: &str, batch: &Batch) -> bool {
        let mut tables = self.tables();
        let position = tables.positions.entry((log.into(), batch.partition)).or_default();
        if position.0 != batch.first {
            tables.refused += 1;
            return false;
        }
        *position = (batch.next, batch.mark);
        for record in &batch.records {
            assert!((batch.first..batch.next).contains(&record.offset), "a record outside of its batch");
            let known = tables.records.insert((log.into(), batch.partition, record.offset), record.bytes.clone());
            assert_eq!(known, None, "a record was stored twice");
        }
        true
    }

    pub fn len(&self) -> usize {
        self.tables().records.len()
    }

    /// Batches that came from one who was not the owner any more, or were tried again.
    pub fn refused(&self) -> usize {
        self.tables().refused
    }

    /// Every value, sorted: what was stored twice under other offsets would show.
    pub fn values(&self) -> Vec<String> {
        let mut values: Vec<String> =
            self.tables().records.values().map(|v| String::from_utf8(v.clone()).unwrap()).collect();
        values.sort();
        values
    }
}
