//! The second factor: codes that change every 30 seconds (TOTP, RFC 6238), and recovery codes for when the device is lost.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use crate::Store;
use crate::accounts::AccountId;
use crate::actor::Actor;
use crate::audit::{Audited, Entry, record};
use crate::error::StoreError;
use crate::random;

/// As many are made at a time.
const RECOVERY_CODES: usize = 10;
/// Without letters that look like digits.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

#[derive(Debug, Clone, Copy)]
pub struct SecondFactor<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

/// What a device needs to make the codes.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// To be typed in, in base 32.
    pub secret: String,
    /// The same for a camera: `otpauth://totp/…`.
    pub uri: String,
}

impl SecondFactor<'_> {
    /// Makes a new secret; it is asked for only once a code of it was shown ([`SecondFactor::turn_on`]).
    ///
    /// # Errors
    /// [`StoreError::NoSecretKey`]; [`StoreError::NoAccount`] when there is none, or it has a second factor already.
    pub async fn enrol(&self, account: AccountId) -> Result<Enrolment, StoreError> {
        // 160 bits: what RFC 4226, section 4, recommends.
        let secret: [u8; 20] = random::bytes()?;
        let sealed = self.store.secret_key()?.seal(&secret, account.as_bytes())?;
        let email: Option<String> = sqlx::query_scalar(
            "UPDATE app.account SET totp_secret = $2 WHERE id = $1 AND totp_since IS NULL RETURNING email",
        )
        .bind(account)
        .bind(sealed)
        .fetch_optional(&self.store.pool)
        .await?;
        let totp = totp(&secret, &email.ok_or(StoreError::NoAccount)?)?;
        let uri = totp.to_url().map_err(|e| StoreError::Corrupt(e.to_string()))?;
        Ok(Enrolment { secret: totp.secret().to_base32(), uri })
    }

    /// Turns the second factor on when the code is right; returns the recovery codes, which cannot be had again. `None` when it
    /// is wrong, or the second factor is on already.
    pub async fn turn_on(
        &self,
        account: AccountId,
        sign_in: Uuid,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<String>>, StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let code = plain(code);
        let Some((email, step)) = self.step(&mut tx, account, false, &code, now).await? else { return Ok(None) };
        let on =
            sqlx::query("UPDATE app.account SET totp_since = $2, totp_step = $3 WHERE id = $1 AND totp_since IS NULL")
                .bind(account)
                .bind(now)
                .bind(step)
                .execute(&mut *tx)
                .await?;
        // Of two who turn it on at once, one finds it on.
        if on.rows_affected() == 0 {
            return Ok(None);
        }
        sqlx::query("UPDATE app.sign_in SET two_factor = true, proved_at = $2 WHERE id = $1 AND account_id = $3")
            .bind(sign_in)
            .bind(now)
            .bind(account)
            .execute(&mut *tx)
            .await?;
        let codes = make_recovery_codes(&mut tx, account).await?;
        record(&mut tx, self.actor, Some(account), Entry::of(Audited::TwoFactorOn, email)).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(Some(codes))
    }

    /// Whether a code of a second factor that is on is right: one of the device, good once, or a recovery code, which then goes.
    pub async fn check(&self, account: AccountId, code: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let code = plain(code);
        let mut tx = self.store.pool.begin().await?;
        let used = if code.len() == 6 {
            match self.step(&mut tx, account, true, &code, now).await? {
                None => false,
                Some((_, step)) => {
                    // Of two who send the same code at once, one finds it used.
                    let sql = "UPDATE app.account SET totp_step = $2 WHERE id = $1 AND totp_step < $2";
                    let done = sqlx::query(sql).bind(account).bind(step).execute(&mut *tx).await?;
                    done.rows_affected() == 1
                }
            }
        } else {
            let sql = "DELETE FROM app.recovery_code AS c USING app.account AS a
                 WHERE c.account_id = $1 AND c.code_hash = $2 AND a.id = c.account_id AND a.active AND a.totp_since IS NOT NULL";
            let digest = random::digest(&code.to_lowercase());
            let done = sqlx::query(sql).bind(account).bind(&digest[..]).execute(&mut *tx).await?;
            if done.rows_affected() == 1 {
                let email = email(&mut tx, account).await?;
                record(&mut tx, self.actor, Some(account), Entry::of(Audited::RecoveryCodeUsed, email)).await?;
            }
            done.rows_affected() == 1
        };
        tx.commit().await?;
        Ok(used)
    }

    /// New recovery codes instead of those that are left.
    pub async fn new_recovery_codes(&self, account: AccountId) -> Result<Vec<String>, StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let codes = make_recovery_codes(&mut tx, account).await?;
        let email = email(&mut tx, account).await?;
        record(&mut tx, self.actor, Some(account), Entry::of(Audited::RecoveryCodesMade, email)).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// How many recovery codes are left.
    pub async fn recovery_codes_left(&self, account: AccountId) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM app.recovery_code WHERE account_id = $1";
        Ok(sqlx::query_scalar(sql).bind(account).fetch_one(&self.store.pool).await?)
    }

    /// Turns the second factor off.
    pub async fn turn_off(&self, account: AccountId) -> Result<(), StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let sql = "UPDATE app.account SET totp_secret = NULL, totp_since = NULL WHERE id = $1";
        sqlx::query(sql).bind(account).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM app.recovery_code WHERE account_id = $1").bind(account).execute(&mut *tx).await?;
        // What was shown with it counts no more.
        sqlx::query("UPDATE app.sign_in SET two_factor = false WHERE account_id = $1 AND method = 'password'")
            .bind(account)
            .execute(&mut *tx)
            .await?;
        let email = email(&mut tx, account).await?;
        record(&mut tx, self.actor, Some(account), Entry::of(Audited::TwoFactorOff, email)).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(())
    }

    /// The account's address and the time step that the code is of, if that is one that was not used, of a second factor that
    /// is on or is being set up.
    async fn step(
        &self,
        connection: &mut PgConnection,
        account: AccountId,
        on: bool,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(String, i64)>, StoreError> {
        let sql = "SELECT email, totp_secret, totp_step FROM app.account
             WHERE id = $1 AND active AND (totp_since IS NOT NULL) = $2";
        let found: Option<(String, Option<Vec<u8>>, i64)> =
            sqlx::query_as(sql).bind(account).bind(on).fetch_optional(connection).await?;
        let Some((email, Some(sealed), last)) = found else { return Ok(None) };
        let secret = self.store.secret_key()?.open(&sealed, account.as_bytes())?;
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        let step = totp(&secret, &email)?.check(code, seconds).and_then(|step| i64::try_from(step).ok());
        Ok(step.filter(|step| *step > last).map(|step| (email, step)))
    }
}

/// A code without the blanks and hyphens it is written with.
fn plain(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric()).collect()
}

fn totp(secret: &[u8], email: &str) -> Result<Totp, StoreError> {
    Builder::new()
        .with_secret(Secret::from(secret))
        .with_account_name(email.replace(':', ""))
        .with_issuer(Some("Octavo"))
        .build()
        .map_err(|e| StoreError::Corrupt(e.to_string()))
}

async fn email(connection: &mut PgConnection, account: AccountId) -> Result<String, StoreError> {
    let sql = "SELECT email FROM app.account WHERE id = $1";
    sqlx::query_scalar(sql).bind(account).fetch_optional(connection).await?.ok_or(StoreError::NoAccount)
}

/// 80 bits each, in groups of four.
async fn make_recovery_codes(connection: &mut PgConnection, account: AccountId) -> Result<Vec<String>, StoreError> {
    sqlx::query("DELETE FROM app.recovery_code WHERE account_id = $1").bind(account).execute(&mut *connection).await?;
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let letters: [u8; 16] = random::bytes()?;
        let code: String = letters.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect();
        sqlx::query("INSERT INTO app.recovery_code (account_id, code_hash) VALUES ($1, $2)")
            .bind(account)
            .bind(&random::digest(&code)[..])
            .execute(&mut *connection)
            .await?;
        codes.push(code.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c)).collect::<Vec<_>>().join("-"));
    }
    Ok(codes)
}
