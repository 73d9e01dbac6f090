//! What a caller is told of the last half hour. Whoever sees exact numbers sees these; a publisher sees those of fewer than
//! [`FEWEST`] readers as none, for pupils of a small school could be told apart.

use std::collections::{HashMap, HashSet};

use access::{Lens, Rows, Scope};
use chrono::{DateTime, TimeDelta, Utc};
use reference::directory::as_of;
use serde::Serialize;

use super::window::{Happened, Window};
use crate::snapshot::Snapshot;

/// Readers below which a publisher is told nothing.
const FEWEST: usize = 10;
/// Books and schools listed.
const LISTED: usize = 10;
/// Pieces of the last five minutes.
const PIECES: usize = 30;
const SHORT: TimeDelta = TimeDelta::minutes(5);

/// What is happening now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Live {
    pub as_of: DateTime<Utc>,
    pub all: Reading,
    /// By site, of all that the caller sees, the busiest first.
    pub sites: Vec<Busy>,
    /// The books with the most readers of the last five minutes.
    pub books: Vec<Busy>,
    /// The schools with the most readers of the last five minutes.
    pub schools: Vec<Busy>,
    /// Readers below which numbers are left out; 1 when none are.
    pub fewest: usize,
}

/// How much is read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    /// Readers of the last 5 minutes; `None`: fewer than may be told.
    pub readers_5: Option<usize>,
    /// Readers of the last 30 minutes.
    pub readers_30: Option<usize>,
    /// Events a second, of the last ten seconds.
    pub events_per_second: Option<f64>,
    /// Events in each ten seconds of the last five minutes, the oldest first.
    pub events: Vec<usize>,
}

/// A site, book or school, and how much is read there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Busy {
    pub code: String,
    pub name: String,
    pub reading: Reading,
}

#[derive(Default)]
struct Counted {
    short: HashSet<(i16, u32)>,
    long: HashSet<(i16, u32)>,
    pieces: [usize; PIECES],
}

impl Counted {
    fn add(&mut self, event: &Happened, now: DateTime<Utc>) {
        let who = (event.site, event.person);
        self.long.insert(who);
        let age = (now - event.at).max(TimeDelta::zero());
        if age < SHORT {
            self.short.insert(who);
            let piece = (age.num_milliseconds() * PIECES as i64 / SHORT.num_milliseconds()) as usize;
            self.pieces[PIECES - 1 - piece] += 1;
        }
    }

    fn told(&self, fewest: usize) -> Reading {
        let enough = |readers: usize| (fewest == 1 || readers >= fewest).then_some(readers);
        let (short, long) = (enough(self.short.len()), enough(self.long.len()));
        // Without readers that may be told, neither are their events.
        let events = if short.is_some() { self.pieces.to_vec() } else { Vec::new() };
        let per_second = events.last().map(|last| *last as f64 * PIECES as f64 / SHORT.num_seconds() as f64);
        Reading { readers_5: short, readers_30: long, events_per_second: per_second, events }
    }
}

impl Window {
    /// What the scope holds of it; `None` for who sees protected numbers only: these are not.
    pub(crate) fn tell(&self, scope: &Scope, snapshot: &Snapshot, now: DateTime<Utc>) -> Option<Live> {
        if scope.lens() == Lens::Protected {
            return None;
        }
        let fewest = if matches!(scope.rows(), Rows::Publishers(_)) { FEWEST } else { 1 };
        let mut all = Counted::default();
        let mut sites: HashMap<i16, Counted> = HashMap::new();
        let mut books: HashMap<i32, Counted> = HashMap::new();
        let mut schools: HashMap<i32, Counted> = HashMap::new();
        for event in self.happened.iter().filter(|event| holds(scope, snapshot, event)) {
            all.add(event, now);
            sites.entry(event.site).or_default().add(event, now);
            if event.book != 0 {
                books.entry(event.book).or_default().add(event, now);
            }
            if event.school != 0 {
                schools.entry(event.school).or_default().add(event, now);
            }
        }
        let directory = &snapshot.directory;
        let site = |id: &i16| directory.sites.get(id).map(|s| (s.code.clone(), s.name.clone()));
        let book = |id: &i32| directory.books.get(id).map(|b| (b.code.clone(), b.title.clone()));
        let school = |id: &i32| directory.schools.get(id).map(|s| (s.code.clone(), s.name.clone()));
        Some(Live {
            as_of: now,
            all: all.told(fewest),
            sites: busiest(sites, site, fewest, usize::MAX),
            books: busiest(books, book, fewest, LISTED),
            // A publisher sees its titles, not who reads them.
            schools: if fewest > 1 { Vec::new() } else { busiest(schools, school, fewest, LISTED) },
            fewest,
        })
    }
}

fn busiest<K>(
    counted: HashMap<K, Counted>,
    named: impl Fn(&K) -> Option<(String, String)>,
    fewest: usize,
    most: usize,
) -> Vec<Busy> {
    let mut out: Vec<(usize, Busy)> = counted
        .into_iter()
        .filter(|(_, counted)| counted.long.len() >= fewest)
        .filter_map(|(key, counted)| {
            let (code, name) = named(&key)?;
            Some((counted.short.len(), Busy { code, name, reading: counted.told(fewest) }))
        })
        .collect();
    out.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.code.cmp(&y.code)));
    out.into_iter().map(|(_, busy)| busy).take(most).collect()
}

/// Whether the scope holds an event, by what its school and book are today.
fn holds(scope: &Scope, snapshot: &Snapshot, event: &Happened) -> bool {
    let directory = &snapshot.directory;
    scope.holds_site(event.site)
        && match scope.rows() {
            Rows::All => true,
            Rows::Schools(ids) => ids.contains(&event.school),
            Rows::Publishers(ids) => {
                let day = directory.sites.get(&event.site).map(|site| site.day(event.at));
                let book = directory.books.get(&event.book);
                let publisher = day.zip(book).and_then(|(day, book)| as_of(&book.publishers, day));
                publisher.is_some_and(|publisher| ids.contains(&publisher))
            }
            Rows::Regions(ids) => {
                let region = directory.schools.get(&event.school).and_then(|school| school.regions.last());
                region.is_some_and(|(_, region)| directory.ancestry(*region).iter().any(|above| ids.contains(above)))
            }
        }
}

#[cfg(test)]
#[path = "tell_tests.rs"]
mod tests;
