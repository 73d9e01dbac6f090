//! What the statements resource answers, decided without HTTP at hand (1.0.3, part three, 2.1, 2.8 and 3.3; 2.0, 4.1.6).

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::batch::{Statement, statements};
use super::equivalent::Fingerprint;
use super::invalid::Invalid;
use super::{Version, forms};

/// The header of the version, in requests and in every answer.
pub const VERSION_HEADER: &str = "X-Experience-API-Version";

/// The most statements that one answer lists, and as many as one lists that is asked for no number or for 0.
pub const MOST_LISTED: u32 = 500;

/// An answer other than success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// 400 or 409.
    pub status: u16,
    /// A JSON Pointer into the body, where it is the body that is wrong.
    pub pointer: Option<String>,
    pub detail: String,
}

impl Refusal {
    fn bad(detail: impl Into<String>) -> Self {
        Self { status: 400, pointer: None, detail: detail.into() }
    }
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        Self { status: 400, pointer: Some(invalid.pointer), detail: invalid.detail }
    }
}

impl Version {
    /// What the answer's header says: the latest patch of the version that was asked for.
    pub fn answered(self) -> &'static str {
        match self {
            Version::V1 => "1.0.3",
            Version::V2 => "2.0.0",
        }
    }
}

/// The version a request speaks, by its header. `about` alone may be asked without.
///
/// # Errors
/// 400 without the header, or with a version that is not spoken here.
pub fn version(header: Option<&str>) -> Result<Version, Refusal> {
    let known = |text: &str, version: &str| {
        let patch = text.strip_prefix(version);
        patch.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('.').is_some_and(is_number))
    };
    match header.map(str::trim) {
        None | Some("") => Err(Refusal::bad(format!("send the header {VERSION_HEADER}, such as 1.0.3 or 2.0.0"))),
        Some(text) if known(text, "1.0") => Ok(Version::V1),
        Some(text) if known(text, "2.0") => Ok(Version::V2),
        Some(_) => {
            Err(Refusal::bad(format!("the version in {VERSION_HEADER} is not spoken here; 1.0.x and 2.0.x are")))
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The body of `GET …/about`.
pub fn about() -> Value {
    json!({"version": ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"], "extensions": {}})
}

/// Refuses bodies other than JSON. Attachments' data would come as multipart/mixed.
///
/// # Errors
/// 400.
pub fn content_type(header: Option<&str>) -> Result<(), Refusal> {
    let kind = header.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        Ok(())
    } else if kind.eq_ignore_ascii_case("multipart/mixed") {
        Err(Refusal::bad("the data of attachments is not taken here; send application/json with a `fileUrl` for each"))
    } else {
        Err(Refusal::bad("send the statements as application/json"))
    }
}

/// The one statement that `PUT …/statements?statementId=…` brings.
///
/// # Errors
/// 400 if there is no good `statement_id`, if the body is a list or not valid, or if its id is another.
pub fn put(
    statement_id: Option<&str>,
    body: &[u8],
    version: Version,
    now: DateTime<Utc>,
) -> Result<Statement, Refusal> {
    let id = statement_id.and_then(forms::as_uuid).ok_or_else(|| Refusal::bad("`statementId` must be a UUID"))?;
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Refusal::bad("a PUT brings one statement; send several with POST"));
    }
    let statement = statements(body, version, now, || id)?.pop().ok_or_else(|| Refusal::bad("the body is empty"))?;
    if statement.id != id {
        let detail = "is another id than `statementId`";
        return Err(Refusal { status: 400, pointer: Some("/id".to_owned()), detail: detail.to_owned() });
    }
    Ok(statement)
}

/// What is to be done with a statement whose id may be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    New,
    /// It was kept before: nothing is to be done, and the answer is as if it were new.
    Same,
    /// Another statement has its id.
    Other,
}

/// `kept` is of the statement of the same id, if there is one.
pub fn known(sent: &Fingerprint, kept: Option<&Fingerprint>) -> Known {
    match kept {
        None => Known::New,
        Some(kept) if sent.same(kept) => Known::Same,
        Some(_) => Known::Other,
    }
}

/// The answer to a POST whose statements are valid: their ids in their order (200), each new one to be kept; for a PUT the
/// same is 204 without a body.
///
/// # Errors
/// 409 if any is another statement than the one that is kept under its id. Then none is to be kept.
pub fn ids(statements: &[(Uuid, Known)]) -> Result<Value, Refusal> {
    match statements.iter().find(|(_, known)| *known == Known::Other) {
        Some((id, _)) => {
            let detail = format!("another statement has the id {id}; nothing of the request was kept");
            Err(Refusal { status: 409, pointer: None, detail })
        }
        None => Ok(statements.iter().map(|(id, _)| id.to_string()).collect()),
    }
}

/// What a GET asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// This one, or 404.
    One(Uuid),
    /// Those stored after `since` and at or before `until`, latest first unless `ascending`.
    List { since: Option<DateTime<FixedOffset>>, until: Option<DateTime<FixedOffset>>, limit: u32, ascending: bool },
}

/// The parameters of the standard that are not answered here.
const UNSUPPORTED: [&str; 8] = [
    "voidedStatementId",
    "agent",
    "verb",
    "activity",
    "registration",
    "related_activities",
    "related_agents",
    "method",
];

/// Reads the parameters of a GET.
///
/// # Errors
/// 400 for parameters that the standard does not know, that Octavo does not answer, or that have a bad value.
pub fn question<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Question, Refusal> {
    let (mut one, mut filtered) = (None, false);
    let (mut since, mut until, mut limit, mut ascending) = (None, None, 0, false);
    for (name, value) in parameters {
        let bad = |expected: &str| Refusal::bad(format!("`{name}` must be {expected}"));
        let time = || forms::as_time(value).ok_or_else(|| bad("a time such as 2026-03-01T09:30:00.000Z"));
        filtered |= !matches!(name, "statementId" | "format" | "attachments");
        match name {
            "statementId" => one = Some(forms::as_uuid(value).ok_or_else(|| bad("a UUID"))?),
            "since" => since = Some(time()?),
            "until" => until = Some(time()?),
            "limit" => limit = value.parse().map_err(|_| bad("a whole number from 0"))?,
            "ascending" => ascending = value.parse().map_err(|_| bad("true or false"))?,
            "format" if value == "exact" => {}
            "format" => return Err(bad("`exact`; other formats are not given out here")),
            "attachments" if value == "false" => {}
            "attachments" => return Err(bad("`false`; attachments are not kept here")),
            _ if UNSUPPORTED.contains(&name) => {
                return Err(Refusal::bad(format!(
                    "`{name}` is not answered here; ask by statementId, since, until, limit"
                )));
            }
            _ => return Err(Refusal::bad("a parameter is none of the standard's; their names are case-sensitive")),
        }
    }
    match one {
        Some(_) if filtered => Err(Refusal::bad("`statementId` may stand beside `format` and `attachments` only")),
        Some(id) => Ok(Question::One(id)),
        None => {
            let limit = if limit == 0 { MOST_LISTED } else { limit.min(MOST_LISTED) };
            Ok(Question::List { since, until, limit, ascending })
        }
    }
}
