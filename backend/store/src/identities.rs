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
use crate::turns;

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
        // Who comes in several windows at once is one person still.
        turns::take(&mut tx, &format!("identity {} {}", person.issuer, person.subject)).await?;
        let sql =
            "SELECT i.account_id, a.email, a.active FROM app.identity AS i JOIN app.account AS a ON a.id = i.account_id
             WHERE i.issuer = $1 AND i.subject = $2 FOR UPDATE OF a";
        let known: Option<(Uuid, String, bool)> =
            sqlx::query_as(sql).bind(&person.issuer).bind(&person.subject).fetch_optional(&mut *tx).await?;
        let (account, email) = match known {
            Some((_, _, false)) => return Ok(None),
            Some((account, email, true)) => (account, email),
            None => match self.join(&mut tx, person, now).await? {
                Some(joined) => joined,
                None => return Ok(None),
            },
        };
        let mut held = Vec::new();
        for membership in &person.memberships {
            let organisation = self.organisation(&mut tx, membership).await?;
            // What was given here stays as it was given.
            let given: Option<Option<String>> = sqlx::query_scalar(
                "WITH former AS (SELECT role FROM app.membership WHERE account_id = $1 AND organisation_id = $2)
                 INSERT INTO app.membership (account_id, organisation_id, role, valid_until, provider)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (account_id, organisation_id) DO UPDATE SET role = excluded.role, valid_until = excluded.valid_until
                 WHERE app.membership.provider = excluded.provider
                 RETURNING (SELECT role FROM former)",
            )
            .bind(account)
            .bind(organisation)
            .bind(membership.role.as_str())
            .bind(now + TimeDelta::hours(HOURS))
            .bind(&person.provider)
            .fetch_optional(&mut *tx)
            .await?;
            // That it goes on for another day is no news.
            if given.is_some_and(|former| former.as_deref() != Some(membership.role.as_str())) {
                let detail = json!({ "role": membership.role, "provider": person.provider });
                let entry = Entry::of(Audited::MembershipChanged, &email).in_organisation(organisation).with(detail);
                record(&mut tx, self.actor, None, entry).await?;
            }
            held.push(organisation);
        }
        self.end_others(&mut tx, account, &email, &person.provider, &held, now).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(Some(account))
    }

    /// The providers of an account.
    pub async fn list(&self, account: AccountId) -> Result<Vec<Identity>, StoreError> {
        let sql = "SELECT provider, made_at FROM app.identity WHERE account_id = $1 ORDER BY made_at";
        Ok(sqlx::query_as(sql).bind(account).fetch_all(&self.store.pool).await?)
    }

    /// Ends the memberships that the provider gave and gives no more, and for good the keys that were made in them.
    async fn end_others(
        &self,
        tx: &mut PgConnection,
        account: AccountId,
        email: &str,
        provider: &str,
        held: &[Uuid],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let ended: Vec<Uuid> = sqlx::query_scalar(
            "WITH ended AS (
                 DELETE FROM app.membership WHERE account_id = $1 AND provider = $2 AND organisation_id <> ALL ($3)
                 RETURNING organisation_id),
             revoked AS (
                 UPDATE app.api_key AS k SET revoked_at = $4 FROM ended
                 WHERE k.account_id = $1 AND k.organisation_id = ended.organisation_id AND k.revoked_at IS NULL)
             SELECT organisation_id FROM ended",
        )
        .bind(account)
        .bind(provider)
        .bind(held)
        .bind(now)
        .fetch_all(&mut *tx)
        .await?;
        for organisation in ended {
            let entry = Entry::of(Audited::MembershipEnded, email).in_organisation(organisation);
            record(tx, self.actor, None, entry.with(json!({ "provider": provider }))).await?;
        }
        Ok(())
    }

    /// Joins a person who was never here to the account of their checked address, or to a new one.
    async fn join(
        &self,
        tx: &mut PgConnection,
        person: &ProvidedPerson,
        now: DateTime<Utc>,
    ) -> Result<Option<(AccountId, String)>, StoreError> {
        let email = person.email.as_deref().and_then(normal_email);
        if let Some(email) = &email {
            turns::take(tx, &format!("account {email}")).await?;
        }
        let sql = "SELECT id, email, active FROM app.account WHERE email = $1 FOR NO KEY UPDATE";
        let found: Option<(Uuid, String, bool)> = sqlx::query_as(sql).bind(&email).fetch_optional(&mut *tx).await?;
        let (account, email) = match found {
            Some((_, _, false)) => return Ok(None),
            Some((account, email, true)) => (account, email),
            // Who is given nothing has nothing to do here.
            None if person.memberships.is_empty() => return Ok(None),
            None => {
                // Accounts have an address; one that is nobody's where the provider tells none that it has checked.
                let nobodys = format!("{}@{}.invalid", Uuid::new_v4().simple(), slug(&person.provider));
                let email = email.unwrap_or(nobodys);
                let account = insert_account(tx, &email, &person.name, None, &person.language).await?;
                record(tx, self.actor, None, Entry::of(Audited::AccountMade, &email)).await?;
                (account, email)
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
        Ok(Some((account, email)))
    }

    /// The organisation about this and nothing else, made when there is none.
    async fn organisation(&self, tx: &mut PgConnection, place: &ProvidedMembership) -> Result<Uuid, StoreError> {
        let kind = place.role.organisation_kind();
        let subjects: Vec<i32> = place.subject.into_iter().collect();
        if let Some(id) = about(tx, kind, &subjects).await? {
            return Ok(id);
        }
        turns::take(tx, turns::ORGANISATIONS).await?;
        if let Some(id) = about(tx, kind, &subjects).await? {
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

/// The organisation of this family about exactly these; of several the one that is longest.
async fn about(tx: &mut PgConnection, kind: OrganisationKind, subjects: &[i32]) -> Result<Option<Uuid>, StoreError> {
    let sql = "SELECT id FROM app.organisation WHERE family = $1 AND subjects = $2
         ORDER BY valid_until DESC NULLS FIRST, slug LIMIT 1";
    Ok(sqlx::query_scalar(sql).bind(family(kind)).bind(subjects).fetch_optional(tx).await?)
}

fn family(kind: OrganisationKind) -> &'static str {
    match kind.family() {
        access::Family::Owner => "owner",
        access::Family::Authority => "authority",
        access::Family::Publisher => "publisher",
        access::Family::School => "school",
    }
}
