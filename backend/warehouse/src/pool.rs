//! The pool of connections.

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use stage::StageError;
use thiserror::Error;
use tls::{Server, Tls, TlsError};

use crate::carriage::Carriage;
use crate::dialect::Dialect;
use crate::reading::Reading;
use crate::roles;
use crate::staged::StagedError;

#[derive(Debug, Error)]
pub enum WarehouseError {
    #[error("the warehouse's address is not understood: {0}")]
    Address(#[from] TlsError),
    #[error("the warehouse cannot be reached: {0}")]
    Unreachable(#[from] deadpool_postgres::PoolError),
    #[error("the warehouse refused: {}", described(.0))]
    Refused(#[from] tokio_postgres::Error),
    #[error("what the warehouse holds is damaged: {0}; run `octavo check`")]
    Damaged(String),
    #[error("a value cannot be sent to the warehouse: {0}")]
    Unwritable(Box<dyn std::error::Error + Sync + Send>),
    #[error(transparent)]
    Stage(#[from] StageError),
    #[error(transparent)]
    Staged(#[from] StagedError),
    #[error("rows get into Redshift by files only; set OCTAVO_STORE and OCTAVO_REDSHIFT_ROLE")]
    NoCarriage,
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
    /// Connections that load and refresh.
    pool: Pool,
    /// Connections that cannot write.
    readers: Pool,
    /// How what they are at is cancelled.
    readers_tls: Tls,
    dialect: Dialect,
    carriage: Option<Carriage>,
    statement_timeout: Duration,
}

/// What a statement that reads for an answer may take, unless told otherwise.
pub const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) const PING: &str = "SELECT 1";

impl Warehouse {
    /// Makes the pools; connects at first use. A connection that cannot be had within 2 s is an error, not a wait. Each of the
    /// two pools, of those that write and those that read, has so many connections at most.
    pub fn new(url: &str, connections: usize) -> Result<Self, WarehouseError> {
        let dialect = Dialect::of(url);
        let (loading, _) = pool(url, dialect, connections, &LOADING)?;
        let (readers, readers_tls) = pool(url, dialect, connections, &READING)?;
        Ok(Self { pool: loading, readers, readers_tls, dialect, carriage: None, statement_timeout: STATEMENT_TIMEOUT })
    }

    /// The same with a login of its own for reading; it has to be a member of the role that reads.
    pub fn with_reading_url(self, url: &str, connections: usize) -> Result<Self, WarehouseError> {
        let (readers, readers_tls) = pool(url, self.dialect, connections, &READING)?;
        Ok(Self { readers, readers_tls, ..self })
    }

    /// The same with another time for each statement that reads for an answer.
    pub fn with_statement_timeout(self, statement_timeout: Duration) -> Self {
        Self { statement_timeout, ..self }
    }

    /// The same with what Redshift needs to be written to.
    pub fn with_carriage(self, carriage: Carriage) -> Self {
        Self { carriage: Some(carriage), ..self }
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// How rows get in by files; `None` on PostgreSQL, which takes them as a stream.
    pub fn carriage(&self) -> Result<Option<&Carriage>, WarehouseError> {
        match (self.dialect, &self.carriage) {
            (Dialect::Postgres, _) => Ok(None),
            (Dialect::Redshift, Some(carriage)) => Ok(Some(carriage)),
            (Dialect::Redshift, None) => Err(WarehouseError::NoCarriage),
        }
    }

    /// A connection that may write.
    pub async fn client(&self) -> Result<Object, WarehouseError> {
        Ok(self.pool.get().await?)
    }

    /// A connection that may only read.
    pub async fn reader(&self) -> Result<Object, WarehouseError> {
        Ok(self.readers.get().await?)
    }

    /// Begins to read for an answer.
    pub async fn read(&self) -> Result<Reading, WarehouseError> {
        Reading::begin(self.reader().await?, self.readers_tls.clone(), self.statement_timeout).await
    }

    /// Whether it answers those who read.
    pub async fn ping(&self) -> Result<(), WarehouseError> {
        self.reader().await?.simple_query(PING).await?;
        Ok(())
    }

    /// Closes every connection; later calls fail.
    pub fn close(&self) {
        self.pool.close();
        self.readers.close();
    }
}

/// Who a connection is from its first statement on; a setting of the connection, so that nothing is sent for it.
type As = [(&'static str, &'static str)];
/// A loader or refresher that stands still within a transaction (stopped, or its machine gone) holds locks that all others wait for:
/// a log's position, a site's rollups. The database ends it; what it had not committed is done by another.
const LOADING: [(&str, &str); 2] = [("role", roles::LOADER), ("idle_in_transaction_session_timeout", "60000")];
const READING: [(&str, &str); 2] = [("role", roles::READER), ("default_transaction_read_only", "on")];

fn pool(url: &str, dialect: Dialect, connections: usize, who: &As) -> Result<(Pool, Tls), WarehouseError> {
    // Both speak the same protocol.
    let address = url.replacen("redshift://", "postgresql://", 1);
    let server = Server::read(&address)?;
    let (mut config, tls) = (server.config(), server.tls()?);
    config.connect_timeout(Duration::from_secs(2)).application_name("octavo");
    if dialect == Dialect::Postgres {
        // A prepared statement is planned for its values each time: which days and how many ids they hold decides the plan.
        let settings = [("plan_cache_mode", "force_custom_plan")].iter().chain(who);
        let options: Vec<String> = settings.map(|(name, value)| format!("-c {name}={value}")).collect();
        config.options(options.join(" "));
    }
    let manager = Manager::from_config(config, tls.clone(), ManagerConfig { recycling_method: RecyclingMethod::Fast });
    let pool = Pool::builder(manager)
        .max_size(connections)
        .wait_timeout(Some(Duration::from_secs(10)))
        .create_timeout(Some(Duration::from_secs(2)))
        .recycle_timeout(Some(Duration::from_secs(2)))
        .runtime(Runtime::Tokio1)
        .build()?;
    Ok((pool, tls))
}
