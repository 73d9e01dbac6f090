//! The one door to data: plan (which rollup) → SQL → cache → warehouse → merge sets → compare → protect → answer.

pub mod answer;
pub mod attribute;
pub mod cover;
pub mod door;
pub mod entities;
pub mod fetch;
pub mod matcher;
pub mod merge;
pub mod plan;
pub mod protect;
pub mod published;
pub mod select;
pub mod snapshot;
pub mod table;

pub use answer::{Answer, Column, Freshness, Note, PlanInfo};
pub use door::{Engine, EngineError, Reply};
pub use snapshot::{SiteState, Snapshot};
