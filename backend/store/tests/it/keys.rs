//! API keys, from making to refusing.

use access::{KeyScope, OrganisationKind, Role, Via};
use chrono::TimeDelta;
use sqlx::{Connection, Executor};
use store::{NewKey, StoreError};
use uuid::Uuid;

use crate::database;
use crate::people_of_a_test::{below, everybody, minutes, now, publisher};

#[tokio::test]
async fn a_key_is_its_maker_with_its_scopes_and_only_its_hash_is_kept() {
    let (store, mut connection) = database::store().await;
    let (alma, _) = publisher(&store, "alma", 1).await;
    let (beta, _) = publisher(&store, "beta", 2).await;
    let (id_a, key_a) = store.keys().create(alma, "A", &[KeyScope::UsageRead], None, now()).await.unwrap();
    let (id_b, key_b) = store.keys().create(beta, "B", &KeyScope::ALL, None, now()).await.unwrap();

    let a = store.keys().caller_by_key(&key_a, None, now()).await.unwrap().unwrap();
    let b = store.keys().caller_by_key(&key_b, None, now()).await.unwrap().unwrap();
    let via = |id: Uuid, key: &str, scopes: &[KeyScope]| Via::Key {
        id: id.to_string(),
        prefix: key[4..12].to_string(),
        scopes: scopes.to_vec(),
    };
    assert_eq!((a.organisation.subjects.clone(), a.via.clone()), (vec![1], via(id_a, &key_a, &[KeyScope::UsageRead])));
    assert_eq!((b.organisation.subjects.clone(), b.via.clone()), (vec![2], via(id_b, &key_b, &KeyScope::ALL)));

    let kept: Vec<String> =
        sqlx::query_scalar("SELECT api_key::text FROM app.api_key").fetch_all(&mut connection).await.unwrap();
    for key in [&key_a, &key_b] {
        let secret = key.split_at(13).1;
        assert!(kept.iter().all(|row| !row.contains(secret)));
    }
}

#[tokio::test]
async fn what_is_not_the_whole_key_opens_nothing() {
    let (store, _) = database::store().await;
    let (account, _) = publisher(&store, "alma", 1).await;
    let (_, key) = store.keys().create(account, "A", &KeyScope::ALL, None, now()).await.unwrap();
    let (_, other) = store.keys().create(account, "B", &KeyScope::ALL, None, now()).await.unwrap();
    let mixed = format!("{}{}", &key[..13], &other[13..]);
    for wrong in ["", "oct_", &key[..55], &key.to_uppercase(), &mixed, &format!("{key} "), "oct_%_______"] {
        assert_eq!(store.keys().caller_by_key(wrong, None, now()).await.unwrap(), None, "{wrong}");
    }
}

#[tokio::test]
async fn a_key_does_not_outlive_its_revocation() {
    let (store, _) = database::store().await;
    let (alma, here) = publisher(&store, "alma", 1).await;
    let (beta, there) = publisher(&store, "beta", 2).await;
    let (id, key) = store.keys().create(alma, "A", &KeyScope::ALL, None, now()).await.unwrap();
    for (reach, of) in [(everybody(), Some(beta)), (below(there), None), (below(there), Some(alma))] {
        assert!(matches!(store.keys().revoke(&reach, of, id, now()).await, Err(StoreError::NoKey)), "another's key");
    }
    assert!(store.keys().caller_by_key(&key, None, now()).await.unwrap().is_some());
    store.keys().revoke(&below(here), Some(alma), id, now()).await.unwrap();
    assert_eq!(store.keys().caller_by_key(&key, None, now()).await.unwrap(), None);
    let again = store.keys().revoke(&everybody(), None, id, now()).await;
    assert!(matches!(again, Err(StoreError::NoKey)));
    assert_eq!(store.keys().list(here, Some(alma)).await.unwrap()[0].revoked_at, Some(now()));
    assert_eq!(store.keys().list(here, Some(beta)).await.unwrap(), []);
    assert_eq!(store.keys().list(there, None).await.unwrap(), []);
}

#[tokio::test]
async fn a_key_expires_on_the_instant() {
    let (store, _) = database::store().await;
    let (account, _) = publisher(&store, "alma", 1).await;
    let end = now() + TimeDelta::hours(1);
    let (_, key) = store.keys().create(account, "A", &KeyScope::ALL, Some(end), now()).await.unwrap();
    for (at, holds) in [(end - TimeDelta::milliseconds(1), true), (end, false), (end + TimeDelta::days(1), false)] {
        assert_eq!(store.keys().caller_by_key(&key, None, at).await.unwrap().is_some(), holds, "{at}");
    }
}

#[tokio::test]
async fn a_key_goes_for_good_with_its_account_and_membership() {
    let (store, _) = database::store().await;
    let (account, organisation) = publisher(&store, "alma", 1).await;
    let keys = store.keys();
    assert!(matches!(keys.create(account, "C", &[], None, now()).await, Err(StoreError::NoKeyScope)));
    let (_, first) = keys.create(account, "A", &KeyScope::ALL, None, now()).await.unwrap();
    store.accounts().set_active(account, false, now()).await.unwrap();
    assert!(matches!(keys.create(account, "B", &KeyScope::ALL, None, now()).await, Err(StoreError::NoMembership)));
    store.accounts().set_active(account, true, now()).await.unwrap();
    let (_, second) = keys.create(account, "A", &KeyScope::ALL, None, now()).await.unwrap();
    assert!(keys.caller_by_key(&second, None, now()).await.unwrap().is_some());
    store.people().end(&everybody(), "alma", account, now()).await.unwrap();
    let new = NewKey {
        account,
        organisation,
        name: "B".into(),
        scopes: KeyScope::ALL.to_vec(),
        networks: vec![],
        expires_at: None,
    };
    assert!(matches!(keys.make(&new, now()).await, Err(StoreError::NoMembership)));
    store.accounts().add_membership(account, organisation, Role::Publisher).await.unwrap();
    for key in [first, second] {
        assert_eq!(keys.caller_by_key(&key, None, now()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_key_made_while_its_membership_ends_does_not_outlive_it() {
    let (store, mut connection) = database::store().await;
    let (account, organisation) = publisher(&store, "alma", 1).await;
    let mut held = connection.begin().await.unwrap();
    held.execute("SELECT FROM app.membership FOR UPDATE").await.unwrap();
    let ending = {
        let store = store.clone();
        tokio::spawn(async move { store.people().end(&everybody(), "alma", account, now()).await })
    };
    database::are_waiting(&mut held, 1).await;
    let making = {
        let store = store.clone();
        tokio::spawn(async move { store.keys().create(account, "A", &KeyScope::ALL, None, now()).await })
    };
    database::are_waiting(&mut held, 2).await;
    held.rollback().await.unwrap();
    ending.await.unwrap().unwrap();
    let made = making.await.unwrap();
    store.accounts().add_membership(account, organisation, Role::Publisher).await.unwrap();
    match made {
        Ok((_, key)) => assert_eq!(store.keys().caller_by_key(&key, None, now()).await.unwrap(), None),
        Err(error) => assert!(matches!(error, StoreError::NoMembership), "{error}"),
    }
}

#[tokio::test]
async fn a_key_for_some_networks_is_worth_nothing_elsewhere() {
    let (store, _) = database::store().await;
    let (account, organisation) = publisher(&store, "alma", 1).await;
    let networks = ["10.1.0.0/16", "2001:db8::/32"].map(|network| network.parse().unwrap()).to_vec();
    let scopes = vec![KeyScope::UsageRead];
    let new = NewKey { account, organisation, name: "A".into(), scopes, networks, expires_at: None };
    let (_, key) = store.keys().make(&new, now()).await.unwrap();
    for (from, may) in [
        (Some("10.1.255.255"), true),
        (Some("10.2.0.0"), false),
        (Some("::ffff:10.1.2.3"), true),
        (Some("::ffff:10.2.2.3"), false),
        (Some("2001:db8:ffff::1"), true),
        (Some("2001:db9::1"), false),
        (Some("::a01:203"), false),
        (None, false),
    ] {
        let from = from.map(|from| from.parse().unwrap());
        let found = store.keys().caller_by_key(&key, from, now()).await.unwrap();
        assert_eq!(found.is_some(), may, "{from:?}");
    }
}

#[tokio::test]
async fn a_rotated_key_holds_for_the_overlap_and_is_rotated_once() {
    let (store, _) = database::store().await;
    let (account, organisation) = publisher(&store, "alma", 1).await;
    let keys = store.keys();
    let end = now() + TimeDelta::days(30);
    let (id, old) = keys.create(account, "A", &[KeyScope::UsageRead], Some(end), now()).await.unwrap();
    let rotate = async |id| keys.rotate(account, organisation, id, minutes(60), now()).await;
    let (one, two) = tokio::join!(rotate(id), rotate(id));
    let (new_id, new) = match (one, two) {
        (Ok(new), Err(StoreError::NoKey)) | (Err(StoreError::NoKey), Ok(new)) => new,
        both => panic!("not exactly one: {both:?}"),
    };
    assert!(matches!(rotate(id).await, Err(StoreError::NoKey)));
    let over = now() + minutes(60);
    for (at, holds) in [
        (now(), [true, true]),
        (over - TimeDelta::milliseconds(1), [true, true]),
        (over, [false, true]),
        (end, [false, false]),
    ] {
        let found = [
            keys.caller_by_key(&old, None, at).await.unwrap().is_some(),
            keys.caller_by_key(&new, None, at).await.unwrap().is_some(),
        ];
        assert_eq!(found, holds, "{at}");
    }
    let listed = keys.list(organisation, None).await.unwrap();
    let rotated = listed.iter().find(|key| key.id == id).unwrap();
    assert_eq!((rotated.replaced_by, rotated.expires_at), (Some(new_id), Some(over)));
    assert!(listed.iter().all(|key| key.scopes == ["usage:read"] && key.name == "A"));
    // One that was used up, is another's, or is revoked is not rotated either.
    let late = keys.rotate(account, organisation, new_id, minutes(60), end).await;
    assert!(matches!(late, Err(StoreError::NoKey)));
    assert!(matches!(keys.rotate(Uuid::nil(), organisation, new_id, minutes(60), now()).await, Err(StoreError::NoKey)));
    keys.revoke(&everybody(), None, new_id, now()).await.unwrap();
    assert!(matches!(rotate(new_id).await, Err(StoreError::NoKey)));
}

#[tokio::test]
async fn a_key_is_never_wider_than_its_maker_is_now() {
    let (store, _) = database::store().await;
    let owner = store.organisations().keep("Octavo", OrganisationKind::Owner, &[]).await.unwrap();
    crate::people_of_a_test::member(&store, "olga", owner, Role::Owner).await;
    let account = crate::people_of_a_test::member(&store, "olivia", owner, Role::Owner).await;
    let (_, key) = store.keys().create(account, "A", &KeyScope::ALL, None, now()).await.unwrap();
    let may = async || {
        let caller = store.keys().caller_by_key(&key, None, now()).await.unwrap().unwrap();
        access::permits(&caller, access::Action::UsageRead)
    };
    assert!(may().await);
    let operator = store::Membership::of(Role::Operator);
    store.people().change(&everybody(), "octavo", account, &operator).await.unwrap();
    assert!(!may().await);
}

#[tokio::test]
async fn use_is_noted_at_most_once_a_minute() {
    let (store, _) = database::store().await;
    let (account, organisation) = publisher(&store, "alma", 1).await;
    let (_, key) = store.keys().create(account, "A", &KeyScope::ALL, None, now()).await.unwrap();
    for (seconds, noted) in [(0, 0), (59, 0), (60, 60), (90, 60), (200, 200)] {
        store.keys().caller_by_key(&key, None, now() + TimeDelta::seconds(seconds)).await.unwrap().unwrap();
        let last = store.keys().list(organisation, None).await.unwrap()[0].last_used_at;
        assert_eq!(last, Some(now() + TimeDelta::seconds(noted)), "after {seconds} s");
    }
}
