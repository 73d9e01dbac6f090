//! Sites, regions, schools, publishers and books as they are written.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Site)]
pub struct SiteItem {
    pub code: String,
    pub name: String,
    /// IANA time zone.
    pub zone: String,
    pub currency: String,
    pub locale: String,
    /// The site-local date it is now.
    pub today: String,
}

impl SiteItem {
    pub fn new(site: &reference::Site, now: DateTime<Utc>) -> Self {
        Self {
            code: site.code.clone(),
            name: site.name.clone(),
            zone: site.zone.name().into(),
            currency: site.currency.clone(),
            locale: site.locale.clone(),
            today: site.day(now).to_string(),
        }
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Region)]
pub struct RegionItem {
    pub code: String,
    pub name: String,
    pub site: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = School)]
pub struct SchoolItem {
    pub code: String,
    pub name: String,
    pub site: String,
    pub region: Option<String>,
    pub region_name: Option<String>,
    /// Pupil licences bought, when known.
    pub licences: Option<i32>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Publisher)]
pub struct PublisherItem {
    pub code: String,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Book)]
pub struct BookItem {
    pub code: String,
    pub name: String,
    pub publisher: Option<String>,
    pub publisher_name: Option<String>,
    pub subject: Option<String>,
    pub grades: Vec<String>,
    pub language: Option<String>,
    /// On a single book only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chapters: Vec<ChapterItem>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Chapter)]
pub struct ChapterItem {
    pub code: String,
    pub name: String,
}
