//! What can be asked: metrics, dimensions, rollups, grains and the closed lists of codes. Data only, no I/O.
//!
//! The definitions are the TOML files of `backend/model/model`, embedded in the binary and cross-checked when read.

pub mod codes;
pub mod dimension;
pub mod grain;
pub mod metric;
pub mod model;
pub mod person_set;
pub mod rollup;

pub use codes::{DEVICES, KINDS, ROLES};
pub use dimension::{Dimension, Key};
pub use grain::Grain;
pub use metric::{Additivity, Formula, Metric};
pub use model::{Model, ModelError};
pub use person_set::PersonSet;
pub use rollup::{Measure, MeasureKind, Rollup};
