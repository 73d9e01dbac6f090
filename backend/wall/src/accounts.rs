//! The BI accounts: making one, listing them, ending one, and keeping their rows as their organisations are.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, Utc};
use tokio_postgres::{Client, Row};
use uuid::Uuid;
use warehouse::roles::{BI, identifier, literal};

use crate::error::WallError;
use crate::recorder::Recorder;

/// Which rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    All,
    Schools(Vec<i32>),
    Publishers(Vec<i32>),
}

impl Rows {
    pub fn as_str(&self) -> &'static str {
        match self {
            Rows::All => "all",
            Rows::Schools(_) => "schools",
            Rows::Publishers(_) => "publishers",
        }
    }

    fn ids(&self) -> &[i32] {
        match self {
            Rows::All => &[],
            Rows::Schools(ids) | Rows::Publishers(ids) => ids,
        }
    }

    fn read(row: &Row) -> Result<Rows, WallError> {
        let ids = row.get("ids");
        match row.get("rows") {
            "all" => Ok(Rows::All),
            "schools" => Ok(Rows::Schools(ids)),
            "publishers" => Ok(Rows::Publishers(ids)),
            other => Err(WallError::Damaged(other.into())),
        }
    }
}

/// What an organisation may see now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    pub organisation_id: Uuid,
    pub organisation: String,
    pub rows: Rows,
}

pub struct NewAccount<'a> {
    /// Its name in the database. Everybody on the server can read it, so it says nothing.
    pub user: &'a str,
    pub password: &'a str,
    pub name: &'a str,
    pub own: &'a Own,
    pub ends_at: Option<DateTime<Utc>>,
}

/// An account as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub user: String,
    pub name: String,
    pub own: Own,
    pub created_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl Account {
    pub fn has_ended(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_some_and(|end| end <= now)
    }
}

/// Connections of one account at once: a report opens several.
const CONNECTIONS: u32 = 10;
/// What an account is set to. It can set itself otherwise: these keep from accidents, while rights and policies hold.
const SETTINGS: [(&str, &str); 4] = [
    ("default_transaction_read_only", "on"),
    ("statement_timeout", "'2min'"),
    ("idle_in_transaction_session_timeout", "'10min'"),
    ("search_path", "bi"),
];

pub(crate) const DATABASE: &str = "SELECT quote_ident(current_database())";
pub(crate) const NOTE: &str = "INSERT INTO mart.bi_account
    (role_name, name, organisation_id, organisation, rows, ids, created_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
pub(crate) const LIST: &str = "SELECT role_name, name, organisation_id, organisation, rows, ids, created_at, ended_at
    FROM mart.bi_account ORDER BY created_at, role_name";
pub(crate) const FOLLOW: &str =
    "UPDATE mart.bi_account SET organisation = $2, rows = $3, ids = $4 WHERE role_name = $1";
pub(crate) const END: &str = "UPDATE mart.bi_account SET ended_at = least(ended_at, $2) WHERE role_name = $1 AND (ended_at IS NULL OR ended_at > $2)";
pub(crate) const IS_ROLE: &str = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)";
pub(crate) const MAY_ALL: &str = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user";
pub(crate) const DISCONNECT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1";

/// What makes the role. The password is sent as its verifier, so that no log of statements ever holds it.
pub(crate) fn create(user: &str, verifier: &str, ends_at: Option<DateTime<Utc>>, database: &str) -> Vec<String> {
    let role = identifier(user);
    let until = ends_at.map_or("infinity".into(), |at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let mut out = vec![format!(
        "CREATE ROLE {role} LOGIN CONNECTION LIMIT {CONNECTIONS} PASSWORD {} VALID UNTIL {} IN ROLE {BI}",
        literal(verifier),
        literal(&until)
    )];
    out.extend(SETTINGS.iter().map(|(name, value)| format!("ALTER ROLE {role} SET {name} TO {value}")));
    out.push(format!("GRANT CONNECT ON DATABASE {database} TO {role}"));
    out
}

pub(crate) fn lock_out(user: &str) -> String {
    format!("ALTER ROLE {} NOLOGIN", identifier(user))
}

/// Who may not do everything has to be a member of a role to end its connections and take its rights back.
pub(crate) fn join(user: &str) -> String {
    format!("GRANT {} TO CURRENT_USER", identifier(user))
}

/// What takes the role away, with all that it was granted here.
pub(crate) fn remove(user: &str) -> [String; 2] {
    let role = identifier(user);
    [format!("DROP OWNED BY {role}"), format!("DROP ROLE {role}")]
}

/// Makes an account with its role.
pub async fn add(
    client: &mut Client,
    new: NewAccount<'_>,
    now: DateTime<Utc>,
    recorder: &impl Recorder,
) -> Result<(), WallError> {
    let NewAccount { user, password, name, own, ends_at } = new;
    let tx = client.transaction().await?;
    let database: String = tx.query_one(DATABASE, &[]).await?.get(0);
    let verifier = postgres_protocol::password::scram_sha_256(password.as_bytes());
    tx.batch_execute(&create(user, &verifier, ends_at, &database).join(";\n")).await?;
    let (id, ids) = (own.organisation_id, own.rows.ids());
    tx.execute(NOTE, &[&user, &name, &id, &own.organisation, &own.rows.as_str(), &ids, &now, &ends_at]).await?;
    let (user, name) = (user.to_string(), name.to_string());
    let account = Account { user, name, own: own.clone(), created_at: now, ended_at: ends_at };
    recorder.made(&account).await.map_err(WallError::Unrecorded)?;
    tx.commit().await?;
    Ok(())
}

/// All accounts that ever were, the oldest first.
pub async fn list(client: &Client) -> Result<Vec<Account>, WallError> {
    let account = |row: &Row| {
        let rows = Rows::read(row)?;
        let own = Own { organisation_id: row.get("organisation_id"), organisation: row.get("organisation"), rows };
        let (user, name) = (row.get("role_name"), row.get("name"));
        Ok(Account { user, name, own, created_at: row.get("created_at"), ended_at: row.get("ended_at") })
    };
    client.query(LIST, &[]).await?.iter().map(account).collect()
}

/// Ends an account: it sees nothing from this moment on, is disconnected, and its role is gone. Whether there was one.
pub async fn end(
    client: &mut Client,
    user: &str,
    now: DateTime<Utc>,
    recorder: &impl Recorder,
) -> Result<bool, WallError> {
    let Some(account) = list(client).await?.into_iter().find(|a| a.user == user) else { return Ok(false) };
    // Whatever fails further on, its rows are gone.
    take_rows(client, &account, now, recorder).await?;
    if !client.query_one(IS_ROLE, &[&account.user]).await?.get::<_, bool>(0) {
        return Ok(true);
    }
    client.batch_execute(&lock_out(&account.user)).await?;
    if !client.query_one(MAY_ALL, &[]).await?.get::<_, bool>(0) {
        client.batch_execute(&join(&account.user)).await?;
    }
    client.query(DISCONNECT, &[&account.user]).await?;
    let tx = client.transaction().await?;
    for sql in remove(&account.user) {
        tx.batch_execute(&sql).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// From now on it has none; what had ended already stays as it was.
async fn take_rows(
    client: &mut Client,
    account: &Account,
    now: DateTime<Utc>,
    recorder: &impl Recorder,
) -> Result<(), WallError> {
    let tx = client.transaction().await?;
    if tx.execute(END, &[&account.user, &now]).await? > 0 {
        recorder.ended(account).await.map_err(WallError::Unrecorded)?;
    }
    tx.commit().await?;
    Ok(())
}

/// Gives each account the rows that its organisation has now; an account whose organisation is gone, or may not have one, has
/// ended. Returns how many changed.
pub async fn follow(
    client: &mut Client,
    owns: &[Own],
    now: DateTime<Utc>,
    recorder: &impl Recorder,
) -> Result<usize, WallError> {
    let owns: HashMap<Uuid, &Own> = owns.iter().map(|own| (own.organisation_id, own)).collect();
    let mut changed = 0;
    for account in list(client).await?.into_iter().filter(|a| !a.has_ended(now)) {
        match owns.get(&account.own.organisation_id) {
            Some(own) if **own == account.own => continue,
            Some(own) => {
                let (rows, ids) = (own.rows.as_str(), own.rows.ids());
                client.execute(FOLLOW, &[&account.user, &own.organisation, &rows, &ids]).await?;
            }
            None => take_rows(client, &account, now, recorder).await?,
        }
        changed += 1;
    }
    Ok(changed)
}
