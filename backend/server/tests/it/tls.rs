//! TLS to PostgreSQL and Redis: every connection goes to a server whose certificate the named authority vouches for, and none goes on
//! without.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use cache::{RedisTier, Tier};
use cluster::{Postgres, PostgresOptions};
use store::{RedisSessions, Sessions, Store};
use tempfile::TempDir;
use warehouse::Warehouse;

/// An authority of its own, and a certificate from it for this machine.
struct Authority {
    dir: TempDir,
}

impl Authority {
    fn new() -> Self {
        let authority = Self { dir: tempfile::tempdir().unwrap() };
        authority.openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Authority -keyout ca.key -out ca.pem");
        let request = "req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr";
        authority.openssl(&format!("{request} -addext subjectAltName=DNS:localhost"));
        let sign = "x509 -req -days 2 -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy";
        authority.openssl(&format!("{sign} -out server.pem"));
        authority
    }

    fn openssl(&self, words: &str) {
        let output = Command::new("openssl").args(words.split(' ')).current_dir(self.dir.path()).output().unwrap();
        assert!(output.status.success(), "openssl {words}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// As an address names it.
    fn named(&self) -> String {
        format!("sslrootcert={}", self.file("ca.pem").display())
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A PostgreSQL with a port, which answers there by TLS only, with the authority's certificate; or without any.
struct Server {
    postgres: Postgres,
    data: PathBuf,
    port: u16,
    _dir: TempDir,
}

impl Server {
    async fn start() -> Self {
        let (dir, port) = (tempfile::tempdir().unwrap(), free_port());
        let options = PostgresOptions { port: Some(port), ..PostgresOptions::for_tests() };
        let postgres = Postgres::start(dir.path(), options).await.unwrap();
        let client = wall::connect(postgres.url()).await.unwrap();
        let data: String = client.query_one("SHOW data_directory", &[]).await.unwrap().get(0);
        Self { postgres, data: data.into(), port, _dir: dir }
    }

    async fn with_certificate(&self, of: &Authority) {
        let owner = self.data.metadata().unwrap();
        for name in ["server.pem", "server.key"] {
            let path = self.data.join(name);
            std::fs::copy(of.file(name), &path).unwrap();
            chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        let files = "ALTER SYSTEM SET ssl_cert_file = 'server.pem'; ALTER SYSTEM SET ssl_key_file = 'server.key'";
        self.set(&format!("ALTER SYSTEM SET ssl = on; {files}"), "hostssl").await;
    }

    async fn without_tls(&self) {
        self.set("ALTER SYSTEM SET ssl = off", "host").await;
    }

    /// What is let in at the port. A file of settings is read anew when the server gets round to it.
    async fn set(&self, settings: &str, kind: &str) {
        let hba = self.data.join("pg_hba.conf");
        std::fs::write(&hba, format!("local all all trust\n{kind} all all 127.0.0.1/32 trust\n")).unwrap();
        let client = wall::connect(self.postgres.url()).await.unwrap();
        for one in settings.split("; ") {
            client.batch_execute(one).await.unwrap();
        }
        client.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
    }

    fn url(&self, query: &str) -> String {
        format!("postgres://octavo@localhost:{}/octavo?{query}", self.port)
    }

    /// How many of the connections at the port are read by nobody on the way, and how many are there.
    async fn secret(&self) -> (i64, i64) {
        let client = wall::connect(self.postgres.url()).await.unwrap();
        let sql =
            "SELECT count(*) FILTER (WHERE s.ssl), count(*) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
            WHERE a.client_addr IS NOT NULL";
        let row = client.query_one(sql, &[]).await.unwrap();
        (row.get(0), row.get(1))
    }
}

/// Who can connect: to migrate, the store, the warehouse, and the wall.
async fn connects(url: &str) -> [bool; 4] {
    // A system that trusts nobody does not get as far as connecting.
    let warehouse = async { Warehouse::new(url, 2)?.ping().await };
    [
        store::migrate::warehouse(url).await.is_ok() && store::migrate::app(url).await.is_ok(),
        Store::connect(url).await.is_ok(),
        warehouse.await.is_ok(),
        wall::connect(url).await.is_ok(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_connection_to_postgresql_is_to_a_server_that_is_vouched_for() {
    let (ours, other) = (Authority::new(), Authority::new());
    let server = Server::start().await;
    server.with_certificate(&ours).await;
    let url = server.url(&format!("sslmode=verify-full&{}", ours.named()));
    assert_eq!(connects(&url).await, [true; 4], "the authority vouches for it");

    let wrong = server.url(&format!("sslmode=require&{}", other.named()));
    assert_eq!(connects(&wrong).await, [false; 4], "another authority does not");
    assert_eq!(connects(&server.url("sslmode=verify-full")).await, [false; 4], "nor do those of this system");
    let elsewhere = url.replace("@localhost:", "@127.0.0.1:");
    assert_eq!(connects(&elsewhere).await, [false; 4], "the certificate is not for that host");
    assert_eq!(connects(&server.url("")).await, [false; 4], "the server lets nobody in without TLS");

    server.without_tls().await;
    assert_eq!(connects(&url).await, [false; 4], "a server without TLS");
    assert_eq!(connects(&server.url("sslmode=disable")).await, [true; 4], "to which one goes when the address says so");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_listens_and_what_cancels_goes_by_tls_too() {
    let authority = Authority::new();
    let server = Server::start().await;
    server.with_certificate(&authority).await;
    let url = server.url(&format!("sslmode=verify-full&{}", authority.named()));
    store::migrate::warehouse(&url).await.unwrap();
    store::migrate::app(&url).await.unwrap();
    let store = Store::connect(&url).await.unwrap();
    let listening = tokio::spawn(store.clone().listen());
    soon("the store listens", || store.is_listening()).await;
    let warehouse = Warehouse::new(&url, 2).unwrap().with_reading_url(&url, 2).unwrap();
    let reading = warehouse.read().await.unwrap();
    let asked = reading.query("SELECT pg_sleep(60)::text", &[]);
    assert!(tokio::time::timeout(Duration::from_millis(500), asked).await.is_err(), "it is asleep");
    let (secret, all) = server.secret().await;
    assert!(secret == all && all >= 3, "{secret} of {all}");

    drop(reading);
    let client = wall::connect(server.postgres.url()).await.unwrap();
    let since = Instant::now();
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()";
    while client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        assert!(since.elapsed() < Duration::from_secs(10), "it was not cancelled");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    listening.abort();
}

/// A Redis with a port for TLS and one without.
struct RedisServer {
    child: Child,
    tls: u16,
    plain: u16,
}

impl RedisServer {
    fn start(of: &Authority) -> Self {
        let (tls, plain) = (free_port(), free_port());
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--save", "", "--tls-auth-clients", "no", "--logfile", "redis.log"]);
        command.args(["--tls-port", &tls.to_string(), "--port", &plain.to_string(), "--tls-ca-cert-file", "ca.pem"]);
        command.args(["--tls-cert-file", "server.pem", "--tls-key-file", "server.key"]);
        let dir: &Path = of.dir.path();
        Self { child: command.current_dir(dir).spawn().unwrap(), tls, plain }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn soon(what: &str, mut is: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is() {
        assert!(since.elapsed() < Duration::from_secs(10), "not within seconds: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_connection_to_redis_is_to_a_server_that_is_vouched_for() {
    let (ours, other) = (Authority::new(), Authority::new());
    let redis = RedisServer::start(&ours);
    soon("Redis is up", || std::net::TcpStream::connect(("127.0.0.1", redis.plain)).is_ok()).await;
    let url = |port: u16, query: &str| format!("rediss://localhost:{port}?{query}");
    let good = url(redis.tls, &ours.named());
    // It gives up after a quarter of a second, which a busy machine may need for the first handshake.
    let (tier, since) = (RedisTier::new(&good).unwrap(), Instant::now());
    while !tier.is_up().await {
        assert!(since.elapsed() < Duration::from_secs(10), "it does not answer");
    }
    let sessions = RedisSessions::connect(&good).await.unwrap();
    let listening = tokio::spawn(Sessions::Redis(sessions.clone()).listen());
    soon("sessions listen", || sessions.is_listening()).await;
    listening.abort();

    for (refused, why) in [
        (url(redis.tls, &other.named()), "another authority does not vouch for it"),
        (url(redis.tls, ""), "nor do those of this system"),
        (url(redis.plain, &ours.named()), "a server without TLS"),
        (good.replace("localhost", "127.0.0.1"), "the certificate is not for that host"),
    ] {
        let tier = RedisTier::new(&refused);
        assert!(tier.is_err() || !tier.unwrap().is_up().await, "answers: {why}");
        assert!(RedisSessions::connect(&refused).await.is_err(), "sessions: {why}");
    }
}
