//! Attributes: what a dimension reads from a stored row, as it was on the row's day.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use model::{DEVICES, Dimension, KINDS, Key, ROLES};
use reference::directory::as_of;

use crate::snapshot::Snapshot;

/// The dimensions the engine can read, one for each of the model's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attribute {
    Site,
    Region,
    School,
    Publisher,
    Book,
    Chapter,
    Subject,
    Grade,
    Role,
    Device,
    Kind,
}

/// The key values of a stored row; those not read are 0.
#[derive(Debug, Clone, Copy, Default)]
pub struct RowKeys([i32; 7]);

impl RowKeys {
    pub fn set(&mut self, key: Key, value: i32) {
        self.0[key as usize] = value;
    }

    pub fn get(&self, key: Key) -> i32 {
        self.0[key as usize]
    }
}

impl Attribute {
    pub fn of(dimension: &Dimension) -> Option<Attribute> {
        Some(match dimension.name.as_str() {
            "site" => Attribute::Site,
            "region" => Attribute::Region,
            "school" => Attribute::School,
            "publisher" => Attribute::Publisher,
            "book" => Attribute::Book,
            "chapter" => Attribute::Chapter,
            "subject" => Attribute::Subject,
            "grade" => Attribute::Grade,
            "role" => Attribute::Role,
            "device" => Attribute::Device,
            "kind" => Attribute::Kind,
            _ => return None,
        })
    }

    /// The stored key it is read from.
    pub fn key(self) -> Key {
        match self {
            Attribute::Site => Key::Site,
            Attribute::Region | Attribute::School => Key::School,
            Attribute::Publisher | Attribute::Book | Attribute::Subject | Attribute::Grade => Key::Book,
            Attribute::Chapter => Key::Chapter,
            Attribute::Role => Key::Role,
            Attribute::Device => Key::Device,
            Attribute::Kind => Key::Kind,
        }
    }

    /// Calls `with` for each value the row has on `day`; once with 0 when it has none.
    pub fn values(self, snapshot: &Snapshot, keys: &RowKeys, day: NaiveDate, mut with: impl FnMut(i32)) {
        let stored = keys.get(self.key());
        match self {
            Attribute::Region => {
                with(snapshot.directory.schools.get(&stored).and_then(|s| as_of(&s.regions, day)).unwrap_or(0))
            }
            Attribute::Publisher => {
                with(snapshot.directory.books.get(&stored).and_then(|b| as_of(&b.publishers, day)).unwrap_or(0))
            }
            Attribute::Subject => with(snapshot.facts.books.get(&stored).map_or(0, |f| f.0)),
            Attribute::Grade => match snapshot.facts.books.get(&stored) {
                Some((_, grades)) if !grades.is_empty() => grades.iter().for_each(|g| with(*g)),
                _ => with(0),
            },
            _ => with(stored),
        }
    }

    /// The number of a value that a question names by its code. None for what does not exist.
    pub fn number(self, snapshot: &Snapshot, code: &str) -> Option<i32> {
        let d = &snapshot.directory;
        match self {
            Attribute::Site => d.site(code).map(|s| i32::from(s.id)),
            Attribute::Region => d.region(code).map(|r| r.id),
            Attribute::School => d.school(code).map(|s| s.id),
            Attribute::Publisher => d.publisher(code).map(|p| p.id),
            Attribute::Book => d.book(code).map(|b| b.id),
            Attribute::Chapter => d.chapter(code).map(|c| c.id),
            Attribute::Subject => snapshot.facts.subjects.find(code),
            Attribute::Grade => snapshot.facts.grades.find(code),
            Attribute::Role => ROLES.code(code),
            Attribute::Device => DEVICES.code(code),
            Attribute::Kind => KINDS.code(code),
        }
    }

    /// Every value there is.
    pub fn all(self, snapshot: &Snapshot) -> Vec<i32> {
        let d = &snapshot.directory;
        let codes = |codes: model::codes::Codes| codes.names().filter_map(|n| codes.code(n)).collect();
        match self {
            Attribute::Site => d.sites.keys().map(|s| i32::from(*s)).collect(),
            Attribute::Region => d.regions.keys().copied().collect(),
            Attribute::School => d.schools.keys().copied().collect(),
            Attribute::Publisher => d.publishers.keys().copied().collect(),
            Attribute::Book => d.books.keys().copied().collect(),
            Attribute::Chapter => d.chapters.keys().copied().collect(),
            Attribute::Subject => (1..=snapshot.facts.subjects.len() as i32).collect(),
            Attribute::Grade => (1..=snapshot.facts.grades.len() as i32).collect(),
            Attribute::Role => codes(ROLES),
            Attribute::Device => codes(DEVICES),
            Attribute::Kind => codes(KINDS),
        }
    }

    /// Code and name of a value; for what is no entity they are the same.
    pub fn code_and_name(self, snapshot: &Snapshot, value: i32) -> Option<(&str, &str)> {
        let d = &snapshot.directory;
        let plain = |name: Option<&'static str>| name.map(|n| (n, n));
        match self {
            Attribute::Site => d.sites.get(&(value as i16)).map(|s| (s.code.as_str(), s.name.as_str())),
            Attribute::Region => d.regions.get(&value).map(|r| (r.code.as_str(), r.name.as_str())),
            Attribute::School => d.schools.get(&value).map(|s| (s.code.as_str(), s.name.as_str())),
            Attribute::Publisher => d.publishers.get(&value).map(|p| (p.code.as_str(), p.name.as_str())),
            Attribute::Book => d.books.get(&value).map(|b| (b.code.as_str(), b.title.as_str())),
            Attribute::Chapter => d.chapters.get(&value).map(|c| (c.code.as_str(), c.title.as_str())),
            Attribute::Subject => snapshot.facts.subjects.name(value).map(|n| (n, n)),
            Attribute::Grade => snapshot.facts.grades.name(value).map(|n| (n, n)),
            Attribute::Role => plain(ROLES.name(value)),
            Attribute::Device => plain(DEVICES.name(value)),
            Attribute::Kind => plain(KINDS.name(value)),
        }
    }

    /// The stored keys that have one of `values` on some day; None when the value is the key itself.
    pub fn keys_with(self, snapshot: &Snapshot, values: &[i32]) -> Option<Vec<i32>> {
        let d = &snapshot.directory;
        let ever = |history: &[(NaiveDate, i32)]| history.iter().any(|(_, v)| values.contains(v));
        match self {
            Attribute::Region => Some(d.schools.values().filter(|s| ever(&s.regions)).map(|s| s.id).collect()),
            Attribute::Publisher => Some(d.books.values().filter(|b| ever(&b.publishers)).map(|b| b.id).collect()),
            Attribute::Subject | Attribute::Grade => {
                let has = |f: &(i32, Vec<i32>)| match self {
                    Attribute::Subject => values.contains(&f.0),
                    _ => f.1.iter().any(|g| values.contains(g)),
                };
                Some(snapshot.facts.books.iter().filter(|(_, f)| has(f)).map(|(id, _)| *id).collect())
            }
            _ => None,
        }
    }

    /// The days within the range (after its first) on which some thing's value changes.
    pub fn changes(self, snapshot: &Snapshot, from: NaiveDate, to: NaiveDate) -> BTreeSet<NaiveDate> {
        let within = |(since, _): &(NaiveDate, i32)| (from < *since && *since <= to).then_some(*since);
        match self {
            Attribute::Region => {
                snapshot.directory.schools.values().flat_map(|s| &s.regions).filter_map(within).collect()
            }
            Attribute::Publisher => {
                snapshot.directory.books.values().flat_map(|b| &b.publishers).filter_map(within).collect()
            }
            _ => BTreeSet::new(),
        }
    }
}
