//! API keys: `oct_<8 hex digits to find it by>_<32 random bytes, base64url>`. Only the SHA-256 of a key is kept; with
//! 256 random bits a slow hash would add nothing.

use std::sync::Arc;

use access::{Caller, KeyScope, Via};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use crate::accounts::AccountId;
use crate::callers::{CallerRow, Callers, KeyCaller};
use crate::error::StoreError;

const MARK: &str = "oct_";
const PREFIX_CHARS: usize = 8;

#[derive(Debug, Clone, Copy)]
pub struct Keys<'a> {
    pub(crate) pool: &'a PgPool,
    pub(crate) callers: &'a Callers,
}

/// A key as listed: never its secret.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct KeySummary {
    pub id: Uuid,
    pub name: String,
    pub prefix: String,
    pub scopes: Vec<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct Found {
    id: Uuid,
    secret_hash: Vec<u8>,
    scopes: Vec<String>,
    expires_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
    #[sqlx(flatten)]
    caller: CallerRow,
}

impl Keys<'_> {
    /// Makes a key of an account, for its first organisation. Returns the key's id and the key itself, which cannot be
    /// had again.
    ///
    /// # Errors
    /// [`StoreError::NoKeyScope`] without scopes, [`StoreError::NoMembership`] when the account belongs nowhere.
    pub async fn create(
        &self,
        account: AccountId,
        name: &str,
        scopes: &[KeyScope],
        expires_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(Uuid, String), StoreError> {
        if scopes.is_empty() {
            return Err(StoreError::NoKeyScope);
        }
        let organisation: Uuid = sqlx::query_scalar(
            "SELECT organisation_id FROM app.membership WHERE account_id = $1 ORDER BY number LIMIT 1",
        )
        .bind(account)
        .fetch_optional(self.pool)
        .await?
        .ok_or(StoreError::NoMembership)?;
        let scopes: Vec<&str> = scopes.iter().map(|s| s.as_str()).collect();
        // Prefixes are short enough to meet; then another is tried.
        loop {
            let (prefix, key) = new_key()?;
            let id: Option<Uuid> = sqlx::query_scalar(
                "INSERT INTO app.api_key
                     (id, account_id, organisation_id, name, prefix, secret_hash, scopes, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 ON CONFLICT (prefix) DO NOTHING RETURNING id",
            )
            .bind(Uuid::new_v4())
            .bind(account)
            .bind(organisation)
            .bind(name)
            .bind(prefix)
            .bind(&digest(&key)[..])
            .bind(&scopes)
            .bind(now)
            .bind(expires_at)
            .fetch_optional(self.pool)
            .await?;
            if let Some(id) = id {
                return Ok((id, key));
            }
        }
    }

    /// The caller behind a key, with the role the account has in the key's organisation now. `None` when the key is not
    /// known, revoked or expired, the account not active, or no longer in that organisation.
    pub async fn caller_by_key(&self, key: &str, now: DateTime<Utc>) -> Result<Option<Arc<Caller>>, StoreError> {
        let Some(prefix) = prefix_of(key) else { return Ok(None) };
        let digest = digest(key);
        let found = self.callers.by_key.get_or_look_up(digest, self.look_up(prefix, &digest)).await?;
        let Some(found) = found.filter(|found| found.expires_at.is_none_or(|end| now < end)) else { return Ok(None) };
        if found.is_due(now) {
            self.note_use(found.id, now).await;
        }
        Ok(Some(found.caller.clone()))
    }

    async fn look_up(&self, prefix: &str, digest: &[u8; 32]) -> Result<Option<Arc<KeyCaller>>, StoreError> {
        let found: Option<Found> = sqlx::query_as(
            "SELECT k.id, k.secret_hash, k.scopes, k.expires_at, k.last_used_at,
                    a.id AS account_id, a.email, a.name AS account_name, m.role,
                    o.id AS organisation_id, o.name AS organisation_name, o.kind, o.subjects
             FROM app.api_key AS k
             JOIN app.account AS a ON a.id = k.account_id AND a.active
             JOIN app.membership AS m ON m.account_id = k.account_id AND m.organisation_id = k.organisation_id
             JOIN app.organisation AS o ON o.id = k.organisation_id
             WHERE k.prefix = $1 AND k.revoked_at IS NULL",
        )
        .bind(prefix)
        .fetch_optional(self.pool)
        .await?;
        let Some(found) = found.filter(|found| same(digest, &found.secret_hash)) else { return Ok(None) };
        let scopes: Result<Vec<KeyScope>, String> = found.scopes.iter().map(|s| s.parse()).collect();
        let via = Via::Key { id: found.id.to_string(), scopes: scopes.map_err(StoreError::Corrupt)? };
        let caller = Arc::new(found.caller.into_caller(via)?);
        Ok(Some(Arc::new(KeyCaller::new(found.id, caller, found.expires_at, found.last_used_at))))
    }

    /// Revokes a key of an account, from now on. Whether it held until now.
    pub async fn revoke(&self, account: AccountId, id: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE app.api_key SET revoked_at = $3 WHERE account_id = $1 AND id = $2 AND revoked_at IS NULL",
        )
        .bind(account)
        .bind(id)
        .bind(now)
        .execute(self.pool)
        .await?;
        self.callers.forget_all();
        Ok(done.rows_affected() == 1)
    }

    /// The keys of an account, newest first.
    pub async fn list(&self, account: AccountId) -> Result<Vec<KeySummary>, StoreError> {
        let keys = sqlx::query_as(
            "SELECT id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at
             FROM app.api_key WHERE account_id = $1 ORDER BY created_at DESC, id",
        )
        .bind(account)
        .fetch_all(self.pool)
        .await?;
        Ok(keys)
    }

    /// Notes when a key was used. That it could not be noted is no reason to refuse the caller.
    async fn note_use(&self, id: Uuid, now: DateTime<Utc>) {
        let noted = sqlx::query("UPDATE app.api_key SET last_used_at = greatest(last_used_at, $2) WHERE id = $1")
            .bind(id)
            .bind(now)
            .execute(self.pool)
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, key = %id, "the use of a key was not noted");
        }
    }
}

/// A new key and its prefix.
fn new_key() -> Result<(String, String), StoreError> {
    let mut random = [0u8; PREFIX_CHARS / 2 + 32];
    OsRng.try_fill_bytes(&mut random).map_err(|e| StoreError::Randomness(e.to_string()))?;
    let (prefix, secret) = random.split_at(PREFIX_CHARS / 2);
    let prefix = hex::encode(prefix);
    let key = format!("{MARK}{prefix}_{}", BASE64_URL_SAFE_NO_PAD.encode(secret));
    Ok((prefix, key))
}

/// The prefix of what has the form of a key.
fn prefix_of(key: &str) -> Option<&str> {
    let (prefix, secret) = key.strip_prefix(MARK)?.split_once('_')?;
    (prefix.len() == PREFIX_CHARS && secret.len() == 43).then_some(prefix)
}

fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// Equality in a time that does not depend on where the two differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (x, y)| differ | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_form_and_are_never_the_same() {
        let (prefix, key) = new_key().unwrap();
        assert_eq!(key.len(), 4 + 8 + 1 + 43);
        assert_eq!(prefix_of(&key), Some(prefix.as_str()));
        assert_ne!(new_key().unwrap().1, key);
        for wrong in ["", "oct_", "oct_12345678", "oct_12345678_short", &key[1..], &format!("{key}x")] {
            assert_eq!(prefix_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn equality_is_equality() {
        assert!(same(b"abc", b"abc"));
        assert!(!same(b"abc", b"abd"));
        assert!(!same(b"abc", b"ab"));
    }
}
