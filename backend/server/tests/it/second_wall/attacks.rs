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

#[tokio::test]
async fn the_catalogue_tells_nothing_of_others() {
    let w = walled().await;
    let another = w.other_school.connect().await;
    another.batch_execute("SELECT 'CANARY-us-N1'").await.unwrap();
    let client = w.school.connect().await;
    assert_eq!(
        count(&client, "SELECT count(*) FROM pg_stats WHERE schemaname IN ('raw', 'core', 'mart', 'app')").await,
        0
    );
    assert_eq!(count(&client, "SELECT count(*) FROM pg_stats_ext").await, 0);
    let others = "SELECT count(*) FROM pg_stat_activity WHERE usename <> current_user
        AND (query NOT IN ('', '<insufficient privilege>') OR client_addr IS NOT NULL)";
    assert_eq!(count(&client, others).await, 0);
    let tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema NOT IN ('bi', 'information_schema', 'pg_catalog')";
    assert_eq!(count(&client, tables).await, 0);
    let columns = "SELECT count(*) FROM information_schema.columns WHERE table_schema <> 'pg_catalog' AND column_name IN ('readers', 'active', 'person_no', 'pseudonym')";
    assert_eq!(count(&client, columns).await, 0);
    for catalog in [
        "pg_roles",
        "pg_shdescription",
        "pg_db_role_setting",
        "pg_description",
        "pg_policies",
        "pg_views",
        "pg_locks",
        "pg_stat_user_tables",
        "pg_stat_user_functions",
        "pg_prepared_statements",
        "pg_settings",
        "pg_constraint",
    ] {
        let seen = text(&client, &format!("SELECT * FROM {catalog}")).await;
        assert!(!seen.contains("CANARY") && !seen.contains("School N1") && !seen.contains("Alma"), "{catalog}");
    }
}

/// A condition that fails on a hidden row would tell that it is there, and what it holds.
#[tokio::test]
async fn conditions_that_fail_are_never_asked_of_hidden_rows() {
    let w = walled().await;
    let admin = superuser(&w.app.db).await;
    let other: i32 =
        admin.query_one("SELECT school_id FROM core.school WHERE external_id = 'N1'", &[]).await.unwrap().get(0);
    let client = w.school.connect().await;
    for sql in [
        format!("SELECT count(*) FROM bi.usage_by_school_day WHERE 1 / (school_id - {other}) >= 0"),
        format!("SELECT count(*) FROM bi.school WHERE 1 / (school_id - {other}) >= 0"),
        "SELECT count(*) FROM bi.school WHERE CASE WHEN name LIKE '%N1%' THEN name::integer END IS NULL".into(),
        "SELECT count(*) FROM bi.school WHERE (name LIKE '%N1%' AND name::integer > 0) IS NOT NULL".into(),
    ] {
        assert!(client.query(&sql, &[]).await.is_ok(), "{sql}");
    }
    // Own rows do fail, so the conditions are asked at all.
    assert!(client.query("SELECT count(*) FROM bi.school WHERE name::integer > 0", &[]).await.is_err());
}

/// What is estimated for another tenant is what is estimated for nobody.
#[tokio::test]
async fn estimates_tell_nothing_of_others() {
    let w = walled().await;
    let admin = superuser(&w.app.db).await;
    admin.batch_execute("ANALYZE").await.unwrap();
    let other: i32 =
        admin.query_one("SELECT school_id FROM core.school WHERE external_id = 'N1'", &[]).await.unwrap().get(0);
    let client = w.school.connect().await;
    let plan = async |view: &str, condition: String| {
        let rows = client.query(&format!("EXPLAIN SELECT * FROM {view} WHERE {condition}"), &[]).await.unwrap();
        let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        lines.into_iter().filter(|line| !line.contains("Filter")).collect::<Vec<_>>()
    };
    for view in ["bi.usage_by_school_day", "bi.usage_by_school_month", "bi.usage_by_school_book_day"] {
        let (theirs, nobodys) =
            (plan(view, format!("school_id = {other}")).await, plan(view, "school_id = 999999".into()).await);
        assert_eq!(theirs, nobodys, "{view}");
        assert_eq!(plan(view, "views > 5".into()).await, plan(view, "views > 100000000".into()).await, "{view}");
    }
    // What was counted while it ran: an index on codes would have found one row more, and left it out.
    let publisher = w.publisher.connect().await;
    let ran = async |code: &str| {
        let sql = format!(
            "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT * FROM bi.publisher WHERE code = '{code}'"
        );
        let rows = publisher.query(&sql, &[]).await.unwrap();
        let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        lines.into_iter().filter(|line| !line.contains("Filter:") || line.contains("Removed")).collect::<Vec<_>>()
    };
    assert_eq!(ran("cedar").await, ran("none").await);
    let book = async |code: &str| {
        let sql = format!("EXPLAIN SELECT * FROM bi.book WHERE code = '{code}'");
        publisher
            .query(&sql, &[])
            .await
            .unwrap()
            .iter()
            .map(|row| row.get(0))
            .filter(|l: &String| !l.contains("Filter:"))
            .collect::<Vec<_>>()
    };
    assert_eq!(book("9780000000001").await, book("none").await);
}

/// Nobody's row is in reach but through a policy: of every table that a view reads.
#[tokio::test]
async fn every_table_with_rows_of_tenants_has_its_policy() {
    let w = walled().await;
    let client = superuser(&w.app.db).await;
    // Of a book whose it was, and of regions their names: read to decide, and shown beside own rows alone.
    let open = "SELECT DISTINCT d.refobjid::regclass::text FROM pg_rewrite AS r JOIN pg_depend AS d ON d.objid = r.oid
        JOIN pg_class AS v ON v.oid = r.ev_class JOIN pg_class AS t ON t.oid = d.refobjid AND t.relkind = 'r'
        WHERE v.relnamespace = 'bi'::regnamespace AND NOT t.relrowsecurity ORDER BY 1";
    let open: Vec<String> = client.query(open, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(open, ["core.book_publisher", "core.region", "core.school_region", "mart.unready"]);
    let bare = "SELECT count(*) FROM pg_class WHERE relnamespace = 'bi'::regnamespace
        AND NOT coalesce(reloptions, '{}') @> '{security_barrier=true}'";
    assert_eq!(count(&client, bare).await, 0);
    let unexplained = "SELECT count(*) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = 'bi'::regnamespace
          AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL)";
    assert_eq!(count(&client, unexplained).await, 0, "every view and column is explained");
    let sets =
        "SELECT count(*) FROM pg_attribute WHERE atttypid = 'bytea'::regtype AND attrelid::regclass::text LIKE 'bi.%'";
    assert_eq!(count(&client, sets).await, 0);
    assert_eq!(
        count(
            &client,
            "SELECT count(*) FROM information_schema.column_privileges
        WHERE grantee IN ('octavo_bi', 'octavo_bi_view') AND column_name IN ('readers', 'active')"
        )
        .await,
        0
    );
}
