use chrono::DateTime;
use proptest::prelude::*;
use reference::{Alias, Book, Chapter, Directory, School, Site};

use super::*;
use crate::decode::native;
use crate::event::Decoded;

/// Two sites with the same schools, three books with three chapters each.
fn directory() -> Directory {
    let mut d = Directory::new(1);
    for (id, code) in [(1, "ee"), (2, "us")] {
        let (name, currency, locale) = (code.into(), "EUR".into(), "en".into());
        d.add_site(Site { id, code: code.into(), name, zone: chrono_tz::UTC, currency, locale });
        for n in 0..3 {
            let (code, name) = (format!("{code}:S{n}"), format!("School {n}"));
            d.add_school(School {
                id: i32::from(id) * 10 + n,
                site_id: id,
                code,
                name,
                licences: None,
                regions: vec![],
            });
        }
    }
    for n in 0..3 {
        let (code, title) = (format!("B{n}"), format!("Book {n}"));
        let (grades, publishers) = (vec![], vec![]);
        let weight_milli = 1000;
        d.add_book(Book { id: n + 1, code, title, subject: None, grades, language: None, weight_milli, publishers });
        for chapter in 0..3 {
            let (code, title) = (format!("B{n}:{chapter}"), format!("Chapter {chapter}"));
            d.add_chapter(Chapter { id: 100 + n * 10 + chapter, book_id: n + 1, code, title });
        }
    }
    d
}

fn event(school: &str, book: &str, chapter: &str) -> Event {
    let json = serde_json::json!({
        "id": "0191e8c0-0000-7000-8000-0000000000f1", "at": "2026-04-02T12:00:00Z", "kind": "page_view", "person": "p",
        "role": "student", "school": school, "book": book, "chapter": chapter,
    });
    let now = "2026-04-02T12:00:00Z".parse().unwrap();
    let Decoded::Event(event) = native::decode(json.to_string().as_bytes(), now) else { panic!("an event") };
    *event
}

fn alias(what: What, given: &str, means: &str) -> Alias {
    let (given, means) = (given.to_owned(), means.to_owned());
    Alias { site_id: 1, what, given, means, made_by: "test".into(), made_at: DateTime::UNIX_EPOCH }
}

proptest! {
    /// Whatever aliases there are, an event by them is the event with the things' own ids, and one with those is what it was without.
    #[test]
    fn an_event_by_aliases_is_the_event_itself(
        school in 0..3, book in 0..3, chapter in 0..3,
        given in prop::collection::vec("[A-Z]?[0-9:]{0,3}", 3),
        others in prop::collection::vec((0..3usize, "[A-Z]?[0-9:]{0,3}", 0..3, 0..3), 0..6),
    ) {
        let own = [format!("S{school}"), format!("B{book}"), format!("{chapter}")];
        let plain = directory();
        let expected = Things::new(&plain, 1).resolve(&event(&own[0], &own[1], &own[2])).unwrap();
        let mut d = directory();
        for (what, given, book, chapter) in others {
            d.aliases.push(match what {
                0 => alias(What::School, &given, &format!("ee:S{chapter}")),
                1 => alias(What::Book, &given, &format!("B{book}")),
                _ => alias(What::Chapter, &format!("B{book}:{given}"), &format!("B{book}:{chapter}")),
            });
        }
        // Said last: what an id meant before is forgotten.
        d.aliases.push(alias(What::School, &given[0], &format!("ee:{}", own[0])));
        d.aliases.push(alias(What::Book, &given[1], &own[1]));
        d.aliases.push(alias(What::Chapter, &format!("{}:{}", own[1], given[2]), &format!("{}:{}", own[1], own[2])));
        let things = Things::new(&d, 1);
        prop_assert_eq!(things.resolve(&event(&own[0], &own[1], &own[2])).unwrap(), expected, "nothing is hidden");
        let known = Things::new(&plain, 1);
        let meant = |given: &str, own: &str, known: bool| if known || given.is_empty() { own.to_owned() } else { given.to_owned() };
        let by = event(
            &meant(&given[0], &own[0], known.schools.contains_key(&given[0])),
            &meant(&given[1], &own[1], known.books.contains_key(&given[1])),
            &meant(&given[2], &own[2], known.chapters[&expected.book].contains_key(&given[2])),
        );
        prop_assert_eq!(things.resolve(&by).unwrap(), expected, "by {:?}", by);
        // Another site's events mean nothing by it.
        let elsewhere = Things::new(&d, 2);
        prop_assert_eq!(elsewhere.school(&by.school.clone().unwrap()), Things::new(&plain, 2).school(&by.school.unwrap()));
    }
}

#[test]
fn what_is_not_known_is_told_as_an_alias_would_have_it() {
    let mut d = directory();
    d.aliases.push(alias(What::Book, "OLD", "B1"));
    let things = Things::new(&d, 1);
    let given = |school, book, chapter| things.resolve(&event(school, book, chapter)).unwrap_err().given;
    assert_eq!(given("S9", "B1", "1").as_deref(), Some("S9"));
    assert_eq!(given("S1", "B9", "1").as_deref(), Some("B9"));
    assert_eq!(given("S1", "OLD", "x").as_deref(), Some("B1:x"), "of the book that is meant");
}
