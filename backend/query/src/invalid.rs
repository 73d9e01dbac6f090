//! Why a question cannot be asked.

use thiserror::Error;

/// A question that is not well-formed, or not this caller's to ask.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{detail}")]
pub struct Invalid {
    /// Stable name of the kind of mistake.
    pub code: &'static str,
    /// JSON pointer (RFC 6901) to the offending part of the question.
    pub pointer: String,
    /// A sentence that says what to do.
    pub detail: String,
}

impl Invalid {
    pub fn new(code: &'static str, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { code, pointer: pointer.into(), detail: detail.into() }
    }
}
