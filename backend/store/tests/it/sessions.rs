//! Sessions: the same behaviour in both stores.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use redis::AsyncCommands;
use store::{RedisSessions, Sessions};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};

use crate::database;

fn record(lives: time::Duration) -> Record {
    let data = HashMap::from([("account".to_string(), serde_json::json!({"id": "a", "n": 1}))]);
    Record { id: Id::default(), data, expiry_date: OffsetDateTime::now_utc() + lives }
}

async fn behaves(store: Sessions) {
    // A round trip, a change, the end.
    let mut one = record(time::Duration::hours(1));
    store.create(&mut one).await.unwrap();
    assert_eq!(store.load(&one.id).await.unwrap(), Some(one.clone()));
    one.data.insert("more".to_string(), serde_json::json!([1, 2]));
    store.save(&one).await.unwrap();
    assert_eq!(store.load(&one.id).await.unwrap(), Some(one.clone()));

    // An id that is taken is not taken over.
    let mut same_id = Record { id: one.id, ..record(time::Duration::hours(1)) };
    store.create(&mut same_id).await.unwrap();
    assert_ne!(same_id.id, one.id);
    assert_eq!(store.load(&one.id).await.unwrap(), Some(one.clone()));
    assert_eq!(store.load(&same_id.id).await.unwrap(), Some(same_id.clone()));

    store.delete(&one.id).await.unwrap();
    assert_eq!(store.load(&one.id).await.unwrap(), None);
    assert_eq!(store.load(&same_id.id).await.unwrap(), Some(same_id));
    store.delete(&one.id).await.unwrap();

    // Time ends a session.
    let mut short = record(time::Duration::seconds(1));
    store.create(&mut short).await.unwrap();
    assert!(store.load(&short.id).await.unwrap().is_some());
    tokio::time::sleep(Duration::from_millis(1050)).await;
    assert_eq!(store.load(&short.id).await.unwrap(), None);

    // So does saving one that is over.
    let mut over = record(time::Duration::hours(1));
    store.create(&mut over).await.unwrap();
    over.expiry_date = OffsetDateTime::now_utc() - time::Duration::seconds(1);
    store.save(&over).await.unwrap();
    assert_eq!(store.load(&over.id).await.unwrap(), None);
}

#[expect(clippy::disallowed_methods, reason = "sessions end by the clock of the machine")]
#[tokio::test]
async fn in_postgres() {
    let (store, mut connection) = database::store().await;
    behaves(Sessions::Postgres(store.sessions())).await;

    let mut one = record(time::Duration::hours(1));
    store.sessions().create(&mut one).await.unwrap();
    let kept: Vec<String> = sqlx::query_scalar("SELECT id || encode(data, 'escape') FROM app.session")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert!(kept.iter().all(|row| row.starts_with("session:") && !row.contains(&one.id.to_string())));

    assert!(store.sessions().delete_expired(chrono::Utc::now()).await.unwrap() >= 1);
    assert_eq!(store.sessions().delete_expired(chrono::Utc::now()).await.unwrap(), 0);
    assert!(store.sessions().load(&one.id).await.unwrap().is_some());
}

#[tokio::test]
async fn in_redis() {
    let Some(url) = database::redis_url().await else { return };
    let store = RedisSessions::connect(&url).await.unwrap();
    store.ping().await.unwrap();
    behaves(Sessions::Redis(store.clone())).await;

    let mut one = record(time::Duration::hours(1));
    store.create(&mut one).await.unwrap();
    let mut raw = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = raw.keys("*").await.unwrap();
    assert!(!keys.is_empty());
    for key in keys {
        let ttl: i64 = raw.ttl(&key).await.unwrap();
        assert!(key.starts_with("session:") && !key.contains(&one.id.to_string()));
        assert!((1..=3600).contains(&ttl), "{key} lives {ttl} s");
    }
}

#[tokio::test]
async fn a_redis_that_is_gone_is_an_error_soon() {
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("store-gone-{}", std::process::id()));
    let Some(server) = cluster::Redis::start(&dir).await.unwrap() else { return };
    let store = RedisSessions::connect(server.url()).await.unwrap();
    let mut one = record(time::Duration::hours(1));
    store.create(&mut one).await.unwrap();
    server.stop().await.unwrap();
    for _ in 0..3 {
        let since = Instant::now();
        assert!(store.load(&one.id).await.is_err());
        assert!(since.elapsed() < Duration::from_secs(4), "{:?}", since.elapsed());
    }
    let again = cluster::Redis::start(&dir).await.unwrap().unwrap();
    let since = Instant::now();
    while store.ping().await.is_err() {
        assert!(since.elapsed() < Duration::from_secs(10), "does not come back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(store.load(&one.id).await.unwrap(), None);
    again.stop().await.unwrap();
    cluster::remove(&dir).await.unwrap();
    std::fs::remove_dir(&dir).unwrap();
}
