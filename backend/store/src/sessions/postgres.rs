//! Sessions in the application's database.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::PgPool;
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use super::{decode, encode, key};
use crate::error::StoreError;

/// Sessions in table `app.session`. Expired ones are never found; [`PostgresSessions::delete_expired`] removes them.
#[derive(Debug, Clone)]
pub struct PostgresSessions {
    pool: PgPool,
}

impl PostgresSessions {
    pub(crate) fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// Removes what expired before `now`; returns how many there were.
    pub async fn delete_expired(&self, now: DateTime<Utc>) -> std::result::Result<u64, StoreError> {
        let gone = sqlx::query("DELETE FROM app.session WHERE expires_at <= $1").bind(now).execute(&self.pool).await?;
        Ok(gone.rows_affected())
    }
}

#[async_trait]
impl SessionStore for PostgresSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let made = sqlx::query(
                "INSERT INTO app.session (id, data, expires_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
            )
            .bind(key(&record.id))
            .bind(encode(record)?)
            .bind(expires_at(record)?)
            .execute(&self.pool)
            .await
            .map_err(backend)?;
            if made.rows_affected() == 1 {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // Only one that is there: a use noted at the same time must not bring back a session that was ended.
        sqlx::query("UPDATE app.session SET data = $2, expires_at = $3 WHERE id = $1")
            .bind(key(&record.id))
            .bind(encode(record)?)
            .bind(expires_at(record)?)
            .execute(&self.pool)
            .await
            .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let kept: Option<Vec<u8>> = sqlx::query_scalar("SELECT data FROM app.session WHERE id = $1")
            .bind(key(id))
            .fetch_optional(&self.pool)
            .await
            .map_err(backend)?;
        kept.map_or(Ok(None), |bytes| decode(id, &bytes, OffsetDateTime::now_utc()))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sqlx::query("DELETE FROM app.session WHERE id = $1")
            .bind(key(id))
            .execute(&self.pool)
            .await
            .map_err(backend)?;
        Ok(())
    }
}

fn expires_at(record: &Record) -> Result<DateTime<Utc>> {
    let at = record.expiry_date;
    DateTime::from_timestamp(at.unix_timestamp(), at.nanosecond())
        .ok_or_else(|| Error::Encode(format!("{at} is out of range")))
}

fn backend(error: sqlx::Error) -> Error {
    Error::Backend(error.to_string())
}
