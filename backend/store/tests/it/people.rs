//! Who belongs to an organisation, and that it is never left without an owner.

use access::OrganisationKind::{Owner, Publisher, PublisherGroup};
use access::{KeyScope, Role};
use sqlx::{Connection, Executor};
use store::{Membership, NewViewing, StoreError};

use crate::database;
use crate::people_of_a_test::{below, everybody, member, minutes, now, organisation, publisher, sees, session};

#[tokio::test]
async fn a_part_is_a_part_of_what_the_organisation_is_about_and_a_role_one_of_its_kind() {
    let (store, _) = database::store().await;
    let group = organisation(&store, "Group", PublisherGroup, None, &[1]).await;
    organisation(&store, "Imprint", Publisher, Some("group"), &[2]).await;
    let account = member(&store, "alma", group.id, Role::Publisher).await;
    let change = async |role, part: Option<&[i32]>| {
        let to = Membership { role, subjects: part.map(Into::into), valid_until: None };
        store.people().change(&everybody(), "group", account, &to).await
    };
    change(Role::Publisher, Some(&[2])).await.unwrap();
    for part in [&[][..], &[3], &[1, 3]] {
        assert!(matches!(change(Role::Publisher, Some(part)).await, Err(StoreError::NotItsSubjects)), "{part:?}");
    }
    for role in [Role::Owner, Role::SchoolAdmin, Role::Official, Role::Operator] {
        assert!(matches!(change(role, None).await, Err(StoreError::RoleDoesNotFit { .. })), "{role}");
    }
    let caller = store.accounts().caller_by_account(account, now()).await.unwrap().unwrap();
    assert_eq!((caller.subset.clone(), caller.organisation.subjects.clone()), (Some(vec![2]), vec![1, 2]));
    change(Role::Publisher, None).await.unwrap();
    assert_eq!(store.people().list(&everybody(), "group").await.unwrap().unwrap()[0].subjects, None);
}

#[tokio::test]
async fn people_of_another_organisation_are_nobody() {
    let (store, _) = database::store().await;
    let (alma, here) = publisher(&store, "alma", 1).await;
    let (_, there) = publisher(&store, "beta", 2).await;
    let (people, reach) = (store.people(), below(there));
    assert_eq!(people.list(&reach, "alma").await.unwrap(), None);
    assert_eq!(people.caller(&reach, "alma", alma, now()).await.unwrap(), None);
    assert!(people.caller(&below(here), "alma", alma, now()).await.unwrap().is_some());
    let changed = people.change(&reach, "alma", alma, &Membership::of(Role::Publisher)).await;
    assert!(matches!(changed, Err(StoreError::NoMembership)));
    assert!(matches!(people.end(&reach, "alma", alma, now()).await, Err(StoreError::NoMembership)));
    // Within reach, but no member there.
    assert!(matches!(people.end(&reach, "beta", alma, now()).await, Err(StoreError::NoMembership)));
    assert_eq!(people.list(&below(here), "alma").await.unwrap().unwrap().len(), 1);
}

#[tokio::test]
async fn the_last_owner_stays_one() {
    let (store, mut connection) = database::store().await;
    let octavo = store.organisations().keep("Octavo", Owner, &[]).await.unwrap();
    let olivia = member(&store, "olivia", octavo, Role::Owner).await;
    member(&store, "oscar", octavo, Role::Operator).await;
    let other = member(&store, "otto", octavo, Role::Owner).await;
    let people = store.people();
    let ways = async || {
        let until = Membership { valid_until: Some(now() + minutes(1)), ..Membership::of(Role::Owner) };
        for to in [Membership::of(Role::Operator), until] {
            let changed = people.change(&everybody(), "octavo", olivia, &to).await;
            assert!(matches!(changed, Err(StoreError::LastOwner)), "{to:?}");
        }
        assert!(matches!(people.end(&everybody(), "octavo", olivia, now()).await, Err(StoreError::LastOwner)));
    };
    // Neither one who may not sign in nor one for a time is an owner that is left.
    store.accounts().set_active(other, false, now()).await.unwrap();
    ways().await;
    store.accounts().set_active(other, true, now()).await.unwrap();
    let sql = "UPDATE app.membership SET valid_until = now() + interval '1 day' WHERE account_id = $1";
    sqlx::query(sql).bind(other).execute(&mut connection).await.unwrap();
    ways().await;
    let members = people.list(&everybody(), "octavo").await.unwrap().unwrap();
    assert_eq!(members.iter().filter(|m| m.role == "owner" && m.valid_until.is_none()).count(), 1);
    people.change(&everybody(), "octavo", other, &Membership::of(Role::Owner)).await.unwrap();
    people.end(&everybody(), "octavo", olivia, now()).await.unwrap();
}

#[tokio::test]
async fn of_two_owners_who_are_ended_at_once_one_stays() {
    let (store, mut connection) = database::store().await;
    let octavo = store.organisations().keep("Octavo", Owner, &[]).await.unwrap();
    let mut owners = Vec::new();
    for name in ["olivia", "otto"] {
        owners.push(member(&store, name, octavo, Role::Owner).await);
    }
    // Both have taken theirs away before either asks who is left.
    let mut held = connection.begin().await.unwrap();
    held.execute("SELECT FROM app.organisation FOR UPDATE").await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for owner in owners {
        let store = store.clone();
        tasks.spawn(async move { store.people().end(&everybody(), "octavo", owner, now()).await });
    }
    database::are_waiting(&mut held, 2).await;
    held.rollback().await.unwrap();
    let ended = tasks.join_all().await;
    assert_eq!(ended.iter().filter(|ended| ended.is_ok()).count(), 1, "{ended:?}");
    assert!(ended.iter().any(|ended| matches!(ended, Err(StoreError::LastOwner))), "{ended:?}");
    assert_eq!(store.people().list(&everybody(), "octavo").await.unwrap().unwrap().len(), 1);
}

#[tokio::test]
async fn who_is_no_member_any_more_has_neither_keys_nor_views() {
    let (store, _) = database::store().await;
    let octavo = store.organisations().keep("Octavo", Owner, &[]).await.unwrap();
    let operator = member(&store, "oscar", octavo, Role::Operator).await;
    member(&store, "olivia", octavo, Role::Owner).await;
    let (alma, _) = publisher(&store, "alma", 1).await;
    let (_, key) = store.keys().create(alma, "A", &KeyScope::ALL, None, now()).await.unwrap();
    let looks = session(&store, operator).await;
    let new = NewViewing {
        email: "alma@example.org".into(),
        organisation: "alma".into(),
        reason: "a question of theirs".into(),
        minutes: 30,
    };
    store.viewings().begin(looks, &new, now()).await.unwrap();
    assert_eq!(sees(&store, looks, Some("alma"), now()).await, Some(vec![1]));
    // Whatever the change is, who looks begins anew.
    store.people().change(&everybody(), "octavo", operator, &Membership::of(Role::Operator)).await.unwrap();
    assert_eq!(sees(&store, looks, Some("alma"), now()).await, None);
    store.viewings().begin(looks, &new, now()).await.unwrap();
    store.people().end(&everybody(), "alma", alma, now()).await.unwrap();
    assert_eq!(sees(&store, looks, Some("alma"), now()).await, None);
    assert_eq!(store.keys().caller_by_key(&key, None, now()).await.unwrap(), None);
    store.people().end(&everybody(), "octavo", operator, now()).await.unwrap();
    assert_eq!(sees(&store, looks, None, now()).await, None);
}
