//! The events of the demo platform one by one: sameness, references, times.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use demo::Platform;
use ingest::Event;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Days of one site from a date on.
fn days(platform: &Platform, site: usize, from: &str, days: usize) -> Vec<Event> {
    date(from).iter_days().take(days).flat_map(|day| platform.events(site, day)).collect()
}

#[test]
fn a_day_is_the_same_whenever_it_is_asked_for() {
    let one = Platform::new(3, 200_000);
    let other = Platform::new(3, 200_000);
    days(&other, 1, "2026-03-01", 5);
    for site in 0..5 {
        let day = date("2026-03-10");
        let events = one.events(site, day);
        assert!(!events.is_empty());
        assert_eq!(events, other.events(site, day));
        assert_eq!(events, one.events(site, day));
        assert_ne!(events, Platform::new(4, 200_000).events(site, day));
    }
}

#[test]
fn events_name_only_what_the_reference_data_has() {
    let platform = Platform::new(3, 500_000);
    let books: BTreeMap<&str, BTreeSet<&str>> = platform
        .books()
        .iter()
        .map(|b| (b.external_id.as_str(), b.chapters.iter().map(|c| c.code.as_str()).collect()))
        .collect();
    let second: DateTime<Utc> = "2026-03-10T02:00:00Z".parse().unwrap();
    for (site, plan) in platform.sites().iter().enumerate() {
        let schools: BTreeSet<&str> = plan.schools.iter().map(|school| school.external_id.as_str()).collect();
        let trickle = (0..600).flat_map(|s| platform.trickle(site, second + TimeDelta::seconds(s)));
        for event in days(&platform, site, "2026-03-09", 14).into_iter().chain(trickle) {
            let school = event.school.as_deref().unwrap();
            assert!(schools.contains(school));
            let person = event.person.id().unwrap();
            assert!(person.starts_with(&format!("{}-{school}-", plan.site.code)), "{person}");
            let role = ["p", "t", "x"][event.role as usize - 1];
            assert!(person.rsplit('-').next().unwrap().starts_with(role), "{person}");
            if let Some(book) = &event.book {
                let chapters = &books[book.as_str()];
                assert!(event.chapter.iter().all(|chapter| chapters.contains(chapter.as_str())));
            }
            let kind = model::KINDS.name(event.kind).unwrap();
            assert_eq!(event.query.is_some(), kind == "search");
            assert_eq!(event.book.is_some(), kind != "sign_in" && (kind != "search" || event.book.is_some()));
            assert_eq!(event.placement.is_some(), ["click", "impression"].contains(&kind));
            assert_eq!(event.x.is_some(), kind == "click");
            assert!((0..=2_700_000).contains(&event.duration_ms));
            assert!(model::DEVICES.name(event.device).is_some());
        }
    }
}

#[test]
fn times_lie_in_their_local_day_and_ascend_on_both_nights_of_the_clocks() {
    let platform = Platform::new(3, 20_000_000);
    for day in ["2026-03-28", "2026-03-29", "2026-10-25", "2026-11-02"].map(date) {
        for (site, plan) in platform.sites().iter().enumerate() {
            let events = platform.events(site, day);
            assert!(events.windows(2).all(|pair| pair[0].at <= pair[1].at));
            for event in &events {
                let local = event.at.with_timezone(&plan.site.zone);
                assert_eq!(local.date_naive(), day);
                assert_eq!(local.naive_local(), event.at.naive_local(), "the offset is the zone's");
            }
        }
    }
}

#[test]
fn ids_are_unique_and_in_order_of_time() {
    let platform = Platform::new(3, 200_000);
    let mut ids = BTreeSet::new();
    let mut count = 0;
    for site in 0..5 {
        for event in days(&platform, site, "2026-04-01", 30) {
            assert_eq!(event.id.get_version_num(), 7);
            assert_eq!(event.id.as_u128() >> 80, event.at.timestamp_millis() as u128);
            ids.insert(event.id);
            count += 1;
        }
    }
    assert!(count > 10_000);
    assert_eq!(ids.len(), count);
}

#[test]
fn a_person_has_few_sessions_a_day_and_one_session_one_person() {
    let platform = Platform::new(3, 2_000_000);
    let mut persons: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut sessions: BTreeMap<&str, &str> = BTreeMap::new();
    let events = platform.events(0, date("2026-11-10"));
    for event in &events {
        let session = event.session.as_deref().unwrap();
        persons.entry(event.person.id().unwrap()).or_default().insert(session);
        assert_eq!(*sessions.entry(session).or_insert(event.person.id().unwrap()), event.person.id().unwrap());
    }
    let few = persons.values().filter(|sessions| sessions.len() <= 2).count();
    assert!(few * 100 > persons.len() * 95, "{few} of {}", persons.len());
    assert!((4..12).contains(&(events.len() / sessions.len())));
}

#[test]
fn the_trickle_never_dries_up_and_never_floods() {
    let platform = Platform::new(3, 200_000);
    let start: DateTime<Utc> = "2026-07-05T00:30:00.250Z".parse().unwrap();
    let mut count = 0;
    let mut persons = BTreeSet::new();
    for second in (0..300).map(|s| start + TimeDelta::seconds(s)) {
        for site in 0..5 {
            let events = platform.trickle(site, second);
            assert_eq!(events, platform.trickle(site, second.with_nanosecond(0).unwrap()));
            assert!(events.iter().all(|event| event.at.timestamp() == second.timestamp()));
            count += events.len();
            persons.extend(events.into_iter().map(|event| event.person));
        }
    }
    assert!((300..=900).contains(&count), "{count}");
    assert!((60..=250).contains(&persons.len()), "{}", persons.len());
}
