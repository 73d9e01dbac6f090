//! What was received, as it was received, kept in an object store; and loading it anew from there.
//!
//! A piece is an immutable object `raw/{site}/{source}/{first}-{next}.ndjson.zst` with neighbouring records of one log: a line each,
//! sealed (see [`crate::sealed`]), so its persons are pseudonyms. Where the archive of a log ends is told by its pieces alone. That two
//! who write at once may write pieces that overlap does no harm: both hold what was received, and what is read twice counts once.

mod keeper;
mod lines;
mod naming;
mod piece;
mod removal;
mod replay;
mod run;
mod shelf;
mod topic;

use stage::StageError;
use warehouse::WarehouseError;

use crate::load::batch::LoadError;

pub use keeper::{Keeper, Limits};
pub use piece::Piece;
pub use replay::{Progress, Replay, Summary};
pub use shelf::Archive;
pub use topic::{PastLoad, TopicReplay, put_away, standings};

pub(crate) use naming::replays_of;
pub(crate) use {
    removal::statements as removal_statements, run::statements as run_statements, topic::statements as topic_statements,
};

/// What goes wrong with the archive.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error(transparent)]
    Store(#[from] StageError),
    #[error("{name} is damaged: {what}")]
    Damaged { name: String, what: String },
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("a replay of {site} from {from} on{flags} is not finished; run that one again first")]
    Unfinished { site: String, from: String, flags: &'static str },
}

impl From<WarehouseError> for ArchiveError {
    fn from(error: WarehouseError) -> Self {
        ArchiveError::Load(error.into())
    }
}

impl From<tokio_postgres::Error> for ArchiveError {
    fn from(error: tokio_postgres::Error) -> Self {
        ArchiveError::Load(error.into())
    }
}
