//! Files and tags: every table that a role can have as CSV holds its own canaries only, and no tag of one tenant is good for
//! another.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::{Audited, Entry};
use testkit::TestApp;

use crate::graphql_walks::canaries;

/// Who exports, and the canaries that may show.
const TENANTS: &[(&str, &[&str])] = &[
    ("school", &["ee-S1", "alma", "birch", "cedar"]),
    ("other_school", &["us-N1", "alma", "birch", "cedar"]),
    ("publisher", &["alma"]),
    ("other_publisher", &["cedar"]),
    ("official", &["ee-S1", "ee-S2", "ee-S3", "ee-S4"]),
];

const MONTH: &str = "from=2026-02-01&to=2026-02-28";

/// Statements of a month, and an entry with a canary in the record of every tenant.
async fn filled() -> TestApp {
    let app = TestApp::start().await;
    let owner = app.sign_in("owner").await;
    let pool = app.as_browser(&owner, Method::PUT, "/api/v1/pools/ee/2026-02").json(&json!({ "amount": "10000.00" }));
    assert_eq!(pool.send().await.unwrap().status(), StatusCode::OK);
    let named =
        [("School S1", "ee-S1"), ("School N1", "us-N1"), ("Alma", "alma"), ("Cedar", "cedar"), ("Harju", "ee-S2")];
    for tenant in app.store.tenants().await.unwrap() {
        if let Some((_, canary)) = named.iter().find(|(name, _)| *name == tenant.name) {
            let entry = Entry::of(Audited::Export, format!("CANARY-{canary}")).in_organisation(tenant.id);
            app.store.audit().record(None, entry).await.unwrap();
        }
    }
    app
}

/// Names of what exists for the caller in a list of the catalogue.
fn names(catalog: &Value, list: &str) -> Vec<String> {
    catalog[list].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_string()).collect()
}

/// What canaries are names of.
const NAMED: [&str; 4] = ["region", "school", "publisher", "book"];

/// The addresses of the tables that a role can ask for: all metrics by each dimension, and views by each two of which one is of
/// things with names.
fn tables(catalog: &Value) -> Vec<String> {
    let (metrics, dimensions) = (names(catalog, "metrics").join(","), names(catalog, "dimensions"));
    let mut all: Vec<(&str, String)> = dimensions.iter().map(|one| (metrics.as_str(), one.clone())).collect();
    for (n, one) in dimensions.iter().enumerate() {
        let two =
            dimensions[n + 1..].iter().filter(|two| NAMED.contains(&one.as_str()) || NAMED.contains(&two.as_str()));
        all.extend(two.map(|two| ("views", format!("{one},{two}"))));
    }
    let path = |(metrics, by)| format!("/api/v1/query?metrics={metrics}&dimensions={by}&{MONTH}&format=csv");
    all.into_iter().map(path).collect()
}

#[tokio::test]
async fn no_file_holds_another_tenants_canary() {
    let app = filled().await;
    for (user, may_show) in TENANTS {
        let cookie = app.sign_in(user).await;
        let get = async |path: &str| app.as_browser(&cookie, Method::GET, path).send().await.unwrap();
        let catalog: Value = get("/api/v1/catalog").await.json().await.unwrap();
        let mut paths = tables(&catalog);
        // The published table, which is all that an official can have.
        let metrics = names(&catalog, "metrics");
        let by_month =
            |metric| format!("/api/v1/query?metrics={metric}&dimensions=region,school&grain=month&{MONTH}&format=csv");
        paths.extend(metrics.iter().map(by_month));
        paths.extend(["audit", "statements"].map(|name| format!("/api/v1/{name}?format=csv")));
        if user.ends_with("publisher") {
            let list: Value = get("/api/v1/statements").await.json().await.unwrap();
            let ids = list["items"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap());
            paths.extend(ids.map(|id| format!("/api/v1/statements/{id}?format=csv")));
        }
        let (mut files, mut shown, mut recorded) = (0, 0, false);
        for path in paths {
            let response = get(&path).await;
            assert!(response.status().as_u16() < 500, "{user}: {path}");
            if response.status() != StatusCode::OK {
                // Not for this role, or a table that nobody has.
                continue;
            }
            assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/csv"), "{path}");
            let name = response.headers()["content-disposition"].to_str().unwrap().to_string();
            let text = name + &response.text().await.unwrap();
            for canary in canaries(&text) {
                assert!(may_show.contains(&canary), "{user} sees {canary}: {path} → {text}");
                shown += 1;
            }
            recorded |= path.contains("/audit") && text.contains("CANARY-");
            files += 1;
        }
        // The test would be worth little if the files were refused, or empty.
        assert!(files >= 3 && shown > 0 && recorded, "{user}: {files} files with {shown} canaries");
        println!("{user}: {files} files, {shown} canaries");
    }
}

#[tokio::test]
async fn no_tag_of_one_tenant_is_good_for_another() {
    let app = TestApp::start().await;
    let users: Vec<&str> = TENANTS.iter().map(|(user, _)| *user).chain(["owner"]).collect();
    let questions =
        ["metrics=views&dimensions=region", "metrics=readers&dimensions=region,school", "metrics=views&grain=month"];
    for question in questions {
        for end in ["", "&format=csv", "&explain=true"] {
            let path = format!("/api/v1/query?{question}&{MONTH}{end}");
            let mut tags = Vec::new();
            for user in &users {
                let response = app.get(user, &path).await;
                if response.status() == StatusCode::OK {
                    tags.push((*user, response.headers()["etag"].to_str().unwrap().to_string()));
                }
            }
            for (of, tag) in &tags {
                for (by, own) in &tags {
                    assert_eq!(tag == own, of == by, "{path}: {of} and {by}");
                    let asked = app.as_user(by, Method::GET, &path).header("if-none-match", tag).send().await.unwrap();
                    let expected = if of == by { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
                    assert_eq!(asked.status(), expected, "{path}: the tag of {of} sent by {by}");
                }
            }
            // A question of months or of schools is not everybody's.
            assert!(tags.len() >= 3, "{path}: {tags:?}");
        }
    }
}
