//! What can go wrong, and what whoever hears of it should do.

/// Why an object is not written, read, listed or removed.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    #[error("the store '{address}' cannot be used: {problem}; give a directory, or s3://bucket/prefix")]
    Address { address: String, problem: String },
    #[error("'{0}' is no name of an object")]
    Name(String),
    #[error("the object {0} is missing")]
    Missing(String),
    /// Never overwritten: one of the two is wrong, and somebody has to look which.
    #[error("the object {0} is there already with other bytes in it; look at it before anything is written again")]
    Other(String),
    #[error("the store does not answer, it was tried {tries} times: {last}")]
    Unavailable { tries: u32, last: String },
    #[error("the store refuses: {0}")]
    Refused(object_store::Error),
}
