//! The one door to data: plan (which rollup) → SQL → cache → warehouse → merge sets → compare → protect → answer.

pub mod answer;
pub mod attribute;
pub mod choose;
pub mod compared;
pub mod condition;
pub mod cover;
pub mod door;
pub mod entities;
pub mod explain;
pub mod extent;
pub mod fetch;
pub mod golden;
mod hot;
pub mod live;
pub mod matcher;
pub mod merge;
pub mod parts;
pub mod periods;
pub mod persons;
pub mod plan;
pub mod prepared;
pub mod protect;
pub mod published;
pub mod reply;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod scope_tests;
pub mod select;
pub mod snapshot;
pub mod statements;
pub mod table;

pub use answer::{Answer, Column, Freshness, Note, PlanInfo};
pub use door::{Engine, EngineError};
pub use explain::Explanation;
pub use live::Live;
pub use reply::Reply;
pub use snapshot::{SiteState, Snapshot, Versions};
pub use statements::statements;
