//! Who signs in elsewhere: the person of an identity provider is an account here, and belongs where the provider says.

use access::{OrganisationKind, Role};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Store;
use crate::accounts::{AccountId, insert_account, normal_email};
use crate::actor::Actor;
use crate::audit::{Audited, Entry, record};
use crate::error::StoreError;
use crate::slug::slug;

/// What a provider says holds for so long after each sign-in: who leaves is out the same day.
const HOURS: i64 = 24;

#[derive(Debug, Clone, Copy)]
pub struct Identities<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

/// A person as a provider knows them. Who they are is issuer and subject, never the address.
#[derive(Debug, Clone)]
pub struct ProvidedPerson {
    pub provider: String,
    pub issuer: String,
    pub subject: String,
    /// An address that the provider has checked and is trusted to have.
    pub email: Option<String>,
    pub name: String,
    pub language: String,
    pub memberships: Vec<ProvidedMembership>,
}

/// A place that the provider says is theirs, as the warehouse knows it.
#[derive(Debug, Clone)]
pub struct ProvidedMembership {
    pub role: Role,
    /// The warehouse's number of the school, publisher or region; `None` for the platform's own.
    pub subject: Option<i32>,
    /// What an organisation about it is called where there is none yet.
    pub name: String,
}

/// A provider that an account signs in with.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Identity {
    pub provider: String,
    pub made_at: DateTime<Utc>,
}

impl Identities<'_> {
    /// The account of a person, made when they come for the first time, with the memberships that the provider gives them now:
    /// those it no longer gives end. `None` when the account is not active, or there is none and nothing is given.
    pub async fn arrive(&self, person: &ProvidedPerson, now: DateTime<Utc>) -> Result<Option<AccountId>, StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let sql = "SELECT i.account_id, a.active FROM app.identity AS i JOIN app.account AS a ON a.id = i.account_id
             WHERE i.issuer = $1 AND i.subject = $2 FOR UPDATE OF a";
        let known: Option<(Uuid, bool)> =
            sqlx::query_as(sql).bind(&person.issuer).bind(&person.subject).fetch_optional(&mut *tx).await?;
        let account = match known {
            Some((_, false)) => return Ok(None),
            Some((account, true)) => account,
            None => match self.join(&mut tx, person, now).await? {
                Some(account) => account,
                None => return Ok(None),
            },
        };
        let mut held = Vec::new();
        for membership in &person.memberships {
            let organisation = self.organisation(&mut tx, membership).await?;
            // What was given here stays as it was given.
            sqlx::query(
                "INSERT INTO app.membership (account_id, organisation_id, role, valid_until, provider)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (account_id, organisation_id) DO UPDATE SET role = excluded.role, valid_until = excluded.valid_until
                 WHERE app.membership.provider = excluded.provider",
            )
            .bind(account)
            .bind(organisation)
            .bind(membership.role.as_str())
            .bind(now + TimeDelta::hours(HOURS))
            .bind(&person.provider)
            .execute(&mut *tx)
            .await?;
            held.push(organisation);
        }
        sqlx::query("DELETE FROM app.membership WHERE account_id = $1 AND provider = $2 AND organisation_id <> ALL ($3)")
            .bind(account)
            .bind(&person.provider)
            .bind(&held)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(Some(account))
    }

    /// The providers of an account.
    pub async fn list(&self, account: AccountId) -> Result<Vec<Identity>, StoreError> {
        let sql = "SELECT provider, made_at FROM app.identity WHERE account_id = $1 ORDER BY made_at";
        Ok(sqlx::query_as(sql).bind(account).fetch_all(&self.store.pool).await?)
    }

    /// Joins a person who was never here to the account of their checked address, or to a new one.
    async fn join(
        &self,
        tx: &mut PgConnection,
        person: &ProvidedPerson,
        now: DateTime<Utc>,
    ) -> Result<Option<AccountId>, StoreError> {
        let email = person.email.as_deref().and_then(normal_email);
        let found: Option<(Uuid, bool)> = sqlx::query_as("SELECT id, active FROM app.account WHERE email = $1")
            .bind(&email)
            .fetch_optional(&mut *tx)
            .await?;
        let account = match found {
            Some((_, false)) => return Ok(None),
            Some((account, true)) => account,
            // Who is given nothing has nothing to do here.
            None if person.memberships.is_empty() => return Ok(None),
            None => {
                // Accounts have an address; one that is nobody's where the provider tells none that it has checked.
                let nobodys = format!("{}@{}.invalid", Uuid::new_v4().simple(), slug(&person.provider));
                let email = email.unwrap_or(nobodys);
                let account = insert_account(tx, &email, &person.name, None, &person.language).await?;
                record(tx, self.actor, None, Entry::of(Audited::AccountMade, &email)).await?;
                account
            }
        };
        sqlx::query(
            "INSERT INTO app.identity (issuer, subject, provider, account_id, made_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&person.issuer)
        .bind(&person.subject)
        .bind(&person.provider)
        .bind(account)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        let entry = Entry::of(Audited::AccountChanged, &person.name).with(json!({ "joined": person.provider }));
        record(tx, self.actor, Some(account), entry).await?;
        Ok(Some(account))
    }

    /// The organisation about this and nothing else, made when there is none.
    async fn organisation(&self, tx: &mut PgConnection, place: &ProvidedMembership) -> Result<Uuid, StoreError> {
        let kind = place.role.organisation_kind();
        let subjects: Vec<i32> = place.subject.into_iter().collect();
        let found: Option<Uuid> = sqlx::query_scalar(
            "SELECT id FROM app.organisation WHERE family = $1 AND subjects = $2 ORDER BY valid_until DESC NULLS FIRST, slug LIMIT 1",
        )
        .bind(family(kind))
        .bind(&subjects)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(id) = found {
            return Ok(id);
        }
        let id: Uuid = sqlx::query_scalar(
            "INSERT INTO app.organisation (id, slug, name, kind, subjects)
             SELECT $1, CASE WHEN EXISTS (SELECT FROM app.organisation WHERE slug = $2) THEN $2 || '-' || left($1::text, 8) ELSE $2 END,
                    CASE WHEN EXISTS (SELECT FROM app.organisation WHERE name = $3 AND kind = $4)
                         THEN $3 || ' (' || left($1::text, 8) || ')' ELSE $3 END, $4, $5
             RETURNING id",
        )
        .bind(Uuid::new_v4())
        .bind(slug(&place.name))
        .bind(&place.name)
        .bind(kind.as_str())
        .bind(&subjects)
        .fetch_one(&mut *tx)
        .await?;
        let entry = Entry::of(Audited::OrganisationMade, &place.name).in_organisation(id);
        record(tx, self.actor, None, entry.with(json!({ "kind": kind.as_str(), "subjects": subjects }))).await?;
        Ok(id)
    }
}

fn family(kind: OrganisationKind) -> &'static str {
    match kind.family() {
        access::Family::Owner => "owner",
        access::Family::Authority => "authority",
        access::Family::Publisher => "publisher",
        access::Family::School => "school",
    }
}
