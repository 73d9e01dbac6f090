//! API keys, from making to refusing.

use access::{KeyScope, OrganisationKind, Role, Via};
use chrono::{DateTime, TimeDelta, Utc};
use store::{Store, StoreError};
use uuid::Uuid;

use crate::database;

fn now() -> DateTime<Utc> {
    "2026-11-21T07:00:00Z".parse().unwrap()
}

async fn member(store: &Store, name: &str, subject: i32) -> (Uuid, Uuid) {
    let accounts = store.accounts();
    let organisation = store.organisations().keep(name, OrganisationKind::Publisher, &[subject]).await.unwrap();
    let account = accounts.add_account(&format!("{name}@example.org"), name, "correct horse battery").await.unwrap();
    accounts.add_membership(account, organisation, Role::Publisher).await.unwrap();
    (account, organisation)
}

#[tokio::test]
async fn a_key_is_its_maker_with_its_scopes_and_only_its_hash_is_kept() {
    let (store, mut connection) = database::store().await;
    let (alma, _) = member(&store, "alma", 1).await;
    let (beta, _) = member(&store, "beta", 2).await;
    let (id_a, key_a) = store.keys().create(alma, "A", &[KeyScope::UsageRead], None, now()).await.unwrap();
    let (id_b, key_b) = store.keys().create(beta, "B", &KeyScope::ALL, None, now()).await.unwrap();

    let a = store.keys().caller_by_key(&key_a, None, now()).await.unwrap().unwrap();
    let b = store.keys().caller_by_key(&key_b, None, now()).await.unwrap().unwrap();
    let via = |id: Uuid, scopes: &[KeyScope]| Via::Key { id: id.to_string(), scopes: scopes.to_vec() };
    assert_eq!((a.organisation.subjects.clone(), a.via.clone()), (vec![1], via(id_a, &[KeyScope::UsageRead])));
    assert_eq!((b.organisation.subjects.clone(), b.via.clone()), (vec![2], via(id_b, &KeyScope::ALL)));

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
    let (account, _) = member(&store, "alma", 1).await;
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
    let (alma, _) = member(&store, "alma", 1).await;
    let (beta, _) = member(&store, "beta", 2).await;
    let (id, key) = store.keys().create(alma, "A", &KeyScope::ALL, None, now()).await.unwrap();
    assert!(!store.keys().revoke(beta, id, now()).await.unwrap(), "another's key");
    assert!(store.keys().caller_by_key(&key, None, now()).await.unwrap().is_some());
    assert!(store.keys().revoke(alma, id, now()).await.unwrap());
    assert_eq!(store.keys().caller_by_key(&key, None, now()).await.unwrap(), None);
    assert!(!store.keys().revoke(alma, id, now()).await.unwrap());
    assert_eq!(store.keys().list(alma).await.unwrap()[0].revoked_at, Some(now()));
}

#[tokio::test]
async fn a_key_expires_on_the_instant() {
    let (store, _) = database::store().await;
    let (account, _) = member(&store, "alma", 1).await;
    let end = now() + TimeDelta::hours(1);
    let (_, key) = store.keys().create(account, "A", &KeyScope::ALL, Some(end), now()).await.unwrap();
    for (at, holds) in [(end - TimeDelta::milliseconds(1), true), (end, false), (end + TimeDelta::days(1), false)] {
        assert_eq!(store.keys().caller_by_key(&key, None, at).await.unwrap().is_some(), holds, "{at}");
    }
}

#[tokio::test]
async fn a_key_goes_with_its_account_and_membership() {
    let (store, _) = database::store().await;
    let (account, organisation) = member(&store, "alma", 1).await;
    let (_, key) = store.keys().create(account, "A", &KeyScope::ALL, None, now()).await.unwrap();
    store.accounts().set_active(account, false, now()).await.unwrap();
    assert_eq!(store.keys().caller_by_key(&key, None, now()).await.unwrap(), None);
    store.accounts().set_active(account, true, now()).await.unwrap();
    assert!(store.keys().caller_by_key(&key, None, now()).await.unwrap().is_some());
    store.accounts().remove_membership(account, organisation).await.unwrap();
    assert_eq!(store.keys().caller_by_key(&key, None, now()).await.unwrap(), None);
    let again = store.keys().create(account, "B", &KeyScope::ALL, None, now()).await;
    assert!(matches!(again, Err(StoreError::NoMembership)));
    assert!(matches!(store.keys().create(account, "C", &[], None, now()).await, Err(StoreError::NoKeyScope)));
}

#[tokio::test]
async fn use_is_noted_at_most_once_a_minute() {
    let (store, _) = database::store().await;
    let (account, _) = member(&store, "alma", 1).await;
    let (_, key) = store.keys().create(account, "A", &KeyScope::ALL, None, now()).await.unwrap();
    for (seconds, noted) in [(0, 0), (59, 0), (60, 60), (90, 60), (200, 200)] {
        store.keys().caller_by_key(&key, None, now() + TimeDelta::seconds(seconds)).await.unwrap().unwrap();
        let last = store.keys().list(account).await.unwrap()[0].last_used_at;
        assert_eq!(last, Some(now() + TimeDelta::seconds(noted)), "after {seconds} s");
    }
}
