//! Aliases: ids that the events of a site name things with, beside the things' own. What is known by itself is never looked up here,
//! so an alias hides nothing.

use chrono::{DateTime, Utc};
use tokio_postgres::{GenericClient, Transaction};
use warehouse::Dialect;

use crate::directory::{Directory, Site};
use crate::read::{ReferenceError, directory_in};
use crate::write::changed;

/// What an alias can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    School,
    Book,
    Chapter,
}

impl What {
    pub const ALL: [What; 3] = [What::School, What::Book, What::Chapter];

    pub fn as_str(self) -> &'static str {
        match self {
            What::School => "school",
            What::Book => "book",
            What::Chapter => "chapter",
        }
    }

    pub fn named(text: &str) -> Option<What> {
        What::ALL.into_iter().find(|what| what.as_str() == text)
    }

    /// The thing of this public code: the code as it is written, and the name.
    pub fn find<'a>(self, directory: &'a Directory, code: &str) -> Option<(&'a str, &'a str)> {
        match self {
            What::School => directory.school(code).map(|s| (s.code.as_str(), s.name.as_str())),
            What::Book => directory.book(code).map(|b| (b.code.as_str(), b.title.as_str())),
            What::Chapter => directory.chapter(code).map(|c| (c.code.as_str(), c.title.as_str())),
        }
    }

    /// The thing of this id itself, as the events of a site name it.
    pub fn of<'a>(self, directory: &'a Directory, site: &Site, id: &str) -> Option<(&'a str, &'a str)> {
        self.find(directory, &self.code(site, id))
    }

    /// The public code that a thing of this id would have.
    fn code(self, site: &Site, id: &str) -> String {
        match self {
            What::School => format!("{}:{id}", site.code),
            What::Book | What::Chapter => id.to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    pub site_id: i16,
    pub what: What,
    /// The id in the events; of a chapter the code of its book, a colon, and the id.
    pub given: String,
    /// Public code of the thing that is meant.
    pub means: String,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
}

impl Alias {
    /// Of a chapter's: the number of its book, and the chapter's id within it.
    pub fn within<'a>(&'a self, directory: &Directory) -> Option<(i32, &'a str)> {
        within(directory, &self.given, &self.means)
    }
}

fn within<'a>(directory: &Directory, given: &'a str, means: &str) -> Option<(i32, &'a str)> {
    let book = directory.chapter(means)?.book_id;
    let id = given.strip_prefix(directory.books.get(&book)?.code.as_str())?.strip_prefix(':')?;
    Some((book, id))
}

pub(crate) const ALL: &str =
    "SELECT site_id, what, given, means, made_by, made_at FROM core.alias ORDER BY site_id, what, given";
pub(crate) const MAKE: &str = "INSERT INTO core.alias (site_id, what, given, means, made_by, made_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
pub(crate) const REMOVE: &str = "DELETE FROM core.alias WHERE site_id = $1 AND what = $2 AND given = $3";

/// The aliases of all sites.
pub async fn list(client: &impl GenericClient) -> Result<Vec<Alias>, ReferenceError> {
    let mut aliases = Vec::new();
    for row in client.query(ALL, &[]).await? {
        // What a later release knows is not for this one.
        let Some(what) = What::named(row.get(1)) else { continue };
        let (given, means, made_by, made_at) = (row.get(2), row.get(3), row.get(4), row.get(5));
        aliases.push(Alias { site_id: row.get(0), what, given, means, made_by, made_at });
    }
    Ok(aliases)
}

/// Bytes of the longest id there can be: that of a book, a colon, and that of a chapter.
const LONGEST: usize = 1025;

/// What somebody says an id means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlias {
    pub what: What,
    pub given: String,
    /// Public code of the thing that is meant; of a school also its id in the site.
    pub means: String,
    pub made_by: String,
}

impl NewAlias {
    /// The public code of what it means, or what is wrong with it.
    fn checked(&self, directory: &Directory, site: &Site) -> Result<String, String> {
        let (what, given) = (self.what.as_str(), &self.given);
        if given.trim().is_empty() || given.contains('\0') || given.len() > LONGEST {
            return Err(format!("name the id that the events have for the {what}, of {LONGEST} bytes at most"));
        }
        if self.what.of(directory, site, given).is_some() {
            return Err(format!("{what} '{given}' is known by itself, so it means no other"));
        }
        let own = |code: &str| self.what != What::School || code.starts_with(&format!("{}:", site.code));
        let as_it_stands = self.what.find(directory, &self.means).filter(|(code, _)| own(code));
        let Some((means, _)) = as_it_stands.or_else(|| self.what.of(directory, site, &self.means)) else {
            return Err(format!("{what} '{}' is not known in site {}; import it first", self.means, site.code));
        };
        if self.what == What::Chapter && within(directory, given, means).is_none() {
            return Err("a chapter means another of its own book; write both as BOOK:CHAPTER".into());
        }
        Ok(means.to_owned())
    }
}

/// Says what an id means, from the next batch on and to every loader; what it meant before is forgotten. Returns the public code of what
/// it means.
///
/// # Errors
/// [`ReferenceError::Invalid`]: it is the id of a thing itself, or what it is to mean is not there.
pub async fn make(
    tx: &Transaction<'_>,
    dialect: Dialect,
    site: &Site,
    new: &NewAlias,
    now: DateTime<Utc>,
) -> Result<String, ReferenceError> {
    // First, for it has whoever else changes something wait.
    changed(tx).await?;
    let means = new.checked(&directory_in(tx, dialect).await?, site).map_err(ReferenceError::Invalid)?;
    let what = new.what.as_str();
    tx.execute(REMOVE, &[&site.id, &what, &new.given]).await?;
    tx.execute(MAKE, &[&site.id, &what, &new.given, &means, &new.made_by, &now]).await?;
    Ok(means)
}

/// An id means nothing again; what was loaded by it stays where it is. False when it meant nothing.
pub async fn remove(tx: &Transaction<'_>, site: i16, what: What, given: &str) -> Result<bool, ReferenceError> {
    changed(tx).await?;
    Ok(tx.execute(REMOVE, &[&site, &what.as_str(), &given]).await? > 0)
}
