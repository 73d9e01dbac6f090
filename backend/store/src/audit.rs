//! The record of what was done and refused: written in the transaction of what was done, and never changed.

use access::Reach;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::Store;
use crate::actor::Actor;
use crate::error::StoreError;

macro_rules! audited {
    ($($name:ident $text:literal),* $(,)?) => {
        /// What is recorded; the closed list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Audited {
            $($name),*
        }

        impl Audited {
            pub const ALL: &[Audited] = &[$(Audited::$name),*];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Audited::$name => $text),*
                }
            }
        }
    };
}

audited! {
    SignIn "sign_in",
    SignInRefused "sign_in_refused",
    SignOut "sign_out",
    SessionEnded "session_ended",
    PasswordChanged "password_changed",
    PasswordResetAsked "password_reset_asked",
    PasswordReset "password_reset",
    EmailChangeAsked "email_change_asked",
    EmailChanged "email_changed",
    TwoFactorOn "two_factor_on",
    TwoFactorOff "two_factor_off",
    RecoveryCodesMade "recovery_codes_made",
    RecoveryCodeUsed "recovery_code_used",
    AccountMade "account_made",
    AccountChanged "account_changed",
    AccountDeactivated "account_deactivated",
    AccountActivated "account_activated",
    OrganisationMade "organisation_made",
    OrganisationChanged "organisation_changed",
    Invited "invited",
    InvitationWithdrawn "invitation_withdrawn",
    InvitationAccepted "invitation_accepted",
    MembershipChanged "membership_changed",
    MembershipEnded "membership_ended",
    KeyMade "key_made",
    KeyRotated "key_rotated",
    KeyRevoked "key_revoked",
    WriteKeyMade "write_key_made",
    WriteKeyEnded "write_key_ended",
    QuarantineReleased "quarantine_released",
    AliasMade "alias_made",
    AliasRemoved "alias_removed",
    Export "export",
    StatementsMade "statements_made",
    ViewAsStarted "view_as_started",
    ViewAsEnded "view_as_ended",
    BiAccountMade "bi_account_made",
    BiAccountEnded "bi_account_ended",
    Refused "refused",
}

/// One thing to be recorded.
#[derive(Debug, Clone)]
pub struct Entry {
    what: Audited,
    refused: bool,
    organisations: Vec<Uuid>,
    subject: String,
    detail: Value,
}

impl Entry {
    /// `subject` is to whom or what it was done.
    pub fn of(what: Audited, subject: impl Into<String>) -> Self {
        Self { what, refused: false, organisations: Vec::new(), subject: subject.into(), detail: json!({}) }
    }

    /// It is a part of this organisation's record, too.
    pub fn in_organisation(mut self, organisation: Uuid) -> Self {
        self.organisations.push(organisation);
        self
    }

    pub fn refused(mut self) -> Self {
        self.refused = true;
        self
    }

    /// What else there is to know; never a secret.
    pub fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

/// Writes an entry within what is being done. It is a part of the record of the actor's organisation, of those named, and of
/// those of the account `whose` sign-in or account it is about.
pub(crate) async fn record(
    connection: &mut PgConnection,
    actor: &Actor,
    whose: Option<Uuid>,
    entry: Entry,
) -> Result<(), StoreError> {
    let mut organisations = entry.organisations;
    organisations.extend(actor.organisation);
    sqlx::query(
        "INSERT INTO app.audit
             (action, outcome, actor_id, actor, via, organisations, subject, rule, from_address, request, detail)
         SELECT $1, $2, $3, $4, $5,
                coalesce((SELECT array_agg(DISTINCT id) FROM (
                    SELECT unnest($6::uuid[]) AS id
                    UNION ALL SELECT organisation_id FROM app.membership WHERE account_id = $7) AS all_of_them), '{}'),
                $8, $9, $10, $11, $12",
    )
    .bind(entry.what.as_str())
    .bind(if entry.refused { "refused" } else { "done" })
    .bind(actor.account)
    .bind(&actor.name)
    .bind(&actor.via)
    .bind(organisations)
    .bind(whose)
    .bind(entry.subject)
    .bind(&actor.rule)
    .bind(&actor.from)
    .bind(&actor.request)
    .bind(entry.detail)
    .execute(connection)
    .await?;
    Ok(())
}

#[derive(Debug, Clone, Copy)]
pub struct Audit<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

/// What is looked for in the record.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    pub from: Option<DateTime<Utc>>,
    /// Exclusive.
    pub until: Option<DateTime<Utc>>,
    pub action: Option<String>,
    /// A part of the subject, the actor or the address.
    pub text: Option<String>,
    /// Slug of one organisation.
    pub organisation: Option<String>,
    /// Only what was recorded before this number.
    pub before: Option<i64>,
    pub limit: i64,
}

/// An entry, as listed.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct AuditRow {
    pub id: i64,
    pub at: DateTime<Utc>,
    pub action: String,
    pub outcome: String,
    pub actor: Option<String>,
    pub via: String,
    /// Name of the first organisation within the reach.
    pub organisation: Option<String>,
    pub subject: String,
    pub rule: String,
    pub from_address: Option<String>,
    pub request: Option<String>,
    pub detail: Value,
}

impl Audit<'_> {
    /// Records what is done without changing anything here: an export, a refusal.
    pub async fn record(&self, whose: Option<Uuid>, entry: Entry) -> Result<(), StoreError> {
        let mut connection = self.store.pool.acquire().await?;
        record(&mut connection, self.actor, whose, entry).await
    }

    /// The record of the organisations within reach, latest first. What belongs to no organisation is told to those whose
    /// reach is everybody.
    pub async fn list(&self, reach: &Reach, filter: &AuditFilter) -> Result<Vec<AuditRow>, StoreError> {
        let text = filter.text.as_ref().map(|text| format!("%{}%", escaped(text)));
        let rows = sqlx::query_as(
            "SELECT a.id, a.at, a.action, a.outcome, a.actor, a.via, a.subject, a.rule, a.from_address, a.request, a.detail,
                    (SELECT o.name FROM app.organisation AS o
                     WHERE o.id = ANY (a.organisations) AND app.is_within(o.id, $1) ORDER BY o.family = 'owner', o.name LIMIT 1)
                        AS organisation
             FROM app.audit AS a
             WHERE ($1::uuid IS NULL OR a.organisations && (
                        SELECT coalesce(array_agg(o.id), '{}') FROM app.organisation AS o WHERE app.is_within(o.id, $1)))
               AND ($2::timestamptz IS NULL OR a.at >= $2)
               AND ($3::timestamptz IS NULL OR a.at < $3)
               AND ($4::text IS NULL OR a.action = $4)
               AND ($5::text IS NULL OR a.subject ILIKE $5 OR a.actor ILIKE $5 OR a.from_address ILIKE $5)
               AND ($6::text IS NULL OR a.organisations && (
                        SELECT coalesce(array_agg(o.id), '{}') FROM app.organisation AS o
                        WHERE o.slug = $6 AND app.is_within(o.id, $1)))
               AND ($7::bigint IS NULL OR a.id < $7)
             ORDER BY a.id DESC LIMIT $8",
        )
        .bind(reach_top(reach)?)
        .bind(filter.from)
        .bind(filter.until)
        .bind(&filter.action)
        .bind(text)
        .bind(&filter.organisation)
        .bind(filter.before)
        .bind(filter.limit)
        .fetch_all(&self.store.pool)
        .await?;
        Ok(rows)
    }
}

/// Literal within a LIKE pattern.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// The top of a reach as the database has it.
pub(crate) fn reach_top(reach: &Reach) -> Result<Option<Uuid>, StoreError> {
    let wrong = |_| StoreError::Corrupt("the id of an organisation".into());
    reach.top().map(|id| Uuid::parse_str(id).map_err(wrong)).transpose()
}
