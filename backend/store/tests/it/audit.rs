//! The record: one entry for each thing that was done, in its transaction, without a secret, and never changed.

use std::collections::BTreeSet;

use access::OrganisationKind::{Owner, Publisher};
use access::{KeyScope, Role};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{AssertSqlSafe, PgConnection};
use store::{Actor, Audited, Entry, Membership, NewInvitation, NewKey, NewPerson, NewSignIn, NewViewing};
use store::{Period, ProvidedMembership, ProvidedPerson, SecretKey, StoreError};
use totp_rs::{Builder, Secret};
use uuid::Uuid;

use crate::database;
use crate::people_of_a_test::{PASSWORD, everybody, member, minutes, new, now, publisher};

const OTHER: &str = "another horse battery";

fn olivia(account: Uuid, organisation: Uuid) -> Actor {
    Actor {
        account: Some(account),
        name: Some("olivia@example.org".into()),
        via: "session".into(),
        organisation: Some(organisation),
        rule: "the role permits it".into(),
        from: Some("192.0.2.1".into()),
        request: Some("request-1".into()),
    }
}

/// The entries since it was last asked: what, by whom, how, by which rule, in whose record.
struct Record(PgConnection, i64, BTreeSet<&'static str>);

type Row = (i64, String, String, Option<String>, String, String, Option<String>, Vec<Uuid>);

impl Record {
    async fn since(&mut self) -> Vec<Row> {
        let sql = "SELECT id, action, outcome, actor, via, rule, request, organisations FROM app.audit
             WHERE id > $1 ORDER BY id";
        let rows: Vec<Row> = sqlx::query_as(sql).bind(self.1).fetch_all(&mut self.0).await.unwrap();
        self.1 = rows.last().map_or(self.1, |row| row.0);
        rows
    }

    /// There is one entry and it says this.
    async fn is(&mut self, what: Audited, actor: &str, organisations: &[Uuid]) {
        self.2.insert(what.as_str());
        let rows = self.since().await;
        assert_eq!(rows.len(), 1, "{}: {rows:?}", what.as_str());
        let (_, action, outcome, by, via, rule, request, of) = &rows[0];
        assert_eq!((action.as_str(), outcome.as_str(), by.as_deref()), (what.as_str(), "done", Some(actor)));
        let how = (via.as_str(), rule.as_str(), request.as_deref());
        assert_eq!(how, ("session", "the role permits it", Some("request-1")), "{action}");
        let (mut of, mut expected) = (of.clone(), organisations.to_vec());
        of.sort();
        expected.sort();
        assert_eq!(of, expected, "{action}");
    }
}

fn code(secret: &str, at: DateTime<Utc>) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).with_account_name("a").build();
    totp.unwrap().generate(u64::try_from(at.timestamp()).unwrap()).to_string()
}

fn arrival() -> ProvidedPerson {
    let role = Role::Publisher;
    ProvidedPerson {
        provider: "harid".into(),
        issuer: "https://harid.example".into(),
        subject: "1".into(),
        email: Some("new@example.org".into()),
        name: "Alma".into(),
        language: "et".into(),
        memberships: vec![ProvidedMembership { role, subject: Some(2), name: "beta".into() }],
    }
}

#[tokio::test]
async fn whatever_is_done_is_recorded_once_and_no_secret_is_anywhere() {
    let (store, connection) = database::store().await;
    let (store, mut record) = (store.with_secret_key(SecretKey::new([7; 32])), Record(connection, 0, BTreeSet::new()));
    let octavo = store.organisations().keep("Octavo", Owner, &[]).await.unwrap();
    let owner = member(&store, "olivia", octavo, Role::Owner).await;
    let beta = publisher(&store, "beta", 2).await.1;
    record.since().await;
    let (actor, who) = (olivia(owner, octavo), "olivia@example.org");
    let (by, reach) = (store.by(&actor), everybody());
    let mut secrets = vec![PASSWORD.to_string(), OTHER.to_string()];

    let id = by.organisations().make(&new("alma", Publisher, None, &[1])).await.unwrap().id;
    record.is(Audited::OrganisationMade, who, &[octavo, id]).await;
    by.organisations().change("alma", &new("alma", Publisher, None, &[1, 3])).await.unwrap();
    record.is(Audited::OrganisationChanged, who, &[octavo, id]).await;
    by.organisations().keep("alma", Publisher, &[1]).await.unwrap();
    record.is(Audited::OrganisationChanged, who, &[octavo, id]).await;
    by.organisations().keep("alma", Publisher, &[1]).await.unwrap();
    assert_eq!(record.since().await, []);
    by.organisations().require_two_factor(&reach, "alma", false).await.unwrap();
    record.is(Audited::OrganisationChanged, who, &[octavo, id]).await;

    let alma = by.accounts().add_account("alma@example.org", "Alma", PASSWORD).await.unwrap();
    record.is(Audited::AccountMade, who, &[octavo]).await;
    by.accounts().add_membership(alma, id, Role::Publisher).await.unwrap();
    record.is(Audited::MembershipChanged, who, &[octavo, id]).await;
    by.people().change(&reach, "alma", alma, &Membership::of(Role::Publisher)).await.unwrap();
    record.is(Audited::MembershipChanged, who, &[octavo, id]).await;
    by.accounts().set_profile(alma, "Alma", "et").await.unwrap();
    record.is(Audited::AccountChanged, who, &[octavo, id]).await;
    by.accounts().set_password(alma, OTHER, None, now()).await.unwrap();
    record.is(Audited::PasswordChanged, who, &[octavo, id]).await;
    for (active, what) in [(false, Audited::AccountDeactivated), (true, Audited::AccountActivated)] {
        by.accounts().set_active(alma, active, now()).await.unwrap();
        record.is(what, who, &[octavo, id]).await;
    }

    let invitation = |email: &str| {
        let (role, language) = (Role::Publisher, "en".into());
        NewInvitation { email: email.into(), role, subjects: None, language }
    };
    let (one, token) = by.invitations().invite(&reach, "alma", &invitation("a@example.org"), now()).await.unwrap();
    secrets.push(token);
    record.is(Audited::Invited, who, &[octavo, id]).await;
    by.invitations().withdraw(&reach, "alma", one.id, now()).await.unwrap();
    record.is(Audited::InvitationWithdrawn, who, &[octavo, id]).await;
    let (_, token) = by.invitations().invite(&reach, "alma", &invitation("b@example.org"), now()).await.unwrap();
    record.since().await;
    let person = NewPerson { name: "B".into(), password: PASSWORD.into(), language: "en".into() };
    by.invitations().accept(&token, Some(person), now()).await.unwrap();
    secrets.push(token);
    record.is(Audited::InvitationAccepted, who, &[octavo, id]).await;

    let key = NewKey {
        account: alma,
        organisation: id,
        name: "A".into(),
        scopes: vec![KeyScope::UsageRead],
        networks: vec![],
        expires_at: None,
    };
    let (key_id, key) = by.keys().make(&key, now()).await.unwrap();
    secrets.push(key[13..].to_string());
    record.is(Audited::KeyMade, who, &[octavo, id]).await;
    let (key_id, key) = by.keys().rotate(alma, id, key_id, minutes(1), now()).await.unwrap();
    secrets.push(key[13..].to_string());
    record.is(Audited::KeyRotated, who, &[octavo, id]).await;
    by.keys().revoke(&reach, None, key_id, now()).await.unwrap();
    record.is(Audited::KeyRevoked, who, &[octavo, id]).await;

    let signing_in = NewSignIn { account: alma, method: "password".into(), two_factor: false, agent: String::new() };
    let session = by.sign_ins().begin(&signing_in, now()).await.unwrap();
    // Who signs in is the one who does it.
    record.is(Audited::SignIn, "alma@example.org", &[octavo, id]).await;
    secrets.push(by.sign_ins().know_browser(alma, None, now()).await.unwrap());

    let factor = by.second_factor();
    let secret = factor.enrol(alma).await.unwrap().secret;
    assert_eq!(record.since().await, []);
    let codes = factor.turn_on(alma, session, &code(&secret, now()), now()).await.unwrap().unwrap();
    record.is(Audited::TwoFactorOn, who, &[octavo, id]).await;
    assert!(factor.check(alma, &codes[0], now()).await.unwrap());
    record.is(Audited::RecoveryCodeUsed, who, &[octavo, id]).await;
    let more = factor.new_recovery_codes(alma).await.unwrap();
    record.is(Audited::RecoveryCodesMade, who, &[octavo, id]).await;
    secrets.extend(codes.iter().chain(&more).flat_map(|c| [c.clone(), c.replace('-', "")]));
    secrets.extend([hex::encode(Secret::try_from_base32(&secret).unwrap()), secret]);
    canaries(&mut record.0, &secrets).await;
    factor.turn_off(alma).await.unwrap();
    record.is(Audited::TwoFactorOff, who, &[octavo, id]).await;
    by.sign_ins().end(alma, session, Audited::SignOut, now()).await.unwrap();
    record.is(Audited::SignOut, who, &[octavo, id]).await;
    by.sign_ins().end_all(alma, None, now()).await.unwrap();
    record.is(Audited::SessionEnded, who, &[octavo, id]).await;

    let link = by.mail_links().ask_reset("alma@example.org", now()).await.unwrap().unwrap();
    record.is(Audited::PasswordResetAsked, who, &[octavo, id]).await;
    by.mail_links().reset(&link.token, PASSWORD, now()).await.unwrap();
    record.is(Audited::PasswordReset, who, &[octavo, id]).await;
    let change = by.mail_links().ask_email_change(alma, "new@example.org", now()).await.unwrap().unwrap();
    record.is(Audited::EmailChangeAsked, who, &[octavo, id]).await;
    by.mail_links().change_email(&change.token, now()).await.unwrap();
    record.is(Audited::EmailChanged, who, &[octavo, id]).await;
    secrets.extend([link.token, change.token]);

    let looks = NewSignIn { account: owner, ..signing_in };
    let looks = by.sign_ins().begin(&looks, now()).await.unwrap();
    record.since().await;
    let (email, reason) = ("new@example.org".into(), "a question of theirs".into());
    let viewing = NewViewing { email, organisation: "alma".into(), reason, minutes: 5 };
    by.viewings().begin(looks, &viewing, now()).await.unwrap();
    record.is(Audited::ViewAsStarted, who, &[octavo, id]).await;
    for _ in 0..2 {
        by.viewings().end(looks, now()).await.unwrap();
    }
    record.is(Audited::ViewAsEnded, who, &[octavo, id]).await;

    // That a person is joined, and where they then belong; that they come again is told by the sign-in.
    by.identities().arrive(&arrival(), now()).await.unwrap();
    let actions: Vec<String> = record.since().await.into_iter().map(|row| row.1).collect();
    assert_eq!(actions, ["account_changed", "membership_changed"]);
    by.identities().arrive(&arrival(), now()).await.unwrap();
    assert_eq!(record.since().await, []);
    by.identities().arrive(&ProvidedPerson { memberships: vec![], ..arrival() }, now()).await.unwrap();
    record.is(Audited::MembershipEnded, who, &[octavo, beta]).await;

    by.people().end(&reach, "alma", alma, now()).await.unwrap();
    record.is(Audited::MembershipEnded, who, &[octavo, id]).await;
    let period = Period {
        site: "ee".into(),
        month: NaiveDate::from_ymd_opt(2026, 10, 1).unwrap(),
        amount_minor: 0,
        currency: "EUR".into(),
        entered_by: who.into(),
        statements: vec![],
    };
    by.pools().close_month(&period, now()).await.unwrap();
    record.is(Audited::StatementsMade, who, &[octavo]).await;
    by.audit().record(None, Entry::of(Audited::Export, "usage")).await.unwrap();
    record.is(Audited::Export, who, &[octavo]).await;
    let write_key = by.write_keys().make("ee", "pages", &[], now()).await.unwrap();
    record.is(Audited::WriteKeyMade, who, &[octavo]).await;
    by.write_keys().end(&write_key.key, now()).await.unwrap();
    record.is(Audited::WriteKeyEnded, who, &[octavo]).await;
    canaries(&mut record.0, &secrets).await;

    // What other rooms record is tested there, in the server: viewing.rs, collecting.rs, aliasing.rs, second_wall/recorded.rs.
    let elsewhere = [
        Audited::SignInRefused,
        Audited::Refused,
        Audited::QuarantineReleased,
        Audited::AliasMade,
        Audited::AliasRemoved,
        Audited::BiAccountMade,
        Audited::BiAccountEnded,
    ];
    record.2.extend(elsewhere.map(Audited::as_str));
    let forgotten: Vec<_> = Audited::ALL.iter().filter(|what| !record.2.contains(what.as_str())).collect();
    assert!(forgotten.is_empty(), "recorded, and shown by no test: {forgotten:?}");
}

/// None of these is in any row of any table.
async fn canaries(connection: &mut PgConnection, secrets: &[String]) {
    let tables: Vec<String> = sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'app'")
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    assert!(tables.len() > 15 && secrets.len() > 5);
    for table in tables {
        let sql = format!("SELECT lower(t::text) FROM app.\"{table}\" AS t");
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut *connection).await.unwrap();
        for secret in secrets {
            let forms = [secret.to_lowercase(), hex::encode(secret)];
            assert!(rows.iter().all(|row| forms.iter().all(|form| !row.contains(form))), "{secret} in {table}");
        }
    }
}

#[tokio::test]
async fn what_fails_leaves_no_entry() {
    let (store, connection) = database::store().await;
    let mut record = Record(connection, 0, BTreeSet::new());
    let octavo = store.organisations().keep("Octavo", Owner, &[]).await.unwrap();
    let owner = member(&store, "olivia", octavo, Role::Owner).await;
    let (alma, organisation) = publisher(&store, "alma", 1).await;
    let link = store.mail_links().ask_email_change(alma, "new@example.org", now()).await.unwrap().unwrap();
    store.accounts().add_account("new@example.org", "New", PASSWORD).await.unwrap();
    record.since().await;
    let (everybody, nil) = (everybody(), Uuid::nil());
    let part = Membership { subjects: Some(vec![9]), ..Membership::of(Role::Publisher) };
    let failed: Vec<Option<StoreError>> = vec![
        store.people().end(&everybody, "octavo", owner, now()).await.err(),
        store.people().change(&everybody, "octavo", owner, &Membership::of(Role::Operator)).await.err(),
        store.people().change(&everybody, "alma", alma, &part).await.err(),
        store.accounts().add_account("alma@example.org", "Alma", PASSWORD).await.err(),
        store.accounts().add_membership(nil, organisation, Role::Publisher).await.err(),
        store.accounts().set_profile(alma, "Alma", "xx").await.err(),
        store.organisations().make(&new("alma", Publisher, None, &[])).await.err(),
        store.organisations().change("octavo", &new("alma", Owner, Some("alma"), &[])).await.err(),
        store.mail_links().change_email(&link.token, now()).await.err(),
        store.mail_links().reset("guessed", PASSWORD, now()).await.err(),
        store.keys().revoke(&everybody, None, nil, now()).await.err(),
        store.keys().create(alma, "A", &[], None, now()).await.err(),
        store.invitations().accept("guessed", None, now()).await.err(),
        store.sign_ins().end(alma, nil, Audited::SignOut, now()).await.err(),
        store.second_factor().turn_off(nil).await.err(),
    ];
    let done = failed.iter().filter(|error| error.is_none()).count();
    assert_eq!((done, record.since().await), (0, vec![]), "{failed:?}");
    assert!(!store.accounts().set_active(nil, false, now()).await.unwrap());
    assert_eq!(record.since().await, []);
}

#[tokio::test]
async fn the_record_never_changes() {
    let (store, mut connection) = database::store().await;
    publisher(&store, "alma", 1).await;
    for sql in ["UPDATE app.audit SET subject = 'x'", "DELETE FROM app.audit", "TRUNCATE app.audit"] {
        let error = sqlx::query(sql).execute(&mut connection).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{sql}: {error}");
    }
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM app.audit").fetch_one(&mut connection).await.unwrap();
    assert_eq!(kept, 3);
}
