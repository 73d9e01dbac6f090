//! Sites, regions, schools, publishers and books as they are written, in REST and in GraphQL. There the codes of related
//! things are left out: a field of the same name leads to the thing itself.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema, SimpleObject)]
#[schema(as = Site)]
#[graphql(name = "Site")]
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

#[derive(Debug, Clone, Serialize, ToSchema, SimpleObject)]
#[schema(as = Region)]
#[graphql(name = "Region", complex)]
pub struct RegionItem {
    pub code: String,
    pub name: String,
    #[graphql(skip)]
    pub site: String,
}

#[derive(Debug, Clone, Serialize, ToSchema, SimpleObject)]
#[schema(as = School)]
#[graphql(name = "School", complex)]
pub struct SchoolItem {
    pub code: String,
    pub name: String,
    #[graphql(skip)]
    pub site: String,
    #[graphql(skip)]
    pub region: Option<String>,
    #[graphql(skip)]
    pub region_name: Option<String>,
    /// Pupil licences bought, when known.
    pub licences: Option<i32>,
}

#[derive(Debug, Clone, Serialize, ToSchema, SimpleObject)]
#[schema(as = Publisher)]
#[graphql(name = "Publisher", complex)]
pub struct PublisherItem {
    pub code: String,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, ToSchema, SimpleObject)]
#[schema(as = Book)]
#[graphql(name = "Book", complex)]
pub struct BookItem {
    pub code: String,
    pub name: String,
    #[graphql(skip)]
    pub publisher: Option<String>,
    #[graphql(skip)]
    pub publisher_name: Option<String>,
    pub subject: Option<String>,
    pub grades: Vec<String>,
    pub language: Option<String>,
    /// On a single book only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[graphql(skip)]
    pub chapters: Vec<ChapterItem>,
}

#[derive(Debug, Clone, Serialize, ToSchema, SimpleObject)]
#[schema(as = Chapter)]
#[graphql(name = "Chapter")]
pub struct ChapterItem {
    pub code: String,
    pub name: String,
}
