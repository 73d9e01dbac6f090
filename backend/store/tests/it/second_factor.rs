//! The second factor: codes of a device, good once, and recovery codes.

use access::OrganisationKind::Publisher;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection, Executor, PgConnection};
use store::{NewSignIn, SecretKey, Store, StoreError};
use totp_rs::{Builder, Secret};
use uuid::Uuid;

use crate::database;
use crate::people_of_a_test::{everybody, minutes, now, publisher, session};

async fn store() -> (Store, PgConnection, Uuid) {
    let (store, connection) = database::store().await;
    let store = store.with_secret_key(SecretKey::new([7; 32]));
    let (account, _) = publisher(&store, "alma", 1).await;
    (store, connection, account)
}

/// The code that a device shows.
fn code(secret: &str, at: DateTime<Utc>) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).with_account_name("a").build();
    totp.unwrap().generate(u64::try_from(at.timestamp()).unwrap()).to_string()
}

/// Turns it on with a code of ten minutes ago; the secret and the recovery codes.
async fn on(store: &Store, account: Uuid, session: Uuid) -> (String, Vec<String>) {
    let (factor, at) = (store.second_factor(), now() - minutes(10));
    let secret = factor.enrol(account).await.unwrap().secret;
    let codes = factor.turn_on(account, session, &code(&secret, at), at).await.unwrap();
    (secret, codes.unwrap())
}

async fn is_missing(store: &Store, session: Uuid) -> bool {
    store.sign_ins().caller(session, None, now()).await.unwrap().unwrap().caller.second_factor_missing
}

#[tokio::test]
async fn it_is_asked_for_once_a_code_was_shown() {
    let (store, _, account) = store().await;
    let (factor, session) = (store.second_factor(), session(&store, account).await);
    assert!(!factor.check(account, "123456", now()).await.unwrap());
    let first = factor.enrol(account).await.unwrap();
    assert!(first.uri.starts_with("otpauth://totp/") && first.uri.contains(&first.secret), "{}", first.uri);
    // While it is being set up it proves nothing, and may be begun anew.
    assert!(!factor.check(account, &code(&first.secret, now()), now()).await.unwrap());
    let secret = factor.enrol(account).await.unwrap().secret;
    assert_eq!(factor.turn_on(account, session, &code(&first.secret, now()), now()).await.unwrap(), None);
    assert!(!store.accounts().read(account).await.unwrap().two_factor);
    let written = code(&secret, now());
    let written = format!("{} {}", &written[..3], &written[3..]);
    let codes = factor.turn_on(account, session, &written, now()).await.unwrap().unwrap();
    assert_eq!((codes.len(), factor.recovery_codes_left(account).await.unwrap()), (10, 10));
    assert!(store.accounts().read(account).await.unwrap().two_factor);
    assert!(matches!(factor.enrol(account).await, Err(StoreError::NoAccount)));
    let again = factor.turn_on(account, session, &code(&secret, now() + minutes(1)), now() + minutes(1)).await.unwrap();
    assert_eq!((again, factor.recovery_codes_left(account).await.unwrap()), (None, 10));
}

#[tokio::test]
async fn a_code_is_good_once_and_none_of_before_it() {
    let (store, _, account) = store().await;
    let session = session(&store, account).await;
    let (secret, _) = on(&store, account, session).await;
    let factor = store.second_factor();
    let step = TimeDelta::seconds(30);
    assert!(factor.check(account, &code(&secret, now()), now()).await.unwrap());
    for (what, shown, at) in [
        ("again", now(), now()),
        ("again in the next window", now(), now() + step),
        ("of the previous window", now() - step, now()),
        ("long over", now() - minutes(9), now()),
        ("far ahead", now() + minutes(5), now()),
    ] {
        assert!(!factor.check(account, &code(&secret, shown), at).await.unwrap(), "{what}");
    }
    for wrong in ["", "12345", "1234567", "abcdef", "000000\0", "１２３４５６"] {
        assert!(!factor.check(account, wrong, now() + step).await.unwrap(), "{wrong}");
    }
    // The one of turning it on is not good either.
    assert!(!factor.check(account, &code(&secret, now() - minutes(10)), now() - minutes(10)).await.unwrap());
    assert!(factor.check(account, &code(&secret, now() + step), now() + step).await.unwrap());
}

#[tokio::test]
async fn of_many_who_show_the_same_code_at_once_one_is_let_in() {
    let (store, mut connection, account) = store().await;
    let session = session(&store, account).await;
    let (secret, recovery) = on(&store, account, session).await;
    for code in [code(&secret, now()), recovery[0].clone()] {
        // All have found it right before the first has used it.
        let mut held = connection.begin().await.unwrap();
        held.execute("SELECT FROM app.account FOR UPDATE").await.unwrap();
        held.execute("SELECT FROM app.recovery_code FOR UPDATE").await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (store, code) = (store.clone(), code.clone());
            tasks.spawn(async move { store.second_factor().check(account, &code, now()).await.unwrap() });
        }
        database::are_waiting(&mut held, 4).await;
        held.rollback().await.unwrap();
        assert_eq!(tasks.join_all().await.into_iter().filter(|right| *right).count(), 1);
    }
}

#[tokio::test]
async fn a_recovery_code_is_good_once_however_it_is_typed_and_for_its_own_account() {
    let (store, mut connection, account) = store().await;
    let (beta, _) = publisher(&store, "beta", 2).await;
    let (alma_in, beta_in) = (session(&store, account).await, session(&store, beta).await);
    let (secret, codes) = on(&store, account, alma_in).await;
    on(&store, beta, beta_in).await;
    let factor = store.second_factor();
    assert!(!factor.check(beta, &codes[0], now()).await.unwrap());
    assert!(factor.check(account, &codes[0].to_uppercase().replace('-', " "), now()).await.unwrap());
    assert!(!factor.check(account, &codes[0], now()).await.unwrap());
    assert_eq!(factor.recovery_codes_left(account).await.unwrap(), 9);
    let new = factor.new_recovery_codes(account).await.unwrap();
    assert!(!factor.check(account, &codes[1], now()).await.unwrap());
    assert!(factor.check(account, &new[1], now()).await.unwrap());
    // Neither secret nor codes are in the database to be read.
    let raw = Secret::try_from_base32(&secret).unwrap().to_vec();
    let kept: Vec<String> = sqlx::query_scalar(
        "SELECT a::text FROM app.account AS a UNION ALL SELECT c::text FROM app.recovery_code AS c
         UNION ALL SELECT r::text FROM app.audit AS r",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let secrets =
        [secret, hex::encode(raw)].into_iter().chain(new.iter().flat_map(|c| [c.clone(), c.replace('-', "")]));
    for secret in secrets {
        assert!(kept.iter().all(|row| !row.to_lowercase().contains(&secret.to_lowercase())), "{secret}");
    }
}

#[tokio::test]
async fn with_another_secret_key_nobody_is_let_in_and_without_one_nothing_is_sealed() {
    let url = database::migrated().await;
    let store = Store::connect(&url).await.unwrap().with_secret_key(SecretKey::new([7; 32]));
    let (account, _) = publisher(&store, "alma", 1).await;
    let session = session(&store, account).await;
    let (secret, _) = on(&store, account, session).await;
    let plain = Store::connect(&url).await.unwrap();
    let other = plain.clone().with_secret_key(SecretKey::new([8; 32]));
    let right = code(&secret, now());
    assert!(matches!(other.second_factor().check(account, &right, now()).await, Err(StoreError::Sealed)));
    assert!(matches!(plain.second_factor().check(account, &right, now()).await, Err(StoreError::NoSecretKey)));
    assert!(matches!(plain.second_factor().enrol(account).await, Err(StoreError::NoSecretKey)));
    // Nor does the secret of one account open for another.
    let (beta, _) = publisher(&store, "beta", 2).await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let sql = "UPDATE app.account AS b SET totp_secret = a.totp_secret, totp_since = a.totp_since FROM app.account AS a
         WHERE b.id = $1 AND a.id = $2";
    sqlx::query(sql).bind(beta).bind(account).execute(&mut connection).await.unwrap();
    assert!(matches!(store.second_factor().check(beta, &right, now()).await, Err(StoreError::Sealed)));
    assert!(store.second_factor().check(account, &right, now()).await.unwrap());
}

#[tokio::test]
async fn where_it_is_required_it_is_missing_until_it_is_shown_and_after_it_is_off() {
    let (store, mut connection, account) = store().await;
    let here = session(&store, account).await;
    assert!(!is_missing(&store, here).await);
    store.organisations().require_two_factor(&everybody(), "alma", true).await.unwrap();
    assert!(is_missing(&store, here).await);
    let (secret, codes) = on(&store, account, here).await;
    assert!(!is_missing(&store, here).await);
    let there = session(&store, account).await;
    assert!(is_missing(&store, there).await);
    store.sign_ins().proved(there, true, now()).await.unwrap();
    assert!(!is_missing(&store, there).await);
    // A provider that has asked for one itself goes on doing so.
    let new = NewSignIn { account, method: "harid".into(), two_factor: true, agent: String::new() };
    let provided = store.sign_ins().begin(&new, now()).await.unwrap();
    store.second_factor().turn_off(account).await.unwrap();
    assert!(is_missing(&store, here).await && is_missing(&store, there).await && !is_missing(&store, provided).await);
    for gone in [code(&secret, now()), codes[0].clone()] {
        assert!(!store.second_factor().check(account, &gone, now()).await.unwrap());
    }
    let cleared: bool = sqlx::query_scalar(
        "SELECT totp_secret IS NULL AND totp_since IS NULL AND NOT EXISTS (SELECT FROM app.recovery_code)
         FROM app.account WHERE id = $1",
    )
    .bind(account)
    .fetch_one(&mut connection)
    .await
    .unwrap();
    assert!(cleared && !store.accounts().read(account).await.unwrap().two_factor);
}

#[tokio::test]
async fn who_turns_it_on_marks_their_own_session_only() {
    let (store, _, account) = store().await;
    let (beta, beta_at) = publisher(&store, "beta", 2).await;
    assert_eq!(store.organisations().named("beta", Publisher).await.unwrap(), Some(beta_at));
    store.organisations().require_two_factor(&everybody(), "beta", true).await.unwrap();
    let anothers = session(&store, beta).await;
    on(&store, account, anothers).await;
    assert!(is_missing(&store, anothers).await);
}

#[tokio::test]
async fn another_secret_does_not_bring_time_back() {
    let (store, _, account) = store().await;
    let (factor, session) = (store.second_factor(), session(&store, account).await);
    let (secret, _) = on(&store, account, session).await;
    assert!(factor.check(account, &code(&secret, now()), now()).await.unwrap());
    factor.turn_off(account).await.unwrap();
    let secret = factor.enrol(account).await.unwrap().secret;
    let of = async |at| factor.turn_on(account, session, &code(&secret, at), now()).await.unwrap().is_some();
    for (at, right) in [(now() - TimeDelta::seconds(30), false), (now(), false), (now() + TimeDelta::seconds(30), true)]
    {
        assert_eq!(of(at).await, right, "{at}");
    }
}
