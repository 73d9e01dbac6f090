//! The scope: the set of rows a caller may see.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::identity::Role;

/// Which sites.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sites {
    All,
    Only(BTreeSet<i16>),
}

/// Which rows within these sites, by the warehouse's numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    All,
    Schools(BTreeSet<i32>),
    Publishers(BTreeSet<i32>),
    /// Regions with everything below them in the tree.
    Regions(BTreeSet<i32>),
}

/// Whether true small counts are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lens {
    Exact,
    Protected,
}

/// The set of rows a caller may see, computed from identity alone. Only [`crate::policy::scope_of`] makes one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Scope {
    role: Role,
    sites: Sites,
    rows: Rows,
    lens: Lens,
}

impl Scope {
    pub(crate) fn new(role: Role, sites: Sites, rows: Rows, lens: Lens) -> Self {
        Self { role, sites, rows, lens }
    }

    /// The role decides which metrics and dimensions exist for the caller.
    pub fn role(&self) -> Role {
        self.role
    }

    pub fn sites(&self) -> &Sites {
        &self.sites
    }

    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    pub fn lens(&self) -> Lens {
        self.lens
    }

    /// Whether rows of this site may be seen, as far as the site goes.
    pub fn holds_site(&self, site: i16) -> bool {
        match &self.sites {
            Sites::All => true,
            Sites::Only(ids) => ids.contains(&site),
        }
    }

    /// Whether no row at all is seen.
    pub fn is_nothing(&self) -> bool {
        let no_site = matches!(&self.sites, Sites::Only(ids) if ids.is_empty());
        no_site
            || match &self.rows {
                Rows::All => false,
                Rows::Schools(ids) | Rows::Publishers(ids) | Rows::Regions(ids) => ids.is_empty(),
            }
    }
}

/// The organisations whose people, keys and records a caller may deal with. Only [`crate::policy::reach_of`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    below: Option<String>,
}

impl Reach {
    pub(crate) fn all() -> Self {
        Self { below: None }
    }

    pub(crate) fn below(organisation: String) -> Self {
        Self { below: Some(organisation) }
    }

    /// The id of the organisation at the top of the reach, itself included; `None` for all there are.
    pub fn top(&self) -> Option<&str> {
        self.below.as_deref()
    }
}
