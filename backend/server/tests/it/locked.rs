//! Rollups that are locked: whoever reads one waits in the database, and can be counted there.

use testkit::TestDatabase;
use tokio_postgres::{Client, NoTls};

const ROLLUPS: &str = "SELECT string_agg(oid::regclass::text, ', ' ORDER BY oid) FROM pg_class
    WHERE relnamespace = 'mart'::regnamespace AND relkind = 'r'";
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%mart.%'";

pub struct Locked {
    client: Client,
    watching: Client,
}

impl Locked {
    /// Locks the rollups of this name, in every grain; all of them for the empty name.
    pub async fn rollups(db: &TestDatabase, name: &str) -> Locked {
        let locked = Locked { client: connect(db).await, watching: connect(db).await };
        let tables: String = locked.client.query_one(ROLLUPS, &[]).await.unwrap().get(0);
        let prefix = format!("mart.{name}");
        let tables: Vec<&str> = tables.split(", ").filter(|table| table.starts_with(&prefix)).collect();
        let lock = format!("BEGIN; LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", tables.join(", "));
        locked.client.batch_execute(&lock).await.unwrap();
        locked
    }

    /// How many statements wait now.
    pub async fn waiting(&self) -> i64 {
        self.watching.query_one(WAITING, &[]).await.unwrap().get(0)
    }

    pub async fn release(self) {
        self.client.batch_execute("ROLLBACK").await.unwrap();
    }
}

async fn connect(db: &TestDatabase) -> Client {
    let (client, connection) = tokio_postgres::connect(&db.url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
