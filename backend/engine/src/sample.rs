//! A small directory, and scopes of it, for the tests of what a scope holds.

use std::sync::Arc;

use access::{Caller, Role, Scope, scope_of};
use chrono::NaiveDate;
use chrono_tz::Tz;
use reference::{Book, Directory, Publisher, Region, School, Site};

use crate::snapshot::{BookFacts, Snapshot};

const SINCE: NaiveDate = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
/// School 2 is of another region and book 2 of another publisher from this day on.
pub const MOVED: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();

/// Two sites. In the first a region (1) with one below it (2), which has school 1, and another (3) with school 2, until that moves into
/// region 2; in the second region 4 with school 3. Two publishers with a book each, of which the second's goes over to the first;
/// and a book of nobody. Book 1 is mathematics for two grades, book 2 music for one, book 3 has neither.
pub fn snapshot() -> Snapshot {
    let mut d = Directory::new(1);
    for (id, code) in [(1, "ee"), (2, "us")] {
        let (code, name, currency, locale) = (code.to_string(), code.to_string(), "EUR".into(), "en".into());
        d.add_site(Site { id, code, name, zone: Tz::UTC, currency, locale });
    }
    for (id, site_id, parent_id) in [(1, 1, None), (2, 1, Some(1)), (3, 1, None), (4, 2, None)] {
        d.add_region(Region { id, site_id, code: format!("r{id}"), name: String::new(), parent_id });
    }
    for (id, site_id, regions) in
        [(1, 1, vec![(SINCE, 2)]), (2, 1, vec![(SINCE, 3), (MOVED, 2)]), (3, 2, vec![(SINCE, 4)])]
    {
        let (code, name) = (format!("s{id}"), format!("School {id}"));
        d.add_school(School { id, site_id, code, name, licences: None, regions });
    }
    for id in [1, 2] {
        d.add_publisher(Publisher { id, code: format!("p{id}"), name: String::new() });
    }
    let books = [
        (1, vec![(SINCE, 1)], Some("mathematics"), vec!["1", "2"]),
        (2, vec![(SINCE, 2), (MOVED, 1)], Some("music"), vec!["2"]),
        (3, vec![], None, vec![]),
    ];
    for (id, publishers, subject, grades) in books {
        let (code, title) = (format!("b{id}"), String::new());
        let (subject, grades) = (subject.map(str::to_owned), grades.into_iter().map(str::to_owned).collect());
        d.add_book(Book { id, code, title, subject, grades, language: None, weight_milli: 1000, publishers });
    }
    Snapshot { facts: Arc::new(BookFacts::new(&d)), directory: Arc::new(d), ..Snapshot::default() }
}

/// What a role sees of an organisation about these subjects.
pub fn scope(role: Role, subjects: &[i32]) -> Scope {
    scope_of(&Caller::program(role, subjects.to_vec()))
}
