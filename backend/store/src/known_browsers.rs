//! Browsers from which an account has signed in before: what is tried from elsewhere does not slow them.

use chrono::{DateTime, Utc};

use crate::accounts::AccountId;
use crate::error::StoreError;
use crate::random::{digest, token};
use crate::sign_ins::SignIns;

impl SignIns<'_> {
    /// Whether the browser with this token has signed in to the account of this address before.
    pub async fn knows_browser(&self, email: &str, token: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT FROM app.known_browser AS k JOIN app.account AS a ON a.id = k.account_id
             WHERE a.email = lower(trim($1)) AND k.token_hash = $2)";
        Ok(sqlx::query_scalar(sql).bind(email).bind(&digest(token)[..]).fetch_one(&self.store.pool).await?)
    }

    /// Makes the browser known that brings this token, or one made for it; returns the token.
    pub async fn know_browser(
        &self,
        account: AccountId,
        brought: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<String, StoreError> {
        let token = match brought {
            Some(token) => token.to_string(),
            None => token()?,
        };
        sqlx::query(
            "INSERT INTO app.known_browser (account_id, token_hash, made_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(account)
        .bind(&digest(&token)[..])
        .bind(now)
        .execute(&self.store.pool)
        .await?;
        Ok(token)
    }
}
