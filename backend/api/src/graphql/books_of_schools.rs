//! The books that schools used: one answer for all schools of a level, not one for each.

use std::collections::HashMap;
use std::sync::Arc;

use access::Caller;
use async_graphql::Value;
use async_graphql::dataloader::Loader;
use query::Question;

use super::answer::Answer;
use super::question::{FilterInput, OrderInput, QuestionInput};
use crate::problem::Problem;
use crate::state::ApiState;

/// Rows of such an answer: as many as an answer can have.
const ROWS: u32 = 100_000;

/// A school, by its code, in a range of days.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SchoolInRange {
    pub school: String,
    pub from: String,
    pub to: String,
}

/// A book's numbers at one school.
#[derive(Debug, Clone)]
pub struct Use {
    pub book: String,
    pub views: i64,
    pub readers: i64,
}

/// Loads for one caller; made anew for every request.
pub struct BooksOfSchools {
    pub state: ApiState,
    pub caller: Arc<Caller>,
}

impl Loader<SchoolInRange> for BooksOfSchools {
    type Value = Arc<Vec<Use>>;
    type Error = Problem;

    async fn load(&self, keys: &[SchoolInRange]) -> Result<HashMap<SchoolInRange, Self::Value>, Problem> {
        let mut ranges: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
        for key in keys {
            ranges.entry((&key.from, &key.to)).or_default().push(&key.school);
        }
        let mut out = HashMap::new();
        for ((from, to), schools) in ranges {
            let mut used = self.used(from, to, &schools).await?;
            out.extend(schools.into_iter().map(|school| {
                let key = SchoolInRange { school: school.into(), from: from.into(), to: to.into() };
                (key, Arc::new(used.remove(school).unwrap_or_default()))
            }));
        }
        Ok(out)
    }
}

impl BooksOfSchools {
    /// By school, the most viewed book first.
    async fn used(&self, from: &str, to: &str, schools: &[&str]) -> Result<HashMap<String, Vec<Use>>, Problem> {
        let schools = schools.iter().map(|s| s.to_string()).collect();
        let input = QuestionInput {
            metrics: vec!["views".into(), "readers".into()],
            dimensions: Some(vec!["school".into(), "book".into()]),
            from: from.into(),
            to: to.into(),
            filters: Some(vec![FilterInput {
                dimension: Some("school".into()),
                is_in: Some(schools),
                ..FilterInput::default()
            }]),
            order: Some(vec![OrderInput { by: "views".into(), desc: true }]),
            limit: Some(ROWS),
            ..QuestionInput::default()
        };
        let answer = Answer::ask(&self.state, &self.caller, &Question::try_from(input)?).await?;
        if !answer.is_complete() {
            return Err(Problem::new("cannot_answer", "these are too many schools and books at once; ask for fewer"));
        }
        let mut out: HashMap<String, Vec<Use>> = HashMap::new();
        for mut record in answer.records() {
            let (Some(Value::String(school)), Some(Value::String(book))) =
                (record.remove("school"), record.remove("book"))
            else {
                // A sign-in has no book.
                continue;
            };
            let number = |value: Option<&Value>| match value {
                Some(Value::Number(n)) => n.as_i64().unwrap_or_default(),
                _ => 0,
            };
            let (views, readers) = (number(record.get("views")), number(record.get("readers")));
            out.entry(school).or_default().push(Use { book, views, readers });
        }
        Ok(out)
    }
}
