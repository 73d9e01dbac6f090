//! One site of the platform, with what its events are made from.

use std::ops::Range;

use reference::{NewRegion, NewSchool, NewSite};

use crate::calendar::Calendar;
use crate::country::Country;
use crate::roll::Roll;
use crate::shelf::Shelf;
use crate::volume::Volume;

/// One site and all that belongs to it.
pub struct SitePlan {
    pub site: NewSite,
    pub regions: Vec<NewRegion>,
    pub schools: Vec<NewSchool>,
    /// Codes of the publishers that sell here.
    pub publishers: Vec<String>,
    /// The site's books, as a range of [`crate::Platform::books`].
    pub books: Range<usize>,
    pub calendar: Calendar,
    /// Pupils enrolled at any time, all schools together.
    pub pupils: u64,
    /// The site's place in [`crate::Platform::sites`].
    pub(crate) index: usize,
    pub(crate) country: &'static Country,
    pub(crate) roll: Roll,
    pub(crate) shelf: Shelf,
    pub(crate) volume: Volume,
}
