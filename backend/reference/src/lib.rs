//! The dimensions: sites, regions, schools, publishers, books and chapters. Bringing them in, and the directory of them
//! that loading and answering read.

pub mod alias;
pub mod directory;
pub mod entity;
pub mod merge;
mod merging;
pub mod read;
pub mod statements;
pub mod tables;
pub mod write;

pub use alias::{Alias, NewAlias, What};
pub use directory::{Book, Chapter, Directory, Publisher, Region, School, Site};
pub use entity::{NewBook, NewChapter, NewPublisher, NewRegion, NewSchool, NewSite};
pub use read::ReferenceError;
pub use statements::statements;
pub use tables::Table;
