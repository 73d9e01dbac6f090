//! All keys that hold, for whoever goes on while this database is away.

use access::{Caller, Via};
use chrono::{DateTime, Utc};
use ipnet::IpNet;
use sqlx::FromRow;
use uuid::Uuid;

use crate::callers::CallerRow;
use crate::error::StoreError;
use crate::keys::{Keys, networks, scopes};
use crate::random::digest;

/// A key that holds now.
#[derive(Debug, Clone)]
pub struct HeldKey {
    pub id: Uuid,
    /// SHA-256 of the key.
    pub digest: [u8; 32],
    /// Where it may be used from; anywhere when there are none.
    pub networks: Vec<IpNet>,
    /// Whom it makes one, without what the organisation is about.
    pub caller: Caller,
    /// From when on this may be no longer so: the key expires, or the membership or the organisation ends.
    pub changes_at: Option<DateTime<Utc>>,
}

/// What a key is known by in [`HeldKey`].
pub fn digest_of(key: &str) -> [u8; 32] {
    digest(key)
}

#[derive(FromRow)]
struct Held {
    key_id: Uuid,
    prefix: String,
    secret_hash: Vec<u8>,
    scopes: Vec<String>,
    networks: Vec<String>,
    #[sqlx(flatten)]
    caller: CallerRow,
}

impl Keys<'_> {
    /// Every key that holds now: not revoked, not expired, of an active account that belongs to its organisation still.
    pub async fn held(&self, now: DateTime<Utc>) -> Result<Vec<HeldKey>, StoreError> {
        let rows: Vec<Held> = sqlx::query_as(
            "SELECT k.id AS key_id, k.prefix, k.secret_hash, k.scopes, k.networks,
                    c.*, '{}'::int[] AS subjects, least(c.member_until, o.valid_until, k.expires_at) AS changes_at
             FROM app.api_key AS k
             JOIN app.callers_at($1) AS c ON c.account_id = k.account_id AND c.organisation_id = k.organisation_id
             JOIN app.organisation AS o ON o.id = k.organisation_id
             WHERE k.revoked_at IS NULL AND coalesce(k.expires_at > $1, true) ORDER BY k.id",
        )
        .bind(now)
        .fetch_all(&self.store.pool)
        .await?;
        rows.into_iter().map(held).collect()
    }
}

fn held(row: Held) -> Result<HeldKey, StoreError> {
    let damaged = || StoreError::Corrupt(format!("the digest of key {}", row.prefix));
    let digest = row.secret_hash.as_slice().try_into().map_err(|_| damaged())?;
    let (networks, changes_at) = (networks(&row.networks)?, row.caller.changes_at);
    let via = Via::Key { id: row.key_id.to_string(), prefix: row.prefix, scopes: scopes(&row.scopes)? };
    Ok(HeldKey { id: row.key_id, digest, networks, caller: row.caller.into_caller(via, true)?, changes_at })
}
