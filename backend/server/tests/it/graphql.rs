//! GraphQL over HTTP: what it gives, and how it pages.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::TestApp;

use crate::graphql_refusals::codes;

#[tokio::test]
async fn who_one_is_and_what_one_may_ask_are_rests() {
    let app = TestApp::start().await;
    for user in ["owner", "school", "publisher", "official"] {
        let document = "{ me { account { id email name language two_factor: twoFactor has_password: hasPassword } role
                organisation { slug name kind } memberships { organisation { slug name kind } role }
                lens home { dimension code name } can needs viewing { by reason until }
                sites { code name zone currency locale today } }
            catalog { metrics { name title description unit owner additivity formula decimals } grains compares
                dimensions { name title description type hierarchy filters entity multi_valued: multiValued }
                calendars { site years { name from to terms { name from to } breaks { name from to } }
                    holidays { name from to } } } }";
        let response = app.graphql(user, document).await;
        let rest = async |path: &str| app.get(user, path).await.json::<Value>().await.unwrap();
        assert_eq!(response["data"]["me"], rest("/api/v1/session").await, "{user}");
        let mut catalog = rest("/api/v1/catalog").await;
        catalog.as_object_mut().unwrap().remove("rollups");
        assert_eq!(response["data"]["catalog"], catalog, "{user}");
    }
}

#[tokio::test]
async fn things_lead_to_each_other() {
    let app = TestApp::start().await;
    let document = r#"{
        school(code: "ee:S4") { name licences site { code } region { code parent { code } schools { totalCount nodes { code } } } }
        book(code: "9780000000003") { name subject grades language publisher { code books { nodes { code } } } chapters { code } }
    }"#;
    let response = app.graphql("owner", document).await;
    let (school, book) = (&response["data"]["school"], &response["data"]["book"]);
    assert_eq!(school["site"]["code"], "ee");
    // It moved in January.
    assert_eq!(school["region"]["code"], "ee:tartu");
    assert_eq!(school["region"]["schools"]["totalCount"], 3);
    assert_eq!(book["publisher"]["code"], "cedar");
    let cedars: Vec<&str> =
        book["publisher"]["books"]["nodes"].as_array().unwrap().iter().map(|b| b["code"].as_str().unwrap()).collect();
    assert!(cedars.contains(&"9780000000003"));
    assert_eq!(book["chapters"].as_array().unwrap().len(), 3);
    let rest: Value = app.get("owner", "/api/v1/books/9780000000003").await.json().await.unwrap();
    for field in ["name", "subject", "grades", "language"] {
        assert_eq!(book[field], rest[field]);
    }
}

#[tokio::test]
async fn what_a_relation_leads_to_is_cut_to_the_scope_again() {
    let app = TestApp::start().await;
    // S4 was Harju's until January and is now in a region that is not the official's.
    let document = r#"{ school(code: "ee:S4") { code region { code } } schools { totalCount nodes { region { schools { totalCount } } } } }"#;
    let response = app.graphql("official", document).await;
    assert_eq!(response["data"]["school"], json!({"code": "ee:S4", "region": null}));
    assert_eq!(response["data"]["schools"]["totalCount"], 4);
    assert_eq!(response["data"]["schools"]["nodes"][0]["region"]["schools"]["totalCount"], 3);
    // Book 3 was Alma's until February; whose it is now is not Alma's to know.
    let document = r#"{ book(code: "9780000000003") { code publisher { name } } publishers { nodes { books { nodes { code } } } } }"#;
    let response = app.graphql("publisher", document).await;
    assert_eq!(response["data"]["book"], json!({"code": "9780000000003", "publisher": null}));
    assert_eq!(response["data"]["publishers"]["nodes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_books_of_all_schools_of_a_level_are_one_answer() {
    let app = TestApp::start().await;
    let document = r#"{ schools(site: "ee", first: 8) { nodes { code books(from: "2026-01-05", to: "2026-03-22", first: 20) {
        totalCount nodes { book { code publisher { code } } views readers } } } } }"#;
    let response = app.graphql("owner", document).await;
    let schools = response["data"]["schools"]["nodes"].as_array().unwrap();
    assert_eq!(schools.len(), 8);

    let question = |schools: &[&str]| {
        json!({"metrics": ["views", "readers"], "dimensions": ["school", "book"], "from": "2026-01-05",
        "to": "2026-03-22", "filters": [{"dimension": "school", "in": schools}], "order": [{"by": "views", "desc": true}], "limit": 100_000})
    };
    let ask = async |question: &Value| {
        let response = app.as_user("owner", Method::POST, "/api/v1/query").json(question).send().await.unwrap();
        let cache = response.headers()["x-octavo-cache"].to_str().unwrap().to_string();
        (cache, response.json::<Value>().await.unwrap())
    };
    let codes: Vec<&str> = schools.iter().map(|s| s["code"].as_str().unwrap()).collect();
    let (all, answer) = ask(&question(&codes)).await;
    assert_eq!(all, "hit", "the one question was asked");
    assert_eq!(ask(&question(&codes[..1])).await.0, "miss", "and none for a single school");
    for school in schools {
        let rows = answer["rows"].as_array().unwrap().iter().filter(|r| r[0] == school["code"] && !r[2].is_null());
        let expected: Vec<_> = rows.map(|r| (&r[2], &r[4], &r[5])).collect();
        let nodes = school["books"]["nodes"].as_array().unwrap();
        let got: Vec<_> = nodes.iter().map(|n| (&n["book"]["code"], &n["views"], &n["readers"])).collect();
        assert_eq!(got, expected);
        assert_eq!(school["books"]["totalCount"], expected.len());
    }
}

#[tokio::test]
async fn lists_come_in_pages_and_say_how_long_they_are() {
    let app = TestApp::start().await;
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let document = format!(
            "{{ schools(first: 5{after}) {{ totalCount edges {{ cursor node {{ code }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let page = app.graphql("owner", &document).await["data"]["schools"].clone();
        assert_eq!(page["totalCount"], 13);
        seen.extend(page["edges"].as_array().unwrap().iter().map(|e| e["node"]["code"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
    let rest: Value = app.get("owner", "/api/v1/schools").await.json().await.unwrap();
    let all: Vec<Value> = rest["items"].as_array().unwrap().iter().map(|s| s["code"].clone()).collect();
    assert_eq!(seen, all);

    for (arguments, code, pointer) in [
        ("first: 0", "bad_limit", "/first"),
        ("first: 101", "bad_limit", "/first"),
        (r#"after: "nonsense""#, "bad_parameter", "/after"),
    ] {
        let response = app.graphql("owner", &format!("{{ schools({arguments}) {{ totalCount }} }}")).await;
        assert_eq!(codes(&response), [code], "{arguments}");
        assert_eq!(response["errors"][0]["extensions"]["pointer"], pointer);
    }
    let found =
        app.graphql("owner", r#"{ schools(q: "school n2") { nodes { code } } regions(site: "us") { totalCount } }"#);
    let found = found.await["data"].clone();
    assert_eq!(found, json!({"schools": {"nodes": [{"code": "us:N2"}]}, "regions": {"totalCount": 2}}));
}
