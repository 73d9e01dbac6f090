//! Explaining a plan: what was weighed, what was chosen and what will be read, in words and as data.

use access::{Rows, Scope};
use model::Model;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use warehouse::Dialect;

use crate::choose::Candidate;
use crate::matcher::Match;
use crate::plan::Plan;
use crate::select::select;

/// Why an answer is read from where it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// Every source that was weighed, in the order of the model, the events last.
    pub candidates: Vec<Weighed>,
    /// What is sent to the warehouse. Values are binds.
    pub statements: Vec<String>,
    /// The same for people, one sentence each.
    pub words: Vec<String>,
}

/// A source that was weighed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Weighed {
    pub source: String,
    /// `full`, `partial` or `no`.
    pub verdict: String,
    pub reason: String,
    /// What would be read of it. Only told to who may see all rows: how much others have is theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_rows: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_bytes: Option<u64>,
    pub chosen: bool,
}

/// Explains the plan to a caller of this scope.
pub fn explain(plan: &Plan, model: &Model, scope: &Scope, dialect: Dialect) -> Explanation {
    let told = *scope.rows() == Rows::All;
    let candidates: Vec<Weighed> = plan.candidates.iter().map(|c| weighed(c, told)).collect();
    let parts = [Some(("", &plan.current)), plan.compared.as_ref().map(|p| ("For the comparison: ", p))];
    let (mut statements, mut words) = (Vec::new(), candidates.iter().map(sentence).collect::<Vec<_>>());
    for (which, part) in parts.into_iter().flatten() {
        for stretch in &part.stretches {
            let sql = select(plan, model, stretch, dialect).sql;
            words.push(format!("{which}{} to {} is read by the {}.", stretch.from, stretch.to, stretch.grain.as_str()));
            if !statements.contains(&sql) {
                statements.push(sql);
            }
        }
    }
    words.extend(plan.reasons.iter().filter(|r| r.starts_with("no stored period")).map(|r| format!("Note: {r}.")));
    Explanation { candidates, statements, words }
}

fn weighed(candidate: &Candidate, told: bool) -> Weighed {
    let (verdict, reason) = match &candidate.verdict {
        Match::Full => ("full", format!("{} keeps just this", candidate.name)),
        Match::Partial(reason) => ("partial", reason.clone()),
        Match::No(reason) => ("no", reason.clone()),
    };
    let estimated = |n: f64| (told && verdict != "no").then_some(n.round() as u64);
    Weighed {
        source: candidate.name.clone(),
        verdict: verdict.into(),
        reason,
        estimated_rows: estimated(candidate.extent.rows),
        estimated_bytes: estimated(candidate.extent.bytes),
        chosen: candidate.chosen,
    }
}

fn sentence(weighed: &Weighed) -> String {
    let size = match (weighed.estimated_rows, weighed.estimated_bytes) {
        (Some(rows), Some(0)) => format!(", about {rows} rows"),
        (Some(rows), Some(bytes)) => format!(", about {rows} rows and {} KB of sets", bytes.div_ceil(1024)),
        _ => String::new(),
    };
    let word = match (weighed.chosen, weighed.verdict.as_str()) {
        (true, _) => "chosen",
        (false, "no") => "cannot answer",
        (false, _) => "could answer",
    };
    format!("{} {word}: {}{size}.", weighed.source, weighed.reason)
}
