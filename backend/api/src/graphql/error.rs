//! Problems as GraphQL has them: the sentence as message, and code, status and pointer as extensions.

use async_graphql::{Context, Error, ErrorExtensionValues, Response, ServerError, Value};

use crate::problem::Problem;

fn extensions(problem: &Problem) -> ErrorExtensionValues {
    let mut out = ErrorExtensionValues::default();
    out.set("code", problem.code);
    out.set("status", problem.status);
    if let Some(pointer) = &problem.pointer {
        out.set("pointer", pointer.as_str());
    }
    out
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        let extensions = Some(extensions(&problem));
        Error { message: problem.detail, source: None, extensions }
    }
}

impl From<Problem> for ServerError {
    fn from(problem: Problem) -> Self {
        let mut error = ServerError::new(problem.detail.as_str(), None);
        error.extensions = Some(extensions(&problem));
        error
    }
}

/// The value; or null, with the problem told beside what else was asked.
pub fn or_null<T>(ctx: &Context<'_>, result: Result<T, Problem>) -> Option<T> {
    // An error that a resolver returns would leave its field out instead.
    let told = |problem| ctx.add_error(ctx.set_error_path(Error::from(problem).into_server_error(ctx.item.pos)));
    result.map_err(told).ok()
}

/// A response that is nothing but the problem.
pub fn refusal(problem: Problem) -> Response {
    Response::from_errors(vec![problem.into()])
}

/// What has no code by now came from parsing, validating or reading variables.
pub fn coded(mut response: Response) -> Response {
    for error in response.errors.iter_mut().filter(|e| e.extensions.is_none()) {
        error.extensions = Some(extensions(&Problem::new("bad_document", error.message.as_str())));
    }
    response
}

/// Whether nothing was run, because the request cannot be.
pub fn was_refused(response: &Response) -> bool {
    let code = |e: &ServerError| e.extensions.as_ref().and_then(|e| e.get("code").cloned());
    let of_request = |e: &ServerError| e.path.is_empty() || code(e) == Some("bad_document".into());
    response.data == Value::Null && response.errors.iter().any(of_request)
}
