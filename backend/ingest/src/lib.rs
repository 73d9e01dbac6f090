//! Events in: sources, decoders, the steps that enrich them, the load transaction and the refresher of the rollups.

pub mod archive;
pub mod decode;
pub mod enrich;
pub mod event;
pub mod health;
pub mod kept;
pub mod ledger;
pub mod load;
pub mod quarantine;
pub mod receive;
pub mod rollup;
pub mod sealed;
pub mod source;
pub mod statements;

pub use event::{Creates, Decoded, Event, Person, Pseudonym, Reason, Reject};
pub use statements::statements;
