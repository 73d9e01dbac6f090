//! From thing to thing, up to six relations far: no tenant comes to another's.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use testkit::TestApp;

/// A relation: from which type, how it is written around what is asked of the other end (`@`), to which type, and how many
/// levels of fields it takes.
const RELATIONS: &[(&str, &str, &str, usize)] = &[
    ("Query", "sites(first: 4) { nodes { @ } }", "Site", 2),
    ("Query", "regions(first: 4) { nodes { @ } }", "Region", 2),
    ("Query", "schools(first: 4) { edges { node { @ } } }", "School", 3),
    ("Query", "publishers(first: 4) { nodes { @ } }", "Publisher", 2),
    ("Query", "books(first: 4) { nodes { @ } }", "Book", 2),
    ("Query", "me { @ }", "Session", 1),
    ("Session", "sites { @ }", "Site", 1),
    ("Region", "site { @ }", "Site", 1),
    ("Region", "parent { @ }", "Region", 1),
    ("Region", "schools(first: 4) { nodes { @ } }", "School", 2),
    ("School", "site { @ }", "Site", 1),
    ("School", "region { @ }", "Region", 1),
    ("School", r#"books(from: "2026-01-01", to: "2026-03-31", first: 4) { nodes { @ } }"#, "BookUse", 2),
    ("BookUse", "book { @ }", "Book", 1),
    ("Book", "publisher { @ }", "Publisher", 1),
    ("Book", "chapters { @ }", "Chapter", 1),
    ("Publisher", "books(first: 4) { edges { node { @ } } }", "Book", 3),
];

/// What is asked at every stop.
fn stop(kind: &str) -> &'static str {
    match kind {
        "Query" => "",
        "Session" => "role home { name }",
        "BookUse" => "views readers",
        _ => "code name",
    }
}

/// Who walks, which types are theirs, and the canaries that may show.
const WALKERS: &[(&str, &[&str], &[&str])] = &[
    ("school", &["Region", "School", "BookUse", "Book", "Publisher", "Chapter"], &["ee-S1", "alma", "birch", "cedar"]),
    (
        "other_school",
        &["Region", "School", "BookUse", "Book", "Publisher", "Chapter"],
        &["us-N1", "alma", "birch", "cedar"],
    ),
    ("publisher", &["Book", "Publisher", "Chapter"], &["alma"]),
    ("other_publisher", &["Book", "Publisher", "Chapter"], &["cedar"]),
    ("official", &["Region", "School"], &["ee-S1", "ee-S2", "ee-S3", "ee-S4"]),
];

/// How many walks of each; more with OCTAVO_CASES.
fn walks() -> u64 {
    std::env::var("OCTAVO_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(150)
}

/// A document of a random walk, and how far it went.
fn walk(dice: &mut ChaCha8Rng, own: &[&str]) -> (String, usize) {
    let (mut document, mut at, mut far, mut depth) = ("{ @ }".to_string(), "Query", 0, 1);
    while far < 6 {
        let allowed = |to: &str| own.contains(&to) || matches!(to, "Site" | "Session");
        let ways: Vec<_> = RELATIONS.iter().filter(|(from, _, to, _)| *from == at && allowed(to)).collect();
        if ways.is_empty() {
            break;
        }
        let (_, written, to, levels) = ways[dice.random_range(0..ways.len())];
        if depth + levels > api::graphql::limits::DEPTH {
            break;
        }
        document = document.replace('@', &format!("{} {written}", stop(at)));
        (at, far, depth) = (to, far + 1, depth + levels);
    }
    (document.replace('@', stop(at)), far)
}

/// The canaries in a text.
pub fn canaries(text: &str) -> Vec<&str> {
    let ends = |c: char| !(c.is_alphanumeric() || c == '-');
    text.split("CANARY-").skip(1).map(|rest| rest.split(ends).next().unwrap_or_default()).collect()
}

#[tokio::test]
async fn no_walk_leads_to_another_tenants_canary() {
    let app = TestApp::start().await;
    for (user, types, may_show) in WALKERS {
        let mut dice = ChaCha8Rng::seed_from_u64(6);
        let (mut farthest, mut shown) = (0, 0);
        for _ in 0..walks() {
            let (document, far) = walk(&mut dice, types);
            let response: Value = app.graphql(user, &document).await;
            assert!(response.get("errors").is_none(), "{user}: {document} → {response}");
            let text = response.to_string();
            for canary in canaries(&text) {
                assert!(may_show.contains(&canary), "{user} sees {canary}: {document} → {text}");
                shown += 1;
            }
            farthest = farthest.max(far);
        }
        // The test would be worth little if the walks were short, or met nothing.
        let longest = if *user == "publisher" || *user == "other_publisher" { 4 } else { 6 };
        assert!(farthest >= longest && shown > 50, "{user}: {farthest} far, {shown} canaries");
    }
}
