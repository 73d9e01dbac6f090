//! The object store: what is put is there once and whole, whatever the store does meanwhile.

use bytes::Bytes;
use peers::ObjectServer;
use stage::{Objects, StageError};
use tempfile::TempDir;
use testkit::{Fault, FaultyStore};

const NAME: &str = "raw/ee/spool=1/0-1.ndjson.zst";

fn bytes(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}

/// What holds of every store.
async fn holds(objects: &Objects) {
    assert!(matches!(objects.get(NAME).await, Err(StageError::Missing(name)) if name == NAME));
    assert_eq!(objects.list("raw/ee").await.unwrap(), []);
    objects.put(NAME, bytes("one")).await.unwrap();
    objects.put(NAME, bytes("one")).await.unwrap();
    assert!(matches!(objects.put(NAME, bytes("two")).await, Err(StageError::Other(name)) if name == NAME));
    assert_eq!(objects.get(NAME).await.unwrap(), "one");
    // Neither the folder's own name nor one that begins with it is in it.
    objects.put("raw/eee/1", bytes("x")).await.unwrap();
    objects.put("raw/ee/a", bytes("four")).await.unwrap();
    let listed = objects.list("raw/ee").await.unwrap();
    let listed: Vec<(&str, u64)> = listed.iter().map(|object| (object.name.as_str(), object.bytes)).collect();
    assert_eq!(listed, [("raw/ee/a", 4), (NAME, 3)]);
    objects.delete(NAME).await.unwrap();
    objects.delete(NAME).await.unwrap();
    assert_eq!(objects.list("raw/ee").await.unwrap().len(), 1);
    for bad in ["", "a b", "a:b", "../a", "a//b", "/a", "a'b"] {
        assert!(matches!(objects.put(bad, bytes("x")).await, Err(StageError::Name(_))), "{bad}");
    }
}

#[tokio::test]
async fn a_directory_is_a_store() {
    let dir = TempDir::new().unwrap();
    let below = dir.path().join("a/b");
    let objects = Objects::open(below.to_str().unwrap()).unwrap();
    holds(&objects).await;
    assert_eq!(objects.url("x/y"), format!("file://{}/x/y", below.canonicalize().unwrap().display()));
    for bad in ["", "gs://bucket", "http://x", "/dev/null/x"] {
        assert!(matches!(Objects::open(bad), Err(StageError::Address { .. })), "{bad}");
    }
}

#[tokio::test]
async fn a_bucket_is_a_store() {
    let Some(server) = ObjectServer::start().await.inspect_err(|why| println!("skipped: {why}")).ok() else { return };
    holds(&server.objects("octavo", "some/prefix", "secret")).await;
    assert!(server.folder().join("octavo/some/prefix/raw/ee/a").is_file(), "it is really there");
    // The key is asked for: with another one nothing is read.
    let stranger = server.objects("octavo", "some/prefix", "another");
    assert!(stranger.get("raw/ee/a").await.is_err());
    drop(server);
}

#[tokio::test]
async fn each_operation_may_fail_once_in_every_way() {
    for fault in Fault::ALL {
        for nth in 0..2 {
            let store = FaultyStore::new();
            let failing = store.failing(nth, fault);
            failing.objects(3).put(NAME, bytes("one")).await.unwrap();
            assert!(failing.has_failed(), "{fault:?} {nth}");
            assert_eq!(store.objects(1).get(NAME).await.unwrap(), "one");
            assert_eq!(store.failing(0, fault).objects(2).get(NAME).await.unwrap(), "one");
            assert_eq!(store.failing(0, fault).objects(2).list("raw").await.unwrap().len(), 1);
            store.failing(0, fault).objects(2).delete(NAME).await.unwrap();
            assert_eq!(store.objects(1).list("raw").await.unwrap(), []);
        }
    }
}

#[tokio::test]
async fn a_store_that_stays_away_is_told_of() {
    let away = FaultyStore::new().failing(0, Fault::Before);
    let error = away.objects(1).put(NAME, bytes("one")).await.unwrap_err();
    assert!(matches!(error, StageError::Unavailable { tries: 1, .. }), "{error}");
    assert!(error.to_string().contains("500 Internal Server Error"), "{error}");
}
