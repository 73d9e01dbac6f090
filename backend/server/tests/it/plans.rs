//! Plans and their SQL, kept as a golden file: a change of either shows in review. `make contracts` writes it anew.

use std::fmt::Write;

use access::{Caller, Organisation, Role, Via, scope_of};
use cache::{Answers, NoTier};
use engine::Engine;
use engine::plan::plan;
use engine::select::select;
use query::{Question, validate};
use testkit::{TestDatabase, seed};

/// Who asks what.
const QUESTIONS: &[(Role, &str)] = &[
    (
        Role::Owner,
        r#"{"metrics":["readers"],"grain":"day","from":"2026-01-01","to":"2026-03-31","filters":[{"dimension":"site","in":["ee"]}]}"#,
    ),
    (Role::Owner, r#"{"metrics":["views"],"from":"2026-01-15","to":"2026-03-10"}"#),
    (
        Role::Publisher,
        r#"{"metrics":["views","readers","minutes"],"dimensions":["book"],"grain":"month","from":"2026-01-01","to":"2026-03-31"}"#,
    ),
    (
        Role::SchoolAdmin,
        r#"{"metrics":["pupils_active","teachers_active"],"grain":"week","from":"2026-01-01","to":"2026-03-31"}"#,
    ),
    (Role::Owner, r#"{"metrics":["readers"],"dimensions":["subject","grade"],"from":"2026-01-01","to":"2026-03-31"}"#),
    (Role::Owner, r#"{"metrics":["weighted_views"],"dimensions":["publisher"],"from":"2025-12-20","to":"2026-01-31"}"#),
    (
        Role::Official,
        r#"{"metrics":["active"],"dimensions":["region","school"],"grain":"month","from":"2026-02-01","to":"2026-03-31"}"#,
    ),
    (
        Role::Owner,
        r#"{"metrics":["views","readers"],"dimensions":["device"],"from":"2026-03-01","to":"2026-03-31","filters":[{"dimension":"school","in":["ee:S1"]}]}"#,
    ),
    (
        Role::Owner,
        r#"{"metrics":["views"],"grain":"month","from":"2026-03-01","to":"2026-03-31","compare":"previous_year"}"#,
    ),
];

#[tokio::test]
async fn plans_are_the_ones_that_were_reviewed() {
    let db = TestDatabase::create().await;
    seed::platform(&db).await;
    let engine =
        Engine::open(db.model.clone().into(), db.warehouse.clone(), Answers::new(Box::new(NoTier))).await.unwrap();
    let snapshot = engine.snapshot();
    let mut text = String::new();
    for (role, question) in QUESTIONS {
        let about = match role {
            Role::SchoolAdmin => snapshot.directory.school("ee:S1").map(|s| s.id),
            Role::Publisher => snapshot.directory.publisher("alma").map(|p| p.id),
            Role::Official => snapshot.directory.region("ee:harju").map(|r| r.id),
            Role::Owner | Role::Operator => None,
        };
        let organisation = Organisation {
            id: "o".into(),
            name: "O".into(),
            kind: role.organisation_kind(),
            subjects: about.into_iter().collect(),
        };
        let caller = Caller {
            account: "a".into(),
            email: "a@example.org".into(),
            name: "A".into(),
            role: *role,
            organisation,
            via: Via::Session,
        };
        let asked: Question = serde_json::from_str(question).unwrap();
        let scoped = validate(&asked, &db.model, scope_of(&caller)).unwrap();
        let plan = plan(&scoped, &db.model, &snapshot);
        let _ = writeln!(text, "{role}: {question}");
        let _ = writeln!(text, "  because {}", plan.reasons.join("; "));
        for (which, stretches) in [("", Some(&plan.stretches)), ("compared ", plan.compared.as_ref())] {
            for stretch in stretches.into_iter().flatten() {
                let _ = writeln!(text, "  {which}{} {} to {}", stretch.grain.as_str(), stretch.from, stretch.to);
                let _ = writeln!(text, "    {}", select(&plan, &db.model, stretch).sql);
            }
        }
        text.push('\n');
    }
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/plans.golden");
    if std::env::var_os("OCTAVO_UPDATE_GOLDEN").is_some() {
        std::fs::write(golden, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(golden).unwrap(), "run `make contracts` and review the change");
}
