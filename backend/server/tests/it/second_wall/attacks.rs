//! An account of one tenant tries to learn of another: every way that PostgreSQL is known to leave open.

use super::{BiAccount, Walled, count, refused, superuser, text, views, walled};

/// Names that only others may see: every canary but one's own.
const CANARIES: [&str; 5] = ["CANARY-ee-S1", "CANARY-us-N1", "CANARY-alma", "CANARY-cedar", "CANARY-birch"];

fn tenants(w: &Walled) -> [(&BiAccount, &'static [&'static str]); 4] {
    [
        // A school sees all publishers and titles, as it does over HTTP.
        (&w.school, &["CANARY-ee-S1", "CANARY-alma", "CANARY-birch", "CANARY-cedar"]),
        (&w.other_school, &["CANARY-us-N1", "CANARY-alma", "CANARY-birch", "CANARY-cedar"]),
        (&w.publisher, &["CANARY-alma"]),
        (&w.other_publisher, &["CANARY-cedar"]),
    ]
}

#[tokio::test]
async fn a_forgotten_filter_yields_own_rows_only() {
    let w = walled().await;
    let all = superuser(&w.app.db).await;
    for (account, own) in tenants(&w) {
        let client = account.connect().await;
        for view in views(&w.app.db).await {
            let seen = text(&client, &format!("SELECT * FROM {view}")).await;
            for canary in CANARIES {
                assert!(own.contains(&canary) || !seen.contains(canary), "{view} shows {canary}");
            }
            let foreign = seen.lines().filter(|l| l.contains("CANARY-ee-S2") || l.contains("CANARY-us-N2")).count();
            assert_eq!(foreign, 0, "{view}");
        }
    }
    let own = "SELECT count(*) FROM mart.school_day WHERE school_id =
        (SELECT school_id FROM core.school WHERE external_id = 'S1')";
    let rows = count(&all, own).await;
    assert!(rows > 50);
    let school = w.school.connect().await;
    assert_eq!(count(&school, "SELECT count(*) FROM bi.usage_by_school_day").await, rows);
    assert_eq!(count(&school, "SELECT count(*) FROM bi.school").await, 1);
    assert_eq!(count(&school, "SELECT count(*) FROM bi.site").await, 1);
    assert_eq!(count(&school, "SELECT count(*) FROM bi.usage_by_book_day").await, 0, "of all schools together");
    let publisher = w.publisher.connect().await;
    assert_eq!(count(&publisher, "SELECT count(*) FROM bi.school").await, 0);
    assert_eq!(count(&publisher, "SELECT count(*) FROM bi.usage_by_school_book_day").await, 0);
    assert!(count(&publisher, "SELECT count(*) FROM bi.usage_by_book_day").await > 100);
    let owner = w.owner.connect().await;
    let every = count(&all, "SELECT count(*) FROM mart.school_book_day").await;
    assert_eq!(count(&owner, "SELECT count(*) FROM bi.usage_by_school_book_day").await, every);
}

#[tokio::test]
async fn a_role_without_an_account_sees_nothing() {
    let w = walled().await;
    // Made by hand, or an account whose row was lost.
    let client = superuser(&w.app.db).await;
    client.batch_execute(&format!("DELETE FROM mart.bi_account WHERE role_name = '{}'", w.school.user)).await.unwrap();
    let school = w.school.connect().await;
    for view in views(&w.app.db).await {
        assert_eq!(count(&school, &format!("SELECT count(*) FROM {view}")).await, 0, "{view}");
    }
    // A member of the group who takes the group's place is nobody either.
    let publisher = w.publisher.connect().await;
    publisher.batch_execute("SET ROLE octavo_bi").await.unwrap();
    assert_eq!(count(&publisher, "SELECT count(*) FROM bi.usage_by_book_day").await, 0);
}

#[tokio::test]
async fn every_other_way_is_shut() {
    let w = walled().await;
    for account in [&w.school, &w.publisher, &w.owner] {
        let client = account.connect().await;
        client.batch_execute("SET default_transaction_read_only = off").await.unwrap();
        for sql in shut(&w.other_school.user) {
            let why = refused(&client, &sql).await;
            let missing = ["42501", "42883", "0A000", "55000"].iter().any(|code| why.starts_with(code));
            assert!(missing, "{sql}: {why}");
        }
        // To grant what one may not grant is a warning, and grants nothing.
        client.batch_execute("GRANT SELECT ON bi.school TO PUBLIC").await.unwrap();
        let given = "SELECT count(*) FROM pg_class WHERE oid = 'bi.school'::regclass AND has_table_privilege('public', oid, 'SELECT')";
        assert_eq!(count(&client, given).await, 0);
    }
}

/// What an account tries, all of which has to be refused for want of a right.
fn shut(another: &str) -> Vec<String> {
    let mut out: Vec<String> = [
        "SELECT * FROM core.event LIMIT 1",
        "SELECT * FROM core.person LIMIT 1",
        "SELECT * FROM core.school",
        "SELECT * FROM raw.load",
        "SELECT * FROM raw.quarantine",
        "SELECT * FROM mart.school_day",
        "SELECT readers FROM mart.school_day",
        "SELECT * FROM mart.bi_account",
        "SELECT * FROM mart.school_summary",
        "SELECT * FROM app.account",
        "SELECT * FROM app.site_secret",
        "SELECT 'mart.school_day'::regclass",
        "SELECT pg_total_relation_size('core.event')",
        "SET ROLE octavo_bi_view",
        "SET ROLE octavo_reader",
        "SET ROLE octavo_loader",
        "SET ROLE octavo_app",
        "SET ROLE octavo",
        "SET SESSION AUTHORIZATION octavo",
        "SET session_replication_role = replica",
        "SET row_security = off; SELECT * FROM bi.usage_by_school_day",
        "CREATE TABLE bi.x (a integer)",
        "CREATE TABLE public.x (a integer)",
        "CREATE TEMPORARY TABLE x (a integer)",
        "CREATE VIEW bi.x AS SELECT 1",
        "CREATE SCHEMA x",
        "CREATE FUNCTION bi.f(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'",
        "CREATE FUNCTION pg_temp.f(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE EXTENSION dblink",
        "CREATE EXTENSION postgres_fdw",
        "CREATE ROLE x",
        "ALTER ROLE CURRENT_USER VALID UNTIL 'infinity'",
        "ALTER ROLE CURRENT_USER CONNECTION LIMIT 1000",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "CREATE DATABASE x",
        "CREATE OR REPLACE VIEW bi.school AS SELECT 1",
        "DROP VIEW bi.school",
        "ALTER VIEW bi.school SET (security_barrier = false)",
        "ALTER TABLE mart.school_day DISABLE ROW LEVEL SECURITY",
        "INSERT INTO bi.account (account) VALUES ('x')",
        "UPDATE bi.site SET name = 'x'",
        "DELETE FROM bi.school",
        "GRANT octavo_bi_view TO octavo_bi",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY (SELECT 1) TO '/tmp/octavo-x'",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT dblink('dbname=octavo', 'SELECT 1')",
        "SELECT pg_advisory_lock(3194, 1)",
        "SELECT pg_try_advisory_lock(3194, 1)",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'octavo'",
        "SELECT * FROM pg_authid",
        "SELECT * FROM pg_statistic",
        "SELECT * FROM pg_hba_file_rules",
        "ALTER SYSTEM SET log_statement = 'none'",
        "SELECT pg_reload_conf()",
    ]
    .map(String::from)
    .to_vec();
    out.push(format!("SET ROLE {another}"));
    out.push(format!("ALTER ROLE {another} PASSWORD 'x'"));
    out
}
