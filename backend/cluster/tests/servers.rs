//! Real servers, started and stopped in every way they can be.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cluster::{ClusterError, Postgres, PostgresOptions, Redis};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use redis::AsyncCommands;
use tempfile::TempDir;
use tokio_postgres::NoTls;

/// A directory that any user can enter, so that the servers' files stay in it.
fn directory() -> TempDir {
    tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o755)).tempdir().unwrap()
}

async fn postgres(dir: &Path) -> Postgres {
    Postgres::start(dir, PostgresOptions::for_tests()).await.unwrap()
}

async fn run(url: &str, sql: &str) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let rows = client.simple_query(sql).await.unwrap();
    rows.iter()
        .filter_map(|m| match m {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(String::from),
            _ => None,
        })
        .collect()
}

fn kill_hard(pid: u32) {
    kill(Pid::from_raw(pid as i32), Signal::SIGKILL).unwrap();
}

async fn eventually(what: &str, mut is: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is() {
        assert!(since.elapsed() < Duration::from_secs(30), "not in 30 s: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn data_outlive_the_server_and_a_second_start_takes_seconds() {
    let dir = directory();
    let first = postgres(dir.path()).await;
    run(first.url(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)").await;
    assert_eq!(Postgres::attach(dir.path()).as_deref(), Some(first.url()));
    first.stop().await.unwrap();
    assert_eq!(Postgres::attach(dir.path()), None);

    let since = Instant::now();
    let second = postgres(dir.path()).await;
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    assert_eq!(run(second.url(), "SELECT n FROM kept").await, ["42"]);
    second.stop().await.unwrap();
}

#[tokio::test]
async fn the_server_is_set_up_as_promised() {
    let dir = directory();
    let server = postgres(dir.path()).await;
    for (setting, value) in [
        ("listen_addresses", ""),
        ("jit", "off"),
        ("data_checksums", "on"),
        ("fsync", "off"),
        ("server_encoding", "UTF8"),
        ("max_connections", "300"),
    ] {
        assert_eq!(run(server.url(), &format!("SHOW {setting}")).await, [value], "{setting}");
    }
    assert_eq!(run(server.url(), "SELECT lower('ÕPIK')").await, ["õpik"]);
    assert_eq!(run(server.url(), "SELECT usesuper FROM pg_user WHERE usename = current_user").await, ["t"]);
    for private in ["run", "postgres"] {
        let mode = dir.path().join(private).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{private}");
    }
}

#[tokio::test]
async fn one_url_serves_tokio_postgres_sqlx_and_psql_even_with_odd_characters() {
    let parent = directory();
    let dir = parent.path().join("a, b:ü@%41");
    let server = postgres(&dir).await;
    assert_eq!(run(server.url(), "SELECT current_database()").await, ["octavo"]);

    let pool = sqlx::PgPool::connect(server.url()).await.unwrap();
    let database: String = sqlx::query_scalar("SELECT current_database()").fetch_one(&pool).await.unwrap();
    assert_eq!(database, "octavo");
    pool.close().await;

    if let Ok(output) = Command::new("psql").args([server.url(), "-Atc", "SELECT current_database()"]).output() {
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "octavo", "{output:?}");
    }
    server.stop().await.unwrap();
    // The sockets of such a path are elsewhere, and would stay there.
    cluster::remove(&dir).await.unwrap();
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_gets_a_short_one() {
    let parent = directory();
    let dir = parent.path().join("x".repeat(120));
    let server = postgres(&dir).await;
    assert_eq!(run(server.url(), "SELECT 1").await, ["1"]);
    assert_eq!(Postgres::attach(&dir).as_deref(), Some(server.url()));
    server.stop().await.unwrap();
    cluster::remove(&dir).await.unwrap();
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
}

#[tokio::test]
async fn a_second_start_is_refused_and_the_first_server_untouched() {
    let dir = directory();
    let first = postgres(dir.path()).await;
    let second = Postgres::start(dir.path(), PostgresOptions::for_tests()).await;
    assert!(matches!(second, Err(ClusterError::AlreadyRunning { .. })), "{second:?}");
    assert!(second.unwrap_err().to_string().contains("already running"));
    assert!(matches!(cluster::remove(dir.path()).await, Err(ClusterError::AlreadyRunning { .. })));
    assert_eq!(run(first.url(), "SELECT 1").await, ["1"]);
}

#[tokio::test]
async fn a_killed_postmaster_does_not_prevent_the_next_start() {
    let dir = directory();
    let first = Postgres::start(dir.path(), PostgresOptions::default()).await.unwrap();
    run(first.url(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)").await;
    kill_hard(first.pid());
    first.stop().await.unwrap();
    assert_eq!(Postgres::attach(dir.path()), None);
    let second = postgres(dir.path()).await;
    assert_eq!(run(second.url(), "SELECT n FROM kept").await, ["7"]);
}

#[tokio::test]
async fn what_an_interrupted_creation_left_is_made_anew() {
    let dir = directory();
    fs::create_dir(dir.path().join("postgres.new")).unwrap();
    fs::write(dir.path().join("postgres.new/half"), "half").unwrap();
    let server = postgres(dir.path()).await;
    assert_eq!(run(server.url(), "SELECT 1").await, ["1"]);
    assert!(!dir.path().join("postgres.new").exists());
}

#[tokio::test]
async fn dropping_stops() {
    let dir = directory();
    let server = postgres(dir.path()).await;
    let cache = Redis::start(dir.path()).await.unwrap();
    drop(server);
    drop(cache);
    assert_eq!(Postgres::attach(dir.path()), None);
    assert_eq!(Redis::attach(dir.path()), None);
}

#[tokio::test]
async fn a_directory_the_servers_user_cannot_enter_works_too() {
    // 0700 and ours: as root, the unprivileged user of the server cannot enter it.
    let dir = tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o700)).tempdir().unwrap();
    let first = postgres(dir.path()).await;
    run(first.url(), "CREATE TABLE kept (n int)").await;
    first.stop().await.unwrap();
    let second = postgres(dir.path()).await;
    assert_eq!(run(second.url(), "SELECT count(*) FROM kept").await, ["0"]);
    second.stop().await.unwrap();

    let elsewhere = fs::read_to_string(dir.path().join("location")).ok();
    assert_eq!(elsewhere.is_some(), nix::unistd::Uid::effective().is_root());
    cluster::remove(dir.path()).await.unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    assert!(elsewhere.is_none_or(|home| !Path::new(home.trim()).exists()));
}

#[tokio::test]
async fn redis_keeps_and_forgets() {
    let dir = directory();
    let Some(server) = Redis::start(dir.path()).await.unwrap() else { return };
    assert_eq!(Redis::attach(dir.path()).as_deref(), Some(server.url()));
    assert!(matches!(Redis::start(dir.path()).await, Err(ClusterError::AlreadyRunning { .. })));

    let mut connection = redis::Client::open(server.url()).unwrap().get_multiplexed_async_connection().await.unwrap();
    let () = connection.set("k", "v").await.unwrap();
    assert_eq!(connection.get::<_, String>("k").await.unwrap(), "v");
    let policy: Vec<String> =
        redis::cmd("CONFIG").arg("GET").arg("maxmemory-policy").query_async(&mut connection).await.unwrap();
    assert_eq!(policy[1], "volatile-ttl");

    kill_hard(server.pid());
    server.stop().await.unwrap();
    let again = Redis::start(dir.path()).await.unwrap().unwrap();
    let mut connection = redis::Client::open(again.url()).unwrap().get_multiplexed_async_connection().await.unwrap();
    assert_eq!(connection.get::<_, Option<String>>("k").await.unwrap(), None);
    again.stop().await.unwrap();
}

const OWNED: &str = "OCTAVO_TEST_OWNED_DIR";

/// Not a test of its own: the process that the next tests kill.
#[tokio::test]
async fn process_that_owns_servers() {
    let Some(dir) = std::env::var_os(OWNED) else { return };
    let _postgres = postgres(Path::new(&dir)).await;
    let _redis = Redis::start(Path::new(&dir)).await.unwrap();
    fs::write(Path::new(&dir).join("started"), "").unwrap();
    std::future::pending::<()>().await;
}

async fn owner_of_servers(dir: &Path) -> Child {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "process_that_owns_servers"])
        .env(OWNED, dir)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    eventually("servers started", || dir.join("started").exists()).await;
    child
}

#[tokio::test]
async fn servers_do_not_outlive_a_killed_owner() {
    let dir = directory();
    let mut owner = owner_of_servers(dir.path()).await;
    assert!(Postgres::attach(dir.path()).is_some());
    owner.kill().unwrap();
    owner.wait().unwrap();
    eventually("both servers stopped", || {
        Postgres::attach(dir.path()).is_none() && Redis::attach(dir.path()).is_none()
    })
    .await;
}

#[tokio::test]
async fn a_start_takes_over_from_a_killed_owner_whose_guards_died_too() {
    let dir = directory();
    let mut owner = owner_of_servers(dir.path()).await;
    let url = Postgres::attach(dir.path()).unwrap();
    run(&url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)").await;
    let guarding = Command::new("pgrep").args(["-P", &owner.id().to_string(), "-f", "octavo-guard"]).output().unwrap();
    let guards: Vec<u32> = String::from_utf8(guarding.stdout).unwrap().lines().map(|l| l.parse().unwrap()).collect();
    assert!(!guards.is_empty());
    guards.iter().for_each(|pid| kill_hard(*pid));
    owner.kill().unwrap();
    owner.wait().unwrap();
    assert_eq!(run(&url, "SELECT n FROM kept").await, ["1"], "the server was left behind");

    let server = postgres(dir.path()).await;
    assert_eq!(run(server.url(), "SELECT n FROM kept").await, ["1"]);
    server.stop().await.unwrap();
    if let Some(cache) = Redis::start(dir.path()).await.unwrap() {
        cache.stop().await.unwrap();
    }
}
