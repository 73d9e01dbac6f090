//! Loading one site's part of a spool, batch by batch. Where there is no archive, what is committed is let go of.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use spool::SpoolError;
use tokio::task::{JoinError, spawn_blocking};

use super::Spooled;
use crate::archive::{Archive, ArchiveError};
use crate::load::batch::{Batch, LoadError};
use crate::load::intake::{Intake, Taken};

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
    /// Where it is read on: beyond the position as far as records are staged and wait.
    read: i64,
    archive: Option<Archive>,
}

impl Drain {
    /// Goes on where the warehouse is. With an archive a [`crate::archive::Keeper`] lets go of what is loaded.
    pub async fn open(dir: PathBuf, intake: Intake, archive: Option<Archive>) -> Result<Self, DrainError> {
        let site = intake.site().code.clone();
        let log = spawn_blocking(move || Spooled::open(&dir, &site)).await??;
        let position = intake.position(log.source(), &intake.site().code).await?;
        let drain = Self { log, intake, position, read: position, archive };
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

    /// Takes what waits in the spool, as much as one transaction takes, or loads what was staged and has waited long enough. False
    /// when there is neither.
    pub async fn load(&mut self, now: DateTime<Utc>) -> Result<bool, DrainError> {
        for due in self.intake.flush_due(now).await? {
            self.note(due.taken).await?;
        }
        let Some(batch) = self.next().await? else { return Ok(false) };
        let steps = self.intake.steps();
        let batch = spawn_blocking(move || steps.prepare(batch)).await?;
        let taken = self.intake.take(batch, now).await?;
        self.note(taken).await?;
        Ok(true)
    }

    /// Loads what was staged, however short it has waited.
    pub async fn finish(&mut self, now: DateTime<Utc>) -> Result<(), DrainError> {
        for flushed in self.intake.flush(now).await? {
            self.note(flushed.taken).await?;
        }
        Ok(())
    }

    async fn note(&mut self, taken: Taken) -> Result<(), DrainError> {
        match taken {
            Taken::Waits { next } => {
                self.read = next;
                return Ok(());
            }
            // Another loader of the same spool was faster, where it is moved.
            Taken::Committed { next, .. } | Taken::Moved { next, .. } => (self.position, self.read) = (next, next),
        }
        self.let_go().await
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
        let (log, position) = (self.log.clone(), self.read);
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
