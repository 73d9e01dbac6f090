//! The migrations: both of them in one database, again and at once, and every table and column explained.

use sqlx::Connection;
use sqlx::postgres::PgConnection;

use crate::database;

#[tokio::test]
async fn both_migrators_share_a_database_and_can_run_again() {
    let url = database::empty().await;
    for _ in 0..2 {
        store::migrate::app(&url).await.unwrap();
        store::migrate::warehouse(&url).await.unwrap();
    }
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let applied: Vec<(i64,)> =
        sqlx::query_as("SELECT version FROM app._migration WHERE success").fetch_all(&mut connection).await.unwrap();
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/app")).unwrap().count();
    assert_eq!(applied.len(), files);
    let elsewhere: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_tables WHERE tablename = '_sqlx_migrations' OR
         (schemaname = 'public' AND tablename LIKE '%migration%')",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    assert_eq!(elsewhere, 0);
    let noted: bool = sqlx::query_scalar("SELECT to_regclass('core._migration') IS NOT NULL")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert!(noted);
}

#[tokio::test]
async fn migrators_that_run_at_once_wait_for_each_other() {
    let url = database::empty().await;
    let (a, b, c) = tokio::join!(store::migrate::app(&url), store::migrate::app(&url), store::migrate::app(&url));
    a.and(b).and(c).unwrap();
}

#[tokio::test]
async fn every_table_and_column_is_explained() {
    let (_store, mut connection) = database::store().await;
    let unexplained: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname || coalesce('.' || a.attname, '')
         FROM pg_class AS c
         JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'r'
           AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL)",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert_eq!(unexplained, Vec::<String>::new());
}

#[tokio::test]
async fn a_store_that_is_gone_does_not_answer() {
    let (store, _connection) = database::store().await;
    store.ping().await.unwrap();
    store.close().await;
    assert!(store.ping().await.is_err());
}
