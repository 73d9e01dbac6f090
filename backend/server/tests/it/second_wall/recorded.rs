//! Who made which BI account, and when it ended, is on record; what cannot be recorded is not done.

use serde_json::Value;
use testkit::{TestApp, TestDatabase, seed};
use wall::{NewAccount, Own, Rows, accounts};

use super::{Kept, add, count, octavo, printed, superuser, text};

async fn app() -> TestApp {
    let db = TestDatabase::platform().await;
    TestApp::with(db).await
}

/// The entries about BI accounts as a user reads them, oldest first: what, of whose account, by whom, for whom.
async fn record(app: &TestApp, user: &str) -> Vec<[String; 4]> {
    let cookie = app.sign_in(user).await;
    let page = app.as_browser(&cookie, reqwest::Method::GET, "/api/v1/audit?q=octavo_bi_").send().await.unwrap();
    let page: Value = page.json().await.unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let entry =
        |e: &Value| [text(&e["action"]), text(&e["subject"]), text(&e["via"]), text(&e["detail"]["organisation"])];
    page["items"].as_array().unwrap().iter().rev().map(entry).collect()
}

#[tokio::test]
async fn making_and_ending_is_in_the_record_of_the_platform_and_of_whose_rows_they_are() {
    let app = app().await;
    let (school, publisher) = (add(&app.db, "School S1"), add(&app.db, "Alma"));
    printed(&app.db, &["account", "bi", "end", &school.user]);
    // It has ended already.
    printed(&app.db, &["account", "bi", "end", &school.user]);
    assert!(!octavo(&app.db, &["account", "bi", "end", "octavo_bi_none"]).status.success());
    let entry = |what: &str, user: &str, of: &str| [what, user, "cli", of].map(String::from);
    let of_school = [("bi_account_made", &school), ("bi_account_ended", &school)];
    let of_school = of_school.map(|(what, account)| entry(what, &account.user, "School S1"));
    let of_publisher = entry("bi_account_made", &publisher.user, "Alma");
    assert_eq!(record(&app, "school").await, of_school);
    assert_eq!(record(&app, "publisher").await, std::slice::from_ref(&of_publisher));
    assert_eq!(record(&app, "other_school").await, [[""; 4]; 0]);
    let [made, ended] = of_school;
    assert_eq!(record(&app, "owner").await, [made, of_publisher, ended]);
    let secrets = format!("SELECT * FROM app.audit WHERE detail::text LIKE '%{}%'", school.password);
    assert_eq!(text(&superuser(&app.db).await, &secrets).await, "");
}

#[tokio::test]
async fn an_account_that_ends_with_its_organisation_is_on_record_too() {
    let app = app().await;
    let account = add(&app.db, "School S1");
    superuser(&app.db).await.batch_execute("DELETE FROM app.organisation WHERE name = 'School S1'").await.unwrap();
    for _ in 0..2 {
        printed(&app.db, &["migrate"]);
    }
    let all = record(&app, "owner").await;
    assert_eq!(all.len(), 2, "once only: {all:?}");
    assert_eq!((all[1][0].as_str(), all[1][1].as_str()), ("bi_account_ended", account.user.as_str()));
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_done() {
    let app = app().await;
    let mut client = wall::connect(&app.db.url).await.unwrap();
    let tenant = app.store.tenants().await.unwrap().into_iter().find(|t| t.name == "Platform").unwrap();
    let own = Own { organisation_id: tenant.id, organisation: tenant.name, rows: Rows::All };
    let admin = superuser(&app.db).await;
    let new = |user| NewAccount { user, password: "secret", name: "a report", own: &own, ends_at: None };
    let now = seed::now();
    accounts::add(&mut client, new("octavo_bi_a1"), now, &Kept(false)).await.unwrap_err();
    let traces = "SELECT (SELECT count(*) FROM pg_roles WHERE rolname = 'octavo_bi_a1')
        + (SELECT count(*) FROM mart.bi_account WHERE role_name = 'octavo_bi_a1')";
    assert_eq!(count(&admin, traces).await, 0);
    accounts::add(&mut client, new("octavo_bi_a1"), now, &Kept(true)).await.unwrap();
    let lives = "SELECT count(*) FROM mart.bi_account WHERE role_name = 'octavo_bi_a1' AND ended_at IS NULL";
    accounts::end(&mut client, "octavo_bi_a1", now, &Kept(false)).await.unwrap_err();
    accounts::follow(&mut client, &[], now, &Kept(false)).await.unwrap_err();
    assert_eq!(count(&admin, lives).await, 1);
    assert!(accounts::end(&mut client, "octavo_bi_a1", now, &Kept(true)).await.unwrap());
    assert_eq!(count(&admin, traces).await, 1, "the role is gone, and known to have been");
}
