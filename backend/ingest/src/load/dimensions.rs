//! The last of the steps: schools, books and chapters by their numbers, as they are when a batch is loaded.

use std::time::Instant;

use reference::Directory;
use tokio_postgres::Transaction;
use warehouse::Dialect;

use super::batch::LoadError;
use super::rows::EventRow;
use super::things::Things;
use crate::enrich::{Prepared, RESOLVE};

/// The numbers of one site, kept between batches.
pub(super) struct Dimensions {
    dialect: Dialect,
    things: Things,
}

impl Dimensions {
    pub fn new(dialect: Dialect, directory: &Directory, site: i16) -> Self {
        Self { dialect, things: Things::new(directory, site) }
    }

    /// Gives each row its numbers, and refuses what names a thing that is not known. Takes a new directory when the dimensions
    /// changed, and creates what the events carry with them.
    pub async fn resolve(
        &mut self,
        tx: &Transaction<'_>,
        site: i16,
        rows: &mut Vec<EventRow>,
        batch: &mut Prepared,
    ) -> Result<(), LoadError> {
        if reference::read::version(tx).await? != self.things.version {
            self.read(tx, site).await?;
        }
        if self.things.create_missing(tx, self.dialect, site, rows.iter().map(|row| &*row.event)).await? {
            self.read(tx, site).await?;
            // These numbers hold within this transaction; whether it commits or not, the next one reads them anew.
            self.things.version = -1;
        }
        let started = Instant::now();
        let before = rows.len();
        rows.retain_mut(|row| match self.things.resolve(&row.event) {
            Ok(refs) => {
                row.refs = refs;
                true
            }
            Err(reject) => {
                batch.refused.push(row.refused(reject));
                false
            }
        });
        batch.tally.note(RESOLVE.name, rows.len() as u64, (before - rows.len()) as u64, started.elapsed());
        Ok(())
    }

    async fn read(&mut self, tx: &Transaction<'_>, site: i16) -> Result<(), LoadError> {
        let directory = reference::read::directory_in(tx, self.dialect).await?;
        self.things = Things::new(&directory, site);
        Ok(())
    }
}
