//! Callers are kept while changes are heard, and what was taken away is gone within a second, whatever happens.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use access::{KeyScope, OrganisationKind, Role};
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use sqlx::postgres::{PgConnection, PgListener};
use sqlx::{AssertSqlSafe, Connection, Executor};
use store::{AccountId, Store};
use uuid::Uuid;

use crate::database;

const PASSWORD: &str = "correct horse battery";
const SOON: Duration = Duration::from_secs(1);

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 7, 12, 15).unwrap()
}

/// Two processes on one database, both listening, and a publisher with a key.
struct Two {
    here: Store,
    there: Store,
    connection: PgConnection,
    account: AccountId,
    organisation: Uuid,
    key_id: Uuid,
    key: String,
    url: String,
}

async fn two() -> Two {
    let url = database::migrated().await;
    let (here, there) = (Store::connect(&url).await.unwrap(), Store::connect(&url).await.unwrap());
    let organisation = there.organisations().keep("Alma", OrganisationKind::Publisher, &[1]).await.unwrap();
    let account = there.accounts().add_account("alma@example.org", "Alma", PASSWORD).await.unwrap();
    there.accounts().add_membership(account, organisation, Role::Publisher).await.unwrap();
    let (key_id, key) = there.keys().create(account, "A", &KeyScope::ALL, None, now()).await.unwrap();
    for store in [&here, &there] {
        tokio::spawn(store.clone().listen());
        listens(store).await;
    }
    let connection = PgConnection::connect(&url).await.unwrap();
    Two { here, there, connection, account, organisation, key_id, key, url }
}

async fn listens(store: &Store) {
    let since = Instant::now();
    while !store.is_listening() {
        assert!(since.elapsed() < Duration::from_secs(10), "does not listen");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

impl Two {
    /// What the first process knows: by account, and by key.
    async fn known(&self) -> [Option<Vec<i32>>; 2] {
        let by_account = self.here.accounts().caller_by_account(self.account).await.unwrap();
        let by_key = self.here.keys().caller_by_key(&self.key, None, now()).await.unwrap();
        [by_account, by_key].map(|caller| caller.map(|c| c.organisation.subjects.clone()))
    }

    /// Within a second the first process knows this and nothing else.
    async fn soon(&self, expected: [Option<Vec<i32>>; 2], what: &str) {
        let since = Instant::now();
        while self.known().await != expected {
            assert!(since.elapsed() < SOON, "{what}: still {:?}", self.known().await);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Stops, ends or continues the connections that listen.
    async fn listeners(&mut self, signal: &str) {
        let sql =
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'callers' AND datname = current_database()";
        let pids: Vec<i32> = sqlx::query_scalar(sql).fetch_all(&mut self.connection).await.unwrap();
        assert_eq!(pids.len(), 2);
        for pid in pids {
            let sent = match signal {
                "TERM" => sqlx::query_scalar("SELECT pg_terminate_backend($1)")
                    .bind(pid)
                    .fetch_one(&mut self.connection)
                    .await
                    .unwrap(),
                signal => {
                    Command::new("kill").args([format!("-{signal}"), pid.to_string()]).status().unwrap().success()
                }
            };
            assert!(sent);
        }
    }
}

#[tokio::test]
async fn known_callers_are_not_looked_up_again() {
    let mut two = two().await;
    two.known().await;
    // Whoever looks a caller up now has to wait.
    let mut locked = two.connection.begin().await.unwrap();
    locked.execute("LOCK TABLE app.account, app.api_key").await.unwrap();
    for after in [0, 30, 59] {
        let at = now() + TimeDelta::seconds(after);
        let known = async {
            let by_account = two.here.accounts().caller_by_account(two.account).await.unwrap();
            by_account.is_some() && two.here.keys().caller_by_key(&two.key, None, at).await.unwrap().is_some()
        };
        assert!(tokio::time::timeout(Duration::from_millis(500), known).await.unwrap());
    }
    locked.rollback().await.unwrap();
}

#[tokio::test]
async fn what_another_process_takes_away_is_gone() {
    let two = two().await;
    let (accounts, keys) = (two.there.accounts(), two.there.keys());
    let all = [Some(vec![1]), Some(vec![1])];
    assert_eq!(two.known().await, all);
    accounts.set_active(two.account, false, now()).await.unwrap();
    two.soon([None, None], "not active").await;
    accounts.set_active(two.account, true, now()).await.unwrap();
    two.soon(all.clone(), "active").await;
    accounts.remove_membership(two.account, two.organisation).await.unwrap();
    two.soon([None, None], "no member").await;
    accounts.add_membership(two.account, two.organisation, Role::Publisher).await.unwrap();
    two.soon(all, "member").await;
    store.organisations().keep("Alma", OrganisationKind::Publisher, &[1, 2]).await.unwrap();
    two.soon([Some(vec![1, 2]), Some(vec![1, 2])], "about more").await;
    keys.revoke(two.account, two.key_id, now()).await.unwrap();
    two.soon([Some(vec![1, 2]), None], "revoked").await;
}

#[tokio::test]
async fn what_this_process_takes_away_is_gone_at_once() {
    let two = two().await;
    for _ in 0..20 {
        assert!(two.known().await.iter().all(Option::is_some));
        two.here.accounts().set_active(two.account, false, now()).await.unwrap();
        assert_eq!(two.known().await, [None, None]);
        two.here.accounts().set_active(two.account, true, now()).await.unwrap();
    }
}

#[tokio::test]
async fn a_kept_key_expires_on_the_instant_and_its_use_is_noted() {
    let two = two().await;
    let end = now() + TimeDelta::hours(1);
    let (_, key) = two.there.keys().create(two.account, "B", &KeyScope::ALL, Some(end), now()).await.unwrap();
    for (seconds, holds) in [(0, true), (3599, true), (3600, false), (3599, true)] {
        let found = two.here.keys().caller_by_key(&key, None, now() + TimeDelta::seconds(seconds)).await.unwrap();
        assert_eq!(found.is_some(), holds, "after {seconds} s");
    }
    let noted = two.there.keys().list(two.account).await.unwrap().into_iter().find(|k| k.name == "B").unwrap();
    assert_eq!(noted.last_used_at, Some(now() + TimeDelta::seconds(3599)));
}

#[tokio::test]
async fn without_a_connection_nothing_is_kept() {
    let mut two = two().await;
    two.known().await;
    for _ in 0..3 {
        two.listeners("TERM").await;
        two.there.accounts().set_active(two.account, false, now()).await.unwrap();
        two.soon([None, None], "the connection was ended").await;
        listens(&two.here).await;
        listens(&two.there).await;
        assert_eq!(two.known().await, [None, None]);
        two.there.accounts().set_active(two.account, true, now()).await.unwrap();
        two.soon([Some(vec![1]), Some(vec![1])], "it listens again").await;
    }
}

#[tokio::test]
async fn with_a_connection_that_is_silent_nothing_is_kept() {
    let mut two = two().await;
    two.known().await;
    two.listeners("STOP").await;
    two.there.accounts().set_active(two.account, false, now()).await.unwrap();
    two.soon([None, None], "the connection says nothing").await;
    assert!(!two.here.is_listening());
    two.listeners("CONT").await;
    listens(&two.here).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_too_nobody_is_known_a_second_after_they_were_put_out() {
    let mut two = two().await;
    let (start, out) = (Instant::now(), Arc::new(AtomicU64::new(u64::MAX)));
    let mut load = tokio::task::JoinSet::new();
    for i in 0..64 {
        let (store, key, account, out) = (two.here.clone(), two.key.clone(), two.account, out.clone());
        load.spawn(async move {
            loop {
                // Since when they are out, before the question is asked and after it was answered.
                let since = out.load(Ordering::SeqCst);
                let asked = start.elapsed().as_millis() as u64;
                let known = match i % 2 {
                    0 => store.keys().caller_by_key(&key, None, now()).await.unwrap().is_some(),
                    _ => store.accounts().caller_by_account(account).await.unwrap().is_some(),
                };
                let still_out = since != u64::MAX && out.load(Ordering::SeqCst) == since;
                let late = still_out && asked > since + SOON.as_millis() as u64;
                assert!(!(known && late), "known {} ms after it", asked - since);
                tokio::task::yield_now().await;
            }
        });
    }
    for round in 0..6 {
        if round % 3 == 2 {
            two.listeners("TERM").await;
        }
        two.there.accounts().set_active(two.account, false, now()).await.unwrap();
        out.store(start.elapsed().as_millis() as u64, Ordering::SeqCst);
        tokio::time::sleep(SOON + SOON / 2).await;
        out.store(u64::MAX, Ordering::SeqCst);
        two.there.accounts().set_active(two.account, true, now()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(load.try_join_next().is_none(), "somebody was known for too long");
        listens(&two.here).await;
        listens(&two.there).await;
    }
    load.shutdown().await;
}

#[tokio::test]
async fn whatever_changes_a_caller_is_told_and_a_noted_use_is_not() {
    let mut two = two().await;
    let mut listener = PgListener::connect(&two.url).await.unwrap();
    listener.listen("callers").await.unwrap();
    let changes = [
        ("UPDATE app.account SET name = 'B'", true),
        ("UPDATE app.account SET email = 'b@example.org'", true),
        ("UPDATE app.account SET active = false", true),
        ("UPDATE app.account SET password_hash = ''", false),
        ("UPDATE app.organisation SET name = 'B'", true),
        ("UPDATE app.organisation SET subjects = '{7}'", true),
        ("UPDATE app.membership SET role = 'owner'", true),
        ("UPDATE app.api_key SET last_used_at = now()", false),
        ("UPDATE app.api_key SET name = 'B'", false),
        ("UPDATE app.api_key SET scopes = '{usage:read}'", true),
        ("UPDATE app.api_key SET expires_at = now()", true),
        ("UPDATE app.api_key SET revoked_at = now()", true),
        ("DELETE FROM app.api_key", true),
        ("DELETE FROM app.membership", true),
        ("DELETE FROM app.organisation", true),
        ("DELETE FROM app.account", true),
        ("TRUNCATE app.organisation CASCADE", true),
    ];
    for (change, told) in changes {
        two.connection.execute(AssertSqlSafe(change)).await.unwrap();
        // Notices come before the answer of the next statement.
        listener.execute("SELECT 1").await.unwrap();
        let mut heard = false;
        while listener.next_buffered().is_some() {
            heard = true;
        }
        assert_eq!(heard, told, "{change}");
    }
}
