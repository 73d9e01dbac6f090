//! What most tests begin with: organisations, people in them, and their sessions.

use access::{Caller, OrganisationKind, Reach, Role};
use chrono::{DateTime, TimeDelta, Utc};
use store::{NewOrganisation, NewSignIn, OrganisationSummary, Store};
use uuid::Uuid;

pub const PASSWORD: &str = "correct horse battery";

pub fn now() -> DateTime<Utc> {
    "2026-11-21T07:12:15Z".parse().unwrap()
}

pub fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

/// The reach of the platform's owner.
pub fn everybody() -> Reach {
    access::reach_of(&Caller::program(Role::Owner, vec![]))
}

/// The reach of a member of this organisation.
pub fn below(organisation: Uuid) -> Reach {
    let mut caller = Caller::program(Role::Official, vec![]);
    caller.organisation.id = organisation.to_string();
    access::reach_of(&caller)
}

pub fn new(name: &str, kind: OrganisationKind, parent: Option<&str>, subjects: &[i32]) -> NewOrganisation {
    let (name, parent, subjects) = (name.to_string(), parent.map(Into::into), subjects.to_vec());
    NewOrganisation { name, kind, parent, subjects, valid_from: None, valid_until: None }
}

pub async fn organisation(
    store: &Store,
    name: &str,
    kind: OrganisationKind,
    parent: Option<&str>,
    subjects: &[i32],
) -> OrganisationSummary {
    store.organisations().make(&new(name, kind, parent, subjects)).await.unwrap()
}

/// A new account that is a member there; `name` is of its address, too.
pub async fn member(store: &Store, name: &str, organisation: Uuid, role: Role) -> Uuid {
    let account = store.accounts().add_account(&format!("{name}@example.org"), name, PASSWORD).await.unwrap();
    store.accounts().add_membership(account, organisation, role).await.unwrap();
    account
}

/// A new publisher with one member: the account and the organisation.
pub async fn publisher(store: &Store, name: &str, subject: i32) -> (Uuid, Uuid) {
    let organisation = store.organisations().keep(name, OrganisationKind::Publisher, &[subject]).await.unwrap();
    (member(store, name, organisation, Role::Publisher).await, organisation)
}

/// A session that began with a password.
pub async fn session(store: &Store, account: Uuid) -> Uuid {
    let new = NewSignIn { account, method: "password".into(), two_factor: false, agent: "a browser".into() };
    store.sign_ins().begin(&new, now()).await.unwrap()
}

/// What a session sees, in the account's first organisation or that of the slug.
pub async fn sees(store: &Store, session: Uuid, slug: Option<&str>, at: DateTime<Utc>) -> Option<Vec<i32>> {
    let found = store.sign_ins().caller(session, slug.map(Into::into).as_ref(), at).await.unwrap();
    found.map(|found| found.caller.organisation.subjects.clone())
}
