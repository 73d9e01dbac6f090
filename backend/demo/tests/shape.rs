//! The shape of the demo's use: years, weeks, hours, kinds, readers and books.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate, Timelike, Weekday};
use demo::{DayKind, Platform};
use ingest::Event;

const SIZE: u64 = 200_000;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn platform() -> &'static Platform {
    static PLATFORM: OnceLock<Platform> = OnceLock::new();
    PLATFORM.get_or_init(|| Platform::new(11, SIZE))
}

/// The school year 2025/26 with the summer after it, by site.
fn year() -> &'static [Vec<Event>] {
    static YEAR: OnceLock<Vec<Vec<Event>>> = OnceLock::new();
    YEAR.get_or_init(|| {
        let days = || date("2025-09-01").iter_days().take(365);
        (0..5).map(|site| days().flat_map(|day| platform().events(site, day)).collect()).collect()
    })
}

fn part(events: impl Iterator<Item = &'static Event>, wanted: impl Fn(&Event) -> bool) -> f64 {
    let (mut all, mut matching) = (0, 0);
    for event in events {
        all += 1;
        matching += u32::from(wanted(event));
    }
    f64::from(matching) / f64::from(all)
}

#[test]
fn any_year_has_the_events_it_should() {
    let small = Platform::new(5, 40_000);
    for from in ["2023-06-01", "2024-09-01", "2025-02-10", "2026-01-01", "2026-08-20"].map(date) {
        let count: usize = (0..5)
            .flat_map(|site| from.iter_days().take(365).map(move |day| (site, day)))
            .map(|(site, day)| small.events(site, day).len())
            .sum();
        assert!((36_000..=44_000).contains(&count), "{count} from {from}");
    }
    let count: usize = year().iter().map(Vec::len).sum();
    assert!((180_000..=220_000).contains(&count), "{count}");
}

#[test]
fn school_days_are_busy_and_others_are_not() {
    for (site, plan) in platform().sites().iter().enumerate() {
        let mut totals: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for day in date("2025-09-01").iter_days().take(365) {
            let name = match plan.calendar.kind(day) {
                DayKind::School => "school",
                DayKind::Weekend => "weekend",
                DayKind::Holiday => "holiday",
            };
            let (events, days) = totals.entry(name).or_default();
            *events += platform().events(site, day).len();
            *days += 1;
        }
        let mean = |name: &str| totals[name].0 as f64 / totals[name].1 as f64;
        assert!((0.05..0.11).contains(&(mean("weekend") / mean("school"))), "{}", plan.site.code);
        assert!((0.015..0.05).contains(&(mean("holiday") / mean("school"))), "{}", plan.site.code);
    }
    let weekend = |event: &Event| matches!(event.at.weekday(), Weekday::Sat | Weekday::Sun);
    assert!(part(year().iter().flatten(), weekend) < 0.06);
}

#[test]
fn lessons_fill_the_morning_and_homework_the_evening() {
    for events in year() {
        let hours = |low: u32, high: u32| part(events.iter(), |event| (low..high).contains(&event.at.hour()));
        let (school, evening, night) = (hours(8, 18), hours(18, 22), hours(0, 6));
        assert!(school > 0.7, "{school}");
        assert!((0.05..0.25).contains(&evening), "{evening}");
        assert!(night < 0.01, "{night}");
    }
}

#[test]
fn kinds_and_roles_are_mixed_as_on_a_real_platform() {
    let of_kind = |name: &str| {
        let code = model::KINDS.code(name).unwrap();
        part(year().iter().flatten(), move |event| event.kind == code)
    };
    for (name, low, high) in [
        ("page_view", 0.70, 0.74),
        ("exercise", 0.11, 0.135),
        ("test", 0.015, 0.025),
        ("search", 0.035, 0.045),
        ("media", 0.035, 0.045),
        ("sign_in", 0.04, 0.06),
        ("impression", 0.004, 0.01),
        ("click", 0.001, 0.005),
    ] {
        assert!((low..high).contains(&of_kind(name)), "{name} {}", of_kind(name));
    }
    let teachers = part(year().iter().flatten(), |event| model::ROLES.name(event.role) == Some("teacher"));
    assert!((0.04..0.08).contains(&teachers), "{teachers}");
}

#[test]
fn a_page_view_lasts_forty_seconds_in_the_median() {
    let views = year().iter().flatten().filter(|event| model::KINDS.name(event.kind) == Some("page_view"));
    let mut durations: Vec<i32> = views.map(|event| event.duration_ms).collect();
    durations.sort();
    let median = durations[durations.len() / 2];
    assert!((37_000..43_000).contains(&median), "{median}");
    assert!(*durations.last().unwrap() <= 1_800_000);
}

#[test]
fn may_is_a_month_of_tests() {
    let tests = |month: u32| {
        let ee = year()[0].iter().filter(|event| event.at.month() == month);
        part(ee, |event| model::KINDS.name(event.kind) == Some("test"))
    };
    assert!(tests(5) > 1.7 * tests(3), "{} {}", tests(5), tests(3));
    let events = |month: u32| year()[0].iter().filter(|event| event.at.month() == month).count();
    assert!(events(5) > events(3));
}

#[test]
fn some_books_are_popular_and_hardly_any_is_never_opened() {
    let mut views: BTreeMap<&str, u64> = BTreeMap::new();
    for event in year().iter().flatten().filter(|event| model::KINDS.name(event.kind) == Some("page_view")) {
        *views.entry(event.book.as_deref().unwrap()).or_default() += 1;
    }
    assert!(views.len() > 450, "{}", views.len());
    let mut counts: Vec<u64> = views.into_values().collect();
    counts.sort_by_key(|&count| std::cmp::Reverse(count));
    let top: u64 = counts[..50].iter().sum();
    let all: u64 = counts.iter().sum();
    assert!(top * 100 > all * 40, "{top} of {all}");
}

#[test]
fn classes_read_the_same_book_in_the_same_hour() {
    let school = |event: &&Event| event.at.hour() < 15;
    let mut groups: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for event in year()[0].iter().filter(school).filter(|event| event.book.is_some()) {
        let key = (event.school.as_deref(), event.book.as_deref(), event.at.date_naive(), event.at.hour());
        groups.entry(key).or_default().insert(event.person.id().unwrap());
    }
    let together: usize = groups.values().filter(|persons| persons.len() >= 3).map(BTreeSet::len).sum();
    let all: usize = groups.values().map(BTreeSet::len).sum();
    assert!(together * 2 > all, "{together} of {all}");
}

#[test]
fn pupils_stop_and_others_join() {
    let seen = |from: &str, days: usize| -> BTreeSet<String> {
        let days = date(from).iter_days().take(days);
        let events = days.flat_map(|day| platform().events(0, day));
        events.filter(|event| event.role == 1).map(|event| event.person.id().unwrap().to_owned()).collect()
    };
    let (autumn, spring) = (seen("2025-09-01", 90), seen("2026-03-01", 90));
    let both = autumn.intersection(&spring).count();
    assert!(both > 200, "{both} stayed");
    assert!(autumn.len() - both > 50, "{} of {} stopped", autumn.len() - both, autumn.len());
    let next = seen("2026-09-01", 90);
    let before: BTreeSet<&String> = autumn.union(&spring).collect();
    assert!(next.iter().filter(|person| !before.contains(person)).count() > 50);
}

#[test]
fn tiny_schools_have_use_but_few_readers() {
    for (site, plan) in platform().sites().iter().enumerate() {
        let tiny: BTreeSet<&str> = plan
            .schools
            .iter()
            .filter(|school| school.licences.unwrap() <= 9)
            .map(|school| school.external_id.as_str())
            .collect();
        let mut readers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        // One autumn, before anybody is a grade older.
        for event in year()[site].iter().filter(|event| event.at.date_naive() < date("2025-12-31")) {
            if let Some(&school) = tiny.get(event.school.as_deref().unwrap()) {
                readers.entry(school).or_default().insert(event.person.id().unwrap());
            }
        }
        assert!(!readers.is_empty(), "{}", plan.site.code);
        assert!(readers.values().all(|persons| persons.len() < 10), "{}", plan.site.code);
    }
}
