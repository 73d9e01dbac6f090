//! Write keys: what events are sent with. A key says the site; it stands in the pages that send, and is no secret.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::FromRow;

use crate::Store;
use crate::actor::Actor;
use crate::audit::{Audited, Entry, record};
use crate::error::StoreError;
use crate::random;

/// What every write key begins with, for people and scanners to know it by.
const MARK: &str = "ow_";

#[derive(Debug, Clone, Copy)]
pub struct WriteKeys<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct WriteKey {
    pub key: String,
    pub site_code: String,
    pub name: String,
    /// Web origins whose pages may send with it; none: any.
    pub origins: Vec<String>,
    pub made_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl WriteKeys<'_> {
    /// Makes a key of a site, which has to exist.
    ///
    /// # Errors
    /// [`StoreError::BadOrigin`] when no browser names an origin so.
    pub async fn make(
        &self,
        site_code: &str,
        name: &str,
        origins: &[String],
        now: DateTime<Utc>,
    ) -> Result<WriteKey, StoreError> {
        let origins = origins.iter().map(|text| origin(text)).collect::<Result<Vec<_>, _>>()?;
        let key = format!("{MARK}{}", hex::encode(random::bytes::<16>()?));
        let mut tx = self.store.pool.begin().await?;
        sqlx::query("INSERT INTO app.write_key (key, site_code, name, origins, made_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(&key)
            .bind(site_code)
            .bind(name)
            .bind(&origins)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        let detail = json!({ "site": site_code, "name": name, "origins": origins });
        record(&mut tx, self.actor, None, Entry::of(Audited::WriteKeyMade, &key).with(detail)).await?;
        tx.commit().await?;
        let (site_code, name) = (site_code.to_owned(), name.to_owned());
        Ok(WriteKey { key, site_code, name, origins, made_at: now, ended_at: None })
    }

    /// Ends a key: what is sent with it from now on is refused.
    ///
    /// # Errors
    /// [`StoreError::NoKey`] when there is none that holds.
    pub async fn end(&self, key: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let sql = "UPDATE app.write_key SET ended_at = $2 WHERE key = $1 AND ended_at IS NULL RETURNING site_code";
        let site: Option<String> = sqlx::query_scalar(sql).bind(key).bind(now).fetch_optional(&mut *tx).await?;
        let site = site.ok_or(StoreError::NoKey)?;
        let entry = Entry::of(Audited::WriteKeyEnded, key).with(json!({ "site": site }));
        record(&mut tx, self.actor, None, entry).await?;
        tx.commit().await?;
        Ok(())
    }

    /// All keys, those that hold first.
    pub async fn list(&self) -> Result<Vec<WriteKey>, StoreError> {
        let sql = "SELECT key, site_code, name, origins, made_at, ended_at FROM app.write_key
                   ORDER BY ended_at IS NOT NULL, site_code, made_at";
        Ok(sqlx::query_as(sql).fetch_all(&self.store.pool).await?)
    }
}

/// An origin as browsers write it; what is compared with theirs is compared letter by letter.
fn origin(text: &str) -> Result<String, StoreError> {
    let written = text.trim().trim_end_matches('/').to_ascii_lowercase();
    let bad = || StoreError::BadOrigin(text.to_owned());
    let (scheme, place) = written.split_once("://").ok_or_else(bad)?;
    let ordinary = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return Err(bad()),
    };
    let place = place.strip_suffix(ordinary).unwrap_or(place);
    let sound = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    let sound = place.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[') && place.chars().all(sound);
    if sound { Ok(format!("{scheme}://{place}")) } else { Err(bad()) }
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn an_origin_is_kept_as_browsers_write_it() {
        for (text, kept) in [
            ("https://book.example", "https://book.example"),
            (" HTTPS://Book.example/ ", "https://book.example"),
            ("https://book.example:443", "https://book.example"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(origin(text).unwrap(), kept, "{text}");
        }
        let bad =
            ["", "book.example", "https://", "https://book.example/path", "https://*.example", "ftp://book.example"];
        for text in bad.into_iter().chain(["https://a@book.example", "https://book.example?x", "https://õpik.example"])
        {
            assert!(origin(text).is_err(), "{text}");
        }
    }
}
