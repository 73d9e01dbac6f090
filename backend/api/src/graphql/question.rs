//! The question as GraphQL takes it. It becomes REST's by way of the same JSON, so both know the same words and refuse the
//! same mistakes.

use async_graphql::InputObject;
use query::Question;
use serde::Serialize;

use crate::problem::Problem;

/// What is asked; the same as the body of POST /api/v1/query.
#[derive(Debug, Clone, Default, Serialize, InputObject)]
pub struct QuestionInput {
    /// Names of metrics, 1 to 12; the catalog has them.
    pub metrics: Vec<String>,
    /// Names of dimensions, at most 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<Vec<String>>,
    /// `hour`, `day`, `week`, `month`, `term` or `school_year`; without it the whole range is one period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grain: Option<String>,
    /// First site-local day, `YYYY-MM-DD`.
    pub from: String,
    /// Last site-local day, inclusive.
    pub to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<Vec<FilterInput>>,
    /// `previous_period`, `previous_year` or `same_term_last_year`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare: Option<String>,
    /// Moves what is compared with by whole weeks, so that Mondays stand beside Mondays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub match_weekday: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Vec<OrderInput>>,
    /// Rows at most, 1 to 100,000; 1,000 when not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Keeps the rows that hold: one test of a dimension, or other filters put together.
#[derive(Debug, Clone, Default, Serialize, InputObject)]
pub struct FilterInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension: Option<String>,
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    #[graphql(name = "in")]
    pub is_in: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_in: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all: Option<Vec<FilterInput>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any: Option<Vec<FilterInput>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<FilterInput>>,
}

#[derive(Debug, Clone, Serialize, InputObject)]
pub struct OrderInput {
    /// Name of a column of the answer.
    pub by: String,
    #[graphql(default)]
    pub desc: bool,
}

impl TryFrom<QuestionInput> for Question {
    type Error = Problem;

    fn try_from(input: QuestionInput) -> Result<Self, Problem> {
        let json = serde_json::to_value(input).map_err(|e| Problem::internal(&e))?;
        serde_json::from_value(json).map_err(|error| {
            let said = error.to_string();
            let code = if said.contains("unknown field") { "unknown_field" } else { "bad_json" };
            Problem::new(code, said).at("/question")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::{InputType, Value};

    fn question(json: &str) -> Result<Question, Problem> {
        let value = Value::from_json(serde_json::from_str(json).unwrap()).unwrap();
        QuestionInput::parse(Some(value)).expect("an input").try_into()
    }

    #[test]
    fn the_input_says_the_same_as_rests_body() {
        let input = r#"{"metrics":["views","readers"],"dimensions":["book"],"grain":"week","from":"2026-01-01","to":"2026-03-31",
            "filters":[{"dimension":"subject","in":["mathematics"]},{"dimension":"role","notIn":["teacher"]},
            {"any":[{"not":{"dimension":"book","contains":"a"}},{"dimension":"grade","from":"7"}]}],
            "compare":"previous_period","matchWeekday":true,"order":[{"by":"readers","desc":true}],"limit":20}"#;
        let body = input.replace("notIn", "not_in").replace("matchWeekday", "match_weekday");
        assert_eq!(question(input).unwrap(), serde_json::from_str(&body).unwrap());
    }

    #[test]
    fn what_rest_cannot_read_is_refused_with_its_words() {
        let input = r#"{"metrics":["views"],"from":"2026-01-01","to":"2026-03-31","compare":"last_week"}"#;
        let refused = question(input).unwrap_err();
        assert_eq!(refused.code, "bad_json");
        let words = serde_json::from_str::<Question>(input).unwrap_err().to_string();
        assert!(words.starts_with(&refused.detail), "{words} / {}", refused.detail);
    }
}
