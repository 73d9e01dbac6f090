//! Links sent by mail: for who forgot the password, and for another address.

use chrono::TimeDelta;
use store::StoreError;
use store::mail_links::MINUTES;

use crate::database;
use crate::people_of_a_test::{PASSWORD, minutes, now, publisher, sees, session};

const OTHER: &str = "another horse battery";
const ALMA: &str = "alma@example.org";

#[tokio::test]
async fn a_reset_ends_all_sessions_and_all_links() {
    let (store, _) = database::store().await;
    let (alma, _) = publisher(&store, "alma", 1).await;
    let links = store.mail_links();
    let session = session(&store, alma).await;
    let (first, second) =
        (links.ask_reset(" ALMA@example.org", now()).await.unwrap(), links.ask_reset(ALMA, now()).await.unwrap());
    let (first, second) = (first.unwrap(), second.unwrap());
    let change = links.ask_email_change(alma, "new@example.org", now()).await.unwrap().unwrap();
    assert_eq!((first.account, first.email.as_str(), first.language.as_str()), (alma, ALMA, "en"));
    // What is wrong with the password does not use the link up.
    for weak in ["short", "password1234", "alma@example.org"] {
        let refused = links.reset(&first.token, weak, now()).await;
        assert!(matches!(refused, Err(StoreError::PasswordLength { .. } | StoreError::WeakPassword)), "{weak}");
    }
    assert_eq!(links.reset(&first.token, OTHER, now()).await.unwrap(), alma);
    for token in [&first.token, &second.token, &change.token] {
        assert!(matches!(links.reset(token, PASSWORD, now()).await, Err(StoreError::LinkGone)));
        assert!(matches!(links.change_email(token, now()).await, Err(StoreError::LinkGone)));
    }
    assert_eq!(sees(&store, session, None, now()).await, None);
    assert_eq!(store.accounts().verify(ALMA, PASSWORD).await.unwrap(), None);
    assert!(store.accounts().verify(ALMA, OTHER).await.unwrap().is_some());
}

#[tokio::test]
async fn a_link_is_good_for_an_hour_and_for_its_own_end_only() {
    let (store, mut connection) = database::store().await;
    let (alma, _) = publisher(&store, "alma", 1).await;
    let links = store.mail_links();
    let reset = links.ask_reset(ALMA, now()).await.unwrap().unwrap().token;
    let change = links.ask_email_change(alma, "new@example.org", now()).await.unwrap().unwrap().token;
    let end = now() + minutes(MINUTES);
    assert!(matches!(links.reset(&reset, OTHER, end).await, Err(StoreError::LinkGone)));
    assert!(matches!(links.change_email(&change, end).await, Err(StoreError::LinkGone)));
    assert!(matches!(links.reset(&change, OTHER, now()).await, Err(StoreError::LinkGone)));
    assert!(matches!(links.change_email(&reset, now()).await, Err(StoreError::LinkGone)));
    assert!(matches!(links.reset("", OTHER, now()).await, Err(StoreError::LinkGone)));
    let kept: Vec<String> =
        sqlx::query_scalar("SELECT l::text FROM app.mail_link AS l").fetch_all(&mut connection).await.unwrap();
    assert!(kept.len() == 2 && kept.iter().all(|row| !row.contains(&reset) && !row.contains(&change)));
    links.reset(&reset, OTHER, end - TimeDelta::milliseconds(1)).await.unwrap();
}

#[tokio::test]
async fn of_many_who_use_a_link_at_once_one_does() {
    let (store, _) = database::store().await;
    publisher(&store, "alma", 1).await;
    let token = store.mail_links().ask_reset(ALMA, now()).await.unwrap().unwrap().token;
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..4 {
        let (store, token) = (store.clone(), token.clone());
        tasks.spawn(async move { store.mail_links().reset(&token, &format!("{OTHER} {i}"), now()).await });
    }
    let done = tasks.join_all().await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
}

#[tokio::test]
async fn of_each_kind_five_are_sent_at_most_even_to_many_who_ask_at_once() {
    let (store, _) = database::store().await;
    let (alma, _) = publisher(&store, "alma", 1).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let store = store.clone();
        tasks.spawn(async move { store.mail_links().ask_reset(ALMA, now()).await.unwrap().is_some() });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|sent| *sent).count(), 5);
    // Strangers who ask for resets do not keep anybody from changing their address.
    assert!(store.mail_links().ask_email_change(alma, "new@example.org", now()).await.unwrap().is_some());
    let later = now() + minutes(MINUTES);
    assert!(store.mail_links().ask_reset(ALMA, later).await.unwrap().is_some());
}

#[tokio::test]
async fn nobody_is_sent_anything_who_is_not_an_active_account() {
    let (store, mut connection) = database::store().await;
    let (alma, _) = publisher(&store, "alma", 1).await;
    let links = store.mail_links();
    for email in ["nobody@example.org", "alma@example.org\r\nBcc: x@y.ee", "", "alma"] {
        assert!(links.ask_reset(email, now()).await.unwrap().is_none(), "{email:?}");
        if email != "nobody@example.org" {
            let refused = links.ask_email_change(alma, email, now()).await;
            assert!(matches!(refused, Err(StoreError::BadEmail(_))), "{email:?}");
        }
    }
    let reset = links.ask_reset(ALMA, now()).await.unwrap().unwrap().token;
    let change = links.ask_email_change(alma, "new@example.org", now()).await.unwrap().unwrap().token;
    store.accounts().set_active(alma, false, now()).await.unwrap();
    assert!(links.ask_reset(ALMA, now()).await.unwrap().is_none());
    store.accounts().set_active(alma, true, now()).await.unwrap();
    assert!(matches!(links.reset(&reset, OTHER, now()).await, Err(StoreError::LinkGone)));
    assert!(matches!(links.change_email(&change, now()).await, Err(StoreError::LinkGone)));
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM app.mail_link").fetch_one(&mut connection).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn another_address_is_anothers_no_more_than_it_was() {
    let (store, _) = database::store().await;
    let (alma, _) = publisher(&store, "alma", 1).await;
    let (beta, _) = publisher(&store, "beta", 2).await;
    let links = store.mail_links();
    assert!(links.ask_email_change(alma, "Beta@example.org", now()).await.unwrap().is_none());
    let session = session(&store, alma).await;
    let one = links.ask_email_change(alma, "new@example.org", now()).await.unwrap().unwrap();
    let two = links.ask_email_change(beta, "new@example.org", now()).await.unwrap().unwrap();
    let to_the_former = links.ask_reset(ALMA, now()).await.unwrap().unwrap();
    assert_eq!(one.email, "new@example.org");
    let (former, new, _) = links.change_email(&one.token, now()).await.unwrap();
    assert_eq!((former.as_str(), new.as_str()), (ALMA, "new@example.org"));
    assert_eq!(sees(&store, session, None, now()).await, None);
    // The address was taken meanwhile; the other account keeps its own.
    assert!(matches!(links.change_email(&two.token, now()).await, Err(StoreError::LinkGone)));
    assert_eq!(store.accounts().read(beta).await.unwrap().email, "beta@example.org");
    // Who reads the mail of the former address has no part in the account any more.
    let late = links.reset(&to_the_former.token, OTHER, now()).await;
    assert!(matches!(late, Err(StoreError::LinkGone)));
    assert!(store.accounts().verify("new@example.org", PASSWORD).await.unwrap().is_some());
}

#[tokio::test]
async fn who_changes_the_password_makes_links_of_before_worthless() {
    let (store, _) = database::store().await;
    let (alma, _) = publisher(&store, "alma", 1).await;
    let links = store.mail_links();
    let change = links.ask_email_change(alma, "thief@example.org", now()).await.unwrap().unwrap().token;
    store.accounts().set_password(alma, OTHER, None, now()).await.unwrap();
    assert!(matches!(links.change_email(&change, now()).await, Err(StoreError::LinkGone)));
}
