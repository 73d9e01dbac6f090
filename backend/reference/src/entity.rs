//! The things events refer to, as they are brought in.

use chrono::NaiveDate;
use chrono_tz::Tz;

/// One country's deployment of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSite {
    /// Short and unique, such as `ee`.
    pub code: String,
    pub name: String,
    pub zone: Tz,
    /// ISO 4217.
    pub currency: String,
    /// BCP 47, such as `et-EE`.
    pub locale: String,
}

/// A county or other area of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRegion {
    /// Unique within the site.
    pub code: String,
    pub name: String,
    /// The code of the region it lies in.
    pub parent: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSchool {
    /// The platform's or the registry's id, unique within the site.
    pub external_id: String,
    pub name: String,
    /// The code of its region, from `since` on.
    pub region: Option<String>,
    pub licences: Option<i32>,
    pub since: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPublisher {
    pub code: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBook {
    /// ISBN-13, or the platform's own id.
    pub external_id: String,
    pub title: String,
    /// The code of its publisher, from `since` on.
    pub publisher: Option<String>,
    pub subject: Option<String>,
    pub grades: Vec<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// Weight of one view in the revenue share, in thousandths.
    pub weight_milli: i32,
    pub since: NaiveDate,
    pub chapters: Vec<NewChapter>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChapter {
    /// Unique within the book.
    pub code: String,
    pub title: String,
}
