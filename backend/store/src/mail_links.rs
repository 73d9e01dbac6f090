//! Links sent by mail that change an account: for who forgot the password, and for another address. Each is worth something once
//! and for an hour; only its digest is kept.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::accounts::{AccountId, change_password, end_links, end_sessions, normal_email};
use crate::actor::Actor;
use crate::audit::{Audited, Entry, record};
use crate::error::StoreError;
use crate::random::{digest, token};

/// How long a link is worth something.
pub const MINUTES: i64 = 60;
/// Links of a kind for one account at a time; more are not sent.
const MOST: i64 = 5;

#[derive(Debug, Clone, Copy)]
pub struct MailLinks<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

/// A link to be sent.
#[derive(Debug, Clone)]
pub struct Link {
    pub account: AccountId,
    /// Where to.
    pub email: String,
    pub language: String,
    pub token: String,
}

#[derive(FromRow)]
struct Used {
    account_id: Uuid,
    email: String,
}

impl MailLinks<'_> {
    /// A link to set a new password, for the account of an address that is active; `None` when there is none, or it was sent
    /// several already.
    pub async fn ask_reset(&self, email: &str, now: DateTime<Utc>) -> Result<Option<Link>, StoreError> {
        let Some(email) = normal_email(email) else { return Ok(None) };
        let mut tx = self.store.pool.begin().await?;
        let sql = "SELECT id, language FROM app.account WHERE email = $1 AND active FOR NO KEY UPDATE";
        let found: Option<(Uuid, String)> = sqlx::query_as(sql).bind(&email).fetch_optional(&mut *tx).await?;
        let Some((account, language)) = found else { return Ok(None) };
        let Some(token) = make(&mut tx, "password_reset", account, &email, now).await? else { return Ok(None) };
        record(&mut tx, self.actor, Some(account), Entry::of(Audited::PasswordResetAsked, &email)).await?;
        tx.commit().await?;
        Ok(Some(Link { account, email, language, token }))
    }

    /// Sets a new password; all sessions end, and other links of the account. Returns the account.
    ///
    /// # Errors
    /// [`StoreError::LinkGone`]; what is wrong with the password, and then the link can be used again.
    pub async fn reset(&self, token: &str, password: &str, now: DateTime<Utc>) -> Result<AccountId, StoreError> {
        let known: Option<(String, String)> = sqlx::query_as(
            "SELECT a.email, a.name FROM app.mail_link AS l JOIN app.account AS a ON a.id = l.account_id
             WHERE l.token_hash = $1 AND l.kind = 'password_reset' AND l.expires_at > $2 AND a.active",
        )
        .bind(&digest(token)[..])
        .bind(now)
        .fetch_optional(&self.store.pool)
        .await?;
        let (email, name) = known.ok_or(StoreError::LinkGone)?;
        let hash = self.store.passwords.hash(password, &[&email, &name]).await?;
        let mut tx = self.store.pool.begin().await?;
        let used = take(&mut tx, "password_reset", token, now).await?;
        change_password(&mut tx, used.account_id, &hash, None, now).await?;
        record(&mut tx, self.actor, Some(used.account_id), Entry::of(Audited::PasswordReset, email)).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(used.account_id)
    }

    /// A link to the new address of an account. `None` when it was sent several already, or another account has the address:
    /// the two are not told apart.
    ///
    /// # Errors
    /// [`StoreError::BadEmail`], [`StoreError::NoAccount`].
    pub async fn ask_email_change(
        &self,
        account: AccountId,
        email: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Link>, StoreError> {
        let email = normal_email(email).ok_or_else(|| StoreError::BadEmail(email.to_string()))?;
        let mut tx = self.store.pool.begin().await?;
        let sql = "SELECT email, language, EXISTS (SELECT FROM app.account WHERE email = $2)
             FROM app.account WHERE id = $1 FOR NO KEY UPDATE";
        let found: Option<(String, String, bool)> =
            sqlx::query_as(sql).bind(account).bind(&email).fetch_optional(&mut *tx).await?;
        let (former, language, taken) = found.ok_or(StoreError::NoAccount)?;
        let token = if taken { None } else { make(&mut tx, "email_change", account, &email, now).await? };
        let entry = Entry::of(Audited::EmailChangeAsked, former).with(json!({ "to": email }));
        record(&mut tx, self.actor, Some(account), entry).await?;
        tx.commit().await?;
        Ok(token.map(|token| Link { account, email, language, token }))
    }

    /// Gives the account the address that the link was sent to; sessions end, and other links. Returns the former address and the new one.
    ///
    /// # Errors
    /// [`StoreError::LinkGone`], also when another account took the address meanwhile.
    pub async fn change_email(&self, token: &str, now: DateTime<Utc>) -> Result<(String, String, String), StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let used = take(&mut tx, "email_change", token, now).await?;
        let changed: Result<Option<(String, String)>, sqlx::Error> = sqlx::query_as(
            "WITH former AS (SELECT id, email, language FROM app.account WHERE id = $1 AND active FOR UPDATE)
             UPDATE app.account AS a SET email = $2 FROM former WHERE a.id = former.id
             RETURNING former.email, former.language",
        )
        .bind(used.account_id)
        .bind(&used.email)
        .fetch_optional(&mut *tx)
        .await;
        let (former, language) = match changed {
            Err(e) if e.as_database_error().is_some_and(|e| e.is_unique_violation()) => {
                return Err(StoreError::LinkGone);
            }
            changed => changed?.ok_or(StoreError::LinkGone)?,
        };
        end_sessions(&mut tx, used.account_id, None, now).await?;
        end_links(&mut tx, used.account_id).await?;
        let entry = Entry::of(Audited::EmailChanged, &used.email).with(json!({ "from": former }));
        record(&mut tx, self.actor, Some(used.account_id), entry).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok((former, used.email, language))
    }
}

/// The account's row has to be locked: those who ask at once are counted one after another.
async fn make(
    connection: &mut sqlx::PgConnection,
    kind: &str,
    account: AccountId,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    sqlx::query("DELETE FROM app.mail_link WHERE account_id = $1 AND expires_at <= $2")
        .bind(account)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    let token = token()?;
    let made = sqlx::query(
        "INSERT INTO app.mail_link (token_hash, kind, account_id, email, expires_at)
         SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM app.mail_link WHERE account_id = $3 AND kind = $2) < $6",
    )
    .bind(&digest(&token)[..])
    .bind(kind)
    .bind(account)
    .bind(email)
    .bind(now + TimeDelta::minutes(MINUTES))
    .bind(MOST)
    .execute(connection)
    .await?;
    Ok((made.rows_affected() == 1).then_some(token))
}

/// Uses a link up.
async fn take(
    connection: &mut sqlx::PgConnection,
    kind: &str,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Used, StoreError> {
    sqlx::query_as(
        "DELETE FROM app.mail_link WHERE token_hash = $1 AND kind = $2 AND expires_at > $3 RETURNING account_id, email",
    )
    .bind(&digest(token)[..])
    .bind(kind)
    .bind(now)
    .fetch_optional(connection)
    .await?
    .ok_or(StoreError::LinkGone)
}
