//! Loading one site's part of a spool, batch by batch. Where there is no archive, what is committed is let go of.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use spool::SpoolError;
use tokio::task::{JoinError, spawn_blocking};

use super::Spooled;
use crate::archive::{Archive, ArchiveError};
use crate::load::batch::{Batch, LoadError, Outcome};
use crate::load::intake::Intake;

/// Records of one transaction that come from the archive.
const MOST_ARCHIVED: usize = 20_000;

#[derive(Debug, thiserror::Error)]
pub enum DrainError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Spool(#[from] SpoolError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("reading the spool broke off: {0}")]
    Reading(#[from] JoinError),
}

/// One site's loader. After an error it is opened anew: only the warehouse knows then what is committed.
pub struct Drain {
    log: Spooled,
    intake: Intake,
    position: i64,
    archive: Option<Archive>,
}

impl Drain {
    /// Goes on where the warehouse is. With an archive a [`crate::archive::Keeper`] lets go of what is loaded.
    pub async fn open(dir: PathBuf, intake: Intake, archive: Option<Archive>) -> Result<Self, DrainError> {
        let site = intake.site().code.clone();
        let log = spawn_blocking(move || Spooled::open(&dir, &site)).await??;
        let position = intake.position(log.source(), &intake.site().code).await?;
        let drain = Self { log, intake, position, archive };
        // A loader that died between its commit and this left it undone, and a spool that is full takes nothing that would lead to
        // the next load.
        drain.let_go().await?;
        Ok(drain)
    }

    pub fn log(&self) -> &Spooled {
        &self.log
    }

    pub fn intake(&self) -> &Intake {
        &self.intake
    }

    /// The offset of the first record that is not loaded, as far as it is known here.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Loads what waits, as much as one transaction takes. False when nothing does.
    pub async fn load(&mut self, now: DateTime<Utc>) -> Result<bool, DrainError> {
        let Some(batch) = self.next().await? else { return Ok(false) };
        let steps = self.intake.steps();
        let batch = spawn_blocking(move || steps.prepare(batch)).await?;
        let next = batch.next;
        self.position = match self.intake.load_prepared(batch, now).await? {
            Outcome::Committed(_) => next,
            // Another loader of the same spool was faster.
            Outcome::Moved { next } => next,
        };
        self.let_go().await?;
        Ok(true)
    }

    /// Lets go of what is committed, unless an archive is to have it first.
    async fn let_go(&self) -> Result<(), DrainError> {
        if self.archive.is_none() {
            let (log, committed) = (self.log.clone(), self.position);
            spawn_blocking(move || log.trim(committed)).await??;
        }
        Ok(())
    }

    /// What comes next: from the spool, or, where that let go of it and the warehouse has it no more (it was brought back as it was
    /// earlier), from the archive.
    async fn next(&self) -> Result<Option<Batch>, DrainError> {
        let (log, position) = (self.log.clone(), self.position);
        let gone = match spawn_blocking(move || log.read(position)).await? {
            Ok(batch) => return Ok(batch),
            Err(error @ SpoolError::Gone { .. }) => error,
            Err(error) => return Err(error.into()),
        };
        let Some(archive) = &self.archive else { return Err(gone.into()) };
        let Some(mut records) = archive.from(self.log.source(), position).await? else { return Err(gone.into()) };
        records.truncate(MOST_ARCHIVED);
        let next = position + records.len() as i64;
        let log = self.log.clone();
        Ok(Some(spawn_blocking(move || log.batch((position, next), (position..).zip(records))).await?))
    }
}
