//! Questions: POST a question, or GET with the same as parameters. JSON or CSV.

use std::borrow::Cow;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Answer;
use query::{Compare, Filter, Order, Question};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use crate::body::Body;
use crate::caller::{Can, UsageRead};
use crate::csv;
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

/// Ask a question.
#[utoipa::path(post, operation_id = "ask", path = "/api/v1/query", params(Asked), request_body = Question, responses(
    (status = 200, body = Answer, description = "The answer; CSV with Accept: text/csv"),
    (status = 304, description = "Unchanged since the ETag"),
    (status = 400, body = Problem), Refused, (status = 504, body = Problem, description = "It took too long and was stopped")))]
pub async fn post(
    State(state): State<ApiState>,
    can: Can<UsageRead>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Body(question): Body<Question>,
) -> Result<Response, Problem> {
    let asked = serde_urlencoded::from_str(raw.as_deref().unwrap_or_default())
        .map_err(|e| Problem::new("bad_parameter", format!("the parameters cannot be read: {e}")))?;
    reply(&state, &can, &headers, &question, &asked).await
}

/// Ask a question by parameters: `metrics`, `dimensions` (comma-separated), `grain`, `from`, `to`, `filter.DIMENSION`,
/// `not.DIMENSION` (comma-separated values), `from.DIMENSION`, `to.DIMENSION`, `contains.DIMENSION`, `compare`,
/// `match_weekday`, `order` (`-name` is descending), `limit`, `format=csv`. Filters that are joined by any need a POST.
#[utoipa::path(get, operation_id = "askByParameters", path = "/api/v1/query", params(
    ("metrics" = String, Query, description = "Names of metrics, comma-separated"),
    ("from" = String, Query), ("to" = String, Query),
    ("dimensions" = Option<String>, Query), ("grain" = Option<String>, Query), ("compare" = Option<String>, Query),
    ("order" = Option<String>, Query), ("limit" = Option<u32>, Query), ("format" = Option<String>, Query),
    ("match_weekday" = Option<bool>, Query), ("explain" = Option<bool>, Query)),
    responses((status = 200, body = Answer), (status = 304), (status = 400, body = Problem), Refused,
        (status = 504, body = Problem, description = "It took too long and was stopped")))]
pub async fn get(
    State(state): State<ApiState>,
    can: Can<UsageRead>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let (question, asked) = parse(raw.as_deref().unwrap_or_default())?;
    reply(&state, &can, &headers, &question, &asked).await
}

/// In which form the answer is wanted.
#[derive(Debug, Default, PartialEq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `json` or `csv`; without it the Accept header decides.
    format: Option<String>,
    /// With the planner's explanation in the answer (JSON only).
    #[serde(default)]
    explain: bool,
}

async fn reply(
    state: &ApiState,
    can: &Can<UsageRead>,
    headers: &HeaderMap,
    question: &Question,
    asked: &Asked,
) -> Result<Response, Problem> {
    let caller = &can.caller;
    let mut reply = state.engine.answer(caller, question, state.now()).await?;
    let as_csv = csv::wanted(headers, asked.format.as_deref());
    if asked.explain {
        reply = reply.with_explanation(&state.engine.explain(caller, question, state.now())?);
    }
    // Weak: freshness is written anew each time, the numbers are those of the tag.
    let etag = format!("W/\"{}{}\"", reply.etag, if as_csv { "-csv" } else { "" });
    let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag.as_bytes());
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else if as_csv {
        let answer = reply.answer().map_err(|e| Problem::internal(&e))?;
        let Question { metrics, dimensions, from, to, .. } = question;
        let detail = json!({ "metrics": metrics, "dimensions": dimensions, "from": from, "to": to,
            "rows": answer.body.rows.len() });
        can.exports(state, "answer", detail).await?;
        csv::answer(&answer, &format!("octavo-{}-{}", question.from, question.to))?
    } else {
        ([(header::CONTENT_TYPE, "application/json")], reply.json).into_response()
    };
    let out = response.headers_mut();
    out.insert(header::ETAG, HeaderValue::from_str(&etag).map_err(|e| Problem::internal(&e))?);
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    out.insert("x-octavo-cache", HeaderValue::from_static(if reply.hit { "hit" } else { "miss" }));
    Ok(response)
}

/// A question out of parameters. A parameter given twice is refused: which one counts would be a guess.
fn parse(raw: &str) -> Result<(Question, Asked), Problem> {
    let mut question = Question::default();
    let mut asked = Asked::default();
    let mut seen: Vec<Cow<str>> = Vec::new();
    let list = |value: &str| value.split(',').map(str::to_string).collect::<Vec<_>>();
    for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
        if seen.contains(&name) {
            return Err(Problem::new(
                "bad_parameter",
                format!("parameter {name} is there twice; give it once, with commas"),
            ));
        }
        match &*name {
            "metrics" => question.metrics = list(&value),
            "dimensions" if value.is_empty() => {}
            "dimensions" => question.dimensions = list(&value),
            "grain" => question.grain = Some(value.into()),
            "from" => question.from = value.into(),
            "to" => question.to = value.into(),
            "compare" => question.compare = Some(compare(&value)?),
            "match_weekday" if matches!(&*value, "true" | "false") => question.match_weekday = value == "true",
            "limit" => {
                let limit = value
                    .parse()
                    .map_err(|_| Problem::new("bad_limit", "limit has to be a whole number").at("/limit"))?;
                question.limit = Some(limit);
            }
            "order" => {
                question.order = list(&value)
                    .into_iter()
                    .map(|by| match by.strip_prefix('-') {
                        Some(by) => Order { by: by.into(), desc: true },
                        None => Order { by, desc: false },
                    })
                    .collect();
            }
            "format" if matches!(&*value, "csv" | "json") => asked.format = Some(value.into()),
            "explain" if matches!(&*value, "true" | "false") => asked.explain = value == "true",
            _ => match name.split_once('.') {
                Some(("filter", dimension)) => question.filters.push(Filter::is_in(dimension, values(&value)?)),
                Some(("not", dimension)) => question.filters.push(Filter::not_in(dimension, values(&value)?)),
                Some(("contains", dimension)) => question.filters.push(Filter {
                    dimension: Some(dimension.into()),
                    contains: Some(value.into()),
                    ..Filter::default()
                }),
                Some(("from" | "to", dimension)) => range(&mut question.filters, dimension, &name, value.into()),
                _ => {
                    return Err(Problem::new("bad_parameter", format!("there is no parameter {name} with this value")));
                }
            },
        }
        seen.push(name);
    }
    Ok((question, asked))
}

/// `from.DIMENSION` and `to.DIMENSION` are one filter.
fn range(filters: &mut Vec<Filter>, dimension: &str, name: &str, value: String) {
    let ranged = |f: &Filter| f.dimension.as_deref() == Some(dimension) && (f.from.is_some() || f.to.is_some());
    let at = filters.iter().position(ranged).unwrap_or_else(|| {
        filters.push(Filter { dimension: Some(dimension.into()), ..Filter::default() });
        filters.len() - 1
    });
    *(if name.starts_with("from.") { &mut filters[at].from } else { &mut filters[at].to }) = Some(value);
}

fn compare(value: &str) -> Result<Compare, Problem> {
    Compare::of(value).ok_or_else(|| {
        let known = Compare::ALL.map(Compare::as_str).join(", ");
        Problem::new("bad_compare", format!("compare has to be one of {known}")).at("/compare")
    })
}

/// Values separated by commas; a value that holds a comma is put in double quotes, as in CSV.
fn values(text: &str) -> Result<Vec<String>, Problem> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    match reader.records().next() {
        Some(Ok(record)) => Ok(record.iter().map(str::to_string).collect()),
        _ => Err(Problem::new("bad_filter", "a filter needs at least one value")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_say_the_same_as_a_body() {
        let (question, asked) = parse(
            "metrics=views,readers&dimensions=book&grain=week&from=2026-01-01&to=2026-03-31&filter.subject=mathematics,physics\
             &not.role=teacher&from.grade=7&to.grade=9&contains.book=alg&compare=previous_period&match_weekday=true&order=-readers\
             &limit=20&format=csv",
        )
        .unwrap();
        let body = r#"{"metrics":["views","readers"],"dimensions":["book"],"grain":"week","from":"2026-01-01","to":"2026-03-31",
            "filters":[{"dimension":"subject","in":["mathematics","physics"]},{"dimension":"role","not_in":["teacher"]},
            {"dimension":"grade","from":"7","to":"9"},{"dimension":"book","contains":"alg"}],
            "compare":"previous_period","match_weekday":true,"order":[{"by":"readers","desc":true}],"limit":20}"#;
        assert_eq!(question, serde_json::from_str(body).unwrap());
        assert_eq!(asked.format.as_deref(), Some("csv"));
    }

    #[test]
    fn a_value_may_hold_a_comma() {
        let (question, _) = parse("metrics=views&from=a&to=b&filter.school=%22San+Jose%2C+CA%22,x").unwrap();
        assert_eq!(question.filters[0].is_in.as_deref(), Some(&["San Jose, CA".to_string(), "x".to_string()][..]));
    }

    #[test]
    fn a_parameter_given_twice_is_refused() {
        assert_eq!(parse("from=2026-01-01&from=2026-01-02").unwrap_err().code, "bad_parameter");
        assert_eq!(parse("colour=red").unwrap_err().code, "bad_parameter");
    }
}
