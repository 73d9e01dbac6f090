//! A real client: psql, with the account as it was printed.

use std::process::Command;

use testkit::TestApp;

use super::add;

#[tokio::test]
async fn psql_sees_one_organisations_rows() {
    if Command::new("psql").arg("--version").output().is_err() {
        eprintln!("skipped: there is no psql on this machine");
        return;
    }
    let app = TestApp::start().await;
    let account = add(&app.db, "School S1");
    let ask = |sql: &str| {
        let out = Command::new("psql")
            .args(["--no-psqlrc", "--tuples-only", "--no-align", "--host", &account.host, "--port", &account.port])
            .args(["--username", &account.user, "--dbname", &account.database, "--command", sql])
            .env("PGPASSWORD", &account.password)
            .output()
            .unwrap();
        (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap())
    };
    let (school, _) = ask("SELECT code FROM school");
    assert_eq!(school, "ee:S1\n");
    let (views, _) = ask("\\dv");
    assert!(views.contains("usage_by_school_day"));
    // What a client asks about a table to show it.
    let (described, why) = ask("\\d+ bi.usage_by_school_month");
    assert!(described.contains("readers_of_the_month") && described.contains("NOT ADDITIVE"), "{why}");
    let (_, why) = ask("SELECT * FROM core.event");
    assert!(why.contains("permission denied"));
}
