//! What can be asked: metrics, dimensions, rollups, school calendars, grains and the closed lists of codes. Data only, no I/O.
//!
//! The definitions are the TOML files of `backend/model/model`, embedded in the binary and cross-checked when read.

pub mod calendar;
mod calendar_file;
pub mod codes;
pub mod dimension;
pub mod grain;
pub mod metric;
pub mod model;
pub mod per;
pub mod person_set;
pub mod rollup;
mod source;
mod words;

/// How far back is watched live.
pub const LIVE_WINDOW: chrono::TimeDelta = chrono::TimeDelta::minutes(30);

pub use calendar::{Calendar, Holiday, SchoolYear, Span, Term};
pub use codes::{DEVICES, KINDS, ROLES};
pub use dimension::{Dimension, Key, ValueType};
pub use grain::Grain;
pub use metric::{Additivity, Formula, Metric};
pub use model::{Model, READERS};
pub use per::Per;
pub use person_set::PersonSet;
pub use rollup::{Measure, MeasureKind, Rollup};
pub use source::ModelError;
