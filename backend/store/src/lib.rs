//! The application's own database, schema `app`: organisations, accounts, keys, pools, statements and sessions.
//!
//! Only this crate speaks to it. Each kind of thing has its own door: `store.accounts()`, `store.keys()` and so on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use warehouse::roles;

pub mod accounts;
pub mod actor;
mod address;
pub mod audit;
mod callers;
pub mod ddl;
pub mod error;
pub mod identities;
pub mod invitations;
mod key_text;
pub mod keys;
mod keys_held;
mod known_browsers;
mod listen;
pub mod mail_links;
mod memory;
#[cfg(test)]
mod memory_tests;
pub mod migrate;
pub mod migrate_redshift;
pub mod organisations;
pub mod passwords;
pub mod people;
pub mod pools;
mod random;
pub mod sealed;
pub mod second_factor;
pub mod sessions;
pub mod sign_ins;
pub mod sites;
mod slug;
pub mod statements;
mod tenants;
mod turns;
pub mod viewings;
pub mod write_keys;

pub use accounts::{Account, AccountId, Accounts, Belonging};
pub use actor::Actor;
pub use audit::{Audit, AuditFilter, AuditRow, Audited, Entry};
pub use error::StoreError;
pub use identities::{Identities, Identity, ProvidedMembership, ProvidedPerson};
pub use invitations::{Invitation, Invitations, NewInvitation, NewPerson};
pub use key_text::is_key;
pub use keys::{KeySummary, Keys, NewKey};
pub use keys_held::{HeldKey, digest_of};
pub use mail_links::{Link, MailLinks};
pub use organisations::{NewOrganisation, OrganisationSummary, Organisations};
pub use people::{Member, Membership, People};
pub use pools::{NewLine, NewStatement, Period, Pool, Pools};
pub use sealed::SecretKey;
pub use second_factor::{Enrolment, SecondFactor};
pub use sessions::{PostgresSessions, RedisSessions, Sessions};
pub use sign_ins::{NewSignIn, SessionSummary, SignIns, SignedIn};
pub use sites::Sites;
pub use statements::{Statement, StatementFilter, StatementLine, StatementWithLines, Statements};
pub use tenants::Tenant;
pub use viewings::{NewViewing, Viewings};
pub use write_keys::{WriteKey, WriteKeys};

use callers::Callers;
use passwords::Passwords;

/// The connection pool of the application's database. Cheap to clone; clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
    passwords: Passwords,
    callers: Arc<Callers>,
    secret_key: Option<SecretKey>,
    program: Arc<Actor>,
}

/// The doors through which something is changed, in the name of somebody.
#[derive(Debug, Clone, Copy)]
pub struct Acting<'a> {
    store: &'a Store,
    actor: &'a Actor,
}

macro_rules! doors {
    ($($(#[$doc:meta])* $name:ident $door:ident),* $(,)?) => {
        impl<'a> Acting<'a> {
            $($(#[$doc])* pub fn $name(self) -> $door<'a> {
                $door { store: self.store, actor: self.actor }
            })*
        }

        impl Store {
            $($(#[$doc])* pub fn $name(&self) -> $door<'_> {
                $door { store: self, actor: &self.program }
            })*
        }
    };
}

doors! {
    /// Accounts of persons.
    accounts Accounts,
    /// The record of what was done.
    audit Audit,
    /// Persons of identity providers.
    identities Identities,
    /// Invitations into organisations.
    invitations Invitations,
    /// API keys.
    keys Keys,
    /// Links sent by mail.
    mail_links MailLinks,
    /// Organisations and their tree.
    organisations Organisations,
    /// Who belongs to an organisation.
    people People,
    /// The pools, and closing a month.
    pools Pools,
    /// The second factor of accounts.
    second_factor SecondFactor,
    /// Signing in, and sessions.
    sign_ins SignIns,
    /// Views as somebody else.
    viewings Viewings,
    /// Write keys of sites.
    write_keys WriteKeys,
}

impl Store {
    /// Connects to a database whose migrations were applied ([`migrate::app`]).
    ///
    /// # Errors
    /// [`StoreError::Database`] when there is no connection within 5 s or the URL is wrong.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let store = Self::lazily(url).await?;
        store.ping().await?;
        Ok(store)
    }

    /// Like [`Store::connect`] for a database that may be away: the first use connects, or fails within 5 s.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the URL is wrong.
    pub async fn lazily(url: &str) -> Result<Self, StoreError> {
        // From the first statement on it may do what the application needs, and see nothing of the warehouse.
        let options = address::read(url)?.options([("role", roles::APP)]);
        let pool = PgPoolOptions::new().max_connections(10).acquire_timeout(Duration::from_secs(5));
        let pool = pool.connect_lazy_with(options);
        let (passwords, callers) = (Passwords::new().await?, Arc::new(Callers::new()));
        Ok(Self { pool, passwords, callers, secret_key: None, program: Arc::new(Actor::program()) })
    }

    /// The same with the key of what is sealed.
    pub fn with_secret_key(self, key: SecretKey) -> Self {
        Self { secret_key: Some(key), ..self }
    }

    /// The doors in the name of somebody; without it whatever is done is done by the program itself.
    pub fn by<'a>(&'a self, actor: &'a Actor) -> Acting<'a> {
        Acting { store: self, actor }
    }

    fn secret_key(&self) -> Result<&SecretKey, StoreError> {
        self.secret_key.as_ref().ok_or(StoreError::NoSecretKey)
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

    /// The secrets of the sites.
    pub fn sites(&self) -> Sites<'_> {
        Sites { pool: &self.pool }
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
