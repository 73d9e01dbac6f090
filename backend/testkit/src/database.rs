//! A database per test, copied from a template in which all migrations have run.

use anyhow::Context;
use model::Model;
use tokio::sync::OnceCell;
use tokio_postgres::NoTls;
use uuid::Uuid;
use warehouse::Warehouse;

use crate::{calendars, seed};

/// Address of the server's database that others are made from, set by `testkit run`.
pub const SERVER: &str = "OCTAVO_TEST_DATABASE_URL";
/// Address of the Redis, set by `testkit run` where there is one.
pub const REDIS: &str = "OCTAVO_TEST_REDIS_URL";
const TEMPLATE: &str = "octavo_template";
const PLATFORM: &str = "octavo_platform";

/// A migrated database of its own. It goes with the server.
pub struct TestDatabase {
    pub url: String,
    pub warehouse: Warehouse,
    pub model: Model,
}

impl TestDatabase {
    /// An empty one.
    pub async fn create() -> TestDatabase {
        TestDatabase::copy(TEMPLATE).await
    }

    /// A copy of the seeded platform (see [`seed::fill`]), which the first who asks for one makes.
    pub async fn platform() -> TestDatabase {
        static MADE: OnceCell<()> = OnceCell::const_new();
        MADE.get_or_init(make_platform).await;
        TestDatabase::copy(PLATFORM).await
    }

    async fn copy(template: &str) -> TestDatabase {
        let server = server();
        let name = format!("t_{}", Uuid::now_v7().simple());
        // File by file: block by block, with WAL, takes seven times as long.
        execute(&server, &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
            .await
            .expect("the template is there");
        let url = of(&server, &name);
        // A copy is another installation, and must not meet the others' answers in the shared Redis.
        execute(&url, "UPDATE core.installation SET installation_id = gen_random_uuid()")
            .await
            .expect("its row is there");
        TestDatabase::at(url)
    }

    /// The same database over connections of its own.
    pub fn again(&self) -> TestDatabase {
        TestDatabase::at(self.url.clone())
    }

    fn at(url: String) -> TestDatabase {
        let warehouse = Warehouse::new(&url, 8).expect("the address is sound");
        TestDatabase { url, warehouse, model: calendars::model() }
    }
}

impl TestDatabase {
    /// Runs SQL that the product itself would never send.
    pub async fn execute(&self, sql: &str) {
        execute(&self.url, sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    /// Cuts all connections to it; nobody gets another before [`TestDatabase::open`].
    pub async fn shut(&self) {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname =";
        self.allow(false).await;
        self.beside(&format!("{cut} '{}'", self.name())).await;
    }

    pub async fn open(&self) {
        self.allow(true).await;
    }

    async fn allow(&self, connections: bool) {
        self.beside(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS {connections}", self.name())).await;
    }

    /// In the server's own database.
    async fn beside(&self, sql: &str) {
        execute(&server(), sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    fn name(&self) -> &str {
        let address = self.url.split('?').next().unwrap_or_default();
        address.rsplit('/').next().unwrap_or_default()
    }
}

fn server() -> String {
    std::env::var(SERVER).expect("run tests with `make test`, or inside `cargo run -p testkit -- run -- …`")
}

/// Makes the platform to copy, unless another process of tests has.
async fn make_platform() {
    let (client, connection) = tokio_postgres::connect(&server(), NoTls).await.expect("the server is there");
    tokio::spawn(connection);
    // Until the connection ends.
    client.batch_execute("SELECT pg_advisory_lock(1)").await.expect("its turn comes");
    let made = client.query_opt("SELECT FROM pg_database WHERE datname = $1", &[&PLATFORM]).await;
    if made.expect("databases can be listed").is_none() {
        let db = TestDatabase::create().await;
        seed::fill(&db).await;
        db.warehouse.close();
        db.beside(&format!("ALTER DATABASE {} RENAME TO {PLATFORM}", db.name())).await;
    }
}

/// Makes the template once; called by `testkit run`.
pub async fn make_template(server: &str) -> anyhow::Result<()> {
    execute(server, &format!("DROP DATABASE IF EXISTS {TEMPLATE}")).await?;
    execute(server, &format!("CREATE DATABASE {TEMPLATE}")).await?;
    let url = of(server, TEMPLATE);
    store::migrate::warehouse(&url).await?;
    store::migrate::app(&url).await?;
    let warehouse = Warehouse::new(&url, 1)?;
    let model = Model::embedded()?;
    ingest::rollup::install::install(&warehouse, &model).await?;
    warehouse.close();
    wall::install(&url, &model).await?;
    Ok(())
}

/// The same server's address with another database.
fn of(server: &str, database: &str) -> String {
    let (head, options) = server.split_once('?').map_or((server, None), |(h, o)| (h, Some(o)));
    let (base, _) = head.rsplit_once('/').expect("an address ends with a database");
    match options {
        Some(options) => format!("{base}/{database}?{options}"),
        None => format!("{base}/{database}"),
    }
}

async fn execute(url: &str, sql: &str) -> anyhow::Result<()> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.with_context(|| url.to_string())?;
    tokio::spawn(connection);
    client.batch_execute(sql).await?;
    Ok(())
}
