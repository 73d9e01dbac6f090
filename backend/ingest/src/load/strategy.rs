//! How a site's events are loaded. Both ways lead to the same rows and the same counts.

use std::fmt;
use std::str::FromStr;

use warehouse::{Statement, Warehouse, WarehouseError};

const READ: &str = "SELECT strategy FROM core.site WHERE site_id = $1";
const CHANGE: &str = "UPDATE core.site SET strategy = $2 WHERE code = $1";

/// A site's way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strategy {
    /// Each batch straight into the warehouse.
    #[default]
    Direct,
    /// Batches as files in an object store; many of them are then loaded at once.
    Staged,
}

impl Strategy {
    pub const ALL: [Strategy; 2] = [Strategy::Direct, Strategy::Staged];

    pub fn as_str(self) -> &'static str {
        match self {
            Strategy::Direct => "direct",
            Strategy::Staged => "staged",
        }
    }

    /// The strategy of a site now.
    pub(super) async fn of(warehouse: &Warehouse, site: i16) -> Result<Self, WarehouseError> {
        let row = warehouse.client().await?.query_one(READ, &[&site]).await?;
        row.get::<_, &str>(0).parse().map_err(WarehouseError::Damaged)
    }

    /// Moves a site to this strategy. Loaders that run take it over with their next batch. False when there is no such site.
    pub async fn choose(self, warehouse: &Warehouse, site: &str) -> Result<bool, WarehouseError> {
        Ok(warehouse.client().await?.execute(CHANGE, &[&site, &self.as_str()]).await? == 1)
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Strategy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = |s: &Strategy| s.as_str() == text;
        Strategy::ALL.into_iter().find(named).ok_or_else(|| format!("'{text}' is no strategy; use direct or staged"))
    }
}

pub(super) fn statements() -> [Statement; 2] {
    [Statement::new("ingest: read a site's strategy", READ), Statement::new("ingest: change a site's strategy", CHANGE)]
}
