//! Documents at the limits are answered, and those with one more are not. How they are counted is tested where it is done.

use api::graphql::{limits, page};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::TestApp;

/// The code of the first error, and what it says.
async fn refused(app: &TestApp, body: Value) -> Option<(String, String)> {
    let request = app.as_user("owner", Method::POST, "/graphql").json(&body);
    let response: Value = request.send().await.unwrap().json().await.unwrap();
    let error = response["errors"].get(0)?;
    Some((error["extensions"]["code"].as_str().unwrap().into(), error["message"].as_str().unwrap().into()))
}

/// A document that goes so deep, in circles.
fn deep(depth: usize) -> String {
    let levels: String = ["schools(first:1){", "nodes{", "region{"].into_iter().cycle().take(depth - 1).collect();
    let leaf = if (depth - 1) % 3 == 1 { "totalCount" } else { "code" };
    format!("{{{levels}{leaf}{}", "}".repeat(depth))
}

/// A document of so many fields, most of them from one fragment.
fn wide(fields: usize) -> String {
    let (spreads, single) = ((fields - 1) / 10, (fields - 1) % 10);
    let fragment = format!("fragment F on Session{{{}}}", "role ".repeat(10));
    format!("{{me{{{}{}}}}}{fragment}", "...F ".repeat(spreads), "lens ".repeat(single))
}

/// A document of so much complexity: a full page of schools, and single fields.
fn complex(complexity: usize) -> String {
    let each = complexity / page::MOST as usize - 2;
    let single = complexity - 2 - (each + 1) * page::MOST as usize;
    format!("{{schools(first:100){{nodes{{{}}}}}me{{{}}}}}", "code ".repeat(each), "role ".repeat(single))
}

#[tokio::test]
async fn every_limit_is_where_it_is_said() {
    let app = TestApp::start().await;
    let aliased = |n: usize| (0..n).map(|i| format!("a{i}:role ")).collect::<String>();
    type Document<'a> = &'a dyn Fn(usize) -> String;
    let cases: [(usize, &str, &str, Document); 8] = [
        (limits::BYTES, "too_large", "16384 bytes", &|n| format!("{{me{{role}}}}{}", " ".repeat(n - 10))),
        (limits::DEPTH, "too_complex", "depth is 16", &deep),
        (limits::NESTING, "too_complex", "depth, fragments included, is 26", &|n| {
            format!("{{me{{{}role{}}}}}", "...{".repeat(n - 2), "}".repeat(n - 2))
        }),
        (limits::FIELDS, "too_complex", "number of fields is 501", &wide),
        (limits::ROOT_FIELDS, "too_complex", "number of root fields is 21", &|n| {
            format!("{{...R}}fragment R on Query{{{}}}", "me{role} ".repeat(n))
        }),
        (limits::ALIASES, "too_complex", "number of aliases is 31", &|n| format!("{{me{{{}}}}}", aliased(n))),
        (limits::DIRECTIVES, "too_complex", "number of directives is 21", &|n| {
            format!("{{me{{{}}}}}", "role@skip(if:false) ".repeat(n))
        }),
        (limits::COMPLEXITY, "too_complex", "is 10001", &complex),
    ];
    for (limit, code, told, document) in cases {
        assert_eq!(refused(&app, json!({"query": document(limit)})).await, None, "{told}: at the limit");
        let (refused, message) = refused(&app, json!({"query": document(limit + 1)})).await.expect(told);
        assert_eq!(refused, code, "{message}");
        assert!(message.contains(told), "{message}");
    }
    // Tokens and brackets are best made of values, which here are no question.
    let question = |metrics: String| {
        let document = format!("{{answer(question:{{metrics:{metrics},from:\"\",to:\"\"}}){{complete}}}}");
        json!({ "query": document })
    };
    let tokens = |n: usize| question(format!("[{}]", "\"a\" ".repeat(n - 22)));
    let brackets = |n: usize| question("[".repeat(n - 3) + &"]".repeat(n - 3));
    for (taken, one_more, told) in [
        (tokens(limits::TOKENS), tokens(limits::TOKENS + 1), "1000 tokens"),
        (brackets(limits::BRACKETS), brackets(limits::BRACKETS + 1), "depth of brackets is 41"),
    ] {
        let (code, _) = refused(&app, taken).await.unwrap();
        assert!(!code.starts_with("too_"), "{told}: {code} at the limit");
        let (_, message) = refused(&app, one_more).await.unwrap();
        assert!(message.contains(told), "{message}");
    }
}

#[tokio::test]
async fn a_list_counts_as_often_as_its_first_says_even_by_a_variable() {
    let app = TestApp::start().await;
    let document = "query($n: Int!) { regions(first: $n) { nodes { schools(first: $n) { nodes { code } } } } }";
    let with = |n: i32| json!({"query": document, "variables": {"n": n}});
    assert_eq!(refused(&app, with(20)).await, None);
    let (code, message) = refused(&app, with(100)).await.unwrap();
    assert_eq!(code, "too_complex");
    assert!(message.contains("is 20201;"), "{message}");
}

#[tokio::test]
async fn an_answer_costs_more_than_a_field() {
    let app = TestApp::start().await;
    let answers = |n: usize| {
        let question = r#"question: {metrics: ["views"], from: "2026-01-01", to: "2026-01-31"}"#;
        let fields: String = (0..n).map(|i| format!("a{i}: answer({question}) {{ complete }} ")).collect();
        json!({"query": format!("{{ {fields} }}")})
    };
    assert_eq!(refused(&app, answers(19)).await, None);
    assert_eq!(refused(&app, answers(20)).await.unwrap().0, "too_complex");
}

#[tokio::test]
async fn bombs_are_refused_before_they_go_off() {
    let app = TestApp::start().await;
    let mut fragments = String::from("{me{...F0}}");
    for i in 0..30 {
        fragments += &format!("fragment F{i} on Session{{...F{0} ...F{0}}}", i + 1);
    }
    fragments += "fragment F30 on Session{role}";
    let circle = "{me{...A}} fragment A on Session{...B} fragment B on Session{...A}".to_string();
    for (document, code) in [
        (fragments, "too_complex"),
        (circle, "bad_document"),
        (format!("{{me{{{}}}}}", (0..10_000).map(|i| format!("a{i}:role ")).collect::<String>()), "too_large"),
        ("{a".repeat(8_000), "too_large"),
        ("[".repeat(16_000), "too_large"),
        (format!("{{me{{role{}}}}}", "@skip(if:false)".repeat(100)), "too_complex"),
    ] {
        assert_eq!(refused(&app, json!({"query": document})).await.unwrap().0, code);
    }
}
