//! Invitations, from sending to accepting: each link is good once, for a week, for whom it was sent to.

use access::OrganisationKind::{Owner, Publisher, PublisherGroup};
use access::Role;
use chrono::{DateTime, TimeDelta, Utc};
use store::{Invitation, NewInvitation, NewPerson, Store, StoreError};

use crate::database;
use crate::people_of_a_test::{PASSWORD, below, everybody, member, now, organisation, publisher};

fn new(email: &str) -> NewInvitation {
    NewInvitation { email: email.into(), role: Role::Publisher, subjects: None, language: "et".into() }
}

fn person() -> Option<NewPerson> {
    Some(NewPerson { name: "Anna".into(), password: PASSWORD.into(), language: "et".into() })
}

async fn invite(store: &Store, email: &str) -> (Invitation, String) {
    store.invitations().invite(&everybody(), "alma", &new(email), now()).await.unwrap()
}

async fn is_gone(store: &Store, token: &str, at: DateTime<Utc>) -> bool {
    let read = store.invitations().read(token, at).await;
    let accepted = store.invitations().accept(token, person(), at).await;
    matches!((read, accepted), (Err(StoreError::LinkGone), Err(StoreError::LinkGone)))
}

#[tokio::test]
async fn who_accepts_is_a_member_with_a_password_and_the_link_is_used_up() {
    let (store, mut connection) = database::store().await;
    publisher(&store, "alma", 1).await;
    let (invitation, token) = invite(&store, " Anna@Example.org").await;
    assert_eq!((invitation.email.as_str(), invitation.organisation.as_str()), ("anna@example.org", "alma"));
    assert!(!invitation.has_account && store.invitations().read(&token, now()).await.unwrap() == invitation);
    let kept: Vec<String> =
        sqlx::query_scalar("SELECT i::text FROM app.invitation AS i UNION ALL SELECT a::text FROM app.audit AS a")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert!(kept.len() > 1 && kept.iter().all(|row| !row.contains(&token)));
    store.invitations().accept(&token, person(), now()).await.unwrap();
    assert!(is_gone(&store, &token, now()).await);
    let account = store.accounts().verify("anna@example.org", PASSWORD).await.unwrap().unwrap();
    assert_eq!((account.name.as_str(), account.language.as_str()), ("Anna", "et"));
    let caller = store.accounts().caller_by_account(account.id, now()).await.unwrap().unwrap();
    assert_eq!((caller.role, caller.organisation.subjects.clone()), (Role::Publisher, vec![1]));
    assert_eq!(store.invitations().open(&everybody(), "alma").await.unwrap(), []);
    let again = store.invitations().invite(&everybody(), "alma", &new("anna@example.org"), now()).await;
    assert!(matches!(again, Err(StoreError::AlreadyMember(_))));
}

#[tokio::test]
async fn a_link_that_is_old_withdrawn_replaced_or_guessed_is_gone() {
    let (store, _) = database::store().await;
    publisher(&store, "alma", 1).await;
    let (first, old) = invite(&store, "anna@example.org").await;
    let end = first.expires_at;
    assert_eq!(end, now() + TimeDelta::days(7));
    assert!(store.invitations().read(&old, end - TimeDelta::milliseconds(1)).await.is_ok());
    assert!(is_gone(&store, &old, end).await);
    let (second, new) = invite(&store, "ANNA@example.org").await;
    assert!(is_gone(&store, &old, now()).await);
    let open = store.invitations().open(&everybody(), "alma").await.unwrap();
    assert_eq!(open.iter().map(|i| i.id).collect::<Vec<_>>(), [second.id]);
    store.invitations().withdraw(&everybody(), "alma", second.id, now()).await.unwrap();
    assert!(is_gone(&store, &new, now()).await);
    for token in ["", "x", &new[1..], "\0"] {
        assert!(is_gone(&store, token, now()).await, "{token:?}");
    }
    let again = store.invitations().withdraw(&everybody(), "alma", second.id, now()).await;
    assert!(matches!(again, Err(StoreError::NoInvitation)));
}

#[tokio::test]
async fn of_many_who_accept_or_invite_at_once_one_does() {
    let (store, _) = database::store().await;
    publisher(&store, "alma", 1).await;
    store.accounts().add_account("anna@example.org", "Anna", PASSWORD).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        tasks.spawn(async move { invite(&store, "anna@example.org").await.1 });
    }
    let tokens = tasks.join_all().await;
    let mut open = Vec::new();
    for token in tokens {
        open.extend(store.invitations().read(&token, now()).await.ok().map(|_| token));
    }
    assert_eq!(open.len(), 1);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (store, token) = (store.clone(), open[0].clone());
        tasks.spawn(async move { store.invitations().accept(&token, None, now()).await });
    }
    let accepted = tasks.join_all().await;
    assert_eq!(accepted.iter().filter(|done| done.is_ok()).count(), 1, "{accepted:?}");
    assert!(accepted.iter().all(|done| matches!(done, Ok(()) | Err(StoreError::LinkGone))), "{accepted:?}");
}

#[tokio::test]
async fn who_has_an_account_joins_with_it_and_who_is_not_active_does_not() {
    let (store, _) = database::store().await;
    publisher(&store, "alma", 1).await;
    let (beta, _) = publisher(&store, "beta", 2).await;
    let (invitation, token) = invite(&store, "beta@example.org").await;
    assert!(invitation.has_account);
    store.accounts().set_active(beta, false, now()).await.unwrap();
    for person in [None, person()] {
        let refused = store.invitations().accept(&token, person, now()).await;
        assert!(matches!(refused, Err(StoreError::NoAccount)));
    }
    store.accounts().set_active(beta, true, now()).await.unwrap();
    // Whoever has the link does not give the account another password or name.
    let another = NewPerson { name: "X".into(), password: "another horse battery".into(), language: "en".into() };
    store.invitations().accept(&token, Some(another), now()).await.unwrap();
    assert_eq!(store.accounts().verify("beta@example.org", PASSWORD).await.unwrap().unwrap().name, "beta");
    let belongings = store.accounts().belongings(beta, now()).await.unwrap();
    assert_eq!(belongings.iter().map(|b| b.slug.as_str()).collect::<Vec<_>>(), ["beta", "alma"]);
}

#[tokio::test]
async fn a_weak_password_leaves_the_link_as_it_was() {
    let (store, _) = database::store().await;
    publisher(&store, "alma", 1).await;
    let (_, token) = invite(&store, "anna.tamm@example.org").await;
    for (password, name) in [("short", "Anna"), ("anna.tamm1234", "Anna"), ("password1234", "Anna")] {
        let person = NewPerson { name: name.into(), password: password.into(), language: "en".into() };
        let refused = store.invitations().accept(&token, Some(person), now()).await;
        assert!(matches!(refused, Err(StoreError::PasswordLength { .. } | StoreError::WeakPassword)), "{password}");
    }
    let nobody = store.invitations().accept(&token, None, now()).await;
    assert!(matches!(nobody, Err(StoreError::NoAccount)));
    store.invitations().accept(&token, person(), now()).await.unwrap();
}

#[tokio::test]
async fn what_does_not_fit_or_is_out_of_reach_is_refused() {
    let (store, _) = database::store().await;
    let group = organisation(&store, "Group", PublisherGroup, None, &[1]).await;
    let imprint = organisation(&store, "Imprint", Publisher, Some("group"), &[2]).await;
    member(&store, "alma", group.id, Role::Publisher).await;
    let invitations = store.invitations();
    let into = async |reach, slug: &str, new| invitations.invite(&reach, slug, &new, now()).await;
    let fresh = || new("anna@example.org");
    for role in [Role::Owner, Role::Operator, Role::SchoolAdmin, Role::Official] {
        let unfit = into(everybody(), "group", NewInvitation { role, ..fresh() }).await;
        assert!(matches!(unfit, Err(StoreError::RoleDoesNotFit { .. })), "{role}");
    }
    for part in [vec![], vec![3], vec![1, 3]] {
        let unfit = into(everybody(), "group", NewInvitation { subjects: Some(part), ..fresh() }).await;
        assert!(matches!(unfit, Err(StoreError::NotItsSubjects)));
    }
    for email in ["a@b\r\nBcc: c@d.ee", "nobody", ""] {
        let unfit = into(everybody(), "group", new(email)).await;
        assert!(matches!(unfit, Err(StoreError::BadEmail(_))), "{email:?}");
    }
    assert!(matches!(into(below(imprint.id), "group", fresh()).await, Err(StoreError::NoOrganisation)));
    let (made, token) = into(below(group.id), "imprint", fresh()).await.unwrap();
    assert_eq!(invitations.open(&below(uuid::Uuid::nil()), "imprint").await.unwrap(), []);
    let elsewhere = invitations.withdraw(&below(imprint.id), "group", made.id, now()).await;
    assert!(matches!(elsewhere, Err(StoreError::NoInvitation)));
    let wrong_place = invitations.withdraw(&everybody(), "group", made.id, now()).await;
    assert!(matches!(wrong_place, Err(StoreError::NoInvitation)));
    assert!(invitations.read(&token, now()).await.is_ok());
}

#[tokio::test]
async fn who_became_the_last_owner_meanwhile_stays_it() {
    let (store, _) = database::store().await;
    let octavo = store.organisations().keep("Octavo", Owner, &[]).await.unwrap();
    let otto = store.accounts().add_account("otto@example.org", "Otto", PASSWORD).await.unwrap();
    let new = NewInvitation { role: Role::Operator, ..new("otto@example.org") };
    let (_, token) = store.invitations().invite(&everybody(), "octavo", &new, now()).await.unwrap();
    store.accounts().add_membership(otto, octavo, Role::Owner).await.unwrap();
    let refused = store.invitations().accept(&token, None, now()).await;
    assert!(matches!(refused, Err(StoreError::LastOwner)));
    member(&store, "olivia", octavo, Role::Owner).await;
    store.invitations().accept(&token, None, now()).await.unwrap();
    let caller = store.accounts().caller_by_account(otto, now()).await.unwrap().unwrap();
    assert_eq!(caller.role, Role::Operator);
}
