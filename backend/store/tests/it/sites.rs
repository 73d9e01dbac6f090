//! The secrets of the sites.

use crate::database;

#[tokio::test]
async fn a_site_keeps_its_secret_and_shares_it_with_no_other() {
    let (store, _) = database::store().await;
    let estonia = store.sites().secret("ee").await.unwrap();
    assert_eq!(store.sites().secret("ee").await.unwrap(), estonia);
    assert_ne!(store.sites().secret("lv").await.unwrap(), estonia);
    assert_ne!(estonia, [0; 32]);
}

#[tokio::test]
async fn all_who_are_first_at_once_get_the_same() {
    let (store, _) = database::store().await;
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.sites().secret("ee").await.unwrap() })
        })
        .collect();
    let mut secrets = Vec::new();
    for task in tasks {
        secrets.push(task.await.unwrap());
    }
    assert!(secrets.iter().all(|s| *s == secrets[0]));
}
