//! The product's own connections may do what they need and no more.

use testkit::{TestApp, TestDatabase};

use super::{count, refused, superuser};

const WRITES: &[&str] = &[
    "INSERT INTO core.publisher (code, name) VALUES ('x', 'x')",
    "UPDATE core.site SET name = 'x'",
    "DELETE FROM core.event",
    "DELETE FROM mart.school_day",
    "UPDATE mart.bi_account SET rows = 'all'",
    "TRUNCATE core.event",
    "CREATE TABLE core.x (a integer)",
    "CREATE TABLE public.x (a integer)",
    "CREATE SCHEMA x",
    "DROP TABLE core.site",
    "ALTER TABLE mart.school_day DISABLE ROW LEVEL SECURITY",
    "CREATE POLICY x ON mart.school_day USING (true)",
    "CREATE ROLE octavo_x",
    "GRANT SELECT ON core.person TO octavo_reader",
    "COPY core.site TO PROGRAM 'true'",
    "SELECT pg_read_file('PG_VERSION')",
];

#[tokio::test]
async fn a_connection_that_reads_cannot_write_even_if_it_tries_to() {
    let db = TestDatabase::platform().await;
    let reader = db.warehouse.reader().await.unwrap();
    assert!(count(&reader, "SELECT count(*) FROM core.event").await > 1000);
    for sql in WRITES {
        let why = refused(&reader, sql).await;
        assert!(why.starts_with("25006") || why.starts_with("42501"), "{sql}: {why}");
    }
    // Read-only is a setting, and can be set otherwise; the rights are none.
    reader.batch_execute("SET default_transaction_read_only = off").await.unwrap();
    for sql in WRITES {
        let why = refused(&reader, sql).await;
        assert!(why.starts_with("42501"), "{sql}: {why}");
    }
}

#[tokio::test]
async fn a_connection_that_reads_sees_neither_accounts_nor_pseudonyms() {
    let db = TestDatabase::platform().await;
    let reader = db.warehouse.reader().await.unwrap();
    for table in [
        "app.account",
        "app.api_key",
        "app.site_secret",
        "core.person",
        "core.person_counter",
        "raw.position",
        "mart.bi_account",
    ] {
        let why = refused(&reader, &format!("SELECT count(*) FROM {table}")).await;
        assert!(why.starts_with("42501"), "{table}: {why}");
    }
}

#[tokio::test]
async fn a_connection_that_loads_sees_nothing_of_the_application_and_makes_no_roles() {
    let db = TestDatabase::platform().await;
    let loader = db.warehouse.client().await.unwrap();
    for sql in [
        "SELECT count(*) FROM app.account",
        "SELECT count(*) FROM app.site_secret",
        "CREATE ROLE octavo_x",
        "CREATE TABLE public.x (a integer)",
        "COPY core.site TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
    ] {
        let why = refused(&loader, sql).await;
        assert!(why.starts_with("42501"), "{sql}: {why}");
    }
}

#[tokio::test]
async fn the_applications_connections_see_nothing_of_the_warehouse() {
    let app = TestApp::start().await;
    let client = superuser(&app.db).await;
    client.batch_execute("SET ROLE octavo_app").await.unwrap();
    assert!(count(&client, "SELECT count(*) FROM app.account").await > 0);
    for sql in [
        "SELECT count(*) FROM core.event",
        "SELECT count(*) FROM mart.school_day",
        "SELECT count(*) FROM raw.load",
        "SELECT count(*) FROM bi.account",
        "CREATE TABLE app.x (a integer)",
        "DROP TABLE app.session",
        "ALTER TABLE app.pool DISABLE TRIGGER ALL",
        "TRUNCATE app.statement",
        "DELETE FROM app._migration",
    ] {
        let why = refused(&client, sql).await;
        assert!(why.starts_with("42501"), "{sql}: {why}");
    }
}

/// A role's rights are what its name says: who could log in or owned more would not be held.
#[tokio::test]
async fn no_role_of_the_product_can_log_in_or_passes_by_policies() {
    let db = TestDatabase::create().await;
    let client = superuser(&db).await;
    let loose = "SELECT count(*) FROM pg_roles WHERE rolname IN
        ('octavo_app', 'octavo_loader', 'octavo_reader', 'octavo_bi', 'octavo_bi_view')
        AND (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)";
    assert_eq!(count(&client, loose).await, 0);
    let sql = "SELECT relnamespace::regnamespace || '.' || relname FROM pg_class
        WHERE relowner IN ('octavo_reader'::regrole, 'octavo_app'::regrole, 'octavo_bi'::regrole)";
    assert!(client.query(sql, &[]).await.unwrap().is_empty());
    let owned = "SELECT count(*) FROM pg_class WHERE relowner = 'octavo_bi_view'::regrole AND relkind <> 'v'";
    assert_eq!(count(&client, owned).await, 0, "it owns views alone, so that no policy is its own");
}
