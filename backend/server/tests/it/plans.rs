//! Plans and their SQL, kept as a golden file: a change of either shows in review. `make contracts` writes it anew.

use std::fmt::Write;

use cache::{Answers, NoTier};
use engine::Engine;
use engine::golden::{QUESTIONS, planned};
use engine::select::select;
use testkit::TestDatabase;
use warehouse::Dialect;

#[tokio::test]
async fn plans_are_the_ones_that_were_reviewed() {
    let db = TestDatabase::platform().await;
    let engine =
        Engine::open(db.model.clone().into(), db.warehouse.clone(), Answers::new(Box::new(NoTier))).await.unwrap();
    let snapshot = engine.snapshot();
    let mut text = String::new();
    for (role, question) in QUESTIONS {
        let plan = planned(*role, question, &db.model, &snapshot).unwrap();
        let _ = writeln!(text, "{role}: {question}");
        let _ = writeln!(text, "  because {}", plan.reasons.join("; "));
        for (which, stretches) in [("", Some(&plan.current)), ("compared ", plan.compared.as_ref())] {
            for stretch in stretches.into_iter().flat_map(|p| &p.stretches) {
                let _ = writeln!(text, "  {which}{} {} to {}", stretch.grain.as_str(), stretch.from, stretch.to);
                let _ = writeln!(text, "    {}", select(&plan, &db.model, stretch, Dialect::Postgres).sql);
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
