//! Who belongs to an organisation, and as what.

use std::sync::Arc;

use access::{Caller, OrganisationKind, Reach, Role, Via};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::Store;
use crate::accounts::AccountId;
use crate::actor::Actor;
use crate::audit::{Audited, Entry, reach_top, record};
use crate::callers::CallerRow;
use crate::error::StoreError;

#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

/// A member, as listed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Member {
    pub account: Uuid,
    pub email: String,
    pub name: String,
    pub role: String,
    /// The part of what the organisation is about; `None` for all of it.
    pub subjects: Option<Vec<i32>>,
    pub valid_until: Option<DateTime<Utc>>,
    pub active: bool,
    pub two_factor: bool,
    pub last_seen_at: Option<DateTime<Utc>>,
    /// The identity provider that says so.
    pub provider: Option<String>,
}

/// What a membership is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub role: Role,
    pub subjects: Option<Vec<i32>>,
    pub valid_until: Option<DateTime<Utc>>,
}

impl Membership {
    /// For all the organisation is about, without an end.
    pub fn of(role: Role) -> Self {
        Self { role, subjects: None, valid_until: None }
    }
}

impl People<'_> {
    /// The members of an organisation within reach, by name; `None` when it is not.
    pub async fn list(&self, reach: &Reach, organisation: &str) -> Result<Option<Vec<Member>>, StoreError> {
        let Some(id) = within(&self.store.pool, reach, organisation).await? else { return Ok(None) };
        let members = sqlx::query_as(
            "SELECT a.id AS account, a.email, a.name, m.role, m.subjects, m.valid_until, a.active,
                    a.totp_since IS NOT NULL AS two_factor, m.provider,
                    (SELECT max(last_seen_at) FROM app.sign_in AS s WHERE s.account_id = a.id) AS last_seen_at
             FROM app.membership AS m JOIN app.account AS a ON a.id = m.account_id
             WHERE m.organisation_id = $1 ORDER BY a.name, a.email",
        )
        .bind(id)
        .fetch_all(&self.store.pool)
        .await?;
        Ok(Some(members))
    }

    /// Changes what a member is there.
    ///
    /// # Errors
    /// [`StoreError::NoMembership`] when there is no such member within reach, [`StoreError::RoleDoesNotFit`],
    /// [`StoreError::NotItsSubjects`], [`StoreError::LastOwner`].
    pub async fn change(
        &self,
        reach: &Reach,
        organisation: &str,
        account: AccountId,
        to: &Membership,
    ) -> Result<(), StoreError> {
        let id = within(&self.store.pool, reach, organisation).await?.ok_or(StoreError::NoMembership)?;
        let mut tx = self.store.pool.begin().await?;
        check_fits(&mut tx, id, to).await?;
        let changed: Option<String> = sqlx::query_scalar(
            "UPDATE app.membership AS m SET role = $3, subjects = $4, valid_until = $5 FROM app.account AS a
             WHERE m.account_id = $1 AND m.organisation_id = $2 AND a.id = m.account_id RETURNING a.email",
        )
        .bind(account)
        .bind(id)
        .bind(to.role.as_str())
        .bind(&to.subjects)
        .bind(to.valid_until)
        .fetch_optional(&mut *tx)
        .await?;
        let email = changed.ok_or(StoreError::NoMembership)?;
        check_an_owner_is_left(&mut tx, id).await?;
        end_viewings(&mut tx, account).await?;
        let detail = json!({ "role": to.role, "subjects": to.subjects, "valid_until": to.valid_until });
        let entry = Entry::of(Audited::MembershipChanged, email).in_organisation(id).with(detail);
        record(&mut tx, self.actor, None, entry).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(())
    }

    /// A member of an organisation within reach, as they would call.
    pub async fn caller(
        &self,
        reach: &Reach,
        organisation: &str,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Caller>>, StoreError> {
        let row: Option<CallerRow> = sqlx::query_as(
            "SELECT c.*, r.subjects, least(c.member_until, r.changes_at) AS changes_at
             FROM app.callers_at($4) AS c
             CROSS JOIN LATERAL app.organisation_rows(c.organisation_id, $4) AS r
             WHERE c.account_id = $3 AND c.slug = $2 AND app.is_within(c.organisation_id, $1)",
        )
        .bind(reach_top(reach)?)
        .bind(organisation)
        .bind(account)
        .bind(now)
        .fetch_optional(&self.store.pool)
        .await?;
        row.map(|row| row.into_caller(Via::Program, true).map(Arc::new)).transpose()
    }

    /// Ends a membership, and for good the keys that were made in it.
    ///
    /// # Errors
    /// [`StoreError::NoMembership`], [`StoreError::LastOwner`].
    pub async fn end(
        &self,
        reach: &Reach,
        organisation: &str,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let id = within(&self.store.pool, reach, organisation).await?.ok_or(StoreError::NoMembership)?;
        let mut tx = self.store.pool.begin().await?;
        let email: Option<String> = sqlx::query_scalar(
            "DELETE FROM app.membership AS m USING app.account AS a
             WHERE m.account_id = $1 AND m.organisation_id = $2 AND a.id = m.account_id RETURNING a.email",
        )
        .bind(account)
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
        let email = email.ok_or(StoreError::NoMembership)?;
        check_an_owner_is_left(&mut tx, id).await?;
        end_viewings(&mut tx, account).await?;
        sqlx::query(
            "UPDATE app.api_key SET revoked_at = $3
             WHERE account_id = $1 AND organisation_id = $2 AND revoked_at IS NULL",
        )
        .bind(account)
        .bind(id)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        let entry = Entry::of(Audited::MembershipEnded, email).in_organisation(id);
        record(&mut tx, self.actor, None, entry).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(())
    }
}

/// The id of the organisation of this slug, if it is within reach.
pub(crate) async fn within(pool: &sqlx::PgPool, reach: &Reach, organisation: &str) -> Result<Option<Uuid>, StoreError> {
    let sql = "SELECT o.id FROM app.organisation AS o WHERE o.slug = $2 AND app.is_within(o.id, $1)";
    Ok(sqlx::query_scalar(sql).bind(reach_top(reach)?).bind(organisation).fetch_optional(pool).await?)
}

/// The role has to be one of the organisation's kind, and the part a part of what it is about.
pub(crate) async fn check_fits(
    connection: &mut PgConnection,
    organisation: Uuid,
    membership: &Membership,
) -> Result<(), StoreError> {
    let sql = "SELECT o.kind, (app.organisation_rows(o.id, now())).subjects FROM app.organisation AS o WHERE o.id = $1";
    let found: Option<(String, Vec<i32>)> = sqlx::query_as(sql).bind(organisation).fetch_optional(connection).await?;
    let (kind, subjects) = found.ok_or(StoreError::NoOrganisation)?;
    let kind: OrganisationKind = kind.parse().map_err(StoreError::Corrupt)?;
    let role = membership.role;
    if !role.fits(kind) {
        return Err(StoreError::RoleDoesNotFit { role, kind: kind.as_str().into() });
    }
    match &membership.subjects {
        Some(part) if part.is_empty() || !part.iter().all(|s| subjects.contains(s)) => Err(StoreError::NotItsSubjects),
        _ => Ok(()),
    }
}

/// Nobody could ever let anybody in again.
pub(crate) async fn check_an_owner_is_left(
    connection: &mut PgConnection,
    organisation: Uuid,
) -> Result<(), StoreError> {
    // Of two who end two owners at once, the second waits here, and what it then asks sees what the first has done.
    let sql = "SELECT FROM app.organisation WHERE id = $1 FOR NO KEY UPDATE";
    sqlx::query(sql).bind(organisation).execute(&mut *connection).await?;
    let left: bool = sqlx::query_scalar(
        "SELECT o.family <> 'owner' OR EXISTS (
             SELECT FROM app.membership AS m JOIN app.account AS a ON a.id = m.account_id AND a.active
             WHERE m.organisation_id = o.id AND m.role = 'owner' AND m.valid_until IS NULL)
         FROM app.organisation AS o WHERE o.id = $1",
    )
    .bind(organisation)
    .fetch_one(connection)
    .await?;
    if left { Ok(()) } else { Err(StoreError::LastOwner) }
}

/// Who is something else now does not go on looking at what others see.
async fn end_viewings(connection: &mut PgConnection, account: AccountId) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE app.viewing AS v SET ended_at = now() FROM app.sign_in AS s
         WHERE s.id = v.sign_in_id AND s.account_id = $1 AND v.ended_at IS NULL",
    )
    .bind(account)
    .execute(connection)
    .await?;
    Ok(())
}
