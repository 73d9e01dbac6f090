//! Who signs in, for whom, as what.

use access::{OrganisationKind, Role, Via};
use store::StoreError;

use crate::database;
use crate::people_of_a_test::{PASSWORD, everybody, now};

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_both_nobody() {
    let (store, _) = database::store().await;
    let accounts = store.accounts();
    let id = accounts.add_account(" Olivia@Example.org ", "Olivia", PASSWORD).await.unwrap();
    for email in ["olivia@example.org", "OLIVIA@EXAMPLE.ORG "] {
        assert_eq!(accounts.verify(email, PASSWORD).await.unwrap().unwrap().id, id);
    }
    for (email, password) in [
        ("olivia@example.org", "correct horse batterY"),
        ("olivia@example.org", ""),
        ("olivia@example.org", &"x".repeat(100_000)),
        ("nobody@example.org", PASSWORD),
        ("no address", PASSWORD),
        ("", ""),
    ] {
        assert_eq!(accounts.verify(email, password).await.unwrap(), None, "{email}");
    }
}

#[tokio::test]
async fn an_unknown_address_takes_as_long_as_a_wrong_password() {
    let (store, _) = database::store().await;
    store.accounts().add_account("olivia@example.org", "Olivia", PASSWORD).await.unwrap();
    // In turns, so that whatever else the machine does meets both.
    let mut fastest = [f64::MAX; 2];
    for _ in 0..12 {
        for (fastest, email) in fastest.iter_mut().zip(["olivia@example.org", "nobody@example.org"]) {
            let since = std::time::Instant::now();
            store.accounts().verify(email, "a wrong password").await.unwrap();
            *fastest = fastest.min(since.elapsed().as_secs_f64());
        }
    }
    // Without a hash to verify against, the second would be some fifty times faster.
    assert!(fastest[1] > fastest[0] / 3.0, "{fastest:?}");
}

#[tokio::test]
async fn an_address_has_one_account_and_a_password_a_length() {
    let (store, _) = database::store().await;
    let accounts = store.accounts();
    accounts.add_account("olivia@example.org", "Olivia", PASSWORD).await.unwrap();
    let again = accounts.add_account("Olivia@example.ORG", "Other", PASSWORD).await;
    assert!(matches!(again, Err(StoreError::EmailTaken(email)) if email == "olivia@example.org"));
    assert!(matches!(
        accounts.add_account("b@example.org", "B", "short").await,
        Err(StoreError::PasswordLength { .. })
    ));
    assert!(matches!(accounts.add_account("nowhere", "B", PASSWORD).await, Err(StoreError::BadEmail(_))));
    assert_eq!(accounts.find_account("b@example.org").await.unwrap(), None);
}

#[tokio::test]
async fn two_tenants_are_two_callers() {
    let (store, _) = database::store().await;
    let accounts = store.accounts();
    let mut callers = Vec::new();
    for (name, subjects) in [("Alma", vec![1, 2]), ("Beta", vec![3])] {
        let organisation = store.organisations().keep(name, OrganisationKind::Publisher, &subjects).await.unwrap();
        let account = accounts.add_account(&format!("{name}@example.org"), name, PASSWORD).await.unwrap();
        accounts.add_membership(account, organisation, Role::Publisher).await.unwrap();
        callers.push(accounts.caller_by_account(account, now()).await.unwrap().unwrap());
    }
    let seen: Vec<_> = callers.iter().map(|c| (c.email.as_str(), c.organisation.subjects.clone())).collect();
    assert_eq!(seen, [("alma@example.org", vec![1, 2]), ("beta@example.org", vec![3])]);
    assert!(callers.iter().all(|c| c.role == Role::Publisher && c.via == Via::Program));
    assert_ne!(callers[0].organisation.id, callers[1].organisation.id);
}

#[tokio::test]
async fn an_organisation_is_one_by_name_and_kind_and_takes_new_subjects() {
    let (store, _) = database::store().await;
    let accounts = store.accounts();
    let first = store.organisations().keep("Alma", OrganisationKind::Publisher, &[1]).await.unwrap();
    assert_eq!(store.organisations().keep("Alma", OrganisationKind::Publisher, &[1, 7]).await.unwrap(), first);
    assert_ne!(store.organisations().keep("Alma", OrganisationKind::School, &[1]).await.unwrap(), first);
    assert_eq!(store.organisations().named("Alma", OrganisationKind::Publisher).await.unwrap(), Some(first));
    let account = accounts.add_account("a@example.org", "A", PASSWORD).await.unwrap();
    accounts.add_membership(account, first, Role::Publisher).await.unwrap();
    assert_eq!(accounts.caller_by_account(account, now()).await.unwrap().unwrap().organisation.subjects, [1, 7]);
}

#[tokio::test]
async fn the_first_membership_counts_and_none_is_nobody() {
    let (store, _) = database::store().await;
    let accounts = store.accounts();
    let school = store.organisations().keep("School 1", OrganisationKind::School, &[5]).await.unwrap();
    let owner = store.organisations().keep("Octavo", OrganisationKind::Owner, &[]).await.unwrap();
    let account = accounts.add_account("a@example.org", "A", PASSWORD).await.unwrap();
    assert_eq!(accounts.caller_by_account(account, now()).await.unwrap(), None);
    accounts.add_membership(account, school, Role::SchoolAdmin).await.unwrap();
    accounts.add_membership(account, owner, Role::Owner).await.unwrap();
    assert_eq!(accounts.caller_by_account(account, now()).await.unwrap().unwrap().role, Role::SchoolAdmin);
    let people = store.people();
    people.end(&everybody(), "school-1", account, now()).await.unwrap();
    assert_eq!(accounts.caller_by_account(account, now()).await.unwrap().unwrap().role, Role::Owner);
    let again = people.end(&everybody(), "school-1", account, now()).await;
    assert!(matches!(again, Err(StoreError::NoMembership)));
}

#[tokio::test]
async fn a_role_must_fit_and_both_sides_must_exist() {
    let (store, _) = database::store().await;
    let accounts = store.accounts();
    let school = store.organisations().keep("School 1", OrganisationKind::School, &[5]).await.unwrap();
    let account = accounts.add_account("a@example.org", "A", PASSWORD).await.unwrap();
    let unfit = accounts.add_membership(account, school, Role::Owner).await;
    assert!(matches!(unfit, Err(StoreError::RoleDoesNotFit { role: Role::Owner, .. })));
    let nobody = accounts.add_membership(uuid::Uuid::new_v4(), school, Role::SchoolAdmin).await;
    assert!(matches!(nobody, Err(StoreError::NoAccount)));
    let nowhere = accounts.add_membership(account, uuid::Uuid::new_v4(), Role::SchoolAdmin).await;
    assert!(matches!(nowhere, Err(StoreError::NoOrganisation)));
}

#[tokio::test]
async fn who_is_not_active_is_nobody() {
    let (store, _) = database::store().await;
    let accounts = store.accounts();
    let school = store.organisations().keep("School 1", OrganisationKind::School, &[5]).await.unwrap();
    let account = accounts.add_account("a@example.org", "A", PASSWORD).await.unwrap();
    accounts.add_membership(account, school, Role::SchoolAdmin).await.unwrap();
    assert!(accounts.set_active(account, false, now()).await.unwrap());
    assert_eq!(accounts.verify("a@example.org", PASSWORD).await.unwrap(), None);
    assert_eq!(accounts.caller_by_account(account, now()).await.unwrap(), None);
}

#[tokio::test]
async fn a_role_given_here_instead_of_a_providers_is_given_here() {
    let (store, mut connection) = database::store().await;
    let accounts = store.accounts();
    let school = store.organisations().keep("School 1", OrganisationKind::School, &[5]).await.unwrap();
    let account = accounts.add_account("a@example.org", "A", PASSWORD).await.unwrap();
    accounts.add_membership(account, school, Role::SchoolAdmin).await.unwrap();
    sqlx::query("UPDATE app.membership SET provider = 'harid'").execute(&mut connection).await.unwrap();
    accounts.add_membership(account, school, Role::SchoolAdmin).await.unwrap();
    let members = store.people().list(&everybody(), "school-1").await.unwrap().unwrap();
    assert_eq!(members[0].provider, None);
}

#[tokio::test]
async fn what_cannot_be_an_address_is_refused() {
    let (store, _) = database::store().await;
    let long = format!("{}@example.org", "a".repeat(309));
    for email in ["a@b\r\nBcc: c@d.ee", "a@b\nc", "a b@c.ee", "a\0@b.ee", "A <a@b.ee>", "a@b,c@d", &long, ""] {
        let made = store.accounts().add_account(email, "A", PASSWORD).await;
        assert!(matches!(made, Err(StoreError::BadEmail(_))), "{email:?}");
        assert_eq!(store.accounts().find_account(email).await.unwrap(), None);
    }
    // A tag is a part of the address, and letters that look alike are others.
    for email in ["olivia+tag@example.org", "olivia@example.org", "оlivia@example.org"] {
        store.accounts().add_account(email, "O", PASSWORD).await.unwrap();
    }
}
