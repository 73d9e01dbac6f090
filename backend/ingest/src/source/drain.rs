//! Loading one site's part of a spool, batch by batch, and letting go of what is committed.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use spool::SpoolError;
use tokio::task::{JoinError, spawn_blocking};

use super::Spooled;
use crate::load::batch::{LoadError, Outcome};
use crate::load::intake::Intake;

#[derive(Debug, thiserror::Error)]
pub enum DrainError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Spool(#[from] SpoolError),
    #[error("reading the spool broke off: {0}")]
    Reading(#[from] JoinError),
}

/// One site's loader. After an error it is opened anew: only the warehouse knows then what is committed.
pub struct Drain {
    log: Spooled,
    intake: Intake,
    position: i64,
}

impl Drain {
    /// Goes on where the warehouse is.
    pub async fn open(dir: PathBuf, intake: Intake) -> Result<Self, DrainError> {
        let site = intake.site().code.clone();
        let log = spawn_blocking(move || Spooled::open(&dir, &site)).await??;
        let position = intake.position(log.source(), &intake.site().code).await?;
        let drain = Self { log, intake, position };
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

    /// Loads what waits, as much as one transaction takes. False when nothing does.
    pub async fn load(&mut self, now: DateTime<Utc>) -> Result<bool, DrainError> {
        let (log, steps, position) = (self.log.clone(), self.intake.steps(), self.position);
        let batch = spawn_blocking(move || Ok::<_, SpoolError>(log.read(position)?.map(|batch| steps.prepare(batch))));
        let Some(batch) = batch.await?? else { return Ok(false) };
        let next = batch.next;
        self.position = match self.intake.load_prepared(batch, now).await? {
            Outcome::Committed(_) => next,
            // Another loader of the same spool was faster.
            Outcome::Moved { next } => next,
        };
        self.let_go().await?;
        Ok(true)
    }

    /// Lets go of what is committed.
    async fn let_go(&self) -> Result<(), DrainError> {
        let (log, committed) = (self.log.clone(), self.position);
        Ok(spawn_blocking(move || log.trim(committed)).await??)
    }
}
