//! The catalogue over HTTP, as each role sees it.

use access::{Action, Role, permits};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::TestApp;

use crate::asking::caller;

/// The catalogue as bytes and as JSON.
async fn catalog(app: &TestApp, user: &str) -> (String, Value) {
    let text = app.get(user, "/api/v1/catalog").await.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap();
    (text, body)
}

/// Every string in it that is a value.
fn values(body: &Value) -> Vec<&str> {
    match body {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(values).collect(),
        Value::Object(fields) => fields.values().flat_map(values).collect(),
        _ => vec![],
    }
}

fn names<'a>(body: &'a Value, of: &str, field: &str) -> Vec<&'a str> {
    body[of].as_array().unwrap().iter().map(|item| item[field].as_str().unwrap()).collect()
}

fn named<'a>(body: &'a Value, of: &str, name: &str) -> &'a Value {
    body[of].as_array().unwrap().iter().find(|item| item["name"] == name).unwrap()
}

#[tokio::test]
async fn what_a_role_may_not_use_is_nowhere_in_the_bytes() {
    let app = TestApp::start().await;
    let model = &app.db.model;
    for (user, account) in app.users.iter().filter(|(_, account)| account.role != Role::Operator) {
        let role = account.role.as_str();
        let (text, body) = catalog(&app, user).await;
        let values = values(&body);
        let hidden = |name: &str, title: &str, sentences: &[&str]| {
            assert!(!values.contains(&name) && !values.contains(&title), "{user} sees {name}: {text}");
            for sentence in sentences {
                assert!(!text.contains(sentence), "{user} sees {sentence:?} of {name}");
            }
        };
        for metric in model.metrics.iter().filter(|m| !m.allows(role)) {
            hidden(&metric.name, &metric.title, &[&metric.description, &model.in_words(metric)]);
        }
        for dimension in model.dimensions.iter().filter(|d| !d.allows(role)) {
            hidden(&dimension.name, &dimension.title, &[&dimension.description]);
        }
        for rollup in model.rollups.iter().filter(|_| account.role != Role::Owner) {
            assert!(
                !text.contains(&rollup.description) && !text.contains("rollups"),
                "{user} sees rollup {}",
                rollup.name
            );
        }
        let sites: Value = app.get(user, "/api/v1/sites").await.json().await.unwrap();
        let sites = names(&sites, "items", "code");
        assert_eq!(names(&body, "calendars", "site"), sites, "{user}");
        for calendar in model.calendars.iter().filter(|c| !sites.contains(&c.site.as_str())) {
            assert!(!values.contains(&calendar.site.as_str()), "{user} sees the calendar of {}", calendar.site);
            for holiday in calendar.holidays.iter().filter(|h| own(model, &calendar.site, &h.name)) {
                assert!(!text.contains(&holiday.name), "{user} sees {} of {}", holiday.name, calendar.site);
            }
        }
    }
    assert_eq!(app.get("operator", "/api/v1/catalog").await.status(), StatusCode::FORBIDDEN);
}

/// Whether a holiday's name is in this site's calendar alone.
fn own(model: &model::Model, site: &str, name: &str) -> bool {
    let others = model.calendars.iter().filter(|c| c.site != site);
    !others.flat_map(|c| &c.holidays).any(|holiday| holiday.name.contains(name))
}

#[tokio::test]
async fn what_a_role_may_use_is_there_with_all_that_is_known_of_it() {
    let app = TestApp::start().await;
    for (user, account) in app.users.iter().filter(|(_, account)| account.role != Role::Operator) {
        let (_, body) = catalog(&app, user).await;
        let role = account.role.as_str();
        let metrics = app.db.model.metrics.iter().filter(|m| m.allows(role)).map(|m| m.name.as_str());
        assert_eq!(names(&body, "metrics", "name"), metrics.collect::<Vec<_>>(), "{user}");
        let dimensions = app.db.model.dimensions.iter().filter(|d| d.allows(role)).map(|d| d.name.as_str());
        assert_eq!(names(&body, "dimensions", "name"), dimensions.collect::<Vec<_>>(), "{user}");
    }
    let (_, owner) = catalog(&app, "owner").await;
    let minutes = json!({"name": "minutes", "title": "Minutes", "unit": "minutes", "owner": "Analytics", "additivity": "sum",
        "description": "Time spent, as reported by the events' duration; minutes with two decimals, rounded once.",
        "formula": "The milliseconds spent, divided by 60000, rounded half up to 2 decimals, once.", "decimals": 2});
    assert_eq!(named(&owner, "metrics", "minutes"), &minutes);
    let grade = named(&owner, "dimensions", "grade");
    assert_eq!((&grade["type"], &grade["filters"]), (&json!("number"), &json!(["in", "not_in", "from", "to"])));
    assert_eq!(named(&owner, "rollups", "school_book")["keys"], json!(["school_id", "book_id", "role"]));
    let year = &named(&owner["calendars"][0], "years", "2025/26");
    assert_eq!((&year["from"], &year["to"]), (&json!("2025-09-01"), &json!("2026-08-31")));
    assert_eq!(names(year, "terms", "name").len(), 5);
    assert_eq!(names(year, "breaks", "name")[0], "Autumn break");
    assert_eq!(named(&owner["calendars"][0], "holidays", "Victory Day")["from"], "2025-06-23");
}

#[tokio::test]
async fn a_hierarchy_leaves_out_what_the_role_may_not_use() {
    let app = TestApp::start().await;
    let above = async |user: &str, dimension: &str| {
        let (_, body) = catalog(&app, user).await;
        named(&body, "dimensions", dimension)["hierarchy"].clone()
    };
    assert_eq!(above("owner", "school").await, json!(["region", "site"]));
    assert_eq!(above("official", "school").await, json!(["region"]));
    assert_eq!(above("publisher", "chapter").await, json!(["book", "publisher"]));
}

#[tokio::test]
async fn through_the_protected_lens_there_are_months_and_no_comparisons() {
    let app = TestApp::start().await;
    let (_, official) = catalog(&app, "official").await;
    assert_eq!((&official["grains"], &official["compares"]), (&json!(["month"]), &json!([])));
    let (_, school) = catalog(&app, "school").await;
    assert!(school["grains"].as_array().unwrap().len() > 1 && !school["compares"].as_array().unwrap().is_empty());
}

#[test]
fn the_model_knows_the_roles_that_ask_questions() {
    let asks = |role: &&Role| permits(&caller(**role, vec![]), Action::UsageRead);
    let readers: Vec<&str> = Role::ALL.iter().filter(asks).map(|role| role.as_str()).collect();
    assert_eq!(readers, model::READERS);
}
