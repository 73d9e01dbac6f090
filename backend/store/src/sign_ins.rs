//! Signing in, and the sessions that come of it. A session is a row here that has not ended; what a browser's cookie opens names
//! it. So one can be listed, and ended from elsewhere, whatever keeps the sessions' records.

use std::sync::Arc;

use access::{Caller, Via};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::accounts::{AccountId, end_sessions};
use crate::actor::Actor;
use crate::audit::{Audited, Entry, record};
use crate::callers::CallerRow;
use crate::error::StoreError;

#[derive(Debug, Clone, Copy)]
pub struct SignIns<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

/// How somebody signed in.
#[derive(Debug, Clone)]
pub struct NewSignIn {
    pub account: AccountId,
    /// `password`, or the identity provider.
    pub method: String,
    /// Whether a second factor was shown.
    pub two_factor: bool,
    /// The browser, as it calls itself.
    pub agent: String,
}

/// A session, as it is used for one organisation.
#[derive(Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub id: Uuid,
    /// The account that signed in; it is not the caller's when it views as another.
    pub account: AccountId,
    pub caller: Arc<Caller>,
    pub started_at: DateTime<Utc>,
    /// When the person last proved who they are.
    pub proved_at: DateTime<Utc>,
    /// From when on it has to be looked up anew.
    changes_at: Option<DateTime<Utc>>,
}

/// A session, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SessionSummary {
    pub id: Uuid,
    pub method: String,
    pub started_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub from_address: Option<String>,
    pub agent: String,
}

#[derive(FromRow)]
struct Row {
    sign_in_id: Uuid,
    signed_in: Uuid,
    started_at: DateTime<Utc>,
    proved_at: DateTime<Utc>,
    two_factor: bool,
    /// Of one who views as another: address, reason, end.
    viewer: Option<String>,
    reason: Option<String>,
    until: Option<DateTime<Utc>>,
    #[sqlx(flatten)]
    caller: CallerRow,
}

impl SignIns<'_> {
    /// Begins a session. Returns its id.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`] when there is none, or it is not active.
    pub async fn begin(&self, new: &NewSignIn, now: DateTime<Utc>) -> Result<Uuid, StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let id = Uuid::new_v4();
        // Who is deactivated at the same time waits, and then ends this session, too; or was first, and there is none.
        let email: Option<String> = sqlx::query_scalar(
            "WITH who AS (SELECT id, email FROM app.account WHERE id = $2 AND active FOR SHARE),
                  made AS (
                 INSERT INTO app.sign_in
                     (id, account_id, method, two_factor, started_at, proved_at, last_seen_at, from_address, agent)
                 SELECT $1, who.id, $3, $4, $5, $5, $5, $6, $7 FROM who)
             SELECT email FROM who",
        )
        .bind(id)
        .bind(new.account)
        .bind(&new.method)
        .bind(new.two_factor)
        .bind(now)
        .bind(&self.actor.from)
        .bind(new.agent.chars().take(300).collect::<String>())
        .fetch_optional(&mut *tx)
        .await?;
        let email = email.ok_or(StoreError::NoAccount)?;
        let actor = Actor { account: Some(new.account), name: Some(email.clone()), ..self.actor.clone() };
        let detail = json!({ "method": new.method, "two_factor": new.two_factor });
        record(&mut tx, &actor, Some(new.account), Entry::of(Audited::SignIn, email).with(detail)).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The caller behind a session, for the organisation of this slug or else the account's first: as a member, or as one who
    /// views as a member. `None` when it has ended, the account is not active, or it has nothing to do there.
    pub async fn caller(
        &self,
        id: Uuid,
        organisation: Option<&Arc<str>>,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<SignedIn>>, StoreError> {
        let key = (id, organisation.cloned());
        let memory = &self.store.callers.by_session;
        let found = memory.get_or_look_up(key.clone(), self.look_up(id, organisation, now)).await?;
        match found {
            Some(found) if found.changes_at.is_some_and(|at| at <= now) => {
                memory.forget(&key);
                self.look_up(id, organisation, now).await
            }
            found => Ok(found),
        }
    }

    async fn look_up(
        &self,
        id: Uuid,
        organisation: Option<&Arc<str>>,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<SignedIn>>, StoreError> {
        let slug = organisation.map(|slug| &**slug);
        let row: Option<Row> = sqlx::query_as(
            "SELECT s.id AS sign_in_id, s.account_id AS signed_in, s.started_at, s.proved_at, s.two_factor,
                    NULL::text AS viewer, NULL::text AS reason, NULL::timestamptz AS until,
                    c.*, r.subjects, least(c.member_until, r.changes_at, earlier.begins_at) AS changes_at
             FROM app.sign_in AS s
             CROSS JOIN LATERAL (SELECT * FROM app.callers_at($3) AS c WHERE c.account_id = s.account_id
                                 AND ($2::text IS NULL OR c.slug = $2) ORDER BY c.number LIMIT 1) AS c
             CROSS JOIN LATERAL app.organisation_rows(c.organisation_id, $3) AS r
             CROSS JOIN LATERAL (SELECT min(o.valid_from) AS begins_at FROM app.membership AS m
                                 JOIN app.organisation AS o ON o.id = m.organisation_id
                                 WHERE $2::text IS NULL AND m.account_id = s.account_id AND m.number < c.number
                                   AND o.valid_from > $3) AS earlier
             WHERE s.id = $1 AND s.ended_at IS NULL",
        )
        .bind(id)
        .bind(slug)
        .bind(now)
        .fetch_optional(&self.store.pool)
        .await?;
        let row = match (row, slug) {
            (None, Some(slug)) => self.look_up_viewing(id, slug, now).await?,
            (row, _) => row,
        };
        row.map(Row::signed_in).transpose()
    }

    /// One who views has to be of the platform's own still.
    async fn look_up_viewing(&self, id: Uuid, slug: &str, now: DateTime<Utc>) -> Result<Option<Row>, StoreError> {
        let row = sqlx::query_as(
            "SELECT s.id AS sign_in_id, s.account_id AS signed_in, s.started_at, s.proved_at, s.two_factor,
                    by.email AS viewer, v.reason, v.until,
                    c.*, r.subjects, least(c.member_until, r.changes_at, v.until, by.changes_at) AS changes_at
             FROM app.sign_in AS s
             CROSS JOIN LATERAL (SELECT b.email, least(b.member_until, own.changes_at) AS changes_at
                                 FROM app.callers_at($3) AS b
                                 CROSS JOIN LATERAL app.organisation_rows(b.organisation_id, $3) AS own
                                 WHERE b.account_id = s.account_id AND b.family = 'owner'
                                   AND (s.two_factor OR NOT b.requires_two_factor) LIMIT 1) AS by
             JOIN app.viewing AS v ON v.sign_in_id = s.id AND v.ended_at IS NULL AND v.until > $3
             JOIN app.callers_at($3) AS c ON c.account_id = v.account_id AND c.organisation_id = v.organisation_id
             CROSS JOIN LATERAL app.organisation_rows(c.organisation_id, $3) AS r
             WHERE s.id = $1 AND s.ended_at IS NULL AND c.slug = $2 AND c.family <> 'owner'
             ORDER BY v.started_at DESC LIMIT 1",
        )
        .bind(id)
        .bind(slug)
        .bind(now)
        .fetch_optional(&self.store.pool)
        .await?;
        Ok(row)
    }

    /// Notes that a session is used.
    pub async fn seen(&self, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
        let sql = "UPDATE app.sign_in SET last_seen_at = greatest(last_seen_at, $2) WHERE id = $1";
        sqlx::query(sql).bind(id).bind(now).execute(&self.store.pool).await?;
        Ok(())
    }

    /// Notes that the person proved anew who they are.
    pub async fn proved(&self, id: Uuid, two_factor: bool, now: DateTime<Utc>) -> Result<(), StoreError> {
        let sql = "UPDATE app.sign_in SET proved_at = $2, two_factor = two_factor OR $3 WHERE id = $1";
        sqlx::query(sql).bind(id).bind(now).bind(two_factor).execute(&self.store.pool).await?;
        self.store.callers.forget_all();
        Ok(())
    }

    /// The sessions of an account that were used after `since` and have not ended, latest first.
    pub async fn list(&self, account: AccountId, since: DateTime<Utc>) -> Result<Vec<SessionSummary>, StoreError> {
        let all = sqlx::query_as(
            "SELECT id, method, started_at, last_seen_at, from_address, agent FROM app.sign_in
             WHERE account_id = $1 AND ended_at IS NULL AND last_seen_at > $2 ORDER BY last_seen_at DESC, id",
        )
        .bind(account)
        .bind(since)
        .fetch_all(&self.store.pool)
        .await?;
        Ok(all)
    }

    /// Ends a session of an account, in this moment and everywhere.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] when it has none such.
    pub async fn end(&self, account: AccountId, id: Uuid, what: Audited, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let email: Option<String> = sqlx::query_scalar(
            "UPDATE app.sign_in AS s SET ended_at = $3 FROM app.account AS a
             WHERE s.account_id = $1 AND s.id = $2 AND s.ended_at IS NULL AND a.id = s.account_id RETURNING a.email",
        )
        .bind(account)
        .bind(id)
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        let email = email.ok_or(StoreError::NoSession)?;
        record(&mut tx, self.actor, Some(account), Entry::of(what, email)).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(())
    }

    /// Ends all sessions of an account but the one named.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`].
    pub async fn end_all(&self, account: AccountId, but: Option<Uuid>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let email = self.store.accounts().read(account).await?.email;
        let mut tx = self.store.pool.begin().await?;
        end_sessions(&mut tx, account, but, now).await?;
        let entry = Entry::of(Audited::SessionEnded, email).with(json!({ "all": true }));
        record(&mut tx, self.actor, Some(account), entry).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(())
    }
}

impl Row {
    fn signed_in(self) -> Result<Arc<SignedIn>, StoreError> {
        let sign_in = self.sign_in_id.to_string();
        let via = match (self.viewer, self.reason, self.until) {
            (Some(by_email), Some(reason), Some(until)) => {
                Via::View { sign_in, by: self.signed_in.to_string(), by_email, reason, until: until.timestamp() }
            }
            _ => Via::Session { sign_in },
        };
        let changes_at = self.caller.changes_at;
        Ok(Arc::new(SignedIn {
            id: self.sign_in_id,
            account: self.signed_in,
            caller: Arc::new(self.caller.into_caller(via, self.two_factor)?),
            started_at: self.started_at,
            proved_at: self.proved_at,
            changes_at,
        }))
    }
}
