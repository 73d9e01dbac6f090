//! The application's own database, schema `app`: organisations, accounts, keys, pools, statements and sessions.
//!
//! Only this crate speaks to it. Each kind of thing has its own door: `store.accounts()`, `store.keys()` and so on.

use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

pub mod accounts;
mod callers;
pub mod error;
pub mod keys;
pub mod migrate;
pub mod passwords;
pub mod pools;
pub mod sessions;
pub mod sites;
pub mod statements;

pub use accounts::{AccountId, AccountSummary, Accounts, Membership};
pub use error::StoreError;
pub use keys::{KeySummary, Keys};
pub use pools::{NewLine, NewStatement, Period, Pool, Pools};
pub use sessions::{PostgresSessions, RedisSessions, Sessions};
pub use sites::Sites;
pub use statements::{Statement, StatementFilter, StatementLine, StatementWithLines, Statements};

use passwords::Passwords;

/// The connection pool of the application's database. Cheap to clone; clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
    passwords: Passwords,
}

impl Store {
    /// Connects to a database whose migrations were applied ([`migrate::app`]).
    ///
    /// # Errors
    /// [`StoreError::Database`] when there is no connection within 5 s or the URL is wrong.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let pool =
            PgPoolOptions::new().max_connections(10).acquire_timeout(Duration::from_secs(5)).connect(url).await?;
        Ok(Self { pool, passwords: Passwords::new().await? })
    }

    /// Whether the database answers; for health checks.
    ///
    /// # Errors
    /// [`StoreError::Database`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes all connections, waiting for those in use.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Organisations, accounts and memberships.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts { pool: &self.pool, passwords: &self.passwords }
    }

    /// API keys.
    pub fn keys(&self) -> Keys<'_> {
        Keys { pool: &self.pool }
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
