//! The secrets of the sites, with which ids of persons become pseudonyms.

use rand::TryRngCore;
use rand::rngs::OsRng;
use sqlx::PgPool;

use crate::error::StoreError;

#[derive(Debug, Clone, Copy)]
pub struct Sites<'a> {
    pub(crate) pool: &'a PgPool,
}

impl Sites<'_> {
    /// The secret of a site: 32 random bytes, made at the first use and the same ever after, also when several processes
    /// are the first at once.
    pub async fn secret(&self, site_code: &str) -> Result<[u8; 32], StoreError> {
        let mut secret = [0u8; 32];
        OsRng.try_fill_bytes(&mut secret).map_err(|e| StoreError::Randomness(e.to_string()))?;
        sqlx::query(
            "INSERT INTO app.site_secret (site_code, secret) VALUES ($1, $2) ON CONFLICT (site_code) DO NOTHING",
        )
        .bind(site_code)
        .bind(&secret[..])
        .execute(self.pool)
        .await?;
        let kept: Vec<u8> = sqlx::query_scalar("SELECT secret FROM app.site_secret WHERE site_code = $1")
            .bind(site_code)
            .fetch_one(self.pool)
            .await?;
        kept.try_into().map_err(|_| StoreError::Corrupt(format!("the secret of site {site_code}")))
    }
    /// The secrets of all sites that have one, by the site's code.
    pub async fn secrets(&self) -> Result<Vec<(String, [u8; 32])>, StoreError> {
        let sql = "SELECT site_code, secret FROM app.site_secret ORDER BY site_code";
        let rows: Vec<(String, Vec<u8>)> = sqlx::query_as(sql).fetch_all(self.pool).await?;
        let whole = |(code, secret): (String, Vec<u8>)| {
            let secret = secret.try_into().map_err(|_| StoreError::Corrupt(format!("the secret of site {code}")))?;
            Ok((code, secret))
        };
        rows.into_iter().map(whole).collect()
    }
}
