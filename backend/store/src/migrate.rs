//! The migrations, embedded, forward only. The application and the warehouse may share a database, so each keeps its own
//! table of what was applied, in its own schema. Migrators that run at once wait for each other.

use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnection;

use crate::error::StoreError;

/// Applies what is missing of `migrations/app/`; noted in `app._migration`.
///
/// # Errors
/// [`StoreError::Database`] without a connection; [`StoreError::Migrate`] when a migration fails, or when one that was
/// applied has changed or is not known here (the database is newer than this program).
pub async fn app(url: &str) -> Result<(), StoreError> {
    run(sqlx::migrate!("../../migrations/app"), "app", url).await
}

/// Applies what is missing of `migrations/warehouse/postgres/`; noted in `core._migration`.
///
/// # Errors
/// As [`app`].
pub async fn warehouse(url: &str) -> Result<(), StoreError> {
    run(sqlx::migrate!("../../migrations/warehouse/postgres"), "core", url).await
}

async fn run(mut migrator: Migrator, schema: &'static str, url: &str) -> Result<(), StoreError> {
    migrator.create_schema(schema);
    migrator.dangerous_set_table_name(format!("{schema}._migration"));
    let mut connection = PgConnection::connect(url).await?;
    migrator.run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}
