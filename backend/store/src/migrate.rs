//! The migrations, embedded, forward only. The application and the warehouse may share a database, so each keeps its own
//! table of what was applied, in its own schema. Migrators that run at once wait for each other. What they made is then given
//! to the roles that work with it ([`warehouse::roles`]).

use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnection;
use warehouse::roles;

use crate::address;
use crate::error::StoreError;

/// Applies what is missing of `migrations/app/`; noted in `app._migration`.
///
/// # Errors
/// [`StoreError::Database`] without a connection; [`StoreError::Migrate`] when a migration fails, or when one that was
/// applied has changed or is not known here (the database is newer than this program).
pub async fn app(url: &str) -> Result<(), StoreError> {
    run(sqlx::migrate!("../../migrations/app"), "app", url, include_str!("grants.sql")).await
}

/// Applies what is missing of `migrations/warehouse/postgres/`; noted in `core._migration`.
///
/// # Errors
/// As [`app`].
pub async fn warehouse(url: &str) -> Result<(), StoreError> {
    run(sqlx::migrate!("../../migrations/warehouse/postgres"), "core", url, roles::OWN).await
}

/// `rights` is said after the migrations, again and again: it changes nothing that is so already.
async fn run(mut migrator: Migrator, schema: &'static str, url: &str, rights: &'static str) -> Result<(), StoreError> {
    migrator.create_schema(schema);
    migrator.dangerous_set_table_name(format!("{schema}._migration"));
    let mut connection = PgConnection::connect_with(&address::read(url)?).await?;
    sqlx::raw_sql(roles::CREATE).execute(&mut connection).await?;
    migrator.run(&mut connection).await?;
    // Two that grant the same at once would meet in the catalog.
    let mut tx = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(RIGHTS).execute(&mut *tx).await?;
    sqlx::raw_sql(rights).execute(&mut *tx).await?;
    tx.commit().await?;
    connection.close().await?;
    Ok(())
}

/// The advisory lock under which rights are granted.
const RIGHTS: i64 = 0x0C7C;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn no_two_migrations_have_one_number() {
        for migrator in [sqlx::migrate!("../../migrations/app"), sqlx::migrate!("../../migrations/warehouse/postgres")]
        {
            let numbers: BTreeSet<i64> = migrator.iter().map(|migration| migration.version).collect();
            assert_eq!(numbers.len(), migrator.iter().count(), "the later one would never be applied");
        }
    }
}
