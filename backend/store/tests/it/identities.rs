//! Who signs in elsewhere: accounts made just in time, and memberships that come and go with each arrival.

use access::OrganisationKind::School;
use access::Role;
use chrono::TimeDelta;
use sqlx::PgConnection;
use store::{ProvidedMembership, ProvidedPerson, Store};
use uuid::Uuid;

use crate::database;
use crate::people_of_a_test::{PASSWORD, everybody, member, now, sees, session};

fn at_school(number: i32) -> ProvidedMembership {
    ProvidedMembership { role: Role::SchoolAdmin, subject: Some(number), name: format!("School {number}") }
}

fn person(subject: &str, email: Option<&str>, schools: &[i32]) -> ProvidedPerson {
    ProvidedPerson {
        provider: "harid".into(),
        issuer: "https://harid.example".into(),
        subject: subject.into(),
        email: email.map(Into::into),
        name: "Anna".into(),
        language: "et".into(),
        memberships: schools.iter().map(|number| at_school(*number)).collect(),
    }
}

async fn arrive(store: &Store, person: &ProvidedPerson) -> Option<Uuid> {
    store.identities().arrive(person, now()).await.unwrap()
}

/// How many organisations, accounts, identities and memberships there are.
async fn made(connection: &mut PgConnection) -> [i64; 4] {
    let sql = "SELECT ARRAY[(SELECT count(*) FROM app.organisation), (SELECT count(*) FROM app.account),
                            (SELECT count(*) FROM app.identity), (SELECT count(*) FROM app.membership)]";
    let counts: Vec<i64> = sqlx::query_scalar(sql).fetch_one(connection).await.unwrap();
    counts.try_into().unwrap()
}

async fn slugs(store: &Store, account: Uuid) -> Vec<String> {
    store.accounts().belongings(account, now()).await.unwrap().into_iter().map(|b| b.slug).collect()
}

#[tokio::test]
async fn who_comes_for_the_first_time_is_made_and_then_known() {
    let (store, mut connection) = database::store().await;
    assert_eq!(arrive(&store, &person("1", Some("anna@example.org"), &[])).await, None);
    assert_eq!(made(&mut connection).await, [0, 0, 0, 0]);
    let account = arrive(&store, &person("1", None, &[7])).await.unwrap();
    let known = store.accounts().read(account).await.unwrap();
    assert!(known.email.ends_with("@harid.invalid") && !known.has_password && known.language == "et", "{known:?}");
    assert_eq!(store.accounts().verify(&known.email, "").await.unwrap(), None);
    assert_eq!(arrive(&store, &person("1", None, &[7])).await, Some(account));
    assert_eq!(made(&mut connection).await, [1, 1, 1, 1]);
    // Another person, or the same subject of another issuer, is somebody else.
    let other = ProvidedPerson { issuer: "https://other.example".into(), ..person("1", None, &[7]) };
    assert_ne!(arrive(&store, &other).await, Some(account));
    assert_ne!(arrive(&store, &person("2", None, &[7])).await, Some(account));
    assert_eq!(made(&mut connection).await, [1, 3, 3, 3]);
    let listed = store.identities().list(account).await.unwrap();
    assert_eq!(listed.iter().map(|i| (i.provider.as_str(), i.made_at)).collect::<Vec<_>>(), [("harid", now())]);
}

#[tokio::test]
async fn memberships_come_and_go_with_each_arrival_and_keys_for_good() {
    let (store, _) = database::store().await;
    let account = arrive(&store, &person("1", None, &[7, 8])).await.unwrap();
    assert_eq!(slugs(&store, account).await, ["school-7", "school-8"]);
    let (_, key) = store.keys().create(account, "A", &[access::KeyScope::UsageRead], None, now()).await.unwrap();
    arrive(&store, &person("1", None, &[8, 9])).await;
    assert_eq!(slugs(&store, account).await, ["school-8", "school-9"]);
    arrive(&store, &person("1", None, &[7, 8])).await;
    assert_eq!(store.keys().caller_by_key(&key, None, now()).await.unwrap(), None);
    assert_eq!(arrive(&store, &person("1", None, &[])).await, Some(account));
    assert_eq!(slugs(&store, account).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_a_provider_says_holds_for_a_day() {
    let (store, _) = database::store().await;
    let account = arrive(&store, &person("1", None, &[7])).await.unwrap();
    let session = session(&store, account).await;
    let end = now() + TimeDelta::hours(24);
    assert_eq!(sees(&store, session, None, end - TimeDelta::milliseconds(1)).await, Some(vec![7]));
    assert_eq!(sees(&store, session, None, end).await, None);
    let later = now() + TimeDelta::hours(23);
    store.identities().arrive(&person("1", None, &[7]), later).await.unwrap();
    assert_eq!(sees(&store, session, None, end).await, Some(vec![7]));
}

#[tokio::test]
async fn what_was_given_here_stays_as_it_was_given() {
    let (store, _) = database::store().await;
    let school = store.organisations().keep("School 7", School, &[7]).await.unwrap();
    let other = store.organisations().keep("School 9", School, &[9]).await.unwrap();
    let local = member(&store, "anna", school, Role::SchoolAdmin).await;
    store.accounts().add_membership(local, other, Role::SchoolAdmin).await.unwrap();
    assert_eq!(arrive(&store, &person("1", Some("Anna@example.org"), &[7, 8])).await, Some(local));
    assert_eq!(arrive(&store, &person("1", None, &[8])).await, Some(local));
    assert_eq!(slugs(&store, local).await, ["school-7", "school-9", "school-8"]);
    for (slug, provider) in [("school-7", None), ("school-9", None), ("school-8", Some("harid"))] {
        let members = store.people().list(&everybody(), slug).await.unwrap().unwrap();
        assert_eq!((members[0].provider.as_deref(), members[0].valid_until.is_none()), (provider, provider.is_none()));
    }
    // Another provider's are that provider's.
    let another = ProvidedPerson {
        provider: "ekool".into(),
        issuer: "https://ekool.example".into(),
        ..person("x", Some("anna@example.org"), &[])
    };
    assert_eq!(arrive(&store, &another).await, Some(local));
    assert_eq!(slugs(&store, local).await.len(), 3);
    assert!(store.accounts().verify("anna@example.org", PASSWORD).await.unwrap().is_some());
}

#[tokio::test]
async fn an_account_is_joined_by_a_checked_address_only_and_never_when_it_is_not_active() {
    let (store, mut connection) = database::store().await;
    let school = store.organisations().keep("School 7", School, &[7]).await.unwrap();
    let local = member(&store, "anna", school, Role::SchoolAdmin).await;
    assert_ne!(arrive(&store, &person("1", None, &[7])).await, Some(local));
    assert_ne!(arrive(&store, &person("2", Some("anna@example.org\r\n, x@y"), &[7])).await, Some(local));
    let before = made(&mut connection).await;
    store.accounts().set_active(local, false, now()).await.unwrap();
    assert_eq!(arrive(&store, &person("3", Some("anna@example.org"), &[7])).await, None);
    assert_eq!(made(&mut connection).await, before);
    store.accounts().set_active(local, true, now()).await.unwrap();
    assert_eq!(arrive(&store, &person("3", Some("anna@example.org"), &[8])).await, Some(local));
    store.accounts().set_active(local, false, now()).await.unwrap();
    assert_eq!(arrive(&store, &person("3", None, &[7, 9])).await, None);
    assert_eq!(made(&mut connection).await, [2, 3, 3, 4]);
}

#[tokio::test]
async fn of_many_who_arrive_at_once_all_have_one_organisation_and_each_one_account() {
    let (store, mut connection) = database::store().await;
    for (round, email) in [None, Some("anna@example.org")].into_iter().enumerate() {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (store, school) = (store.clone(), 7 + round as i32);
            tasks.spawn(async move { arrive(&store, &person(&round.to_string(), email, &[school])).await });
        }
        let accounts: std::collections::HashSet<_> = tasks.join_all().await.into_iter().collect();
        assert!(accounts.len() == 1 && !accounts.contains(&None), "{accounts:?}");
        let n = round as i64 + 1;
        assert_eq!(made(&mut connection).await, [n, n, n, n]);
    }
    // Twenty persons of one new school, whom two providers call by the same address.
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..20 {
        let (store, email) = (store.clone(), format!("p{}@example.org", i % 10));
        tasks.spawn(async move { arrive(&store, &person(&format!("p{i}"), Some(&email), &[11])).await.unwrap() });
    }
    let accounts: std::collections::HashSet<_> = tasks.join_all().await.into_iter().collect();
    assert_eq!((accounts.len(), made(&mut connection).await), (10, [3, 12, 22, 12]));
}

#[tokio::test]
async fn an_organisation_of_that_name_about_something_else_is_another() {
    let (store, _) = database::store().await;
    let named = store.organisations().keep("School 7", School, &[1]).await.unwrap();
    let account = arrive(&store, &person("1", None, &[7])).await.unwrap();
    let belongings = store.accounts().belongings(account, now()).await.unwrap();
    assert!(belongings[0].slug.starts_with("school-7-") && belongings[0].name.starts_with("School 7 ("));
    let id = store.organisations().find(&everybody(), &belongings[0].slug).await.unwrap().unwrap().id;
    assert_ne!(id, named);
}
