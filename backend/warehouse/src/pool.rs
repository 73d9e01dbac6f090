//! The pool of connections.

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use thiserror::Error;
use tokio_postgres::NoTls;

use crate::dialect::Dialect;
use crate::reading::Reading;

#[derive(Debug, Error)]
pub enum WarehouseError {
    #[error("the warehouse's address is not understood: {0}")]
    Address(tokio_postgres::Error),
    #[error("the warehouse cannot be reached: {0}")]
    Unreachable(#[from] deadpool_postgres::PoolError),
    #[error("the warehouse refused: {}", described(.0))]
    Refused(#[from] tokio_postgres::Error),
    #[error("what the warehouse holds is damaged: {0}; run `octavo check`")]
    Damaged(String),
    #[error("the pool of connections could not be made: {0}")]
    Pool(#[from] deadpool_postgres::BuildError),
}

impl WarehouseError {
    /// The SQLSTATE, if the database itself answered.
    pub fn code(&self) -> Option<&tokio_postgres::error::SqlState> {
        match self {
            WarehouseError::Refused(e) => e.code(),
            _ => None,
        }
    }

    /// Whether the same statement may work later: no connection, or the server is going down or coming up.
    pub fn is_unavailable(&self) -> bool {
        match self {
            WarehouseError::Unreachable(_) => true,
            WarehouseError::Refused(e) => {
                e.is_closed() || e.code().is_some_and(|c| c.code().starts_with("08") || c.code().starts_with("57P"))
            }
            _ => false,
        }
    }

    /// Whether the statement was stopped: it took too long, or somebody cancelled it.
    pub fn is_stopped(&self) -> bool {
        self.code() == Some(&tokio_postgres::error::SqlState::QUERY_CANCELED)
    }
}

fn described(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => error.to_string(),
    }
}

/// The warehouse. Cheap to clone.
#[derive(Clone)]
pub struct Warehouse {
    pool: Pool,
    dialect: Dialect,
    statement_timeout: Duration,
}

/// What a statement that reads for an answer may take, unless told otherwise.
pub const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) const PING: &str = "SELECT 1";

impl Warehouse {
    /// Makes the pool; connects at first use. A connection that cannot be had within 2 s is an error, not a wait.
    pub fn new(url: &str, connections: usize) -> Result<Self, WarehouseError> {
        let dialect = Dialect::of(url);
        // Both speak the same protocol.
        let address = url.replacen("redshift://", "postgresql://", 1);
        let mut config: tokio_postgres::Config = address.parse().map_err(WarehouseError::Address)?;
        config.connect_timeout(Duration::from_secs(2)).application_name("octavo");
        if dialect == Dialect::Postgres {
            // A prepared statement is planned for its values each time: which days and how many ids they hold decides the plan.
            config.options("-c plan_cache_mode=force_custom_plan");
        }
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(connections)
            .wait_timeout(Some(Duration::from_secs(10)))
            .create_timeout(Some(Duration::from_secs(2)))
            .recycle_timeout(Some(Duration::from_secs(2)))
            .runtime(Runtime::Tokio1)
            .build()?;
        Ok(Self { pool, dialect, statement_timeout: STATEMENT_TIMEOUT })
    }

    /// The same with another time for each statement that reads for an answer.
    pub fn with_statement_timeout(self, statement_timeout: Duration) -> Self {
        Self { statement_timeout, ..self }
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub async fn client(&self) -> Result<Object, WarehouseError> {
        Ok(self.pool.get().await?)
    }

    /// Begins to read for an answer.
    pub async fn read(&self) -> Result<Reading, WarehouseError> {
        Reading::begin(self.client().await?, self.statement_timeout).await
    }

    /// Whether it answers.
    pub async fn ping(&self) -> Result<(), WarehouseError> {
        self.client().await?.simple_query(PING).await?;
        Ok(())
    }

    /// Closes every connection; later calls fail.
    pub fn close(&self) {
        self.pool.close();
    }
}
