//! What can go wrong at the wall.

use thiserror::Error;
use tls::TlsError;
use tokio_postgres::error::SqlState;

#[derive(Debug, Error)]
pub enum WallError {
    #[error("the warehouse's address is not understood: {0}")]
    Address(#[from] TlsError),
    #[error(
        "the login of OCTAVO_WAREHOUSE_URL may not do this ({0}); it needs CREATEROLE and the database's ownership, see docs/BI.md"
    )]
    MayNot(String),
    #[error("the warehouse refused: {0}")]
    Refused(String),
    #[error("it could not be recorded, and was not done: {0}")]
    Unrecorded(Box<dyn std::error::Error + Send + Sync>),
    #[error("what the warehouse holds of BI accounts is not understood: {0}")]
    Damaged(String),
}

impl From<tokio_postgres::Error> for WallError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(db) if *db.code() == SqlState::INSUFFICIENT_PRIVILEGE => WallError::MayNot(db.message().into()),
            Some(db) => WallError::Refused(format!("{} ({})", db.message(), db.code().code())),
            None => WallError::Refused(error.to_string()),
        }
    }
}
