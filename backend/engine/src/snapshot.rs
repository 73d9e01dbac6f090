//! What planning needs to know of the warehouse: the dimensions, and how far each site's rollups are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use reference::{Directory, ReferenceError};
use uuid::Uuid;
use warehouse::{Warehouse, WarehouseError};

use crate::extent::Extents;

/// How far one site's rollups are.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteState {
    /// Goes up with every change of its rollups.
    pub data_version: i64,
    /// When its rollups last equalled its events.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// Weeks and months that end on or before this day have their rollup rows.
    pub closed_through: Option<NaiveDate>,
    pub last_event_at: Option<DateTime<Utc>>,
    /// Marks of days that wait for the refresher.
    pub pending: i64,
    /// How much of each rollup is stored.
    pub extents: Arc<Extents>,
    /// Rollups that do not hold all of its days yet.
    pub unready: BTreeSet<String>,
}

/// The dimensions and the states at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    pub directory: Arc<Directory>,
    pub facts: Arc<BookFacts>,
    pub sites: HashMap<i16, SiteState>,
    /// Which warehouse this is; answers of another one with the same numbers are not its own.
    pub installation: Uuid,
}

/// Version of the dimensions, and of each site's data: as long as they stay, so does every answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    pub directory: i64,
    pub data: BTreeMap<i16, i64>,
}

/// Subjects and grades as numbers, for grouping.
#[derive(Debug, Default)]
pub struct BookFacts {
    pub subjects: Names,
    pub grades: Names,
    /// Book → subject (0 for none) and grades.
    pub books: HashMap<i32, (i32, Vec<i32>)>,
}

/// Texts numbered from 1.
#[derive(Debug, Default)]
pub struct Names {
    names: Vec<String>,
    numbers: HashMap<String, i32>,
}

impl Names {
    fn number(&mut self, name: &str) -> i32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.names.push(name.into());
        let number = self.names.len() as i32;
        self.numbers.insert(name.into(), number);
        number
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub fn find(&self, name: &str) -> Option<i32> {
        self.numbers.get(name).copied()
    }

    pub fn name(&self, number: i32) -> Option<&str> {
        self.names.get(usize::try_from(number).ok()?.checked_sub(1)?).map(String::as_str)
    }
}

impl BookFacts {
    pub fn new(directory: &Directory) -> Self {
        let mut facts = BookFacts::default();
        for book in directory.books.values() {
            let subject = book.subject.as_deref().map_or(0, |s| facts.subjects.number(s));
            let grades = book.grades.iter().map(|g| facts.grades.number(g)).collect();
            facts.books.insert(book.id, (subject, grades));
        }
        facts
    }
}

pub(crate) const STATES: &str = r#"SELECT s.site_id, s.data_version, s.refreshed_at, s.closed_through, s.last_event_at, coalesce(d.pending, 0)
    FROM core.site s
    LEFT JOIN (SELECT site_id, count(*) AS pending FROM "raw".dirty GROUP BY site_id) d ON d.site_id = s.site_id"#;
pub(crate) const UNREADY: &str = "SELECT site_id, rollup FROM mart.unready";
pub(crate) const INSTALLATION: &str = "SELECT CAST(installation_id AS varchar(36)) FROM core.installation";

impl Snapshot {
    pub fn versions(&self) -> Versions {
        let data = self.sites.iter().map(|(site, state)| (*site, state.data_version)).collect();
        Versions { directory: self.directory.version, data }
    }

    /// Reads the states, and the dimensions if they changed since `before`.
    pub async fn read(warehouse: &Warehouse, before: &Snapshot) -> Result<Snapshot, ReferenceError> {
        let client = warehouse.reader().await?;
        // States first: a directory that is newer than the states can only know more things, never fewer.
        let rows = client.query(STATES, &[]).await?;
        let mut unready: HashMap<i16, BTreeSet<String>> = HashMap::new();
        for row in client.query(UNREADY, &[]).await? {
            unready.entry(row.get(0)).or_default().insert(row.get(1));
        }
        let version = reference::read::version(&**client).await?;
        let installation: String = client.query_one(INSTALLATION, &[]).await?.get(0);
        let installation = Uuid::parse_str(&installation).map_err(|e| WarehouseError::Damaged(e.to_string()))?;
        let mut sites = HashMap::new();
        for row in rows {
            let (site, data_version): (i16, i64) = (row.get(0), row.get(1));
            let extents = match before.sites.get(&site) {
                Some(state) if state.data_version == data_version => state.extents.clone(),
                _ => Arc::new(Extents::read(&**client, site).await?),
            };
            let state = SiteState {
                data_version,
                refreshed_at: row.get(2),
                closed_through: row.get(3),
                last_event_at: row.get(4),
                pending: row.get(5),
                extents,
                unready: unready.remove(&site).unwrap_or_default(),
            };
            sites.insert(site, state);
        }
        drop(client);
        let (directory, facts) = if version == before.directory.version && !before.directory.sites.is_empty() {
            (before.directory.clone(), before.facts.clone())
        } else {
            let directory = reference::read::directory(warehouse).await?;
            let facts = BookFacts::new(&directory);
            (Arc::new(directory), Arc::new(facts))
        };
        Ok(Snapshot { directory, facts, sites, installation })
    }

    /// What two snapshots of the same moment share.
    pub fn state(&self) -> (Uuid, i64, &HashMap<i16, SiteState>) {
        (self.installation, self.directory.version, &self.sites)
    }
}
