//! API keys: made, followed by others, used and revoked. Only the SHA-256 of a key is kept; with 256 random bits a slow hash would
//! add nothing.

use std::net::IpAddr;
use std::sync::Arc;

use access::{Caller, KeyScope, Reach, Via};
use chrono::{DateTime, TimeDelta, Utc};
use ipnet::IpNet;
use serde_json::json;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::Store;
use crate::accounts::AccountId;
use crate::actor::Actor;
use crate::audit::{Audited, Entry, reach_top, record};
use crate::callers::{CallerRow, KeyCaller};
use crate::error::StoreError;
use crate::key_text::{MARK, new_key, prefix_of, same};
use crate::random::digest;

#[derive(Debug, Clone, Copy)]
pub struct Keys<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

/// What a key is to be.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub account: AccountId,
    pub organisation: Uuid,
    pub name: String,
    pub scopes: Vec<KeyScope>,
    /// Where it may be used from; anywhere when there are none.
    pub networks: Vec<IpNet>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// A key as listed: never its secret.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct KeySummary {
    pub id: Uuid,
    pub account_id: Uuid,
    /// Address of the account that made it.
    pub creator: String,
    pub name: String,
    pub prefix: String,
    pub scopes: Vec<String>,
    pub networks: Vec<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub replaced_by: Option<Uuid>,
}

#[derive(FromRow)]
struct Found {
    key_id: Uuid,
    secret_hash: Vec<u8>,
    scopes: Vec<String>,
    networks: Vec<String>,
    last_used_at: Option<DateTime<Utc>>,
    #[sqlx(flatten)]
    caller: CallerRow,
}

impl Keys<'_> {
    /// Makes a key of an account, for its first organisation; see [`Keys::make`].
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
        let sql = "SELECT organisation_id FROM app.callers_at($2) WHERE account_id = $1 ORDER BY number LIMIT 1";
        let organisation: Option<Uuid> =
            sqlx::query_scalar(sql).bind(account).bind(now).fetch_optional(&self.store.pool).await?;
        let organisation = organisation.ok_or(StoreError::NoMembership)?;
        let (name, scopes) = (name.to_string(), scopes.to_vec());
        self.make(&NewKey { account, organisation, name, scopes, networks: vec![], expires_at }, now).await
    }

    /// Makes a key. Returns its id and the key itself, which cannot be had again.
    ///
    /// # Errors
    /// [`StoreError::NoKeyScope`] without scopes, [`StoreError::NoMembership`] when the account does not belong to the
    /// organisation.
    pub async fn make(&self, new: &NewKey, now: DateTime<Utc>) -> Result<(Uuid, String), StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let (id, key) = insert(&mut tx, new, now).await?;
        let prefix = prefix_of(&key).unwrap_or_default();
        let detail =
            json!({ "name": new.name, "scopes": new.scopes, "networks": new.networks, "expires_at": new.expires_at });
        let entry =
            Entry::of(Audited::KeyMade, format!("{MARK}{prefix}")).in_organisation(new.organisation).with(detail);
        record(&mut tx, self.actor, None, entry).await?;
        tx.commit().await?;
        Ok((id, key))
    }

    /// Makes a key that follows another of the same account: the same rights, another secret. The old one holds for the overlap
    /// still, so that no pull in between fails.
    ///
    /// # Errors
    /// [`StoreError::NoKey`] when the account has none such that holds.
    pub async fn rotate(
        &self,
        account: AccountId,
        organisation: Uuid,
        id: Uuid,
        overlap: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<(Uuid, String), StoreError> {
        #[derive(FromRow)]
        struct Old {
            name: String,
            prefix: String,
            scopes: Vec<String>,
            networks: Vec<String>,
            expires_at: Option<DateTime<Utc>>,
        }
        let mut tx = self.store.pool.begin().await?;
        let old: Option<Old> = sqlx::query_as(
            "SELECT name, prefix, scopes, networks, expires_at FROM app.api_key
             WHERE account_id = $1 AND organisation_id = $2 AND id = $3 AND revoked_at IS NULL AND replaced_by IS NULL
               AND coalesce(expires_at > $4, true) FOR UPDATE",
        )
        .bind(account)
        .bind(organisation)
        .bind(id)
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        let old = old.ok_or(StoreError::NoKey)?;
        let (scopes, networks) = (scopes(&old.scopes)?, networks(&old.networks)?);
        let new = NewKey { account, organisation, name: old.name, scopes, networks, expires_at: old.expires_at };
        let (new_id, key) = insert(&mut tx, &new, now).await?;
        sqlx::query("UPDATE app.api_key SET replaced_by = $2, expires_at = least(expires_at, $3) WHERE id = $1")
            .bind(id)
            .bind(new_id)
            .bind(now + overlap)
            .execute(&mut *tx)
            .await?;
        let detail =
            json!({ "by": format!("{MARK}{}", prefix_of(&key).unwrap_or_default()), "holds_until": now + overlap });
        let entry = Entry::of(Audited::KeyRotated, format!("{MARK}{}", old.prefix)).in_organisation(organisation);
        record(&mut tx, self.actor, None, entry.with(detail)).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok((new_id, key))
    }

    /// The caller behind a key used from an address, with the role the account has in the key's organisation now. `None` when
    /// the key is not known, revoked or expired or not for this network, the account not active, or no longer in that
    /// organisation.
    pub async fn caller_by_key(
        &self,
        key: &str,
        from: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Caller>>, StoreError> {
        let Some(prefix) = prefix_of(key) else { return Ok(None) };
        let digest = digest(key);
        let memory = &self.store.callers.by_key;
        let mut found = memory.get_or_look_up(digest, self.look_up(prefix, &digest, now)).await?;
        if found.as_ref().is_some_and(|found| found.changes_at.is_some_and(|at| at <= now)) {
            memory.forget(&digest);
            found = self.look_up(prefix, &digest, now).await?;
        }
        let Some(found) = found.filter(|found| found.may_come_from(from)) else { return Ok(None) };
        if found.is_due(now) {
            self.note_use(found.id, now).await;
        }
        Ok(Some(found.caller.clone()))
    }

    async fn look_up(
        &self,
        prefix: &str,
        digest: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<KeyCaller>>, StoreError> {
        let found: Option<Found> = sqlx::query_as(
            "SELECT k.id AS key_id, k.secret_hash, k.scopes, k.networks, k.last_used_at,
                    c.*, r.subjects, least(c.member_until, r.changes_at, k.expires_at) AS changes_at
             FROM app.api_key AS k
             JOIN app.callers_at($2) AS c ON c.account_id = k.account_id AND c.organisation_id = k.organisation_id
             CROSS JOIN LATERAL app.organisation_rows(c.organisation_id, $2) AS r
             WHERE k.prefix = $1 AND k.revoked_at IS NULL AND coalesce(k.expires_at > $2, true)",
        )
        .bind(prefix)
        .bind(now)
        .fetch_optional(&self.store.pool)
        .await?;
        let Some(found) = found.filter(|found| same(digest, &found.secret_hash)) else { return Ok(None) };
        let via = Via::Key { id: found.key_id.to_string(), prefix: prefix.to_string(), scopes: scopes(&found.scopes)? };
        let (networks, changes_at) = (networks(&found.networks)?, found.caller.changes_at);
        let caller = Arc::new(found.caller.into_caller(via, true)?);
        Ok(Some(Arc::new(KeyCaller::new(found.key_id, caller, changes_at, networks, found.last_used_at))))
    }

    /// Revokes a key of an organisation within reach, from now on: any, or of one account only.
    ///
    /// # Errors
    /// [`StoreError::NoKey`] when there is none such that holds.
    pub async fn revoke(
        &self,
        reach: &Reach,
        of: Option<AccountId>,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let done: Option<(String, Uuid)> = sqlx::query_as(
            "UPDATE app.api_key SET revoked_at = $4
             WHERE id = $3 AND revoked_at IS NULL AND app.is_within(organisation_id, $1)
               AND ($2::uuid IS NULL OR account_id = $2)
             RETURNING prefix, organisation_id",
        )
        .bind(reach_top(reach)?)
        .bind(of)
        .bind(id)
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        let (prefix, organisation) = done.ok_or(StoreError::NoKey)?;
        let entry = Entry::of(Audited::KeyRevoked, format!("{MARK}{prefix}")).in_organisation(organisation);
        record(&mut tx, self.actor, None, entry).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(())
    }

    /// The keys of an organisation, newest first: all, or those of one account.
    pub async fn list(&self, organisation: Uuid, of: Option<AccountId>) -> Result<Vec<KeySummary>, StoreError> {
        let keys = sqlx::query_as(
            "SELECT k.id, k.account_id, a.email AS creator, k.name, k.prefix, k.scopes, k.networks, k.created_at, k.expires_at,
                    k.last_used_at, k.revoked_at, k.replaced_by
             FROM app.api_key AS k JOIN app.account AS a ON a.id = k.account_id
             WHERE k.organisation_id = $1 AND ($2::uuid IS NULL OR k.account_id = $2) ORDER BY k.created_at DESC, k.id",
        )
        .bind(organisation)
        .bind(of)
        .fetch_all(&self.store.pool)
        .await?;
        Ok(keys)
    }

    /// Notes when a key was used. That it could not be noted is no reason to refuse the caller.
    pub async fn note_use(&self, id: Uuid, now: DateTime<Utc>) {
        let noted = sqlx::query("UPDATE app.api_key SET last_used_at = greatest(last_used_at, $2) WHERE id = $1")
            .bind(id)
            .bind(now)
            .execute(&self.store.pool)
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, key = %id, "the use of a key was not noted");
        }
    }
}

async fn insert(connection: &mut PgConnection, new: &NewKey, now: DateTime<Utc>) -> Result<(Uuid, String), StoreError> {
    if new.scopes.is_empty() {
        return Err(StoreError::NoKeyScope);
    }
    let scopes: Vec<&str> = new.scopes.iter().map(|s| s.as_str()).collect();
    let networks: Vec<String> = new.networks.iter().map(IpNet::to_string).collect();
    // Who ends the membership at the same time waits, and then revokes this key, too; or was first, and there is none.
    let member: Option<bool> = sqlx::query_scalar(
        "SELECT true FROM app.membership AS m JOIN app.account AS a ON a.id = m.account_id AND a.active
         WHERE m.account_id = $1 AND m.organisation_id = $2 AND coalesce(m.valid_until > $3, true) FOR SHARE OF m, a",
    )
    .bind(new.account)
    .bind(new.organisation)
    .bind(now)
    .fetch_optional(&mut *connection)
    .await?;
    member.ok_or(StoreError::NoMembership)?;
    // Prefixes are short enough to meet; then another is tried.
    loop {
        let (prefix, key) = new_key()?;
        let id: Option<Uuid> = sqlx::query_scalar(
            "INSERT INTO app.api_key
                 (id, account_id, organisation_id, name, prefix, secret_hash, scopes, networks, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (prefix) DO NOTHING RETURNING id",
        )
        .bind(Uuid::new_v4())
        .bind(new.account)
        .bind(new.organisation)
        .bind(&new.name)
        .bind(prefix)
        .bind(&digest(&key)[..])
        .bind(&scopes)
        .bind(&networks)
        .bind(now)
        .bind(new.expires_at)
        .fetch_optional(&mut *connection)
        .await?;
        if let Some(id) = id {
            return Ok((id, key));
        }
    }
}

pub(crate) fn scopes(kept: &[String]) -> Result<Vec<KeyScope>, StoreError> {
    kept.iter().map(|scope| scope.parse().map_err(StoreError::Corrupt)).collect()
}

pub(crate) fn networks(kept: &[String]) -> Result<Vec<IpNet>, StoreError> {
    kept.iter().map(|n| n.parse().map_err(|_| StoreError::Corrupt(format!("the network {n}")))).collect()
}
