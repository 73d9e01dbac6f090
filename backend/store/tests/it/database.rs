//! A database per test: on a private server, or on that of `OCTAVO_TEST_DATABASE_URL`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cluster::{Postgres, PostgresOptions, Redis};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection};
use store::Store;
use tokio::sync::OnceCell;
use uuid::Uuid;

static POSTGRES: OnceCell<Postgres> = OnceCell::const_new();
static REDIS: OnceCell<Option<Redis>> = OnceCell::const_new();

/// A directory of this run, after having removed those of earlier ones: nothing is dropped at the end of a test run.
async fn directory(server: &str) -> PathBuf {
    let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mine = format!("store-{server}-");
    for entry in fs::read_dir(parent).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&mine) && cluster::remove(&entry.path()).await.is_ok() {
            let _ = fs::remove_dir(entry.path());
        }
    }
    parent.join(format!("{mine}{}", std::process::id()))
}

async fn server_url() -> String {
    if let Ok(url) = std::env::var("OCTAVO_TEST_DATABASE_URL") {
        return url;
    }
    let start = || async {
        Postgres::start(&directory("postgres").await, PostgresOptions::for_tests()).await.expect("PostgreSQL starts")
    };
    POSTGRES.get_or_init(start).await.url().to_string()
}

/// The URL of a private Redis; `None` on a machine without one.
pub async fn redis_url() -> Option<String> {
    let start = || async { Redis::start(&directory("redis").await).await.expect("Redis starts") };
    REDIS.get_or_init(start).await.as_ref().map(|redis| redis.url().to_string())
}

/// The URL of an empty database.
pub async fn empty() -> String {
    let server = server_url().await;
    let name = format!("t_{}", Uuid::new_v4().simple());
    let mut admin = PgConnection::connect(&server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE \"{name}\""))).execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
    let (before, query) =
        server.split_once('?').map_or((server.as_str(), String::new()), |(b, q)| (b, format!("?{q}")));
    let (authority, _) = before.rsplit_once('/').unwrap();
    format!("{authority}/{name}{query}")
}

/// The URL of a migrated database.
pub async fn migrated() -> String {
    let url = empty().await;
    store::migrate::app(&url).await.unwrap();
    url
}

/// A store on a migrated database, and a connection to look past it.
pub async fn store() -> (Store, PgConnection) {
    let url = migrated().await;
    let options: PgConnectOptions = url.parse().unwrap();
    (Store::connect(&url).await.unwrap(), PgConnection::connect_with(&options).await.unwrap())
}

/// Until so many others of this database wait for a lock.
pub async fn are_waiting(connection: &mut PgConnection, expected: i64) {
    let since = Instant::now();
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut *connection).await.unwrap() < expected {
        assert!(since.elapsed() < Duration::from_secs(10), "nobody waits");
        tokio::time::sleep(Duration::from_millis(1)).await;
        // What is asked twice in a transaction is answered from memory.
        sqlx::query("SELECT pg_stat_clear_snapshot()").execute(&mut *connection).await.unwrap();
    }
}

/// Until changes of callers are heard, and those that were looked up kept.
pub async fn listens(store: &Store) {
    let since = Instant::now();
    while !store.is_listening() {
        assert!(since.elapsed() < Duration::from_secs(10), "does not listen");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
