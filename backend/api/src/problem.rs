//! Errors as RFC 9457 problems. This is the one table that turns what went wrong into what is said.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::EngineError;
use query::Invalid;
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;
use warehouse::WarehouseError;

/// As what a problem is sent (RFC 9457).
pub const MEDIA_TYPE: &str = "application/problem+json";

/// `application/problem+json` (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    pub status: u16,
    /// Stable name of the kind of problem.
    pub code: &'static str,
    /// A sentence that says what to do.
    pub detail: String,
    /// JSON pointer to the offending part of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    #[serde(skip)]
    retry_after: Option<u32>,
}

/// What every route that needs a caller may say before it begins.
#[derive(utoipa::IntoResponses)]
pub enum Refused {
    /// Nobody is signed in, or the key is not known.
    #[response(status = 401)]
    SignIn(Problem),
    /// The role, or this key's scopes, do not permit it.
    #[response(status = 403)]
    Forbidden(Problem),
    /// More than the caller's or the organisation's quota; Retry-After says when to try again.
    #[response(status = 429)]
    TooMany(Problem),
    /// A part of the installation cannot be reached; Retry-After says when to try again.
    #[response(status = 503)]
    Unavailable(Problem),
}

/// code → status and title.
const TABLE: &[(&str, u16, &str)] = &[
    ("bad_json", 400, "The body cannot be read"),
    ("bad_envelope", 400, "The envelope is not one"),
    ("bad_statement", 400, "Not as xAPI has it"),
    ("unknown_field", 400, "Unknown field"),
    ("unknown_metric", 400, "Unknown metric"),
    ("unknown_dimension", 400, "Unknown dimension"),
    ("bad_range", 400, "The range is not one"),
    ("bad_filter", 400, "The filter is not one"),
    ("bad_order", 400, "The order is not one"),
    ("bad_limit", 400, "The limit is out of bounds"),
    ("bad_grain", 400, "Unknown grain"),
    ("bad_compare", 400, "Unknown comparison"),
    ("bad_parameter", 400, "A parameter cannot be read"),
    ("cannot_answer", 400, "This cannot be answered"),
    ("bad_document", 400, "The document cannot be run"),
    ("persisted_query", 400, "The persisted query cannot be run"),
    ("too_complex", 400, "This is too much at once"),
    ("websocket", 400, "Open a WebSocket"),
    ("sign_in", 401, "Sign in first"),
    ("bad_credentials", 401, "E-mail or password is wrong"),
    ("code_needed", 401, "A code is needed, too"),
    ("bad_code", 401, "The code is wrong"),
    ("write_key", 401, "No write key"),
    ("forbidden", 403, "Not for this role"),
    ("two_factor_needed", 403, "A second factor is needed first"),
    ("prove_again", 403, "Prove again who you are"),
    ("viewing_only", 403, "Looking only"),
    ("no_membership", 403, "In no organisation"),
    ("wrong_origin", 403, "Not from this origin"),
    ("cross_site", 403, "Sent from another site"),
    ("not_found", 404, "Not found"),
    ("method_not_allowed", 405, "Not that way"),
    ("statement_conflict", 409, "Another statement has the id"),
    ("period_closed", 409, "The period is closed"),
    ("email_taken", 409, "There is such an account"),
    ("name_taken", 409, "There is such an organisation"),
    ("already_member", 409, "A member already"),
    ("last_owner", 409, "The last owner"),
    ("gone", 410, "The link is used up"),
    ("too_large", 413, "Too large"),
    ("media_type", 415, "Send JSON"),
    ("month_open", 422, "The month is not over"),
    ("bad_amount", 422, "The amount is not one"),
    ("no_usage", 422, "There is nothing to share on"),
    ("weak_password", 422, "The password will not do"),
    ("bad_email", 422, "No e-mail address"),
    ("bad_name", 422, "No name"),
    ("bad_role", 422, "Not a role of this organisation"),
    ("bad_about", 422, "Not what the organisation is about"),
    ("bad_parent", 422, "It does not stand there"),
    ("bad_scope", 422, "Not for a key"),
    ("bad_network", 422, "Not a network"),
    ("bad_origin", 422, "Not an origin"),
    ("bad_alias", 422, "This it cannot mean"),
    ("bad_date", 422, "Not a time for it"),
    ("bad_reason", 422, "Say why"),
    ("not_to_be_viewed", 422, "This cannot be viewed"),
    ("too_many_connections", 429, "Too many connections"),
    ("too_many_requests", 429, "Too many requests"),
    ("too_many_attempts", 429, "Too many attempts"),
    ("too_many_operations", 429, "Too many operations"),
    ("internal", 500, "Something went wrong here"),
    ("unavailable", 503, "Not available right now"),
    ("not_durable", 503, "Not kept; send it again"),
    ("mail_failed", 503, "The letter was not sent"),
    ("timeout", 504, "It took too long"),
];

impl Problem {
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        let (_, status, title) =
            TABLE.iter().find(|(c, _, _)| *c == code).copied().unwrap_or(("internal", 500, "Error"));
        Self { kind: "about:blank", title, status, code, detail: detail.into(), pointer: None, retry_after: None }
    }

    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// The same bytes for what is another's and for what does not exist.
    pub fn not_found() -> Self {
        Self::new("not_found", "there is nothing here, or it is not yours")
    }

    pub fn sign_in() -> Self {
        Self::new("sign_in", "sign in at POST /api/v1/session, or send an API key as Authorization: Bearer")
    }

    pub fn prove_again() -> Self {
        Self::new("prove_again", "prove who you are at POST /api/v1/session/proof, then send this again")
    }

    /// More than somebody who has not proved who they are may try.
    pub fn too_many_attempts(wait: Duration) -> Self {
        let detail = "that was tried too often; wait, or have a link sent to you to set a new password";
        let mut problem = Self::new("too_many_attempts", detail);
        problem.retry_after = Some(wait.as_secs_f64().ceil().max(1.0) as u32);
        problem
    }

    pub fn unavailable(what: &str) -> Self {
        let mut problem = Self::new("unavailable", format!("{what} cannot be reached; try again in a few seconds"));
        problem.retry_after = Some(5);
        problem
    }

    /// Events that could not be made durable; they may be sent again after so many seconds.
    pub fn not_durable(why: &str, seconds: u32) -> Self {
        let mut problem = Self::new("not_durable", format!("{why}; keep the events and send them again as they are"));
        problem.retry_after = Some(seconds);
        problem
    }

    /// More than a quota; it may be tried again after `wait`.
    pub fn too_many_requests(detail: String, wait: Duration) -> Self {
        let mut problem = Self::new("too_many_requests", detail);
        // Whole seconds (RFC 9110, 10.2.3), and never too few.
        problem.retry_after = Some(wait.as_secs_f64().ceil().max(1.0) as u32);
        problem
    }

    /// A defect or a failing part: logged here, once, and told without its inside.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "request failed");
        Self::new("internal", "this was noted; trying again may help")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Problem::new(invalid.code, invalid.detail).at(invalid.pointer)
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        from_engine(&error)
    }
}

fn from_engine(error: &EngineError) -> Problem {
    match error {
        EngineError::Forbidden => Problem::new("forbidden", "this action is not part of your role"),
        EngineError::Invalid(invalid) => invalid.clone().into(),
        EngineError::Shared(inner) => from_engine(inner),
        EngineError::Warehouse(error) if error.is_stopped() => {
            tracing::warn!("a question was stopped: it took longer than statement_timeout_seconds");
            Problem::new("timeout", "it was stopped; ask for fewer days, or leave out a dimension, filter or metric")
        }
        EngineError::Warehouse(error) => from_warehouse(error),
        other => Problem::internal(other),
    }
}

impl From<WarehouseError> for Problem {
    fn from(error: WarehouseError) -> Self {
        from_warehouse(&error)
    }
}

fn from_warehouse(error: &WarehouseError) -> Problem {
    if error.is_unavailable() {
        tracing::error!(%error, "warehouse unavailable");
        Problem::unavailable("the warehouse")
    } else {
        Problem::internal(error)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::PeriodClosed { .. } => {
                Problem::new("period_closed", "this month has its statements; a statement never changes")
            }
            StoreError::NoAccount
            | StoreError::NoOrganisation
            | StoreError::NoMembership
            | StoreError::NoInvitation
            | StoreError::NoSession
            | StoreError::NoKey => Problem::not_found(),
            StoreError::LinkGone => Problem::new("gone", "it was used or withdrawn, or has expired; ask for a new one"),
            StoreError::PasswordLength { .. } | StoreError::WeakPassword => {
                Problem::new("weak_password", error.to_string()).at("/password")
            }
            StoreError::BadEmail(_) => {
                Problem::new("bad_email", "send an address such as ada@example.org").at("/email")
            }
            StoreError::EmailTaken(_) => Problem::new("email_taken", "sign in to that account instead"),
            StoreError::NameTaken(_) => Problem::new("name_taken", error.to_string()).at("/name"),
            StoreError::AlreadyMember(_) => Problem::new("already_member", "change what they are there instead"),
            StoreError::LastOwner => Problem::new("last_owner", "make somebody else an owner first"),
            StoreError::RoleDoesNotFit { .. } => Problem::new("bad_role", error.to_string()).at("/role"),
            StoreError::NotItsSubjects => {
                Problem::new("bad_about", "name some of what the organisation is about").at("/about")
            }
            StoreError::DoesNotStandBelow { .. } => Problem::new("bad_parent", error.to_string()).at("/parent"),
            StoreError::NotToBeViewed => {
                let detail = "name a member of an organisation that is not the platform's own, and not one of yours";
                Problem::new("not_to_be_viewed", detail)
            }
            StoreError::BadOrigin(_) => Problem::new("bad_origin", error.to_string()).at("/origins"),
            StoreError::NoKeyScope => Problem::new("bad_scope", "name at least one scope").at("/scopes"),
            // PostgreSQL's texts hold every character but NUL.
            StoreError::Database(error)
                if error.as_database_error().and_then(|e| e.code()).is_some_and(|c| c == "22021") =>
            {
                Problem::new("bad_json", "a text holds the character NUL; send it without")
            }
            StoreError::Database(error) if is_unavailable(&error) => {
                tracing::error!(%error, "application database unavailable");
                Problem::unavailable("the application's database")
            }
            other => Problem::internal(&other),
        }
    }
}

fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        // 57P: the server is going down or coming up.
        sqlx::Error::Database(e) => e.code().is_some_and(|c| c.starts_with("57P")),
        _ => false,
    }
}
