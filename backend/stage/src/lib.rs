//! An object store: a directory of this machine, or a bucket that speaks Amazon S3's protocol.
//!
//! Objects are immutable. A name says what is in it, so that whoever is not sure whether something was written writes it again:
//! the same bytes under the same name are no error, other bytes are one.

mod address;
mod error;
mod objects;
mod patience;

pub use error::StageError;
pub use objects::{Object, Objects};
pub use patience::Patience;
