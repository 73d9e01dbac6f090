//! Invitations into organisations, by mail. A link is worth something once and for a week; only its digest is kept.

use access::{Reach, Role};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::accounts::{insert_account, normal_email};
use crate::actor::Actor;
use crate::audit::{Audited, Entry, reach_top, record};
use crate::error::StoreError;
use crate::people::{Membership, check_an_owner_is_left, check_fits, within};
use crate::random::{digest, token};
use crate::turns;

/// How long one may be accepted.
pub const DAYS: i64 = 7;

#[derive(Debug, Clone, Copy)]
pub struct Invitations<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

/// Who is invited, as what.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    pub email: String,
    pub role: Role,
    /// The part of what the organisation is about; `None` for all of it.
    pub subjects: Option<Vec<i32>>,
    /// `en` or `et`.
    pub language: String,
}

/// An invitation, as listed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Invitation {
    pub id: Uuid,
    pub organisation: String,
    pub email: String,
    pub role: String,
    pub subjects: Option<Vec<i32>>,
    pub language: String,
    pub invited_by: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Whether the address has an account already.
    pub has_account: bool,
}

/// The person who accepts, where there is no account yet.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub name: String,
    pub password: String,
    pub language: String,
}

impl Invitations<'_> {
    /// Invites somebody into an organisation within reach, instead of an earlier invitation. Returns it, and the token of its
    /// link.
    ///
    /// # Errors
    /// [`StoreError::NoOrganisation`], [`StoreError::BadEmail`], [`StoreError::RoleDoesNotFit`],
    /// [`StoreError::NotItsSubjects`], [`StoreError::AlreadyMember`].
    pub async fn invite(
        &self,
        reach: &Reach,
        organisation: &str,
        new: &NewInvitation,
        now: DateTime<Utc>,
    ) -> Result<(Invitation, String), StoreError> {
        let email = normal_email(&new.email).ok_or_else(|| StoreError::BadEmail(new.email.clone()))?;
        let into = within(&self.store.pool, reach, organisation).await?.ok_or(StoreError::NoOrganisation)?;
        let mut tx = self.store.pool.begin().await?;
        let membership = Membership { role: new.role, subjects: new.subjects.clone(), valid_until: None };
        check_fits(&mut tx, into, &membership).await?;
        turns::take(&mut tx, &format!("invitation {into} {email}")).await?;
        let member: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM app.membership AS m JOIN app.account AS a ON a.id = m.account_id
             WHERE m.organisation_id = $1 AND a.email = $2)",
        )
        .bind(into)
        .bind(&email)
        .fetch_one(&mut *tx)
        .await?;
        if member {
            return Err(StoreError::AlreadyMember(email));
        }
        sqlx::query(
            "UPDATE app.invitation SET withdrawn_at = $3
             WHERE organisation_id = $1 AND email = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL",
        )
        .bind(into)
        .bind(&email)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        let token = token()?;
        // Read as it is made: a moment later another may have replaced it.
        let made: Invitation = sqlx::query_as(
            "WITH i AS (
                 INSERT INTO app.invitation
                     (id, organisation_id, email, role, subjects, language, invited_by, token_hash, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING *)
             SELECT i.id, o.name AS organisation, i.email, i.role, i.subjects, i.language, i.invited_by, i.created_at,
                    i.expires_at, EXISTS (SELECT FROM app.account AS a WHERE a.email = i.email) AS has_account
             FROM i JOIN app.organisation AS o ON o.id = i.organisation_id",
        )
        .bind(Uuid::new_v4())
        .bind(into)
        .bind(&email)
        .bind(new.role.as_str())
        .bind(&new.subjects)
        .bind(&new.language)
        .bind(self.actor.name.as_deref().unwrap_or("octavo"))
        .bind(&digest(&token)[..])
        .bind(now)
        .bind(now + TimeDelta::days(DAYS))
        .fetch_one(&mut *tx)
        .await?;
        let detail = json!({ "role": new.role, "subjects": new.subjects });
        let entry = Entry::of(Audited::Invited, &email).in_organisation(into).with(detail);
        record(&mut tx, self.actor, None, entry).await?;
        tx.commit().await?;
        Ok((made, token))
    }

    /// Those of an organisation that were neither accepted nor withdrawn, expired ones included; latest first.
    pub async fn open(&self, reach: &Reach, organisation: &str) -> Result<Vec<Invitation>, StoreError> {
        let all = sqlx::query_as(
            "SELECT i.id, o.name AS organisation, i.email, i.role, i.subjects, i.language, i.invited_by, i.created_at,
                    i.expires_at, EXISTS (SELECT FROM app.account AS a WHERE a.email = i.email) AS has_account
             FROM app.invitation AS i JOIN app.organisation AS o ON o.id = i.organisation_id
             WHERE o.slug = $2 AND app.is_within(o.id, $1) AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL
             ORDER BY i.created_at DESC, i.id",
        )
        .bind(reach_top(reach)?)
        .bind(organisation)
        .fetch_all(&self.store.pool)
        .await?;
        Ok(all)
    }

    /// Withdraws an invitation; its link is worth nothing from now on.
    ///
    /// # Errors
    /// [`StoreError::NoInvitation`] when there is no such open one within reach.
    pub async fn withdraw(
        &self,
        reach: &Reach,
        organisation: &str,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let into = within(&self.store.pool, reach, organisation).await?.ok_or(StoreError::NoInvitation)?;
        let mut tx = self.store.pool.begin().await?;
        let email: Option<String> = sqlx::query_scalar(
            "UPDATE app.invitation SET withdrawn_at = $3 WHERE organisation_id = $1 AND id = $2
             AND accepted_at IS NULL AND withdrawn_at IS NULL RETURNING email",
        )
        .bind(into)
        .bind(id)
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        let email = email.ok_or(StoreError::NoInvitation)?;
        let entry = Entry::of(Audited::InvitationWithdrawn, email).in_organisation(into);
        record(&mut tx, self.actor, None, entry).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What the link of this token invites to.
    ///
    /// # Errors
    /// [`StoreError::LinkGone`] when it was used, withdrawn or has expired, or never was.
    pub async fn read(&self, token: &str, now: DateTime<Utc>) -> Result<Invitation, StoreError> {
        let found = sqlx::query_as(
            "SELECT i.id, o.name AS organisation, i.email, i.role, i.subjects, i.language, i.invited_by, i.created_at,
                    i.expires_at, EXISTS (SELECT FROM app.account AS a WHERE a.email = i.email) AS has_account
             FROM app.invitation AS i JOIN app.organisation AS o ON o.id = i.organisation_id
             WHERE i.token_hash = $1 AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > $2",
        )
        .bind(&digest(token)[..])
        .bind(now)
        .fetch_optional(&self.store.pool)
        .await?;
        found.ok_or(StoreError::LinkGone)
    }

    /// Accepts an invitation: whoever has the link reads the address's mail. Makes the account if there is none.
    ///
    /// # Errors
    /// [`StoreError::LinkGone`]; [`StoreError::NoAccount`] when there is no account and no new person, or it is not active;
    /// what is wrong with the new person's password; [`StoreError::LastOwner`] when who accepts to be something else became the
    /// last owner meanwhile.
    pub async fn accept(&self, token: &str, person: Option<NewPerson>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let invitation = self.read(token, now).await?;
        let hash = match &person {
            Some(p) if !invitation.has_account => {
                let known = [invitation.email.as_str(), &p.name, &invitation.organisation];
                Some(self.store.passwords.hash(&p.password, &known).await?)
            }
            _ => None,
        };
        let mut tx = self.store.pool.begin().await?;
        // Of two who use the link at once, one finds it used.
        let into: Option<(Uuid, Option<Vec<i32>>)> = sqlx::query_as(
            "UPDATE app.invitation SET accepted_at = $2 WHERE id = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL
             RETURNING organisation_id, subjects",
        )
        .bind(invitation.id)
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        let (into, subjects) = into.ok_or(StoreError::LinkGone)?;
        let role: Role = invitation.role.parse().map_err(StoreError::Corrupt)?;
        check_fits(&mut tx, into, &Membership { role, subjects: subjects.clone(), valid_until: None }).await?;
        let account = match (person, hash) {
            (Some(p), Some(hash)) => {
                insert_account(&mut tx, &invitation.email, &p.name, Some(&hash), &p.language).await?
            }
            _ => sqlx::query_scalar("SELECT id FROM app.account WHERE email = $1 AND active")
                .bind(&invitation.email)
                .fetch_optional(&mut *tx)
                .await?
                .ok_or(StoreError::NoAccount)?,
        };
        let sql = "SELECT role = 'owner' FROM app.membership WHERE account_id = $1 AND organisation_id = $2";
        let was_owner: Option<bool> = sqlx::query_scalar(sql).bind(account).bind(into).fetch_optional(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO app.membership (account_id, organisation_id, role, subjects) VALUES ($1, $2, $3, $4)
             ON CONFLICT (account_id, organisation_id) DO UPDATE
                 SET role = excluded.role, subjects = excluded.subjects, valid_until = NULL, provider = NULL",
        )
        .bind(account)
        .bind(into)
        .bind(role.as_str())
        .bind(subjects)
        .execute(&mut *tx)
        .await?;
        if was_owner == Some(true) {
            check_an_owner_is_left(&mut tx, into).await?;
        }
        let entry = Entry::of(Audited::InvitationAccepted, &invitation.email).in_organisation(into);
        record(&mut tx, self.actor, None, entry.with(json!({ "role": role }))).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(())
    }
}
