//! Schools, books and chapters by the codes that events name them with.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use reference::{Directory, NewBook, NewPublisher, NewSchool, What, write};
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
    /// What a book's number stands for.
    book_codes: HashMap<i32, String>,
    aliases: Aliases,
}

/// What else the site's events call things. Asked last, so that nothing is hidden.
#[derive(Debug, Default)]
struct Aliases {
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

impl Aliases {
    fn new(directory: &Directory, site: i16) -> Self {
        let mut out = Self::default();
        for alias in directory.aliases.iter().filter(|alias| alias.site_id == site) {
            match alias.what {
                What::School => {
                    let school = directory.school(&alias.means).map(|s| (alias.given.clone(), s.id));
                    out.schools.extend(school);
                }
                What::Book => out.books.extend(directory.book(&alias.means).map(|b| (alias.given.clone(), b.id))),
                What::Chapter => {
                    let chapter = alias.within(directory).zip(directory.chapter(&alias.means));
                    if let Some(((book, given), chapter)) = chapter {
                        out.chapters.entry(book).or_default().insert(given.to_owned(), chapter.id);
                    }
                }
            }
        }
        out
    }
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
            book_codes: directory.books.values().map(|b| (b.id, b.code.clone())).collect(),
            aliases: Aliases::new(directory, site),
        }
    }

    fn school(&self, id: &str) -> Option<i32> {
        self.schools.get(id).or_else(|| self.aliases.schools.get(id)).copied()
    }

    fn book(&self, id: &str) -> Option<i32> {
        self.books.get(id).or_else(|| self.aliases.books.get(id)).copied()
    }

    fn chapter(&self, book: i32, code: &str) -> Option<i32> {
        let of = |chapters: &HashMap<i32, HashMap<String, i32>>| chapters.get(&book)?.get(code).copied();
        of(&self.chapters).or_else(|| of(&self.aliases.chapters))
    }

    /// The numbers, or why the event cannot be stored.
    pub fn resolve(&self, event: &Event) -> Result<Refs, Reject> {
        const MEND: &str = "import it or say what it means, then release what waits for it";
        let school = match &event.school {
            None => 0,
            Some(id) => self.school(id).ok_or_else(|| {
                let detail = format!("school '{id}' is not known in this site; {MEND}");
                Reject::unknown(Reason::UnknownSchool, id.clone(), detail)
            })?,
        };
        let book = match &event.book {
            None => 0,
            Some(id) => self.book(id).ok_or_else(|| {
                Reject::unknown(Reason::UnknownBook, id.clone(), format!("book '{id}' is not known; {MEND}"))
            })?,
        };
        let chapter = match &event.chapter {
            None => 0,
            Some(_) if book == 0 => {
                return Err(Reject::new(Reason::UnknownChapter, "a chapter without a book; send the book too"));
            }
            Some(code) => self.chapter(book, code).ok_or_else(|| {
                let of = &self.book_codes[&book];
                let detail = format!("chapter '{code}' is not known in book '{of}'; {MEND}");
                Reject::unknown(Reason::UnknownChapter, format!("{of}:{code}"), detail)
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
                && self.school(id).is_none()
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
                && self.book(id).is_none()
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

#[cfg(test)]
mod tests;
