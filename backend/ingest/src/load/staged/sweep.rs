//! Removing what was staged long ago: what is loaded, and what never was. It may be removed whenever that is: where an object is
//! missing, nothing is loaded and its range is read anew.

use chrono::{DateTime, TimeDelta, Utc};
use stage::{Objects, StageError};

use super::manifest;

/// For so many days an object is kept after it was written, for whoever wants to look at what was loaded.
pub const KEPT_DAYS: i64 = 7;

/// Removes a site's objects that are older; returns how many those were.
pub(crate) async fn sweep(objects: &Objects, site: &str, now: DateTime<Utc>) -> Result<u64, StageError> {
    let mut removed = 0;
    for object in objects.list(&manifest::of_site(site)).await? {
        if object.written_at < now - TimeDelta::days(KEPT_DAYS) {
            objects.delete(&object.name).await?;
            removed += 1;
        }
    }
    Ok(removed)
}
