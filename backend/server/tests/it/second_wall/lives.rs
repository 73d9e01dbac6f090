//! Making, listing and ending BI accounts, and that they follow their organisation.

use access::OrganisationKind;
use testkit::{TestApp, TestDatabase, seed};

use super::{add, count, octavo, printed, superuser, text};

async fn app() -> TestApp {
    let db = TestDatabase::platform().await;
    TestApp::with(db).await
}

#[tokio::test]
async fn the_password_opens_and_another_does_not() {
    let app = app().await;
    let account = add(&app.db, "School S1");
    assert!(account.try_connect("wrong").await.is_err());
    let client = account.connect().await;
    let own = text(&client, "SELECT account, organisation, rows FROM bi.account").await;
    assert_eq!(own, format!("({},\"School S1\",schools)", account.user));
    let settings = "SELECT count(*) FROM pg_settings WHERE (name, setting) IN
        (('default_transaction_read_only', 'on'), ('statement_timeout', '120000'), ('search_path', 'bi'))";
    assert_eq!(count(&client, settings).await, 3);
    assert!(!printed(&app.db, &["account", "bi", "list"]).contains(&account.password));
    let stored =
        text(&superuser(&app.db).await, "SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'octavo_bi_%'").await;
    assert!(stored.contains("SCRAM-SHA-256$") && !stored.contains(&account.password));
}

#[tokio::test]
async fn an_account_that_ended_is_disconnected_and_cannot_come_back() {
    let app = app().await;
    let account = add(&app.db, "School S1");
    let client = account.connect().await;
    assert!(printed(&app.db, &["account", "bi", "list"]).contains("no end"));
    printed(&app.db, &["account", "bi", "end", &account.user]);
    assert!(client.query("SELECT 1", &[]).await.is_err(), "it is disconnected");
    assert!(account.try_connect(&account.password).await.is_err());
    assert!(printed(&app.db, &["account", "bi", "list"]).contains("ended"));
    let role = format!("SELECT count(*) FROM pg_roles WHERE rolname = '{}'", account.user);
    assert_eq!(count(&superuser(&app.db).await, &role).await, 0);
    let again = octavo(&app.db, &["account", "bi", "end", "octavo"]);
    assert!(String::from_utf8_lossy(&again.stderr).contains("there is no BI account 'octavo'"));
}

#[tokio::test]
async fn days_bound_the_login_and_the_rows() {
    let app = app().await;
    printed(&app.db, &["account", "bi", "add", "--organisation", "School S1", "--days", "30", "--name", "a report"]);
    let client = superuser(&app.db).await;
    let bound = "SELECT count(*) FROM pg_roles AS r JOIN mart.bi_account AS a ON a.role_name = r.rolname
        WHERE date_trunc('second', a.ended_at) = r.rolvaliduntil AND a.ended_at BETWEEN now() + '29 days' AND now() + '31 days'";
    assert_eq!(count(&client, bound).await, 1);
    // A connection that outlives the login's time sees nothing any more.
    let account = add(&app.db, "School S1");
    let reader = account.connect().await;
    assert!(count(&reader, "SELECT count(*) FROM bi.usage_by_school_day").await > 0);
    let over = format!("UPDATE mart.bi_account SET ended_at = now() WHERE role_name = '{}'", account.user);
    client.batch_execute(&over).await.unwrap();
    assert_eq!(count(&reader, "SELECT count(*) FROM bi.usage_by_school_day").await, 0);
}

#[tokio::test]
async fn an_account_follows_its_organisation() {
    let app = app().await;
    let account = add(&app.db, "School S1");
    let client = account.connect().await;
    let schools = "SELECT code FROM bi.school";
    assert_eq!(text(&client, schools).await, "(ee:S1)");
    let directory = app.engine.snapshot().directory.clone();
    let ids: Vec<i32> = ["ee:S1", "us:N2"].iter().map(|code| directory.school(code).unwrap().id).collect();
    app.store.organisations().keep("School S1", OrganisationKind::School, &ids).await.unwrap();
    printed(&app.db, &["migrate"]);
    assert_eq!(text(&client, schools).await, "(ee:S1)\n(us:N2)");
    assert_eq!(count(&client, "SELECT count(*) FROM bi.site").await, 2);
    superuser(&app.db).await.batch_execute("DELETE FROM app.organisation WHERE name = 'School S1'").await.unwrap();
    printed(&app.db, &["migrate"]);
    assert_eq!(text(&client, schools).await, "", "the organisation is gone, and so are its rows");
    assert!(printed(&app.db, &["account", "bi", "list"]).contains("ended"));
}

#[tokio::test]
async fn an_authority_gets_none_and_is_told_why() {
    let app = app().await;
    let out = octavo(&app.db, &["account", "bi", "add", "--organisation", "Harju"]);
    let told = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(!out.status.success());
    assert!(told.contains("protected") && told.contains("CSV"), "{told}");
    assert_eq!(count(&superuser(&app.db).await, "SELECT count(*) FROM mart.bi_account").await, 0);
    let none = octavo(&app.db, &["account", "bi", "add", "--organisation", "Nobody's"]);
    assert!(String::from_utf8_lossy(&none.stderr).contains("there is no organisation"));
}

/// A wall of another definition, or a rollup made anew, is put right at the next start; accounts stay.
#[tokio::test]
async fn the_wall_is_put_up_again() {
    let app = app().await;
    let account = add(&app.db, "School S1");
    let admin = superuser(&app.db).await;
    admin.batch_execute("UPDATE mart.definition SET ddl = 'other' WHERE rollup = 'school'").await.unwrap();
    printed(&app.db, &["migrate"]);
    let client = account.connect().await;
    assert_eq!(count(&client, "SELECT count(*) FROM bi.usage_by_school_day").await, 0, "its days are not computed yet");
    assert!(count(&client, "SELECT count(*) FROM bi.usage_by_school_book_day").await > 0);
    ingest::rollup::refresh::refresh_all(&app.db.warehouse, &app.db.model, seed::now()).await.unwrap();
    assert!(count(&client, "SELECT count(*) FROM bi.usage_by_school_day").await > 0);
}

/// Several programs start at once, on several databases of one server.
#[tokio::test]
async fn walls_are_put_up_at_once() {
    let databases = futures::future::join_all((0..3).map(|_| TestDatabase::create())).await;
    let forget = "DELETE FROM mart.definition WHERE rollup = 'wall'";
    for db in &databases {
        db.execute(forget).await;
    }
    let model = model::Model::embedded().unwrap();
    let at_once = databases.iter().chain(&databases).map(|db| wall::install(&db.url, &model));
    for done in futures::future::join_all(at_once).await {
        done.unwrap();
    }
}
