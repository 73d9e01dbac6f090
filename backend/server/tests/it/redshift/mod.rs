//! A warehouse in Redshift, with PostgreSQL standing in for the cluster: the product speaks to it as to Redshift, over a wire on which
//! only that is rewritten which PostgreSQL cannot read, and on which nothing passes that Redshift would refuse as far as is known.

mod bucket;
mod faults;
mod forms;
mod loading;
mod reading;
mod whole;
mod wire;

use stage::Objects;
use testkit::{TestDatabase, calendars, seed};
use tokio_postgres::{Client, NoTls};
use warehouse::{Carriage, Warehouse};

use wire::Wire;

pub const ROLE: &str = "arn:aws:iam::123456789012:role/octavo-load";

/// A warehouse that the product takes for one in Redshift, migrated, in a database of its own.
pub struct StandIn {
    /// Over the wire.
    pub db: TestDatabase,
    /// To look what is there, past the wire.
    pub beside: Client,
    pub wire: Wire,
    /// PostgreSQL's address of the same database, for the application's schema.
    pub app_url: String,
}

impl StandIn {
    /// Without a table in it; the cluster reads its files from these objects.
    pub async fn empty(objects: &Objects) -> StandIn {
        let own = TestDatabase::create().await;
        let (beside, connection) = tokio_postgres::connect(&own.url, NoTls).await.unwrap();
        tokio::spawn(connection);
        beside.batch_execute("DROP SCHEMA raw, core, mart, bi CASCADE").await.unwrap();
        beside.batch_execute(forms::BUILT_IN).await.unwrap();
        let wire = Wire::open(&own.url, objects.clone()).await;
        let carriage = Carriage::new(objects.clone(), ROLE).unwrap();
        let warehouse = Warehouse::new(&wire.url, 8).unwrap().with_carriage(carriage);
        let db = TestDatabase { url: wire.url.clone(), warehouse, model: calendars::model() };
        StandIn { db, beside, wire, app_url: own.url }
    }

    /// With the reference data of the seeded platform.
    pub async fn start(objects: &Objects) -> StandIn {
        let own = Self::empty(objects).await;
        store::migrate_redshift::warehouse(&own.db.warehouse).await.unwrap();
        ingest::rollup::install::install(&own.db.warehouse, &own.db.model).await.unwrap();
        seed::reference(&own.db).await;
        own
    }

    /// With all of it.
    pub async fn platform(objects: &Objects) -> StandIn {
        let own = Self::empty(objects).await;
        store::migrate_redshift::warehouse(&own.db.warehouse).await.unwrap();
        ingest::rollup::install::install(&own.db.warehouse, &own.db.model).await.unwrap();
        seed::fill(&own.db).await;
        for name in ["site", "school", "book"] {
            own.beside.batch_execute(&format!("REFRESH MATERIALIZED VIEW mart.{name}_summary")).await.unwrap();
        }
        own
    }

    pub async fn count(&self, sql: &str) -> i64 {
        self.beside.query_one(sql, &[]).await.unwrap_or_else(|e| panic!("{sql}: {e}")).get(0)
    }
}
