//! The application's own database, schema `app`: organisations, accounts, keys, pools, statements and sessions.
//!
//! Only this crate speaks to it. Each kind of thing has its own door: `store.accounts()`, `store.keys()` and so on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use warehouse::roles;

pub mod accounts;
mod callers;
pub mod ddl;
pub mod error;
pub mod keys;
mod listen;
mod memory;
#[cfg(test)]
mod memory_tests;
pub mod migrate;
pub mod passwords;
pub mod pools;
pub mod sessions;
pub mod sites;
pub mod statements;
mod tenants;

pub use accounts::{AccountId, AccountSummary, Accounts, Membership};
pub use error::StoreError;
pub use keys::{KeySummary, Keys};
pub use pools::{NewLine, NewStatement, Period, Pool, Pools};
pub use sessions::{PostgresSessions, RedisSessions, Sessions};
pub use sites::Sites;
pub use statements::{Statement, StatementFilter, StatementLine, StatementWithLines, Statements};
pub use tenants::Tenant;

use callers::Callers;
use passwords::Passwords;

/// The connection pool of the application's database. Cheap to clone; clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
    passwords: Passwords,
    callers: Arc<Callers>,
}

impl Store {
    /// Connects to a database whose migrations were applied ([`migrate::app`]).
    ///
    /// # Errors
    /// [`StoreError::Database`] when there is no connection within 5 s or the URL is wrong.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        // From the first statement on it may do what the application needs, and see nothing of the warehouse.
        let options: PgConnectOptions = url.parse()?;
        let options = options.options([("role", roles::APP)]);
        let pool = PgPoolOptions::new().max_connections(10).acquire_timeout(Duration::from_secs(5));
        let pool = pool.connect_with(options).await?;
        Ok(Self { pool, passwords: Passwords::new().await?, callers: Arc::new(Callers::new()) })
    }

    /// Whether the database answers; for health checks.
    ///
    /// # Errors
    /// [`StoreError::Database`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Hears of changes of callers, for ever. Meanwhile those that were looked up are kept, and a change of one is heard of
    /// within milliseconds, whatever process made it; without it, or while it cannot hear, each call looks up anew.
    pub async fn listen(self) {
        listen::listen(&self.pool, &self.callers).await;
    }

    /// Whether callers that were looked up are kept now.
    pub fn is_listening(&self) -> bool {
        self.callers.by_key.is_trusted(Instant::now())
    }

    /// Closes all connections, waiting for those in use.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Organisations, accounts and memberships.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts { pool: &self.pool, passwords: &self.passwords, callers: &self.callers }
    }

    /// API keys.
    pub fn keys(&self) -> Keys<'_> {
        Keys { pool: &self.pool, callers: &self.callers }
    }

    /// The secrets of the sites.
    pub fn sites(&self) -> Sites<'_> {
        Sites { pool: &self.pool }
    }

    /// The pools, and closing a month.
    pub fn pools(&self) -> Pools<'_> {
        Pools { pool: &self.pool }
    }

    /// The statements.
    pub fn statements(&self) -> Statements<'_> {
        Statements { pool: &self.pool }
    }

    /// Sessions in this database, where there is no Redis.
    pub fn sessions(&self) -> PostgresSessions {
        PostgresSessions::new(self.pool.clone())
    }
}
