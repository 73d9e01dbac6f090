use std::collections::BTreeMap;

use access::Role;

use super::*;
use crate::sample::{MOVED, scope, snapshot};

fn now() -> DateTime<Utc> {
    MOVED.and_hms_opt(12, 0, 0).unwrap().and_utc()
}

/// An event so many seconds ago.
fn ago(seconds: i64, site: i16, person: u32, (school, book): (i32, i32)) -> Happened {
    Happened { at: now() - TimeDelta::seconds(seconds), site, person, school, book }
}

fn window(happened: impl IntoIterator<Item = Happened>) -> Window {
    let mut window = Window::default();
    window.happened.extend(happened);
    window
}

fn told(role: Role, subjects: &[i32], happened: impl IntoIterator<Item = Happened>) -> Option<Live> {
    window(happened).tell(&scope(role, subjects), &snapshot(), now())
}

/// Code → readers of the last 5 and 30 minutes.
fn readers(listed: &[Busy]) -> BTreeMap<&str, (Option<usize>, Option<usize>)> {
    listed.iter().map(|busy| (busy.code.as_str(), (busy.reading.readers_5, busy.reading.readers_30))).collect()
}

/// Of each school of the first site some readers of each book, and one of the second site.
fn lesson() -> Vec<Happened> {
    vec![
        ago(1, 1, 1, (1, 1)),
        ago(2, 1, 1, (1, 1)),
        ago(70, 1, 2, (1, 2)),
        ago(299, 1, 3, (2, 1)),
        ago(300, 1, 4, (2, 3)),
        ago(1700, 1, 5, (0, 0)),
        ago(5, 2, 1, (3, 1)),
    ]
}

#[test]
fn the_owner_is_told_of_all() {
    let live = told(Role::Owner, &[], lesson()).unwrap();
    assert_eq!((live.all.readers_5, live.all.readers_30, live.fewest), (Some(4), Some(6), 1));
    let (busy, quiet) = ((Some(3), Some(5)), (Some(1), Some(1)));
    assert_eq!(readers(&live.sites), [("ee", busy), ("us", quiet)].into());
    let books = [("b1", (Some(3), Some(3))), ("b2", quiet), ("b3", (Some(0), Some(1)))];
    assert_eq!(readers(&live.books), books.into());
    assert_eq!(readers(&live.schools), [("s1", (Some(2), Some(2))), ("s2", (Some(1), Some(2))), ("s3", quiet)].into());
    // The busiest first, and of those that are as busy by their codes.
    let order: Vec<&str> = live.schools.iter().map(|school| school.code.as_str()).collect();
    assert_eq!(order, ["s1", "s2", "s3"]);
}

#[test]
fn events_are_told_in_pieces_of_ten_seconds() {
    let live = told(Role::Owner, &[], lesson()).unwrap();
    let mut pieces = vec![0; PIECES];
    // Those of 1, 2 and 5 seconds ago, of 70, and of 299.
    (pieces[29], pieces[22], pieces[0]) = (3, 1, 1);
    assert_eq!(live.all.events, pieces);
    assert_eq!(live.all.events_per_second, Some(0.3));
    // A clock that is ahead counts as now.
    let ahead = told(Role::Owner, &[], [ago(-5, 1, 1, (1, 1))]).unwrap();
    assert_eq!((ahead.all.readers_5, ahead.all.events[29]), (Some(1), 1));
}

#[test]
fn a_school_is_told_of_its_own() {
    let live = told(Role::SchoolAdmin, &[1], lesson()).unwrap();
    assert_eq!((live.all.readers_5, live.all.readers_30), (Some(2), Some(2)));
    let one = (Some(1), Some(1));
    assert_eq!(readers(&live.sites), [("ee", (Some(2), Some(2)))].into());
    assert_eq!(readers(&live.books), [("b1", one), ("b2", one)].into());
    assert_eq!(readers(&live.schools), [("s1", (Some(2), Some(2)))].into());
}

#[test]
fn who_sees_protected_numbers_or_nothing_is_told_nothing() {
    assert_eq!(told(Role::Official, &[1], lesson()), None);
    assert_eq!(told(Role::Operator, &[], lesson()), None);
    let none = told(Role::SchoolAdmin, &[], lesson()).unwrap();
    assert_eq!((none.all.readers_30, none.sites.len(), none.schools.len()), (Some(0), 0, 0));
}

/// So many readers of a book, each of its own school's.
fn class(readers: u32, book: i32) -> impl Iterator<Item = Happened> {
    (0..readers).map(move |person| ago(1, 1, person, (1, book)))
}

#[test]
fn a_publisher_is_told_of_its_books_and_never_of_few_readers_or_of_schools() {
    // Book 2 is the first publisher's as of today; book 3 is nobody's.
    let all = class(10, 1).chain(class(9, 2)).chain(class(20, 3));
    let live = told(Role::Publisher, &[1], all).unwrap();
    assert_eq!((live.fewest, live.all.readers_5), (FEWEST, Some(10)));
    assert_eq!(readers(&live.books), [("b1", (Some(10), Some(10)))].into());
    assert_eq!(live.schools, []);
    let few = told(Role::Publisher, &[1], class(9, 1)).unwrap();
    let nothing = Reading { readers_5: None, readers_30: None, events_per_second: None, events: vec![] };
    assert_eq!((few.all, few.sites, few.books), (nothing, vec![], vec![]));
    // Book 2 was the second publisher's until today.
    assert_eq!(told(Role::Publisher, &[2], class(30, 2)).unwrap().all.readers_5, None);
}

#[test]
fn no_more_are_listed_than_are_looked_at() {
    let mut snapshot = snapshot();
    let directory = std::sync::Arc::get_mut(&mut snapshot.directory).unwrap();
    for id in 10..22 {
        let book = directory.books[&1].clone();
        directory.add_book(reference::Book { id, code: format!("b{id}"), ..book });
    }
    let live =
        window((10..22).flat_map(|book| class(1, book))).tell(&scope(Role::Owner, &[]), &snapshot, now()).unwrap();
    assert_eq!(live.books.len(), LISTED);
}
