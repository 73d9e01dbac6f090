//! Organisations, accounts and memberships.

use std::sync::Arc;

use access::{Caller, OrganisationKind, Role, Via};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use crate::callers::{CallerRow, Callers};
use crate::error::StoreError;
use crate::passwords::Passwords;

/// The id of an account.
pub type AccountId = Uuid;

#[derive(Debug, Clone, Copy)]
pub struct Accounts<'a> {
    pub(crate) pool: &'a PgPool,
    pub(crate) passwords: &'a Passwords,
    pub(crate) callers: &'a Callers,
}

/// An account, as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSummary {
    pub id: AccountId,
    pub email: String,
    pub name: String,
    pub active: bool,
    pub created_at: DateTime<Utc>,
    /// In the order in which they were given; the first is the one a sign-in is for.
    pub memberships: Vec<Membership>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub organisation: String,
    pub kind: OrganisationKind,
    pub role: Role,
}

impl Accounts<'_> {
    /// Makes an organisation, or gives the one of this name and kind its new subjects (the warehouse's numbers of schools,
    /// publishers or regions; none for the owner). Returns its id.
    pub async fn add_organisation(
        &self,
        name: &str,
        kind: OrganisationKind,
        subjects: &[i32],
    ) -> Result<Uuid, StoreError> {
        let id = sqlx::query_scalar(
            "INSERT INTO app.organisation (id, name, kind, subjects) VALUES ($1, $2, $3, $4)
             ON CONFLICT (name, kind) DO UPDATE SET subjects = excluded.subjects RETURNING id",
        )
        .bind(Uuid::new_v4())
        .bind(name)
        .bind(kind.as_str())
        .bind(subjects)
        .fetch_one(self.pool)
        .await?;
        self.callers.forget_all();
        Ok(id)
    }

    /// The id of the organisation of this name and kind.
    pub async fn find_organisation(&self, name: &str, kind: OrganisationKind) -> Result<Option<Uuid>, StoreError> {
        let id = sqlx::query_scalar("SELECT id FROM app.organisation WHERE name = $1 AND kind = $2")
            .bind(name)
            .bind(kind.as_str())
            .fetch_optional(self.pool)
            .await?;
        Ok(id)
    }

    /// Makes an account; its address is trimmed and put in lower case.
    ///
    /// # Errors
    /// [`StoreError::BadEmail`], [`StoreError::EmailTaken`], [`StoreError::PasswordLength`].
    pub async fn add_account(&self, email: &str, name: &str, password: &str) -> Result<AccountId, StoreError> {
        let email = normal_email(email).ok_or_else(|| StoreError::BadEmail(email.to_string()))?;
        let hash = self.passwords.hash(password).await?;
        sqlx::query_scalar(
            "INSERT INTO app.account (id, email, name, password_hash) VALUES ($1, $2, $3, $4)
             ON CONFLICT (email) DO NOTHING RETURNING id",
        )
        .bind(Uuid::new_v4())
        .bind(&email)
        .bind(name)
        .bind(hash)
        .fetch_optional(self.pool)
        .await?
        .ok_or(StoreError::EmailTaken(email))
    }

    /// The account of an address, active or not.
    pub async fn find_account(&self, email: &str) -> Result<Option<AccountId>, StoreError> {
        let Some(email) = normal_email(email) else { return Ok(None) };
        let id = sqlx::query_scalar("SELECT id FROM app.account WHERE email = $1")
            .bind(email)
            .fetch_optional(self.pool)
            .await?;
        Ok(id)
    }

    /// Gives an account a role in an organisation, instead of the one it had there.
    ///
    /// # Errors
    /// [`StoreError::RoleDoesNotFit`] when organisations of its kind have no such role; [`StoreError::NoOrganisation`],
    /// [`StoreError::NoAccount`].
    pub async fn add_membership(&self, account: AccountId, organisation: Uuid, role: Role) -> Result<(), StoreError> {
        let kind: String = sqlx::query_scalar("SELECT kind FROM app.organisation WHERE id = $1")
            .bind(organisation)
            .fetch_optional(self.pool)
            .await?
            .ok_or(StoreError::NoOrganisation)?;
        if role.organisation_kind().as_str() != kind {
            return Err(StoreError::RoleDoesNotFit { role, kind });
        }
        let given = sqlx::query(
            "INSERT INTO app.membership (account_id, organisation_id, role) SELECT id, $2, $3 FROM app.account WHERE id = $1
             ON CONFLICT (account_id, organisation_id) DO UPDATE SET role = excluded.role",
        )
        .bind(account)
        .bind(organisation)
        .bind(role.as_str())
        .execute(self.pool)
        .await?;
        self.callers.forget_all();
        if given.rows_affected() == 0 { Err(StoreError::NoAccount) } else { Ok(()) }
    }

    /// Takes the account out of the organisation; its keys for it then open nothing. Whether it was in.
    pub async fn remove_membership(&self, account: AccountId, organisation: Uuid) -> Result<bool, StoreError> {
        let gone = sqlx::query("DELETE FROM app.membership WHERE account_id = $1 AND organisation_id = $2")
            .bind(account)
            .bind(organisation)
            .execute(self.pool)
            .await?;
        self.callers.forget_all();
        Ok(gone.rows_affected() == 1)
    }

    /// Lets an account sign in or not, by password or key. Whether there is such an account.
    pub async fn set_active(&self, account: AccountId, active: bool) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE app.account SET active = $2 WHERE id = $1")
            .bind(account)
            .bind(active)
            .execute(self.pool)
            .await?;
        self.callers.forget_all();
        Ok(done.rows_affected() == 1)
    }

    /// Gives an account another password.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::PasswordLength`].
    pub async fn set_password(&self, account: AccountId, password: &str) -> Result<(), StoreError> {
        let hash = self.passwords.hash(password).await?;
        let changed = sqlx::query("UPDATE app.account SET password_hash = $2 WHERE id = $1")
            .bind(account)
            .bind(hash)
            .execute(self.pool)
            .await?;
        if changed.rows_affected() == 0 { Err(StoreError::NoAccount) } else { Ok(()) }
    }

    /// The account of an address and password; `None` when there is none, it is not active, or the password is wrong: the
    /// three are not told apart, neither by the answer nor by the time it takes.
    pub async fn verify(&self, email: &str, password: &str) -> Result<Option<AccountId>, StoreError> {
        let found: Option<(Uuid, String, bool)> = match normal_email(email) {
            None => None,
            Some(email) => {
                sqlx::query_as("SELECT id, password_hash, active FROM app.account WHERE email = $1")
                    .bind(email)
                    .fetch_optional(self.pool)
                    .await?
            }
        };
        let hash = found.as_ref().map(|(_, hash, _)| hash.clone());
        let right = self.passwords.verify(password, hash).await?;
        Ok(found.filter(|(_, _, active)| right && *active).map(|(id, _, _)| id))
    }

    /// The caller behind a session: an active account in its first organisation.
    pub async fn caller_by_account(&self, account: AccountId) -> Result<Option<Arc<Caller>>, StoreError> {
        self.callers.by_account.get_or_look_up(account, self.look_up(account)).await
    }

    async fn look_up(&self, account: AccountId) -> Result<Option<Arc<Caller>>, StoreError> {
        sqlx::query_as::<_, CallerRow>(
            "SELECT a.id AS account_id, a.email, a.name AS account_name, m.role,
                    o.id AS organisation_id, o.name AS organisation_name, o.kind, o.subjects
             FROM app.account AS a
             JOIN app.membership AS m ON m.account_id = a.id
             JOIN app.organisation AS o ON o.id = m.organisation_id
             WHERE a.id = $1 AND a.active
             ORDER BY m.number LIMIT 1",
        )
        .bind(account)
        .fetch_optional(self.pool)
        .await?
        .map(|row| row.into_caller(Via::Session).map(Arc::new))
        .transpose()
    }

    /// All accounts with their memberships, by address.
    pub async fn list(&self) -> Result<Vec<AccountSummary>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT a.id, a.email, a.name, a.active, a.created_at, o.name AS organisation, o.kind, m.role
             FROM app.account AS a
             LEFT JOIN app.membership AS m ON m.account_id = a.id
             LEFT JOIN app.organisation AS o ON o.id = m.organisation_id
             ORDER BY a.email, m.number",
        )
        .fetch_all(self.pool)
        .await?;
        let mut accounts: Vec<AccountSummary> = Vec::new();
        for row in rows {
            if accounts.last().is_none_or(|last| last.id != row.id) {
                let Row { id, email, name, active, created_at, .. } = &row;
                let (email, name) = (email.clone(), name.clone());
                let (active, created_at) = (*active, *created_at);
                accounts.push(AccountSummary { id: *id, email, name, active, created_at, memberships: Vec::new() });
            }
            if let (Some(last), Some(membership)) = (accounts.last_mut(), row.membership()?) {
                last.memberships.push(membership);
            }
        }
        Ok(accounts)
    }
}

/// An account with one of its memberships, if it has any.
#[derive(FromRow)]
struct Row {
    id: Uuid,
    email: String,
    name: String,
    active: bool,
    created_at: DateTime<Utc>,
    organisation: Option<String>,
    kind: Option<String>,
    role: Option<String>,
}

impl Row {
    fn membership(self) -> Result<Option<Membership>, StoreError> {
        let (Some(organisation), Some(kind), Some(role)) = (self.organisation, self.kind, self.role) else {
            return Ok(None);
        };
        let kind = kind.parse().map_err(StoreError::Corrupt)?;
        let role = role.parse().map_err(StoreError::Corrupt)?;
        Ok(Some(Membership { organisation, kind, role }))
    }
}

/// Trimmed and in lower case, if it can be an address at all: something, one @, something; no blanks; at most 254 bytes
/// (RFC 5321, 4.5.3.1.3, less the angle brackets).
fn normal_email(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    let (local, domain) = email.split_once('@')?;
    let plausible = !local.is_empty()
        && !domain.is_empty()
        && !domain.contains('@')
        && email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    plausible.then_some(email)
}

#[cfg(test)]
mod tests {
    use super::normal_email;

    #[test]
    fn addresses_are_trimmed_lowered_and_plausible() {
        assert_eq!(normal_email("  Olivia@Example.ORG\n").as_deref(), Some("olivia@example.org"));
        for wrong in ["", "@", "a@", "@b", "a@b@c", "a b@c", "a\0@b", &format!("{}@b", "a".repeat(253))] {
            assert_eq!(normal_email(wrong), None, "{wrong:?}");
        }
    }
}
