//! Accounts: the persons who sign in.

use std::sync::Arc;

use access::{Caller, OrganisationKind, Role, Via};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::Store;
use crate::actor::Actor;
use crate::audit::{Audited, Entry, record};
use crate::callers::CallerRow;
use crate::error::StoreError;
use crate::people::{Membership, check_fits};

/// The id of an account.
pub type AccountId = Uuid;

#[derive(Debug, Clone, Copy)]
pub struct Accounts<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

/// An account, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Account {
    pub id: AccountId,
    pub email: String,
    pub name: String,
    /// `en` or `et`.
    pub language: String,
    pub active: bool,
    pub has_password: bool,
    pub two_factor: bool,
}

/// Where an account belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belonging {
    pub slug: String,
    pub name: String,
    pub kind: OrganisationKind,
    pub role: Role,
}

impl Accounts<'_> {
    /// Makes an account; its address is trimmed and put in lower case.
    ///
    /// # Errors
    /// [`StoreError::BadEmail`], [`StoreError::EmailTaken`], what is wrong with the password.
    pub async fn add_account(&self, email: &str, name: &str, password: &str) -> Result<AccountId, StoreError> {
        let email = normal_email(email).ok_or_else(|| StoreError::BadEmail(email.to_string()))?;
        let hash = self.store.passwords.hash(password, &[&email, name]).await?;
        let mut tx = self.store.pool.begin().await?;
        let account = insert_account(&mut tx, &email, name, Some(&hash), "en").await?;
        record(&mut tx, self.actor, Some(account), Entry::of(Audited::AccountMade, &email)).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// The account of an address, active or not.
    pub async fn find_account(&self, email: &str) -> Result<Option<AccountId>, StoreError> {
        let Some(email) = normal_email(email) else { return Ok(None) };
        let id = sqlx::query_scalar("SELECT id FROM app.account WHERE email = $1")
            .bind(email)
            .fetch_optional(&self.store.pool)
            .await?;
        Ok(id)
    }

    /// # Errors
    /// [`StoreError::NoAccount`].
    pub async fn read(&self, account: AccountId) -> Result<Account, StoreError> {
        sqlx::query_as(
            "SELECT id, email, name, language, active, password_hash IS NOT NULL AS has_password,
                    totp_since IS NOT NULL AS two_factor
             FROM app.account WHERE id = $1",
        )
        .bind(account)
        .fetch_optional(&self.store.pool)
        .await?
        .ok_or(StoreError::NoAccount)
    }

    /// Where an account belongs now, in the order in which it came there.
    pub async fn belongings(&self, account: AccountId, now: DateTime<Utc>) -> Result<Vec<Belonging>, StoreError> {
        let rows: Vec<(String, String, String, String)> = sqlx::query_as(
            "SELECT slug, organisation_name, kind, role FROM app.callers_at($2) WHERE account_id = $1 ORDER BY number",
        )
        .bind(account)
        .bind(now)
        .fetch_all(&self.store.pool)
        .await?;
        let belonging = |(slug, name, kind, role): (String, String, String, String)| {
            let kind = kind.parse().map_err(StoreError::Corrupt)?;
            Ok(Belonging { slug, name, kind, role: role.parse().map_err(StoreError::Corrupt)? })
        };
        rows.into_iter().map(belonging).collect()
    }

    /// Gives an account a role in an organisation, instead of the one it had there.
    ///
    /// # Errors
    /// [`StoreError::RoleDoesNotFit`] when organisations of its kind have no such role; [`StoreError::NoOrganisation`],
    /// [`StoreError::NoAccount`].
    pub async fn add_membership(&self, account: AccountId, organisation: Uuid, role: Role) -> Result<(), StoreError> {
        let mut tx = self.store.pool.begin().await?;
        check_fits(&mut tx, organisation, &Membership::of(role)).await?;
        let given: Option<String> = sqlx::query_scalar(
            "WITH given AS (
                 INSERT INTO app.membership (account_id, organisation_id, role)
                 SELECT id, $2, $3 FROM app.account WHERE id = $1
                 ON CONFLICT (account_id, organisation_id)
                     DO UPDATE SET role = excluded.role, subjects = NULL, valid_until = NULL, provider = NULL
                 RETURNING account_id)
             SELECT a.email FROM given JOIN app.account AS a ON a.id = given.account_id",
        )
        .bind(account)
        .bind(organisation)
        .bind(role.as_str())
        .fetch_optional(&mut *tx)
        .await?;
        let email = given.ok_or(StoreError::NoAccount)?;
        let entry = Entry::of(Audited::MembershipChanged, email).in_organisation(organisation);
        record(&mut tx, self.actor, None, entry.with(json!({ "role": role }))).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(())
    }

    /// Lets an account sign in or not. One that may not loses every session and every key for good, in this moment. Whether
    /// there is such an account.
    pub async fn set_active(&self, account: AccountId, active: bool, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let sql = "UPDATE app.account SET active = $2 WHERE id = $1 RETURNING email";
        let email: Option<String> = sqlx::query_scalar(sql).bind(account).bind(active).fetch_optional(&mut *tx).await?;
        let Some(email) = email else { return Ok(false) };
        if !active {
            end_sessions(&mut tx, account, None, now).await?;
            end_links(&mut tx, account).await?;
            let sql = "UPDATE app.api_key SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL";
            sqlx::query(sql).bind(account).bind(now).execute(&mut *tx).await?;
        }
        let what = if active { Audited::AccountActivated } else { Audited::AccountDeactivated };
        record(&mut tx, self.actor, Some(account), Entry::of(what, email)).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(true)
    }

    /// The name and language of a person, in their own words.
    pub async fn set_profile(&self, account: AccountId, name: &str, language: &str) -> Result<(), StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let sql = "UPDATE app.account SET name = $2, language = $3 WHERE id = $1 RETURNING email";
        let email: Option<String> =
            sqlx::query_scalar(sql).bind(account).bind(name).bind(language).fetch_optional(&mut *tx).await?;
        let entry = Entry::of(Audited::AccountChanged, email.ok_or(StoreError::NoAccount)?);
        record(&mut tx, self.actor, Some(account), entry.with(json!({ "name": name, "language": language }))).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(())
    }

    /// Gives an account another password; all its sessions end but the one named.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], what is wrong with the password.
    pub async fn set_password(
        &self,
        account: AccountId,
        password: &str,
        but: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let known = self.read(account).await?;
        let hash = self.store.passwords.hash(password, &[&known.email, &known.name]).await?;
        let mut tx = self.store.pool.begin().await?;
        change_password(&mut tx, account, &hash, but, now).await?;
        record(&mut tx, self.actor, Some(account), Entry::of(Audited::PasswordChanged, known.email)).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(())
    }

    /// The account of an address and password; `None` when there is none, it is not active, has no password, or the password
    /// is wrong: these are not told apart, neither by the answer nor by the time it takes. A hash that was made with weaker
    /// parameters is made anew.
    pub async fn verify(&self, email: &str, password: &str) -> Result<Option<Account>, StoreError> {
        let found: Option<(Uuid, Option<String>, bool)> = match normal_email(email) {
            None => None,
            Some(email) => {
                sqlx::query_as("SELECT id, password_hash, active FROM app.account WHERE email = $1")
                    .bind(email)
                    .fetch_optional(&self.store.pool)
                    .await?
            }
        };
        let hash = found.as_ref().and_then(|(_, hash, _)| hash.clone());
        let right = self.store.passwords.verify(password, hash.clone()).await?;
        let Some((id, Some(hash), true)) = found.filter(|_| right) else { return Ok(None) };
        if let Some(better) = self.store.passwords.better(password, &hash).await? {
            let sql = "UPDATE app.account SET password_hash = $2 WHERE id = $1 AND password_hash = $3";
            sqlx::query(sql).bind(id).bind(better).bind(hash).execute(&self.store.pool).await?;
        }
        self.read(id).await.map(Some)
    }

    /// An account as it calls from the machine itself: active, in its first organisation.
    pub async fn caller_by_account(
        &self,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Caller>>, StoreError> {
        let row: Option<CallerRow> = sqlx::query_as(
            "SELECT c.*, r.subjects, least(c.member_until, r.changes_at) AS changes_at
             FROM (SELECT * FROM app.callers_at($2) WHERE account_id = $1 ORDER BY number LIMIT 1) AS c
             CROSS JOIN LATERAL app.organisation_rows(c.organisation_id, $2) AS r",
        )
        .bind(account)
        .bind(now)
        .fetch_optional(&self.store.pool)
        .await?;
        row.map(|row| row.into_caller(Via::Program, false).map(Arc::new)).transpose()
    }
}

pub(crate) async fn insert_account(
    connection: &mut PgConnection,
    email: &str,
    name: &str,
    password_hash: Option<&str>,
    language: &str,
) -> Result<AccountId, StoreError> {
    sqlx::query_scalar(
        "INSERT INTO app.account (id, email, name, password_hash, language) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (email) DO NOTHING RETURNING id",
    )
    .bind(Uuid::new_v4())
    .bind(email)
    .bind(name)
    .bind(password_hash)
    .bind(language)
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| StoreError::EmailTaken(email.to_string()))
}

pub(crate) async fn change_password(
    connection: &mut PgConnection,
    account: AccountId,
    hash: &str,
    but: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sql = "UPDATE app.account SET password_hash = $2 WHERE id = $1";
    sqlx::query(sql).bind(account).bind(hash).execute(&mut *connection).await?;
    end_links(connection, account).await?;
    end_sessions(connection, account, but, now).await
}

/// Links that were sent before an account was made safe, perhaps for another than its person, are worth nothing after it.
pub(crate) async fn end_links(connection: &mut PgConnection, account: AccountId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM app.mail_link WHERE account_id = $1").bind(account).execute(connection).await?;
    Ok(())
}

/// Ends the sessions of an account, but the one named.
pub(crate) async fn end_sessions(
    connection: &mut PgConnection,
    account: AccountId,
    but: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE app.sign_in SET ended_at = $3 WHERE account_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2",
    )
    .bind(account)
    .bind(but)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Trimmed and in lower case, if it can be an address at all: something, one @, something; no blanks; at most 254 bytes
/// (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub(crate) fn normal_email(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    let (local, domain) = email.split_once('@')?;
    let plausible = !local.is_empty()
        && !domain.is_empty()
        && !domain.contains('@')
        && email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;:\"()[]\\".contains(c));
    plausible.then_some(email)
}

#[cfg(test)]
mod tests {
    use super::normal_email;

    #[test]
    fn addresses_are_trimmed_lowered_and_plausible() {
        assert_eq!(normal_email("  Olivia@Example.ORG\n").as_deref(), Some("olivia@example.org"));
        assert_eq!(normal_email("olivia+tag@example.org").as_deref(), Some("olivia+tag@example.org"));
        let long = format!("{}@b", "a".repeat(253));
        for wrong in ["", "@", "a@", "@b", "a@b@c", "a b@c", "a\0@b", "a@b\r\nBcc: c@d", "A <a@b>", "a@b,c@d", &long] {
            assert_eq!(normal_email(wrong), None, "{wrong:?}");
        }
    }
}
