use serde_json::{Value, json};

use super::tests::{event, with};

#[test]
fn decode_xapi_books_chapters_schools_and_sessions_are_found_in_their_order() {
    let around = |activities: Value| {
        let event = event(&with("/context/contextActivities", activities));
        (event.book, event.chapter)
    };
    let course = json!({"id": "http://m.test/course/view.php?id=5",
        "definition": {"type": "http://adlnet.gov/expapi/activities/course"}});
    let book =
        json!({"id": "https://r.test/b/b-1", "definition": {"type": "http://id.tincanapi.com/activitytype/book"}});
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(around(json!({"parent": [course], "grouping": []})), (None, None));
    assert_eq!(around(json!({"parent": course, "grouping": [course, book]})), (some("b-1"), None));
    assert_eq!(around(json!({"parent": {"id": "x:/p-1"}})), (some("p-1"), None));
    assert_eq!(around(json!({"parent": {"id": "x:/p-1"}, "grouping": {"id": "x:/g-1"}})), (some("g-1"), some("p-1")));
    assert_eq!(around(json!({"parent": {"id": "x:/g-1"}, "grouping": {"id": "x:/g-1"}})), (some("g-1"), None));
    let told = json!({"https://r.test/isbn": "978-0-306-40615-7", "https://w3id.org/xapi/video/extensions/session-id": "v-1",
        "urn:r:school": 12});
    let mut statement = with("/context/extensions", told);
    statement["context"]["contextActivities"] = json!({"grouping": book});
    statement["context"].as_object_mut().unwrap().remove("registration");
    let found = event(&statement);
    assert_eq!((found.book.as_deref(), found.session.as_deref()), (Some("9780306406157"), Some("v-1")));
    assert_eq!(found.school.as_deref(), Some("12"));
    let team = json!({"objectType": "Group", "account": {"homePage": "https://r.test/schools", "name": "s-9"}});
    let mut statement = with("/context/team", team);
    statement["context"]["extensions"] = json!({});
    assert_eq!(event(&statement).school.as_deref(), Some("s-9"));
    // A platform's name is no school.
    statement["context"].as_object_mut().unwrap().remove("team");
    assert_eq!(event(&statement).school, None);
}
