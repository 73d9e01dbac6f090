//! `GET /collect/v1/xapi/statements`.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use ingest::decode::xapi::resource::{self, Question, Refusal};
use ingest::kept::{self, Place, Wanted};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Asking, BASE, answered, begin, refused, through};
use crate::collect::CollectState;
use crate::origin::Origin;
use crate::problem::Problem;

/// The parameter by which `more` goes on.
const AFTER: &str = "after";

/// The statements that were sent with this write key, as they were kept: whoever they name is a pseudonym. One by `statementId`, or a list by
/// `since`, `until`, `limit` and `ascending`, which goes on at `more`. Not for pages: their write keys are for everybody to see.
#[utoipa::path(
    get,
    operation_id = "keptStatements",
    path = "/collect/v1/xapi/statements",
    params(
        ("statementId" = Option<Uuid>, Query, description = "This statement alone."),
        ("since" = Option<String>, Query, description = "Stored after this time."),
        ("until" = Option<String>, Query, description = "Stored at this time or before."),
        ("limit" = Option<u32>, Query, description = "As many at most; 0 and more than 500 are 500."),
        ("ascending" = Option<bool>, Query, description = "The oldest first."),
    ),
    responses(
        (status = 200, description = "The statement, or `statements` and `more`.", body = serde_json::Value),
        (status = 400, description = "A parameter that is not answered here, or a version that is not spoken.", body = Problem),
        (status = 401, description = "No key, or one that is not known.", body = Problem),
        (status = 403, description = "From a page, by a write key that is for pages, or by an API key.", body = Problem),
        (status = 404, description = "There is none of this id, or not yet.", body = Problem),
        (status = 503, description = "The warehouse is away, this is a collector alone, or it cannot be known whose key it is.", body = Problem),
    )
)]
pub async fn get(
    State(state): State<CollectState>,
    from: Origin,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Asking { sender, name, version, by_api_key } = begin(&state, &headers, &from).await?;
    if by_api_key {
        return Err(Problem::new("forbidden", "events:write is for sending; what was sent is shown to write keys"));
    }
    if headers.contains_key(header::ORIGIN) || !sender.origins.is_empty() {
        let detail = "statements are not given out to pages; ask with a write key that is not for pages";
        return Err(Problem::new("wrong_origin", detail));
    }
    let mut parameters: Vec<(String, String)> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let after = parameters.iter().position(|(name, _)| name == AFTER).map(|at| parameters.remove(at).1);
    let question = resource::question(parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let question = question.map_err(refused)?;
    let Some(warehouse) = &state.warehouse else {
        let detail = "this collector keeps no statements; ask a server whose warehouse is in PostgreSQL";
        return Err(Problem::new("unavailable", detail));
    };
    let site = sender.site.as_str();
    // Before what is read: it is true of all that is read later.
    let consistent = through::now(&state, warehouse, site).await?;
    let body = match question {
        Question::One(id) => {
            let statement = kept::one(warehouse, (site, &name), id).await?.ok_or_else(Problem::not_found)?;
            given_out(&statement, site)
        }
        Question::List { since, until, limit, ascending } => {
            let after = after.as_deref().map(|after| place(after).ok_or_else(bad_place)).transpose()?;
            let wanted = Wanted { since, until, limit, ascending, after };
            let listed = kept::list(warehouse, (site, &name), &wanted).await?;
            let statements: Vec<Value> = listed.statements.iter().map(|statement| given_out(statement, site)).collect();
            let more = listed.more.map(|last| more(&parameters, last)).unwrap_or_default();
            json!({ "statements": statements, "more": more })
        }
    };
    let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let fresh = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(([answered(version), consistent, json, fresh], body.to_string()).into_response())
}

/// The statement with who vouches for it: the site whose write key sent it.
fn given_out(statement: &str, site: &str) -> Value {
    let mut statement: Value = serde_json::from_str(statement).unwrap_or_default();
    let account = json!({ "homePage": "urn:octavo:site", "name": site });
    statement["authority"] = json!({ "objectType": "Agent", "account": account });
    statement
}

/// Where the list goes on, relative to the host.
fn more(parameters: &[(String, String)], (at, id): Place) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters).append_pair(AFTER, &format!("{}.{id}", at.timestamp_micros()));
    format!("{BASE}statements?{}", query.finish())
}

fn place(after: &str) -> Option<Place> {
    let (at, id) = after.split_once('.')?;
    Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, Uuid::try_parse(id).ok()?))
}

fn bad_place() -> Problem {
    refused(Refusal { status: 400, pointer: None, detail: format!("`{AFTER}` is none that `more` gave out") })
}
