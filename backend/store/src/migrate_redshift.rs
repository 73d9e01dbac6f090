//! The migrations of a warehouse in Redshift. sqlx notes what was applied with statements of PostgreSQL's own; here the same is noted
//! in a plain table, under a lock in place of the advisory one. Roles and the wall are not made there.

use std::collections::BTreeMap;

use sqlx::migrate::{MigrateError, Migration};
use uuid::Uuid;
use warehouse::{Statement, Warehouse, WarehouseError};

use crate::ddl;
use crate::error::StoreError;

const SCHEMA: &str = "CREATE SCHEMA IF NOT EXISTS core";
const NOTES: &str = "CREATE TABLE IF NOT EXISTS core._migration
    (version bigint NOT NULL, description varchar(256) NOT NULL, checksum varchar(256) NOT NULL) DISTSTYLE ALL";
const ABOUT: [&str; 4] = [
    "COMMENT ON TABLE core._migration IS 'The migrations that were applied.'",
    "COMMENT ON COLUMN core._migration.version IS 'Its number, the time in the name of its file.'",
    "COMMENT ON COLUMN core._migration.description IS 'What it does.'",
    "COMMENT ON COLUMN core._migration.checksum IS 'Of its text: what was applied never changes.'",
];
const LOCK: &str = "LOCK TABLE core._migration";
const NOTED: &str = "SELECT version, checksum FROM core._migration";
const NOTE: &str = "INSERT INTO core._migration (version, description, checksum) VALUES ($1, $2, $3)";
const INSTALLATION: &str = "SELECT count(*) FROM core.installation";
const NEW_INSTALLATION: &str = "INSERT INTO core.installation (installation_id) VALUES ($1)";

pub(crate) fn statements() -> Vec<Statement> {
    let notes = [SCHEMA, NOTES].into_iter().chain(ABOUT);
    let all = notes.chain([LOCK, NOTED, NOTE, INSTALLATION, NEW_INSTALLATION]);
    all.map(|sql| Statement::new("migrate", sql)).collect()
}

/// Applies what is missing of `migrations/warehouse/redshift/`, all of it or nothing; noted in `core._migration`.
///
/// # Errors
/// [`StoreError::Warehouse`] when a statement is refused; [`StoreError::Migrate`] when a migration that was applied has changed or is
/// not known here (the warehouse is newer than this program).
pub async fn warehouse(warehouse: &Warehouse) -> Result<(), StoreError> {
    Ok(apply(warehouse).await??)
}

async fn apply(warehouse: &Warehouse) -> Result<Result<(), MigrateError>, WarehouseError> {
    let mut client = warehouse.client().await?;
    client.batch_execute(SCHEMA).await?;
    client.batch_execute(NOTES).await?;
    let tx = client.transaction().await?;
    tx.batch_execute(LOCK).await?;
    let noted = tx.query(NOTED, &[]).await?;
    let noted: BTreeMap<i64, String> = noted.iter().map(|row| (row.get(0), row.get(1))).collect();
    let missing = match missing(noted) {
        Ok(missing) => missing,
        Err(error) => return Ok(Err(error)),
    };
    for migration in &missing {
        for statement in ddl::statements(migration) {
            tx.batch_execute(&statement.sql).await?;
        }
        let description: &str = &migration.description;
        let checksum = hex::encode(&migration.checksum);
        tx.execute(NOTE, &[&migration.version, &description, &checksum]).await?;
    }
    if !missing.is_empty() {
        let comments = ddl::comments();
        for sql in ABOUT.into_iter().chain(comments.iter().map(|comment| comment.sql.as_str())) {
            tx.batch_execute(sql).await?;
        }
    }
    let installations: i64 = tx.query_one(INSTALLATION, &[]).await?.get(0);
    if installations == 0 {
        tx.execute(NEW_INSTALLATION, &[&Uuid::new_v4().to_string()]).await?;
    }
    tx.commit().await?;
    Ok(Ok(()))
}

/// What is to be applied where these are noted, by version with the checksum of each.
fn missing(mut noted: BTreeMap<i64, String>) -> Result<Vec<&'static Migration>, MigrateError> {
    let mut missing = Vec::new();
    for migration in ddl::REDSHIFT.iter() {
        match noted.remove(&migration.version) {
            None => missing.push(migration),
            Some(checksum) if checksum == hex::encode(&migration.checksum) => {}
            Some(_) => return Err(MigrateError::VersionMismatch(migration.version)),
        }
    }
    match noted.first_key_value() {
        Some((version, _)) => Err(MigrateError::VersionMissing(*version)),
        None => Ok(missing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_applied_is_neither_changed_nor_unknown() {
        let all: BTreeMap<i64, String> = ddl::REDSHIFT.iter().map(|m| (m.version, hex::encode(&m.checksum))).collect();
        assert_eq!(missing(BTreeMap::new()).unwrap().len(), all.len());
        assert!(missing(all.clone()).unwrap().is_empty());
        let first = *all.first_key_value().unwrap().0;
        let changed = BTreeMap::from([(first, "00".to_owned())]);
        assert!(matches!(missing(changed), Err(MigrateError::VersionMismatch(version)) if version == first));
        let newer = BTreeMap::from([(i64::MAX, "00".to_owned())]);
        assert!(matches!(missing(newer), Err(MigrateError::VersionMissing(i64::MAX))));
    }
}
