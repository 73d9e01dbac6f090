//! Views of the platform's support as somebody else: read-only, with a reason and an end, and in the records of both.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::Store;
use crate::actor::Actor;
use crate::audit::{Audited, Entry, record};
use crate::error::StoreError;

#[derive(Debug, Clone, Copy)]
pub struct Viewings<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

/// As whom, why, and for how long.
#[derive(Debug, Clone)]
pub struct NewViewing {
    pub email: String,
    /// Slug of the organisation.
    pub organisation: String,
    pub reason: String,
    pub minutes: i64,
}

impl Viewings<'_> {
    /// Begins a view within a session, instead of an earlier one in the same organisation. Returns its end.
    ///
    /// # Errors
    /// [`StoreError::NotToBeViewed`] when there is no such member, they belong to the platform itself, or the one who would
    /// look is a member there.
    pub async fn begin(
        &self,
        sign_in: Uuid,
        new: &NewViewing,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let found: Option<(Uuid, Uuid, String)> = sqlx::query_as(
            "SELECT c.account_id, c.organisation_id, c.email FROM app.callers_at($3) AS c
             WHERE c.email = lower(trim($1)) AND c.slug = $2 AND c.family <> 'owner' AND NOT EXISTS (
                 SELECT FROM app.membership AS m JOIN app.sign_in AS s ON s.account_id = m.account_id
                 WHERE s.id = $4 AND m.organisation_id = c.organisation_id)",
        )
        .bind(&new.email)
        .bind(&new.organisation)
        .bind(now)
        .bind(sign_in)
        .fetch_optional(&mut *tx)
        .await?;
        let (account, organisation, email) = found.ok_or(StoreError::NotToBeViewed)?;
        let until = now + TimeDelta::minutes(new.minutes);
        let sql =
            "UPDATE app.viewing SET ended_at = $3 WHERE sign_in_id = $1 AND organisation_id = $2 AND ended_at IS NULL";
        sqlx::query(sql).bind(sign_in).bind(organisation).bind(now).execute(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO app.viewing (id, sign_in_id, account_id, organisation_id, reason, started_at, until)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(Uuid::new_v4())
        .bind(sign_in)
        .bind(account)
        .bind(organisation)
        .bind(&new.reason)
        .bind(now)
        .bind(until)
        .execute(&mut *tx)
        .await?;
        let detail = json!({ "reason": new.reason, "until": until });
        let entry = Entry::of(Audited::ViewAsStarted, email).in_organisation(organisation).with(detail);
        record(&mut tx, self.actor, None, entry).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(until)
    }

    /// Ends all views of a session.
    pub async fn end(&self, sign_in: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let ended: Vec<(String, Uuid)> = sqlx::query_as(
            "UPDATE app.viewing AS v SET ended_at = $2 FROM app.account AS a
             WHERE v.sign_in_id = $1 AND v.ended_at IS NULL AND v.until > $2 AND a.id = v.account_id
             RETURNING a.email, v.organisation_id",
        )
        .bind(sign_in)
        .bind(now)
        .fetch_all(&mut *tx)
        .await?;
        for (email, organisation) in ended {
            let entry = Entry::of(Audited::ViewAsEnded, email).in_organisation(organisation);
            record(&mut tx, self.actor, None, entry).await?;
        }
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(())
    }
}
