//! Checking a question against the model and the caller's scope. What the caller's role may not use is answered like what
//! does not exist.

use access::{Lens, Scope};
use chrono::{Datelike, Months, NaiveDate};
use model::{Dimension, Metric, Model, Per};

use crate::filter::filters;
use crate::invalid::Invalid;
use crate::protected;
use crate::query::{OrderBy, Query, SortColumn};
use crate::question::{Order, Question};

/// Rows when the question does not say, and at most.
pub const DEFAULT_LIMIT: usize = 1_000;
pub const MAX_LIMIT: usize = 100_000;
const MAX_METRICS: usize = 12;
const MAX_DIMENSIONS: usize = 4;
const MAX_YEARS: i32 = 10;
/// Days that can be asked per hour.
const MAX_HOURLY: i64 = 31;

/// A query with the scope it is asked under. Planning takes nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopedQuery {
    query: Query,
    scope: Scope,
}

impl ScopedQuery {
    pub fn query(&self) -> &Query {
        &self.query
    }

    pub fn scope(&self) -> &Scope {
        &self.scope
    }
}

/// Checks the question; the first mistake is the answer.
pub fn validate(question: &Question, model: &Model, scope: Scope) -> Result<ScopedQuery, Invalid> {
    let role = scope.role().as_str();
    let metrics = metrics(question, model, role)?;
    let dimensions = dimensions(question, model, role)?;
    let per = question.grain.as_deref().map(per).transpose()?;
    let (from, to) = range(question)?;
    if per == Some(Per::Hour) && (to - from).num_days() >= MAX_HOURLY {
        let detail =
            format!("hours can be asked of at most {MAX_HOURLY} days at once; take a shorter range or another grain");
        return Err(Invalid::new("bad_grain", "/grain", detail));
    }
    let filters = filters(&question.filters, model, role)?;
    let order = question.order.iter().enumerate().map(|(i, o)| order(i, o, question, per)).collect::<Result<_, _>>()?;
    let limit = match question.limit {
        None => DEFAULT_LIMIT,
        Some(limit) if (1..=MAX_LIMIT).contains(&(limit as usize)) => limit as usize,
        Some(_) => return Err(Invalid::new("bad_limit", "/limit", format!("limit has to be from 1 to {MAX_LIMIT}"))),
    };
    let (compare, match_weekday) = (question.compare, question.match_weekday);
    if match_weekday && compare.is_none() {
        return Err(Invalid::new("bad_compare", "/match_weekday", "match_weekday needs a compare"));
    }
    let query = Query { metrics, dimensions, per, from, to, filters, compare, match_weekday, order, limit };
    if scope.lens() == Lens::Protected {
        protected::check(&query, model)?;
    }
    Ok(ScopedQuery { query, scope })
}

fn metrics(question: &Question, model: &Model, role: &str) -> Result<Vec<usize>, Invalid> {
    if question.metrics.is_empty() || question.metrics.len() > MAX_METRICS {
        return Err(Invalid::new("unknown_metric", "/metrics", format!("name 1 to {MAX_METRICS} metrics")));
    }
    let allowed = |m: &Metric| m.allows(role);
    named(&question.metrics, "metric", &model.metrics, |m| &m.name, allowed)
}

fn dimensions(question: &Question, model: &Model, role: &str) -> Result<Vec<usize>, Invalid> {
    if question.dimensions.len() > MAX_DIMENSIONS {
        return Err(Invalid::new(
            "unknown_dimension",
            "/dimensions",
            format!("name at most {MAX_DIMENSIONS} dimensions"),
        ));
    }
    let allowed = |d: &Dimension| d.allows(role);
    named(&question.dimensions, "dimension", &model.dimensions, |d| &d.name, allowed)
}

/// Positions of the named things, each once.
fn named<T>(
    names: &[String],
    what: &'static str,
    all: &[T],
    name_of: impl Fn(&T) -> &String,
    allowed: impl Fn(&T) -> bool,
) -> Result<Vec<usize>, Invalid> {
    let mut out = Vec::with_capacity(names.len());
    for (i, name) in names.iter().enumerate() {
        let pointer = format!("/{what}s/{i}");
        let found = all.iter().position(|t| name_of(t) == name && allowed(t)).ok_or_else(|| {
            let code = if what == "metric" { "unknown_metric" } else { "unknown_dimension" };
            let known: Vec<&str> = all.iter().filter(|t| allowed(t)).map(|t| name_of(t).as_str()).collect();
            Invalid::new(code, &pointer, format!("there is no {what} of this name; there are {}", known.join(", ")))
        })?;
        if out.contains(&found) {
            let code = if what == "metric" { "unknown_metric" } else { "unknown_dimension" };
            return Err(Invalid::new(code, &pointer, format!("{what} {name} is named twice")));
        }
        out.push(found);
    }
    Ok(out)
}

fn per(name: &str) -> Result<Per, Invalid> {
    Per::of(name).ok_or_else(|| {
        let known = Per::ALL.map(Per::as_str).join(", ");
        Invalid::new("bad_grain", "/grain", format!("grain has to be one of {known}, or left out"))
    })
}

fn range(question: &Question) -> Result<(NaiveDate, NaiveDate), Invalid> {
    let date = |text: &str, pointer: &str| {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            .filter(|d| text.len() == 10 && (1990..=2200).contains(&d.year()))
            .ok_or_else(|| Invalid::new("bad_range", pointer, "a date such as 2026-03-31 is needed"))
    };
    let (from, to) = (date(&question.from, "/from")?, date(&question.to, "/to")?);
    if from > to {
        return Err(Invalid::new("bad_range", "/from", "from is after to; exchange them"));
    }
    if to > from + Months::new(12 * MAX_YEARS as u32) {
        return Err(Invalid::new("bad_range", "/to", format!("at most {MAX_YEARS} years can be asked at once")));
    }
    Ok((from, to))
}

fn order(i: usize, order: &Order, question: &Question, per: Option<Per>) -> Result<OrderBy, Invalid> {
    let column = if per.is_some_and(|p| p.as_str() == order.by) {
        SortColumn::Period
    } else if let Some(d) = question.dimensions.iter().position(|d| *d == order.by) {
        SortColumn::Dimension(d)
    } else if let Some(m) = question.metrics.iter().position(|m| *m == order.by) {
        SortColumn::Metric(m)
    } else {
        let detail = "rows can be ordered by the grain, a dimension or a metric of the question";
        return Err(Invalid::new("bad_order", format!("/order/{i}/by"), detail));
    };
    Ok(OrderBy { column, desc: order.desc })
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::{Caller, Role, scope_of};

    fn scope(role: Role) -> Scope {
        scope_of(&Caller::program(role, vec![1]))
    }

    fn ask(role: Role, json: &str) -> Result<ScopedQuery, Invalid> {
        let question: Question = serde_json::from_str(json).expect("a question");
        validate(&question, &Model::embedded().expect("the model"), scope(role))
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let cases = [
            (r#"{"metrics":[],"from":"2026-01-01","to":"2026-01-31"}"#, "unknown_metric", "/metrics"),
            (r#"{"metrics":["x"],"from":"2026-01-01","to":"2026-01-31"}"#, "unknown_metric", "/metrics/0"),
            (r#"{"metrics":["views","views"],"from":"2026-01-01","to":"2026-01-31"}"#, "unknown_metric", "/metrics/1"),
            (r#"{"metrics":["views"],"from":"2026-02-30","to":"2026-03-31"}"#, "bad_range", "/from"),
            (r#"{"metrics":["views"],"from":"2026-03-31","to":"2026-01-01"}"#, "bad_range", "/from"),
            (r#"{"metrics":["views"],"from":"1990-01-01","to":"2026-01-01"}"#, "bad_range", "/to"),
            (r#"{"metrics":["views"],"from":"2026-01-01","to":"2026-01-31","grain":"minute"}"#, "bad_grain", "/grain"),
            (r#"{"metrics":["views"],"from":"2026-01-01","to":"2026-02-01","grain":"hour"}"#, "bad_grain", "/grain"),
            (
                r#"{"metrics":["views"],"from":"2026-01-01","to":"2026-02-01","match_weekday":true}"#,
                "bad_compare",
                "/match_weekday",
            ),
            (r#"{"metrics":["views"],"from":"2026-01-01","to":"2026-01-31","limit":0}"#, "bad_limit", "/limit"),
            (
                r#"{"metrics":["views"],"from":"2026-01-01","to":"2026-01-31","order":[{"by":"readers"}]}"#,
                "bad_order",
                "/order/0/by",
            ),
            (
                r#"{"metrics":["views"],"from":"2026-01-01","to":"2026-01-31","filters":[{"dimension":"book"}]}"#,
                "bad_filter",
                "/filters/0",
            ),
        ];
        for (json, code, pointer) in cases {
            let error = ask(Role::Owner, json).unwrap_err();
            assert_eq!((error.code, error.pointer.as_str()), (code, pointer), "{json}");
        }
    }

    #[test]
    fn what_a_role_may_not_use_does_not_exist_for_it() {
        let json = r#"{"metrics":["views"],"dimensions":["school"],"from":"2026-01-01","to":"2026-01-31"}"#;
        assert!(ask(Role::Owner, json).is_ok());
        let refused = ask(Role::Publisher, json).unwrap_err();
        let unknown = ask(Role::Publisher, &json.replace("school", "nonsense")).unwrap_err();
        assert_eq!(refused, unknown);
    }

    #[test]
    fn an_official_asks_for_cells_of_the_published_table_only() {
        let good = r#"{"metrics":["active"],"dimensions":["region","school"],"grain":"month","from":"2026-01-01","to":"2026-03-31"}"#;
        assert!(ask(Role::Official, good).is_ok());
        for bad in [
            good.replace("\"month\"", "\"day\""),
            good.replace("2026-03-31", "2026-03-30"),
            good.replace("}", r#","compare":"previous_period"}"#),
            good.replace("\"region\",\"school\"", "")
                .replace("}", r#","filters":[{"dimension":"school","in":["a","b"]}]}"#),
        ] {
            assert_eq!(ask(Role::Official, &bad).unwrap_err().code, "cannot_answer", "{bad}");
        }
        let by_site = good.replace("\"region\",\"school\"", "\"site\"");
        assert_eq!(ask(Role::Official, &by_site).unwrap_err().code, "unknown_dimension");
    }
}
