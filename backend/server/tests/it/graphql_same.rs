//! GraphQL's answer is REST's answer, for every role: the same rows, and the same refusals.

use reqwest::Method;
use serde_json::{Map, Value, json};
use testkit::TestApp;

const DOCUMENT: &str = "query($question: QuestionInput!) { answer(question: $question) {
    columns { name type unit } rows totals compared { from to } complete notes { code text period }
    plan { rollup sources rowsRead reasons } asOf freshness { site refreshedAt lastEventAt pending } } }";

fn questions() -> Vec<Value> {
    let quarter = |rest: Value| {
        let mut question = json!({"metrics": ["views", "readers"], "from": "2026-01-01", "to": "2026-03-31"});
        question.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        question
    };
    vec![
        quarter(json!({})),
        quarter(json!({"grain": "day"})),
        quarter(json!({"grain": "week", "dimensions": ["book"], "limit": 7})),
        quarter(json!({"grain": "month", "dimensions": ["school"]})),
        quarter(json!({"grain": "month", "dimensions": ["region", "school"]})),
        quarter(json!({"dimensions": ["publisher"], "order": [{"by": "publisher"}]})),
        quarter(json!({"dimensions": ["subject", "grade"]})),
        quarter(json!({"dimensions": ["site"], "compare": "previous_period"})),
        quarter(json!({"metrics": ["minutes", "weighted_views"], "dimensions": ["book"], "grain": "month"})),
        quarter(json!({"metrics": ["pupils_active", "teachers_active"], "grain": "week", "compare": "previous_year"})),
        quarter(
            json!({"filters": [{"dimension": "role", "in": ["student"]}, {"dimension": "book", "not_in": ["9780000000000"]}]}),
        ),
        quarter(json!({"dimensions": ["device"], "order": [{"by": "readers", "desc": true}], "limit": 2})),
        quarter(json!({"metrics": ["nonsense"]})),
        quarter(json!({"dimensions": ["nonsense"]})),
        quarter(json!({"grain": "minute"})),
        quarter(json!({"from": "2026-13-01"})),
        quarter(json!({"order": [{"by": "nonsense"}]})),
        quarter(json!({"filters": [{"dimension": "book"}]})),
        quarter(json!({"limit": 0})),
    ]
}

/// GraphQL's names for REST's.
fn renamed(question: &Value) -> Value {
    serde_json::from_str(&question.to_string().replace("not_in", "notIn")).unwrap()
}

/// GraphQL's answer written as REST's is.
fn as_rest(answer: &Value) -> Value {
    let mut out = answer.clone();
    let fields = out.as_object_mut().unwrap();
    let of_site = |f: &Value| {
        let value =
            json!({"refreshed_at": f["refreshedAt"], "last_event_at": f["lastEventAt"], "pending": f["pending"]});
        (f["site"].as_str().unwrap().to_string(), value)
    };
    let freshness: Map<String, Value> = answer["freshness"].as_array().unwrap().iter().map(of_site).collect();
    fields.insert("freshness".into(), freshness.into());
    let as_of = fields.remove("asOf").unwrap();
    fields.insert("as_of".into(), as_of);
    fields.retain(|name, value| name != "compared" || !value.is_null());
    let plan = fields["plan"].as_object_mut().unwrap();
    let rows_read = plan.remove("rowsRead").unwrap();
    plan.insert("rows_read".into(), rows_read);
    for note in fields["notes"].as_array_mut().unwrap() {
        note.as_object_mut().unwrap().retain(|name, value| name != "period" || !value.is_null());
    }
    out
}

#[tokio::test]
async fn the_same_question_has_the_same_answer_whichever_way_it_is_asked() {
    let app = TestApp::start().await;
    let (mut answered, mut refused) = (0, 0);
    for user in ["owner", "school", "other_school", "publisher", "other_publisher", "official"] {
        for question in questions() {
            let rest = app.as_user(user, Method::POST, "/api/v1/query").json(&question).send().await.unwrap();
            let status = rest.status();
            let rest: Value = rest.json().await.unwrap();
            let body = json!({"query": DOCUMENT, "variables": {"question": renamed(&question)}});
            let response = app.as_user(user, Method::POST, "/graphql").json(&body).send().await.unwrap();
            let response: Value = response.json().await.unwrap();
            if status.is_success() {
                assert_eq!(as_rest(&response["data"]["answer"]), rest, "{user}: {question}");
                answered += 1;
            } else {
                let error = &response["errors"][0];
                assert_eq!(response["data"]["answer"], Value::Null);
                assert_eq!(error["message"], rest["detail"], "{user}: {question}");
                for field in ["code", "status", "pointer"] {
                    assert_eq!(error["extensions"][field], rest[field], "{user}: {question}");
                }
                refused += 1;
            }
        }
    }
    assert!(answered >= 40 && refused >= 40, "{answered} answered, {refused} refused");
}
