//! Callers are kept while changes are heard, and what was taken away is gone within a second, whatever happens.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use access::{KeyScope, OrganisationKind, Role};
use chrono::TimeDelta;
use sqlx::postgres::{PgConnection, PgListener};
use sqlx::{AssertSqlSafe, Connection, Executor};
use store::{AccountId, Audited, Store};
use uuid::Uuid;

use crate::database::{self, listens};
use crate::people_of_a_test::{everybody, now, publisher, sees, session};

const SOON: Duration = Duration::from_secs(1);

/// Two processes on one database, both listening, and a publisher with a session and a key.
struct Two {
    here: Store,
    there: Store,
    connection: PgConnection,
    account: AccountId,
    organisation: Uuid,
    session: Uuid,
    key_id: Uuid,
    key: String,
    url: String,
}

async fn two() -> Two {
    let url = database::migrated().await;
    let (here, there) = (Store::connect(&url).await.unwrap(), Store::connect(&url).await.unwrap());
    let (account, organisation) = publisher(&there, "alma", 1).await;
    let session = session(&there, account).await;
    let (key_id, key) = there.keys().create(account, "A", &KeyScope::ALL, None, now()).await.unwrap();
    for store in [&here, &there] {
        tokio::spawn(store.clone().listen());
        listens(store).await;
    }
    let connection = PgConnection::connect(&url).await.unwrap();
    Two { here, there, connection, account, organisation, session, key_id, key, url }
}

impl Two {
    /// What the first process knows: by session, and by key.
    async fn known(&self) -> [Option<Vec<i32>>; 2] {
        let by_key = self.here.keys().caller_by_key(&self.key, None, now()).await.unwrap();
        [sees(&self.here, self.session, None, now()).await, by_key.map(|c| c.organisation.subjects.clone())]
    }

    /// Within a second the first process knows this and nothing else.
    async fn soon(&self, expected: [Option<Vec<i32>>; 2], what: &str) {
        let since = Instant::now();
        loop {
            // When it was asked counts: how long the answer took is not what is promised.
            let asked = since.elapsed();
            let known = self.known().await;
            if known == expected {
                return;
            }
            assert!(asked < SOON, "{what}: still {known:?}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Puts the member out, or lets them in again, as yet another process would.
    async fn put_out(&mut self, out: bool) {
        let sql = "UPDATE app.membership SET valid_until = CASE WHEN $1 THEN $2 END";
        sqlx::query(sql).bind(out).bind(now()).execute(&mut self.connection).await.unwrap();
    }

    /// Stops, ends or continues the connections that listen.
    async fn listeners(&mut self, signal: &str) {
        let sql =
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'callers' AND datname = current_database()";
        let since = Instant::now();
        let pids: Vec<i32> = loop {
            let pids: Vec<i32> = sqlx::query_scalar(sql).fetch_all(&mut self.connection).await.unwrap();
            // One that ended a moment ago is made anew a second later.
            if pids.len() == 2 {
                break pids;
            }
            assert!(since.elapsed() < Duration::from_secs(30), "{} of 2 listen", pids.len());
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        for pid in pids {
            let sent = match signal {
                "TERM" => sqlx::query_scalar("SELECT pg_terminate_backend($1, 10000)")
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
    locked.execute("LOCK TABLE app.account, app.api_key, app.sign_in").await.unwrap();
    for after in [0, 30, 59] {
        let at = now() + TimeDelta::seconds(after);
        let known = async {
            let by_session = sees(&two.here, two.session, None, at).await;
            by_session.is_some() && two.here.keys().caller_by_key(&two.key, None, at).await.unwrap().is_some()
        };
        assert!(tokio::time::timeout(Duration::from_millis(500), known).await.unwrap());
    }
    locked.rollback().await.unwrap();
}

#[tokio::test]
async fn what_another_process_takes_away_is_gone() {
    let mut two = two().await;
    let all = [Some(vec![1]), Some(vec![1])];
    assert_eq!(two.known().await, all);
    two.put_out(true).await;
    two.soon([None, None], "its time is over").await;
    two.put_out(false).await;
    two.soon(all, "member").await;
    two.there.organisations().keep("alma", OrganisationKind::Publisher, &[1, 2]).await.unwrap();
    two.soon([Some(vec![1, 2]), Some(vec![1, 2])], "about more").await;
    two.there.keys().revoke(&everybody(), Some(two.account), two.key_id, now()).await.unwrap();
    two.soon([Some(vec![1, 2]), None], "revoked").await;
    (_, two.key) = two.there.keys().create(two.account, "B", &KeyScope::ALL, None, now()).await.unwrap();
    two.soon([Some(vec![1, 2]), Some(vec![1, 2])], "another key").await;
    two.there.people().end(&everybody(), "alma", two.account, now()).await.unwrap();
    two.soon([None, None], "no member").await;
    two.there.accounts().add_membership(two.account, two.organisation, Role::Publisher).await.unwrap();
    two.soon([Some(vec![1, 2]), None], "member again, without the keys of before").await;
    two.there.accounts().set_active(two.account, false, now()).await.unwrap();
    two.soon([None, None], "not active").await;
    two.there.accounts().set_active(two.account, true, now()).await.unwrap();
    two.session = session(&two.there, two.account).await;
    two.soon([Some(vec![1, 2]), None], "signed in again").await;
    two.there.sign_ins().end(two.account, two.session, Audited::SignOut, now()).await.unwrap();
    two.soon([None, None], "signed out").await;
}

#[tokio::test]
async fn what_this_process_takes_away_is_gone_at_once() {
    let mut two = two().await;
    for round in 0..20 {
        assert!(two.known().await.iter().all(Option::is_some));
        if round % 2 == 0 {
            two.here.people().end(&everybody(), "alma", two.account, now()).await.unwrap();
            assert_eq!(two.known().await, [None, None]);
            two.here.accounts().add_membership(two.account, two.organisation, Role::Publisher).await.unwrap();
        } else {
            two.here.accounts().set_active(two.account, false, now()).await.unwrap();
            assert_eq!(two.known().await, [None, None]);
            two.here.accounts().set_active(two.account, true, now()).await.unwrap();
            two.session = session(&two.here, two.account).await;
        }
        (_, two.key) = two.here.keys().create(two.account, "B", &KeyScope::ALL, None, now()).await.unwrap();
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
    let noted =
        two.there.keys().list(two.organisation, None).await.unwrap().into_iter().find(|k| k.name == "B").unwrap();
    assert_eq!(noted.last_used_at, Some(now() + TimeDelta::seconds(3599)));
}

#[tokio::test]
async fn without_a_connection_nothing_is_kept() {
    let mut two = two().await;
    two.known().await;
    for _ in 0..3 {
        two.listeners("TERM").await;
        two.put_out(true).await;
        two.soon([None, None], "the connection was ended").await;
        listens(&two.here).await;
        listens(&two.there).await;
        assert_eq!(two.known().await, [None, None]);
        two.put_out(false).await;
        two.soon([Some(vec![1]), Some(vec![1])], "it listens again").await;
    }
}

#[tokio::test]
async fn with_a_connection_that_is_silent_nothing_is_kept() {
    let mut two = two().await;
    two.known().await;
    two.listeners("STOP").await;
    two.put_out(true).await;
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
        let (store, key, session, out) = (two.here.clone(), two.key.clone(), two.session, out.clone());
        load.spawn(async move {
            loop {
                // Since when they are out, before the question is asked and after it was answered.
                let since = out.load(Ordering::SeqCst);
                let asked = start.elapsed().as_millis() as u64;
                let known = match i % 2 {
                    0 => store.keys().caller_by_key(&key, None, now()).await.unwrap().is_some(),
                    _ => sees(&store, session, None, now()).await.is_some(),
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
        two.put_out(true).await;
        out.store(start.elapsed().as_millis() as u64, Ordering::SeqCst);
        tokio::time::sleep(SOON + SOON / 2).await;
        out.store(u64::MAX, Ordering::SeqCst);
        two.put_out(false).await;
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
        ("UPDATE app.account SET totp_since = now()", true),
        ("UPDATE app.account SET totp_step = 7", false),
        ("UPDATE app.account SET password_hash = ''", false),
        ("UPDATE app.sign_in SET proved_at = now()", true),
        ("UPDATE app.sign_in SET two_factor = true", true),
        ("UPDATE app.sign_in SET last_seen_at = now()", false),
        (
            "INSERT INTO app.viewing SELECT gen_random_uuid(), s.id, s.account_id, m.organisation_id, 'a good reason', now(),
                 now() + interval '1 hour' FROM app.sign_in AS s JOIN app.membership AS m USING (account_id)",
            true,
        ),
        ("UPDATE app.viewing SET ended_at = now()", true),
        ("DELETE FROM app.viewing", true),
        ("UPDATE app.sign_in SET ended_at = now()", true),
        ("DELETE FROM app.sign_in", true),
        ("UPDATE app.organisation SET valid_from = now() - interval '1 hour'", true),
        ("UPDATE app.organisation SET valid_until = now() + interval '1 hour'", true),
        ("UPDATE app.organisation SET requires_two_factor = true", true),
        ("UPDATE app.organisation SET parent_id = NULL", true),
        ("UPDATE app.membership SET valid_until = now()", true),
        ("UPDATE app.membership SET subjects = '{1}'", true),
        ("UPDATE app.api_key SET networks = '{10.0.0.0/8}'", true),
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
