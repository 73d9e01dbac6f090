//! The second wall: what the database itself refuses to the roles that read, and to BI accounts with a real login.

mod attacks;
mod clients;
mod equal;
mod lives;
mod recorded;
mod roles;
mod telling;

use std::process::{Command, Output};

use access::Family;
use testkit::{TestApp, TestDatabase, seed};
use tokio_postgres::config::Host;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;
use wall::{Account, NewAccount, Own, Recorder, Rows, Unrecorded, accounts};

/// An account as it was printed.
pub struct BiAccount {
    pub user: String,
    pub password: String,
    pub host: String,
    pub port: String,
    pub database: String,
}

/// Runs the program on the database.
pub fn octavo(db: &TestDatabase, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_octavo"))
        .args(args)
        .env("OCTAVO_APP_URL", &db.url)
        .env("OCTAVO_WAREHOUSE_URL", &db.url)
        .output()
        .unwrap()
}

/// What it printed; it has to have worked.
pub fn printed(db: &TestDatabase, args: &[&str]) -> String {
    let out = octavo(db, args);
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// Makes an account for an organisation.
pub fn add(db: &TestDatabase, organisation: &str) -> BiAccount {
    let text = printed(db, &["account", "bi", "add", "--organisation", organisation]);
    let value = |name: &str| {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(name));
        line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or_else(|| panic!("{name} in {text}")).to_string()
    };
    BiAccount {
        user: value("user"),
        password: value("password"),
        host: value("host"),
        port: value("port"),
        database: value("database"),
    }
}

impl BiAccount {
    pub async fn try_connect(&self, password: &str) -> Result<Client, tokio_postgres::Error> {
        let mut config = tokio_postgres::Config::new();
        config.host(&self.host).port(self.port.parse().unwrap()).dbname(&self.database);
        let (client, connection) = config.user(&self.user).password(password).connect(NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// A login like any other's.
    pub async fn connect(&self) -> Client {
        self.try_connect(&self.password).await.unwrap()
    }
}

/// Every row as text, a line each.
pub async fn text(client: &Client, sql: &str) -> String {
    let sql = format!("SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM ({sql}) AS t");
    client.query_one(&sql, &[]).await.unwrap_or_else(|e| panic!("{sql}: {e:?}")).get(0)
}

pub async fn count(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.unwrap_or_else(|e| panic!("{sql}: {e:?}")).get(0)
}

/// Why the database refuses; it has to.
pub async fn refused(client: &Client, sql: &str) -> String {
    match client.batch_execute(sql).await {
        Ok(()) => panic!("not refused: {sql}"),
        Err(error) => error.as_db_error().map_or(error.to_string(), |e| format!("{} {}", e.code().code(), e.message())),
    }
}

/// The views that there are.
pub async fn views(db: &TestDatabase) -> Vec<String> {
    let client = superuser(db).await;
    let sql = "SELECT 'bi.' || viewname FROM pg_views WHERE schemaname = 'bi' ORDER BY 1";
    client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

pub async fn superuser(db: &TestDatabase) -> Client {
    let (client, connection) = tokio_postgres::connect(&db.url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The seeded platform with an account for two tenants of a kind each and for the owner, all closed to everybody else.
pub struct Walled {
    pub app: TestApp,
    pub owner: BiAccount,
    pub school: BiAccount,
    pub other_school: BiAccount,
    pub publisher: BiAccount,
    pub other_publisher: BiAccount,
}

pub async fn walled() -> Walled {
    let db = TestDatabase::platform().await;
    let app = TestApp::with(db).await;
    wall::install(&app.db.url, &app.db.model).await.unwrap();
    let (owner, school) = (made(&app, "Platform").await, made(&app, "School S1").await);
    let (other_school, publisher) = (made(&app, "School N1").await, made(&app, "Alma").await);
    let other_publisher = made(&app, "Cedar").await;
    Walled { app, owner, school, other_school, publisher, other_publisher }
}

/// A record that is kept, or cannot be.
pub struct Kept(pub bool);

impl Kept {
    fn or_not(&self) -> Result<(), Unrecorded> {
        if self.0 { Ok(()) } else { Err("the record cannot be reached".into()) }
    }
}

impl Recorder for Kept {
    async fn made(&self, _: &Account) -> Result<(), Unrecorded> {
        self.or_not()
    }

    async fn ended(&self, _: &Account) -> Result<(), Unrecorded> {
        self.or_not()
    }
}

/// An account as the program makes it, without starting the program.
async fn made(app: &TestApp, organisation: &str) -> BiAccount {
    let tenant = app.store.tenants().await.unwrap().into_iter().find(|t| t.name == organisation).unwrap();
    let rows = match tenant.kind.family() {
        Family::School => Rows::Schools(tenant.subjects),
        Family::Publisher => Rows::Publishers(tenant.subjects),
        Family::Owner => Rows::All,
        Family::Authority => panic!("an authority has no BI account"),
    };
    let own = Own { organisation_id: tenant.id, organisation: tenant.name, rows };
    let simple = Uuid::new_v4().simple().to_string();
    let (user, password) = (format!("octavo_bi_{}", &simple[..12]), simple[12..].to_string());
    let new = NewAccount { user: &user, password: &password, name: organisation, own: &own, ends_at: None };
    let mut client = wall::connect(&app.db.url).await.unwrap();
    accounts::add(&mut client, new, seed::now(), &Kept(true)).await.unwrap();
    let config: tokio_postgres::Config = app.db.url.parse().unwrap();
    let [Host::Unix(host)] = config.get_hosts() else { panic!("a private server is behind a socket") };
    let (host, database) = (host.display().to_string(), config.get_dbname().unwrap().to_string());
    BiAccount { user, password, host, port: "5432".into(), database }
}
