//! The files of a manifest into `core.event` of Redshift: the cluster itself copies them into a table of the transaction, and from there
//! what is new is stored. Statements of xAPI are not kept there; their events are loaded as any others.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use tokio_postgres::Transaction;
use warehouse::Carriage;

use super::redshift::{ADD_PERSONS, COPIED, EVENTS, STORE};
use super::waiting::Staged;
use crate::load::batch::LoadError;
use crate::load::stored::{Range, Stored};

pub(crate) struct ByManifest<'a> {
    site: i16,
    carriage: &'a Carriage,
    staged: Staged,
    /// `None` when there is not one event.
    manifest: Option<String>,
    /// Rows in the table.
    rows: u64,
}

impl<'a> ByManifest<'a> {
    pub fn new(site: i16, carriage: &'a Carriage, staged: Staged, manifest: Option<String>) -> Self {
        Self { site, carriage, staged, manifest, rows: 0 }
    }

    pub fn days(&self) -> BTreeSet<NaiveDate> {
        self.staged.latest.keys().copied().collect()
    }

    pub fn received(&self) -> Option<Range> {
        self.staged.received
    }

    /// Has the files copied, sees that every row has come, and gives new persons their numbers.
    pub async fn ready(&mut self, tx: &Transaction<'_>) -> Result<(), LoadError> {
        let Some(manifest) = &self.manifest else { return Ok(()) };
        tx.batch_execute(&EVENTS.create()).await?;
        self.carriage.copy(tx, EVENTS.name, manifest).await?;
        let rows: i64 = tx.query_one(COPIED, &[]).await?.get(0);
        let written: u64 = self.staged.files.iter().map(|file| file.rows).sum();
        if rows as u64 != written {
            return Err(LoadError::Damaged { name: manifest.clone(), what: format!("{rows} rows of {written}") });
        }
        self.rows = written;
        tx.execute(ADD_PERSONS, &[&self.site]).await?;
        Ok(())
    }

    pub async fn store(&mut self, tx: &Transaction<'_>, load_id: i64) -> Result<Stored, LoadError> {
        let dirty = self.days();
        let (Some(first), Some(last), Some(_)) = (dirty.first(), dirty.last(), &self.manifest) else {
            return Ok(Stored::of(0, &[]));
        };
        let loaded = tx.execute(STORE, &[&load_id, first, last]).await?;
        tx.batch_execute(&EVENTS.drop()).await?;
        Ok(Stored { loaded, duplicate: self.rows - loaded, dirty })
    }
}
