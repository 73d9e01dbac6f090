//! How rows of rollups get into their tables: streamed into PostgreSQL as they are counted; into Redshift by files, one for each
//! table, for a COPY there takes about a second however few its rows are.

use std::collections::BTreeMap;

use reference::Site;
use tokio_postgres::Transaction;
use warehouse::{BinaryRows, Carriage, WarehouseError, copy_in};

use super::store::Rows;
use crate::load::staged::{Packing, carry};

pub(super) enum Writing<'a> {
    Streamed,
    Carried {
        carriage: &'a Carriage,
        site: &'a Site,
        /// The rows that wait, by their table.
        waiting: BTreeMap<String, Packing>,
    },
}

impl<'a> Writing<'a> {
    pub fn new(carriage: Option<&'a Carriage>, site: &'a Site) -> Self {
        match carriage {
            None => Writing::Streamed,
            Some(carriage) => Writing::Carried { carriage, site, waiting: BTreeMap::new() },
        }
    }

    /// Writes rows, or has them wait for [`Writing::flush`].
    pub async fn write(&mut self, tx: &Transaction<'_>, table: &str, rows: &Rows) -> Result<(), WarehouseError> {
        match self {
            Writing::Streamed => {
                copy_in(tx, rows).await?;
            }
            Writing::Carried { waiting, .. } if !rows.is_empty() => {
                rows.pack(waiting.entry(table.to_owned()).or_default());
            }
            Writing::Carried { .. } => {}
        }
        Ok(())
    }

    /// Writes what waits: it can be read in the transaction then.
    pub async fn flush(&mut self, tx: &Transaction<'_>) -> Result<(), WarehouseError> {
        let Writing::Carried { carriage, site, waiting } = self else { return Ok(()) };
        for (table, rows) in std::mem::take(waiting) {
            carry(tx, carriage, &table, (&site.code, ("rollups", &table), (0, 0)), rows).await?;
        }
        Ok(())
    }
}
