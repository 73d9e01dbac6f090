//! Schools, books and chapters by the codes that events name them with.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use reference::{Directory, NewBook, NewPublisher, NewSchool, write};
use tokio_postgres::Transaction;
use warehouse::Dialect;

use crate::event::{Event, Reason, Reject};

/// Numbers of one site's schools and of all books and chapters.
#[derive(Debug, Default)]
pub struct Things {
    pub version: i64,
    schools: HashMap<String, i32>,
    books: HashMap<String, i32>,
    /// By the book's number.
    chapters: HashMap<i32, HashMap<String, i32>>,
}

/// The numbers an event refers to, 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Refs {
    pub school: i32,
    pub book: i32,
    pub chapter: i32,
}

impl Things {
    pub fn new(directory: &Directory, site: i16) -> Self {
        let own = |code: &str| code.split_once(':').map(|(_, external)| external.to_string()).unwrap_or_default();
        let mut chapters: HashMap<i32, HashMap<String, i32>> = HashMap::new();
        for chapter in directory.chapters.values() {
            let book = &directory.books[&chapter.book_id].code;
            let code = chapter.code[book.len() + 1..].to_string();
            chapters.entry(chapter.book_id).or_default().insert(code, chapter.id);
        }
        Self {
            version: directory.version,
            schools: directory.schools.values().filter(|s| s.site_id == site).map(|s| (own(&s.code), s.id)).collect(),
            books: directory.books.values().map(|b| (b.code.clone(), b.id)).collect(),
            chapters,
        }
    }

    /// The numbers, or why the event cannot be stored.
    pub fn resolve(&self, event: &Event) -> Result<Refs, Reject> {
        let school = match &event.school {
            None => 0,
            Some(id) => *self.schools.get(id).ok_or_else(|| {
                Reject::new(
                    Reason::UnknownSchool,
                    format!("school '{id}' is not known in this site; import it, then release what waits for it"),
                )
            })?,
        };
        let book = match &event.book {
            None => 0,
            Some(id) => *self.books.get(id).ok_or_else(|| {
                Reject::new(
                    Reason::UnknownBook,
                    format!("book '{id}' is not known; import it, then release what waits for it"),
                )
            })?,
        };
        let chapter = match &event.chapter {
            None => 0,
            Some(_) if book == 0 => {
                return Err(Reject::new(Reason::UnknownChapter, "a chapter without a book; send the book too"));
            }
            Some(code) => *self.chapters.get(&book).and_then(|of| of.get(code)).ok_or_else(|| {
                Reject::new(
                    Reason::UnknownChapter,
                    format!("chapter '{code}' is not known in its book; import it, then release what waits for it"),
                )
            })?,
        };
        Ok(Refs { school, book, chapter })
    }

    /// Creates what events of a foreign log carry with them and is not known. True when anything was created: the numbers
    /// have to be read anew then.
    pub async fn create_missing<'a>(
        &self,
        tx: &Transaction<'_>,
        dialect: Dialect,
        site: i16,
        events: impl Iterator<Item = &'a Event>,
    ) -> Result<bool, reference::ReferenceError> {
        let (mut schools, mut publishers, mut books) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for event in events {
            let Some(creates) = &event.creates else { continue };
            if let (Some(id), Some(name)) = (&event.school, &creates.school_name)
                && !self.schools.contains_key(id)
            {
                let school = NewSchool {
                    external_id: id.clone(),
                    name: name.clone(),
                    region: None,
                    licences: None,
                    since: ALWAYS,
                };
                schools.entry(id.clone()).or_insert(school);
            }
            if let (Some(id), Some(title)) = (&event.book, &creates.book_title)
                && !self.books.contains_key(id)
            {
                if let Some((code, name)) = &creates.publisher {
                    let publisher = NewPublisher { code: code.clone(), name: name.clone() };
                    publishers.entry(code.clone()).or_insert(publisher);
                }
                books.entry(id.clone()).or_insert_with(|| NewBook {
                    external_id: id.clone(),
                    title: title.clone(),
                    publisher: creates.publisher.as_ref().map(|(code, _)| code.clone()),
                    subject: None,
                    grades: vec![],
                    language: None,
                    weight_milli: 1000,
                    since: ALWAYS,
                    chapters: vec![],
                });
            }
        }
        if schools.is_empty() && books.is_empty() {
            return Ok(false);
        }
        write::schools(tx, dialect, site, &schools.into_values().collect::<Vec<_>>()).await?;
        write::publishers(tx, dialect, &publishers.into_values().collect::<Vec<_>>()).await?;
        write::books(tx, dialect, &books.into_values().collect::<Vec<_>>()).await?;
        Ok(true)
    }
}

/// What a log says about a thing is taken to have held since before any event.
const ALWAYS: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date");
