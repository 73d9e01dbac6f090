//! Sessions: which caller each is, what ends them, and views as another.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::OrganisationKind::{County, Municipality, Owner, School};
use access::{KeyScope, Role, Via};
use chrono::TimeDelta;
use sqlx::{Connection, Executor};
use store::{Audited, NewOrganisation, NewSignIn, NewViewing, Store, StoreError};
use uuid::Uuid;

use crate::database;
use crate::people_of_a_test::{PASSWORD, everybody, member, minutes, new, now, organisation, publisher, sees, session};

fn viewing(name: &str) -> NewViewing {
    let email = format!("{name}@example.org");
    NewViewing { email, organisation: name.into(), reason: "a question of theirs".into(), minutes: 30 }
}

/// An operator's session beside an owner who stays.
async fn operator(store: &Store) -> (Uuid, Uuid) {
    let octavo = store.organisations().keep("Octavo", Owner, &[]).await.unwrap();
    member(store, "olivia", octavo, Role::Owner).await;
    let operator = member(store, "oscar", octavo, Role::Operator).await;
    (operator, session(store, operator).await)
}

#[tokio::test]
async fn a_session_is_a_caller_of_its_own_organisations_only() {
    let (store, _) = database::store().await;
    let (alma, here) = publisher(&store, "alma", 1).await;
    publisher(&store, "beta", 2).await;
    let school = store.organisations().keep("School 1", School, &[5]).await.unwrap();
    store.accounts().add_membership(alma, school, Role::SchoolAdmin).await.unwrap();
    let id = session(&store, alma).await;
    for (slug, rows) in [
        (None, Some(vec![1])),
        (Some("alma"), Some(vec![1])),
        (Some("school-1"), Some(vec![5])),
        (Some("beta"), None),
        (Some("ALMA"), None),
        (Some("nowhere"), None),
        (Some(""), None),
    ] {
        assert_eq!(sees(&store, id, slug, now()).await, rows, "{slug:?}");
    }
    let found = store.sign_ins().caller(id, None, now()).await.unwrap().unwrap();
    assert_eq!((found.id, found.account, found.started_at, found.proved_at), (id, alma, now(), now()));
    assert_eq!(found.caller.via, Via::Session { sign_in: id.to_string() });
    assert_eq!(found.caller.organisation.id, here.to_string());
    assert_eq!(sees(&store, Uuid::nil(), None, now()).await, None);
}

#[tokio::test]
async fn sessions_end_one_by_one_all_together_and_with_another_password() {
    let (store, _) = database::store().await;
    let (alma, _) = publisher(&store, "alma", 1).await;
    let (beta, _) = publisher(&store, "beta", 2).await;
    let sign_ins = store.sign_ins();
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(session(&store, alma).await);
    }
    let others = session(&store, beta).await;
    let left = async || {
        let mut left = Vec::new();
        for (i, id) in ids.iter().enumerate() {
            left.extend(sees(&store, *id, None, now()).await.map(|_| i));
        }
        let listed: BTreeSet<Uuid> =
            sign_ins.list(alma, now() - minutes(1)).await.unwrap().into_iter().map(|s| s.id).collect();
        assert_eq!(listed, left.iter().map(|i| ids[*i]).collect());
        left
    };
    let anothers = sign_ins.end(beta, ids[0], Audited::SessionEnded, now()).await;
    assert!(matches!(anothers, Err(StoreError::NoSession)));
    assert_eq!(left().await, [0, 1, 2, 3]);
    sign_ins.end(alma, ids[0], Audited::SessionEnded, now()).await.unwrap();
    let again = sign_ins.end(alma, ids[0], Audited::SignOut, now()).await;
    assert!(matches!(again, Err(StoreError::NoSession)));
    assert_eq!(left().await, [1, 2, 3]);
    store.accounts().set_password(alma, "another horse battery", Some(ids[2]), now()).await.unwrap();
    assert_eq!(left().await, [2]);
    sign_ins.end_all(alma, Some(ids[2]), now()).await.unwrap();
    assert_eq!(left().await, [2]);
    sign_ins.end_all(alma, None, now()).await.unwrap();
    assert_eq!(left().await, [] as [usize; 0]);
    assert!(sees(&store, others, None, now()).await.is_some());
}

#[tokio::test]
async fn who_is_deactivated_has_no_session_and_is_given_none_back() {
    let (store, mut connection) = database::store().await;
    let (alma, _) = publisher(&store, "alma", 1).await;
    let before = session(&store, alma).await;
    store.keys().create(alma, "A", &[KeyScope::UsageRead], None, now()).await.unwrap();
    // Somebody who signs in while they are deactivated, after the sessions of before were ended.
    let mut held = connection.begin().await.unwrap();
    held.execute("SELECT FROM app.api_key FOR UPDATE").await.unwrap();
    let out = {
        let store = store.clone();
        tokio::spawn(async move { store.accounts().set_active(alma, false, now()).await })
    };
    database::are_waiting(&mut held, 1).await;
    let new = NewSignIn { account: alma, method: "password".into(), two_factor: false, agent: String::new() };
    let signing_in = {
        let (store, new) = (store.clone(), new.clone());
        tokio::spawn(async move { store.sign_ins().begin(&new, now()).await })
    };
    database::are_waiting(&mut held, 2).await;
    held.rollback().await.unwrap();
    assert!(out.await.unwrap().unwrap());
    let meanwhile = signing_in.await.unwrap();
    assert!(matches!(store.sign_ins().begin(&new, now()).await, Err(StoreError::NoAccount)));
    assert_eq!(store.accounts().verify("alma@example.org", PASSWORD).await.unwrap(), None);
    store.accounts().set_active(alma, true, now()).await.unwrap();
    for id in [Ok(before), meanwhile].into_iter().flatten() {
        assert_eq!(sees(&store, id, None, now()).await, None);
    }
    assert!(sees(&store, session(&store, alma).await, None, now()).await.is_some());
}

#[tokio::test]
async fn who_views_sees_what_the_other_sees_for_a_while() {
    let (store, _) = database::store().await;
    publisher(&store, "alma", 1).await;
    let (oscar, id) = operator(&store).await;
    assert_eq!(sees(&store, id, Some("alma"), now()).await, None);
    let until = store.viewings().begin(id, &viewing("alma"), now()).await.unwrap();
    assert_eq!(until, now() + minutes(30));
    let found = store.sign_ins().caller(id, Some(&Arc::from("alma")), now()).await.unwrap().unwrap();
    let (caller, account) = (&found.caller, found.account);
    assert_eq!((caller.email.as_str(), caller.role, account), ("alma@example.org", Role::Publisher, oscar));
    let by = Via::View {
        sign_in: id.to_string(),
        by: oscar.to_string(),
        by_email: "oscar@example.org".into(),
        reason: "a question of theirs".into(),
        until: until.timestamp(),
    };
    assert_eq!((&caller.via, access::permits(caller, access::Action::PeopleWrite)), (&by, false));
    let other_session = session(&store, oscar).await;
    for (id, slug, at, sees_it) in [
        (id, "alma", until - TimeDelta::milliseconds(1), true),
        (id, "alma", until, false),
        (id, "beta", now(), false),
        (other_session, "alma", now(), false),
    ] {
        assert_eq!(sees(&store, id, Some(slug), at).await.is_some(), sees_it, "{slug} {at}");
    }
    assert_eq!(sees(&store, id, None, now()).await, Some(vec![]), "where they belong they are themselves");
    store.viewings().end(id, now()).await.unwrap();
    assert_eq!(sees(&store, id, Some("alma"), now()).await, None);
}

#[tokio::test]
async fn a_view_ends_with_the_session_and_the_role_of_the_one_who_looks() {
    let (store, mut connection) = database::store().await;
    let (alma, _) = publisher(&store, "alma", 1).await;
    let (oscar, mut id) = operator(&store).await;
    let is_seen = async |id| sees(&store, id, Some("alma"), now()).await.is_some();
    store.viewings().begin(id, &viewing("alma"), now()).await.unwrap();
    for (until, seen) in [(Some(now()), false), (None, true), (Some(now() + minutes(1)), true)] {
        let sql = "UPDATE app.membership SET valid_until = $1 WHERE role = 'operator'";
        sqlx::query(sql).bind(until).execute(&mut connection).await.unwrap();
        assert_eq!(is_seen(id).await, seen, "{until:?}");
    }
    // The second factor that the platform asks its own for, too.
    store.organisations().require_two_factor(&everybody(), "octavo", true).await.unwrap();
    assert!(!is_seen(id).await);
    store.sign_ins().proved(id, true, now()).await.unwrap();
    assert!(is_seen(id).await);
    store.organisations().require_two_factor(&everybody(), "octavo", false).await.unwrap();
    store.sign_ins().end(oscar, id, Audited::SignOut, now()).await.unwrap();
    assert!(!is_seen(id).await);
    id = session(&store, oscar).await;
    store.viewings().begin(id, &viewing("alma"), now()).await.unwrap();
    store.accounts().set_active(alma, false, now()).await.unwrap();
    assert!(!is_seen(id).await);
    store.accounts().set_active(alma, true, now()).await.unwrap();
    store.people().end(&everybody(), "octavo", oscar, now()).await.unwrap();
    assert!(!is_seen(id).await);
}

#[tokio::test]
async fn neither_the_platforms_own_nor_ones_own_organisation_is_viewed() {
    let (store, _) = database::store().await;
    let (_, here) = publisher(&store, "alma", 1).await;
    let (oscar, id) = operator(&store).await;
    let refused =
        async |new: NewViewing| matches!(store.viewings().begin(id, &new, now()).await, Err(StoreError::NotToBeViewed));
    assert!(refused(NewViewing { organisation: "octavo".into(), ..viewing("olivia") }).await);
    assert!(refused(NewViewing { organisation: "nowhere".into(), ..viewing("alma") }).await);
    assert!(refused(NewViewing { email: "olivia@example.org".into(), ..viewing("alma") }).await);
    store.viewings().begin(id, &viewing("alma"), now()).await.unwrap();
    store.accounts().add_membership(oscar, here, Role::Publisher).await.unwrap();
    assert!(refused(viewing("alma")).await);
    let found = store.sign_ins().caller(id, Some(&Arc::from("alma")), now()).await.unwrap().unwrap();
    assert_eq!(found.caller.via, Via::Session { sign_in: id.to_string() });
}

#[tokio::test]
async fn what_is_kept_is_at_every_instant_what_would_be_looked_up() {
    let url = database::migrated().await;
    let (kept, fresh) = (Store::connect(&url).await.unwrap(), Store::connect(&url).await.unwrap());
    let listening = tokio::spawn(kept.clone().listen());
    database::listens(&kept).await;
    let at = |n| now() + minutes(n);
    let timed = |name: &str, kind, parent, subject, from: Option<i64>, until: Option<i64>| {
        let (valid_from, valid_until) = (from.map(at), until.map(at));
        NewOrganisation { valid_from, valid_until, ..new(name, kind, parent, &[subject]) }
    };
    // The account's first organisation is not yet; its second has others below it that come and go.
    let first = fresh.organisations().make(&timed("First", School, None, 9, Some(5), Some(10))).await.unwrap();
    let harju = fresh.organisations().make(&timed("Harju", County, None, 1, None, Some(20))).await.unwrap();
    fresh.organisations().make(&timed("Keila", Municipality, Some("harju"), 2, Some(3), Some(12))).await.unwrap();
    organisation(&fresh, "Saue", Municipality, Some("harju"), &[3]).await;
    let account = member(&fresh, "anna", first.id, Role::SchoolAdmin).await;
    fresh.accounts().add_membership(account, harju.id, Role::Official).await.unwrap();
    let own = session(&fresh, account).await;
    // One who looks at it, and is of the platform's own for fifteen minutes.
    let (oscar, looks) = operator(&fresh).await;
    let until = store::Membership { valid_until: Some(at(15)), ..store::Membership::of(Role::Operator) };
    fresh.people().change(&everybody(), "octavo", oscar, &until).await.unwrap();
    let new = NewViewing { organisation: "harju".into(), ..viewing("anna") };
    fresh.viewings().begin(looks, &new, now()).await.unwrap();
    let mut answers = BTreeSet::new();
    for minute in 0..25 {
        for (id, slug) in
            [(own, None), (own, Some("harju")), (own, Some("first")), (looks, Some("harju")), (looks, None)]
        {
            let expected = sees(&fresh, id, slug, at(minute)).await;
            assert_eq!(sees(&kept, id, slug, at(minute)).await, expected, "minute {minute}, {slug:?}");
            answers.insert(expected);
        }
    }
    assert!(answers.len() >= 5, "{answers:?}");
    listening.abort();
}
