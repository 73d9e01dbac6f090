//! Who may see which rows. Pure: no I/O, no clock, no database.
//!
//! Everything that answers a question needs a [`Scope`], a `Scope` has private fields, and the only thing that makes one is
//! [`policy::scope_of`]. So rows cannot be read without having asked this crate.

pub mod identity;
pub mod policy;
pub mod scope;

pub use identity::{Caller, Family, KeyScope, Organisation, OrganisationKind, Role, Via};
pub use policy::{Action, Verdict, judge, may_have_key, permits, reach_of, scope_of, sends_for};
pub use scope::{Lens, Reach, Rows, Scope, Sites};
