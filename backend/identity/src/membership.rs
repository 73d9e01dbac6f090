//! What the claims make of a person somewhere.

use access::Role;

/// A role somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub role: Role,
    /// The external code of what it is about, with its site: `ee:1234`.
    pub about: Option<String>,
    /// The organisation's name, if the claim tells it.
    pub organisation: Option<String>,
}
