//! What an account could learn of others without reading a row of theirs: catalogues, errors, plans.

use super::{count, superuser, text, walled};

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
