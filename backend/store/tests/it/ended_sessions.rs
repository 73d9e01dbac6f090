//! Sessions of Redis are kept while changes are heard, and one that was ended is gone within a second, whatever happens.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use redis::AsyncCommands;
use redis::aio::MultiplexedConnection;
use store::{RedisSessions, Sessions};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};

const SOON: Duration = Duration::from_secs(1);

/// Two processes on a Redis of their own, both listening.
struct Two {
    here: RedisSessions,
    there: RedisSessions,
    raw: MultiplexedConnection,
    server: cluster::Redis,
    dir: PathBuf,
}

/// `None` on a machine without Redis.
async fn two(name: &str) -> Option<Two> {
    let name = format!("store-ended-{name}-{}", std::process::id());
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let server = cluster::Redis::start(&dir).await.unwrap()?;
    let here = RedisSessions::connect(server.url()).await.unwrap();
    let there = RedisSessions::connect(server.url()).await.unwrap();
    for store in [&here, &there] {
        tokio::spawn(Sessions::Redis(store.clone()).listen());
        listens(store).await;
    }
    let raw = redis::Client::open(server.url()).unwrap().get_multiplexed_async_connection().await.unwrap();
    Some(Two { here, there, raw, server, dir })
}

/// Waits until the store has its connections, and hears.
async fn listens(store: &RedisSessions) {
    let since = Instant::now();
    while !store.is_listening() || store.ping().await.is_err() {
        assert!(since.elapsed() < Duration::from_secs(10), "does not listen");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

impl Two {
    async fn sign_in(&self, lives: time::Duration) -> Record {
        let data = HashMap::from([("account".to_string(), "a".into())]);
        let mut record = Record { id: Id::default(), data, expiry_date: OffsetDateTime::now_utc() + lives };
        self.there.create(&mut record).await.unwrap();
        record
    }

    /// Within a second the first process does not know the session any more.
    async fn soon_gone(&self, id: &Id, what: &str) {
        let since = Instant::now();
        loop {
            // When it was asked counts: how long the answer took is not what is promised.
            let asked = since.elapsed();
            // Not to be known and not to be able to say are both no.
            if !self.here.load(id).await.is_ok_and(|found| found.is_some()) {
                return;
            }
            assert!(asked < SOON, "{what}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// How often Redis was asked for a session.
    async fn asked(&mut self) -> u64 {
        let info: String = redis::cmd("INFO").arg("commandstats").query_async(&mut self.raw).await.unwrap();
        let get = info.lines().find_map(|line| line.strip_prefix("cmdstat_get:calls=")).unwrap_or("0,");
        get.split(',').next().unwrap().parse().unwrap()
    }

    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.server.pid().to_string()]).status().unwrap().success());
    }

    async fn end(self) {
        self.server.stop().await.unwrap();
        cluster::remove(&self.dir).await.unwrap();
        std::fs::remove_dir(&self.dir).unwrap();
    }
}

const HOUR: time::Duration = time::Duration::hours(1);

#[tokio::test]
async fn a_session_in_use_is_asked_for_once() {
    let Some(mut two) = two("use").await else { return };
    let one = two.sign_in(HOUR).await;
    for _ in 0..50 {
        assert_eq!(two.here.load(&one.id).await.unwrap(), Some(one.clone()));
    }
    assert_eq!(two.asked().await, 1);
    // What another process writes is seen, and then kept again.
    let mut changed = one.clone();
    changed.data.insert("seen".to_string(), 1.into());
    two.there.save(&changed).await.unwrap();
    let since = Instant::now();
    while two.here.load(&one.id).await.unwrap() != Some(changed.clone()) {
        assert!(since.elapsed() < SOON);
    }
    let asked = two.asked().await;
    two.here.load(&one.id).await.unwrap();
    assert_eq!(two.asked().await, asked);
    two.end().await;
}

#[tokio::test]
async fn a_session_that_ends_is_gone_in_every_process() {
    let Some(mut two) = two("gone").await else { return };
    for round in 0..20 {
        let (one, other) = (two.sign_in(HOUR).await, two.sign_in(HOUR).await);
        assert!(two.here.load(&one.id).await.unwrap().is_some() && two.here.load(&other.id).await.unwrap().is_some());
        two.there.delete(&one.id).await.unwrap();
        two.soon_gone(&one.id, "signed out elsewhere").await;
        two.here.delete(&other.id).await.unwrap();
        assert_eq!(two.here.load(&other.id).await.unwrap(), None, "signed out here, round {round}");
    }
    let (wiped, short) = (two.sign_in(HOUR).await, two.sign_in(time::Duration::milliseconds(300)).await);
    assert!(two.here.load(&wiped.id).await.unwrap().is_some() && two.here.load(&short.id).await.unwrap().is_some());
    tokio::time::sleep(Duration::from_millis(301)).await;
    assert_eq!(two.here.load(&short.id).await.unwrap(), None, "its time is over");
    let () = two.raw.flushall().await.unwrap();
    two.soon_gone(&wiped.id, "wiped").await;
    two.end().await;
}

#[tokio::test]
async fn a_use_noted_while_a_session_is_ended_does_not_bring_it_back() {
    let Some(two) = two("back").await else { return };
    let one = two.sign_in(HOUR).await;
    let known = two.here.load(&one.id).await.unwrap().unwrap();
    two.there.delete(&one.id).await.unwrap();
    two.here.save(&known).await.unwrap();
    assert_eq!(two.there.load(&one.id).await.unwrap(), None);
    two.soon_gone(&one.id, "saved after its end").await;
    two.end().await;
}

#[tokio::test]
async fn without_a_connection_no_session_is_kept() {
    let Some(mut two) = two("cut").await else { return };
    let (one, other) = (two.sign_in(HOUR).await, two.sign_in(HOUR).await);
    assert!(two.here.load(&one.id).await.unwrap().is_some() && two.here.load(&other.id).await.unwrap().is_some());
    let mut kill = redis::cmd("CLIENT");
    kill.arg("KILL").arg("TYPE").arg("NORMAL").arg("SKIPME").arg("YES");
    let killed: i64 = kill.query_async(&mut two.raw).await.unwrap();
    assert!(killed >= 4, "{killed}");
    let () = two.raw.del(raw_keys(&mut two.raw.clone()).await).await.unwrap();
    two.soon_gone(&one.id, "the connection was ended").await;
    listens(&two.here).await;
    listens(&two.there).await;
    assert_eq!(two.here.load(&other.id).await.unwrap(), None);

    // Redis says nothing: nobody is known, and nobody waits for long.
    let one = two.sign_in(HOUR).await;
    assert!(two.here.load(&one.id).await.unwrap().is_some());
    two.signal("-STOP");
    tokio::time::sleep(Duration::from_millis(900)).await;
    let since = Instant::now();
    assert!(two.here.load(&one.id).await.is_err());
    assert!(since.elapsed() < Duration::from_secs(4), "{:?}", since.elapsed());
    two.signal("-CONT");
    listens(&two.here).await;
    assert!(two.here.load(&one.id).await.unwrap().is_some());
    two.end().await;
}

async fn raw_keys(raw: &mut MultiplexedConnection) -> Vec<String> {
    raw.keys("session:*").await.unwrap()
}
