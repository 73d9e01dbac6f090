//! Turns: those who would make the same thing at once make it one after another, and whoever comes later finds it made.

use sqlx::PgConnection;

use crate::error::StoreError;

/// Of those who make organisations: neither name nor slug is had twice.
pub(crate) const ORGANISATIONS: &str = "organisations";

/// Waits until no other transaction has this turn. It ends with the transaction.
pub(crate) async fn take(connection: &mut PgConnection, turn: &str) -> Result<(), StoreError> {
    let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    sqlx::query(sql).bind(turn).execute(connection).await?;
    Ok(())
}
