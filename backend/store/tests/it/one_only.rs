//! Whatever is done to one person in one organisation leaves everybody else, and the same person elsewhere, as they were.

use access::OrganisationKind::{Owner, Publisher, PublisherGroup};
use access::{KeyScope, Role};
use chrono::TimeDelta;
use sqlx::PgConnection;
use store::{Audited, Membership, NewInvitation, NewKey, NewViewing, Store, StoreError};
use uuid::Uuid;

use crate::database;
use crate::people_of_a_test::{below, everybody, member, minutes, now, organisation, publisher, sees, session};

/// Ada and Bob, each a member of Alma and of Beta.
struct Two {
    store: Store,
    db: PgConnection,
    ada: Uuid,
    bob: Uuid,
    alma: Uuid,
    beta: Uuid,
}

async fn two() -> Two {
    let (store, db) = database::store().await;
    let (ada, alma) = publisher(&store, "alma", 1).await;
    let (bob, beta) = publisher(&store, "beta", 2).await;
    store.accounts().add_membership(ada, beta, Role::Publisher).await.unwrap();
    store.accounts().add_membership(bob, alma, Role::Publisher).await.unwrap();
    Two { store, db, ada, bob, alma, beta }
}

impl Two {
    /// What matches, a line each.
    async fn lines(&mut self, sql: &'static str) -> Vec<(Uuid, Uuid)> {
        sqlx::query_as(sql).fetch_all(&mut self.db).await.unwrap()
    }

    async fn key(&self, account: Uuid, organisation: Uuid) -> Uuid {
        let scopes = vec![KeyScope::UsageRead];
        let new = NewKey { account, organisation, name: "k".into(), scopes, networks: vec![], expires_at: None };
        self.store.keys().make(&new, now()).await.unwrap().0
    }
}

fn sorted(mut pairs: Vec<(Uuid, Uuid)>) -> Vec<(Uuid, Uuid)> {
    pairs.sort();
    pairs
}

#[tokio::test]
async fn a_membership_is_changed_and_ended_alone() {
    let mut two = two().await;
    let (ada, bob, alma, beta) = (two.ada, two.bob, two.alma, two.beta);
    for (account, organisation) in [(ada, alma), (ada, beta), (bob, alma), (bob, beta)] {
        two.key(account, organisation).await;
    }
    for (slug, account) in [("alma", ada), ("alma", bob), ("beta", ada), ("beta", bob)] {
        let caller = two.store.people().caller(&everybody(), slug, account, now()).await.unwrap().unwrap();
        assert_eq!((caller.account.as_str(), &*caller.organisation.slug), (account.to_string().as_str(), slug));
    }
    let later = Membership { valid_until: Some(now() + minutes(60)), ..Membership::of(Role::Publisher) };
    two.store.people().change(&everybody(), "alma", ada, &later).await.unwrap();
    let timed = "SELECT account_id, organisation_id FROM app.membership WHERE valid_until IS NOT NULL";
    assert_eq!(two.lines(timed).await, [(ada, alma)]);
    two.store.people().end(&everybody(), "alma", ada, now()).await.unwrap();
    let left = "SELECT account_id, organisation_id FROM app.membership ORDER BY 1, 2";
    assert_eq!(two.lines(left).await, sorted(vec![(ada, beta), (bob, alma), (bob, beta)]));
    let held = "SELECT account_id, organisation_id FROM app.api_key WHERE revoked_at IS NULL ORDER BY 1, 2";
    assert_eq!(two.lines(held).await, sorted(vec![(ada, beta), (bob, alma), (bob, beta)]));
}

#[tokio::test]
async fn an_owner_elsewhere_does_not_count_as_one_that_is_left() {
    let (store, mut db) = database::store().await;
    let octavo = store.organisations().keep("Octavo", Owner, &[]).await.unwrap();
    let another = store.organisations().keep("Another", Owner, &[]).await.unwrap();
    let olivia = member(&store, "olivia", octavo, Role::Owner).await;
    member(&store, "otto", another, Role::Owner).await;
    let ended = store.people().end(&everybody(), "octavo", olivia, now()).await;
    assert!(matches!(ended, Err(StoreError::LastOwner)), "{ended:?}");
    let members: i64 = sqlx::query_scalar("SELECT count(*) FROM app.membership").fetch_one(&mut db).await.unwrap();
    assert_eq!(members, 2);
}

#[tokio::test]
async fn a_key_is_its_makers_in_its_organisation() {
    let two = two().await;
    let (ada, bob, alma, beta) = (two.ada, two.bob, two.alma, two.beta);
    let (here, there, bobs) = (two.key(ada, alma).await, two.key(ada, beta).await, two.key(bob, alma).await);
    let keys = two.store.keys();
    let list = async |organisation, of| {
        let mut ids: Vec<Uuid> = keys.list(organisation, of).await.unwrap().into_iter().map(|k| k.id).collect();
        ids.sort();
        ids
    };
    let both = sorted(vec![(here, here), (bobs, bobs)]).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(list(alma, None).await, both);
    assert_eq!(list(alma, Some(ada)).await, [here]);
    assert_eq!(list(beta, Some(ada)).await, [there]);
    assert_eq!(list(beta, Some(bob)).await, [] as [Uuid; 0]);
    for (account, organisation) in [(bob, alma), (ada, beta), (bob, beta)] {
        let rotated = keys.rotate(account, organisation, here, TimeDelta::zero(), now()).await;
        assert!(matches!(rotated, Err(StoreError::NoKey)), "{rotated:?}");
    }
    for (reach, of) in [(below(beta), Some(ada)), (below(alma), Some(bob)), (below(beta), None)] {
        assert!(matches!(keys.revoke(&reach, of, here, now()).await, Err(StoreError::NoKey)));
    }
    keys.revoke(&below(alma), Some(ada), here, now()).await.unwrap();
    let stranger = member(&two.store, "gamma", publisher(&two.store, "delta", 3).await.1, Role::Publisher).await;
    for account in [stranger, Uuid::nil()] {
        let (name, scopes) = ("k".to_string(), vec![KeyScope::UsageRead]);
        let new = NewKey { account, organisation: alma, name, scopes, networks: vec![], expires_at: None };
        assert!(keys.make(&new, now()).await.is_err());
    }
    // Of the organisation that it was made in, and of none other of the same account.
    let (_, secret) = keys.create(stranger, "k", &[KeyScope::UsageRead], None, now()).await.unwrap();
    let caller = keys.caller_by_key(&secret, None, now()).await.unwrap().unwrap();
    assert_eq!((caller.account.clone(), &*caller.organisation.slug), (stranger.to_string(), "delta"));
    for organisation in [alma, beta] {
        let (name, scopes) = ("k".to_string(), vec![KeyScope::UsageRead]);
        let new = NewKey { account: ada, organisation, name, scopes, networks: vec![], expires_at: None };
        let (_, secret) = keys.make(&new, now()).await.unwrap();
        let caller = keys.caller_by_key(&secret, None, now()).await.unwrap().unwrap();
        assert_eq!(
            (caller.account.clone(), caller.organisation.id.clone()),
            (ada.to_string(), organisation.to_string())
        );
    }
}

#[tokio::test]
async fn an_invitation_is_of_one_organisation() {
    let two = two().await;
    let invitations = two.store.invitations();
    let new = |email: &str| {
        let (role, language) = (Role::Publisher, "en".into());
        NewInvitation { email: email.into(), role, subjects: None, language }
    };
    let invite = async |slug: &str| invitations.invite(&everybody(), slug, &new("c@example.org"), now()).await.unwrap();
    let ((here, _), (there, token)) = (invite("alma").await, invite("beta").await);
    let open = async |reach, slug: &str| -> Vec<Uuid> {
        invitations.open(&reach, slug).await.unwrap().into_iter().map(|i| i.id).collect()
    };
    assert_eq!((open(everybody(), "alma").await, open(everybody(), "beta").await), (vec![here.id], vec![there.id]));
    assert_eq!(open(below(two.beta), "alma").await, [] as [Uuid; 0]);
    assert_eq!(open(below(two.alma), "alma").await, [here.id]);
    let across = invitations.withdraw(&everybody(), "alma", there.id, now()).await;
    assert!(matches!(across, Err(StoreError::NoInvitation)), "{across:?}");
    // One anew takes the place of the former in its organisation only.
    let (again, _) = invite("alma").await;
    assert_eq!(open(everybody(), "alma").await, [again.id]);
    assert_eq!(invitations.read(&token, now()).await.unwrap().id, there.id);
    // A member there is none here.
    member(&two.store, "delta", publisher(&two.store, "gamma", 3).await.1, Role::Publisher).await;
    invitations.invite(&everybody(), "alma", &new("delta@example.org"), now()).await.unwrap();
}

#[tokio::test]
async fn a_session_is_its_accounts() {
    let two = two().await;
    let (adas, bobs) = (session(&two.store, two.ada).await, session(&two.store, two.bob).await);
    let sign_ins = two.store.sign_ins();
    let list = async |account| -> Vec<Uuid> {
        sign_ins.list(account, now() - minutes(1)).await.unwrap().into_iter().map(|s| s.id).collect()
    };
    assert_eq!((list(two.ada).await, list(two.bob).await), (vec![adas], vec![bobs]));
    let across = sign_ins.end(two.bob, adas, Audited::SignOut, now()).await;
    assert!(matches!(across, Err(StoreError::NoSession)), "{across:?}");
    for (session, account) in [(adas, two.ada), (bobs, two.bob)] {
        for slug in [None, Some("alma"), Some("beta")] {
            let found = sign_ins.caller(session, slug.map(Into::into).as_ref(), now()).await.unwrap().unwrap();
            assert_eq!(found.caller.account, account.to_string(), "{slug:?}");
        }
    }
}

#[tokio::test]
async fn a_view_is_of_one_session_one_person_and_one_organisation() {
    let two = two().await;
    let store = &two.store;
    let octavo = store.organisations().keep("Octavo", Owner, &[]).await.unwrap();
    let (oscar, olga) =
        (member(store, "oscar", octavo, Role::Operator).await, member(store, "olga", octavo, Role::Owner).await);
    let (of_oscar, of_olga) = (session(store, oscar).await, session(store, olga).await);
    let stranger = session(store, member(store, "gamma", two.beta, Role::Publisher).await).await;
    let view = |email: &str, organisation: &str| {
        let reason = "a question of theirs".into();
        NewViewing { email: format!("{email}@example.org"), organisation: organisation.into(), reason, minutes: 30 }
    };
    let begin = async |by, email: &str, at: &str| store.viewings().begin(by, &view(email, at), now()).await;
    begin(of_oscar, "alma", "beta").await.unwrap();
    begin(of_oscar, "beta", "alma").await.unwrap();
    begin(of_olga, "alma", "alma").await.unwrap();
    let who = async |session, slug: &str| {
        let found = store.sign_ins().caller(session, Some(&slug.into()), now()).await.unwrap();
        found.map(|found| (found.caller.account.clone(), found.caller.organisation.id.clone()))
    };
    let is = |account: Uuid, organisation: Uuid| Some((account.to_string(), organisation.to_string()));
    assert_eq!(who(of_oscar, "beta").await, is(two.ada, two.beta));
    assert_eq!(who(of_oscar, "alma").await, is(two.bob, two.alma));
    assert_eq!(who(of_olga, "alma").await, is(two.ada, two.alma));
    assert_eq!(who(of_olga, "beta").await, None);
    // The policy lets only the platform's own begin one; begun by another it shows nothing.
    begin(stranger, "beta", "alma").await.unwrap();
    assert_eq!(who(stranger, "alma").await, None);
    // Anew in one organisation: the one elsewhere, and that of the other session, go on.
    begin(of_oscar, "alma", "alma").await.unwrap();
    assert_eq!(who(of_oscar, "beta").await, is(two.ada, two.beta));
    assert_eq!(who(of_olga, "alma").await, is(two.ada, two.alma));
    for (by, email, at) in [
        (of_oscar, "olga", "octavo"),
        (stranger, "olga", "octavo"),
        (of_olga, "oscar", "octavo"),
        (stranger, "alma", "beta"),
    ] {
        assert!(matches!(begin(by, email, at).await, Err(StoreError::NotToBeViewed)), "{email} at {at}");
    }
    store.viewings().end(of_oscar, now()).await.unwrap();
    assert_eq!((who(of_oscar, "alma").await, who(of_oscar, "beta").await), (None, None));
    assert_eq!(who(of_olga, "alma").await, is(two.ada, two.alma));
    // Who was of the platform when it began, and is no more, sees nothing of it.
    store.people().change(&everybody(), "octavo", oscar, &Membership::of(Role::Operator)).await.unwrap();
    assert_eq!(who(of_olga, "alma").await, is(two.ada, two.alma), "another's membership was changed");
}

#[tokio::test]
async fn an_organisation_counts_its_own_people_and_is_found_within_reach_only() {
    let two = two().await;
    let group = organisation(&two.store, "Group", PublisherGroup, None, &[]).await.id;
    let imprint = organisation(&two.store, "Imprint", Publisher, Some("group"), &[4]).await;
    assert_eq!(imprint.people, 0);
    member(&two.store, "gamma", imprint.id, Role::Publisher).await;
    let organisations = two.store.organisations();
    let found = organisations.find(&below(imprint.id), "imprint").await.unwrap().unwrap();
    assert_eq!((found.people, found.parent), (1, None), "what stands above is not told");
    assert_eq!(organisations.find(&below(group), "imprint").await.unwrap().unwrap().parent.as_deref(), Some("group"));
    assert!(organisations.find(&below(imprint.id), "alma").await.unwrap().is_none());
    let list = async |reach| -> Vec<(String, i64)> {
        organisations.list(&reach).await.unwrap().into_iter().map(|o| (o.slug, o.people)).collect()
    };
    assert_eq!(list(below(group)).await, [("group".into(), 0), ("imprint".into(), 1)]);
    assert_eq!(list(below(two.alma)).await, [("alma".into(), 2)]);
    let refused = organisations.require_two_factor(&below(two.beta), "alma", true).await;
    assert!(matches!(refused, Err(StoreError::NoOrganisation)), "{refused:?}");
    assert_eq!(sees(&two.store, session(&two.store, two.ada).await, Some("alma"), now()).await, Some(vec![1]));
}
