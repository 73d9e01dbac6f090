//! What can go wrong in the application's database.

use access::{OrganisationKind, Role};
use chrono::NaiveDate;
use thiserror::Error;
use tls::TlsError;
use warehouse::WarehouseError;

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the application's database: {0}")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error("migrating: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("its address is not understood: {0}")]
    Address(#[from] TlsError),
    #[error("Redis: {0}")]
    Redis(#[from] redis::RedisError),
    #[error("'{0}' is no e-mail address")]
    BadEmail(String),
    #[error("there is an account of {0} already")]
    EmailTaken(String),
    #[error("a password has {min} to {max} characters")]
    PasswordLength { min: usize, max: usize },
    #[error(
        "this password is easily guessed: it is made of common words, names, dates or rows of keys; use several unrelated words"
    )]
    WeakPassword,
    #[error("there is no such account")]
    NoAccount,
    #[error("there is no such organisation")]
    NoOrganisation,
    #[error("the account belongs to no organisation")]
    NoMembership,
    #[error("the role {role} does not fit an organisation that is a {kind}")]
    RoleDoesNotFit { role: Role, kind: String },
    #[error("there is an organisation called {0} already")]
    NameTaken(String),
    #[error("a {} does not stand below a {}", kind.as_str(), above.as_str())]
    DoesNotStandBelow { kind: OrganisationKind, above: OrganisationKind },
    #[error("that is not a part of what the organisation is about")]
    NotItsSubjects,
    #[error("{0} belongs to the organisation already")]
    AlreadyMember(String),
    #[error("an owner without an end has to be left")]
    LastOwner,
    #[error("there is no such invitation")]
    NoInvitation,
    #[error("the link was used or withdrawn, or has expired")]
    LinkGone,
    #[error("there is no such session")]
    NoSession,
    #[error("there is no such key")]
    NoKey,
    #[error("this cannot be viewed")]
    NotToBeViewed,
    #[error("set OCTAVO_SECRET_KEY: without it nothing can be sealed")]
    NoSecretKey,
    #[error("a secret was sealed with another key; is OCTAVO_SECRET_KEY the one it was?")]
    Sealed,
    #[error("'{0}' is no origin of web pages; write one as browsers do, such as https://book.example")]
    BadOrigin(String),
    #[error("a key needs at least one scope")]
    NoKeyScope,
    #[error("{0} is not the first day of a month")]
    NotAMonth(NaiveDate),
    #[error("{site} {} has its statements already, and a statement never changes", month.format("%Y-%m"))]
    PeriodClosed { site: String, month: NaiveDate },
    #[error("the sums do not agree: {0}")]
    Unbalanced(String),
    #[error("hashing a password: {0}")]
    Hashing(String),
    #[error("no randomness from the system: {0}")]
    Randomness(String),
    #[error("the database holds what it should not: {0}")]
    Corrupt(String),
}
