//! Who signs in, for whom, as what.

use access::{OrganisationKind, Role, Via};
use store::StoreError;

use crate::database;

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_both_nobody() {
    let (store, _) = database::store().await;
    let accounts = store.accounts();
    let id = accounts.add_account(" Olivia@Example.org ", "Olivia", PASSWORD).await.unwrap();
    assert_eq!(accounts.verify("olivia@example.org", PASSWORD).await.unwrap(), Some(id));
    assert_eq!(accounts.verify("OLIVIA@EXAMPLE.ORG ", PASSWORD).await.unwrap(), Some(id));
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
    let mut fastest = Vec::new();
    for email in ["olivia@example.org", "nobody@example.org"] {
        let mut times = Vec::new();
        for _ in 0..5 {
            let since = std::time::Instant::now();
            store.accounts().verify(email, "a wrong password").await.unwrap();
            times.push(since.elapsed());
        }
        fastest.push(times.into_iter().min().unwrap().as_secs_f64());
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
        callers.push(accounts.caller_by_account(account).await.unwrap().unwrap());
    }
    let seen: Vec<_> = callers.iter().map(|c| (c.email.as_str(), c.organisation.subjects.clone())).collect();
    assert_eq!(seen, [("alma@example.org", vec![1, 2]), ("beta@example.org", vec![3])]);
    assert!(callers.iter().all(|c| c.role == Role::Publisher && c.via == Via::Session));
    assert_ne!(callers[0].organisation.id, callers[1].organisation.id);

    let listed = accounts.list().await.unwrap();
    let listed: Vec<_> = listed.iter().map(|a| (a.email.as_str(), a.memberships[0].organisation.as_str())).collect();
    assert_eq!(listed, [("alma@example.org", "Alma"), ("beta@example.org", "Beta")]);
}

#[tokio::test]
async fn an_organisation_is_one_by_name_and_kind_and_takes_new_subjects() {
    let (store, _) = database::store().await;
    let accounts = store.accounts();
    let first = store.organisations().keep("Alma", OrganisationKind::Publisher, &[1]).await.unwrap();
    assert_eq!(store.organisations().keep("Alma", OrganisationKind::Publisher, &[1, 7]).await.unwrap(), first);
    assert_ne!(store.organisations().keep("Alma", OrganisationKind::School, &[1]).await.unwrap(), first);
    assert_eq!(accounts.find_organisation("Alma", OrganisationKind::Publisher).await.unwrap(), Some(first));
    let account = accounts.add_account("a@example.org", "A", PASSWORD).await.unwrap();
    accounts.add_membership(account, first, Role::Publisher).await.unwrap();
    assert_eq!(accounts.caller_by_account(account).await.unwrap().unwrap().organisation.subjects, [1, 7]);
}

#[tokio::test]
async fn the_first_membership_counts_and_none_is_nobody() {
    let (store, _) = database::store().await;
    let accounts = store.accounts();
    let school = store.organisations().keep("School 1", OrganisationKind::School, &[5]).await.unwrap();
    let owner = store.organisations().keep("Octavo", OrganisationKind::Owner, &[]).await.unwrap();
    let account = accounts.add_account("a@example.org", "A", PASSWORD).await.unwrap();
    assert_eq!(accounts.caller_by_account(account).await.unwrap(), None);
    accounts.add_membership(account, school, Role::SchoolAdmin).await.unwrap();
    accounts.add_membership(account, owner, Role::Owner).await.unwrap();
    assert_eq!(accounts.caller_by_account(account).await.unwrap().unwrap().role, Role::SchoolAdmin);
    assert!(accounts.remove_membership(account, school).await.unwrap());
    assert_eq!(accounts.caller_by_account(account).await.unwrap().unwrap().role, Role::Owner);
    assert!(!accounts.remove_membership(account, school).await.unwrap());
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
    assert_eq!(accounts.caller_by_account(account).await.unwrap(), None);
}
