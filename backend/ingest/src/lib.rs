//! Events in: sources, decoders, the load transaction and the refresher of the rollups.

pub mod decode;
pub mod event;
pub mod ledger;
pub mod load;
pub mod rollup;
pub mod source;
pub mod statements;

pub use event::{Creates, Decoded, Event, Reason, Reject};
pub use statements::statements;
