//! The reference data of the demo platform.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use demo::{Platform, is_isbn13};

#[test]
fn there_are_five_sites_with_regions_and_schools() {
    let platform = Platform::new(7, 2_000_000);
    let codes: Vec<&str> = platform.sites().iter().map(|plan| plan.site.code.as_str()).collect();
    assert_eq!(codes, ["ee", "fi", "lt", "kz", "ke"]);
    let schools: usize = platform.sites().iter().map(|plan| plan.schools.len()).sum();
    assert!((390..=410).contains(&schools), "{schools}");
    let pupils: u64 = platform.sites().iter().map(|plan| plan.pupils).sum();
    assert!((42_000..=50_000).contains(&pupils), "{pupils}");
    for plan in platform.sites() {
        let regions: BTreeSet<&str> = plan.regions.iter().map(|region| region.code.as_str()).collect();
        let names: BTreeSet<&str> = plan.schools.iter().map(|school| school.name.as_str()).collect();
        let ids: BTreeSet<&str> = plan.schools.iter().map(|school| school.external_id.as_str()).collect();
        assert_eq!(names.len(), plan.schools.len());
        assert_eq!(ids.len(), plan.schools.len());
        assert!(plan.schools.iter().all(|school| regions.contains(school.region.as_deref().unwrap())));
    }
}

#[test]
fn a_large_platform_has_more_schools_but_not_larger_ones() {
    let platform = Platform::new(7, 20_000_000);
    let schools: usize = platform.sites().iter().map(|plan| plan.schools.len()).sum();
    assert!((2_990..=3_010).contains(&schools), "{schools}");
    let pupils: u64 = platform.sites().iter().map(|plan| plan.pupils).sum();
    assert!((275_000..=290_000).contains(&pupils), "{pupils}");
}

#[test]
fn every_site_has_tiny_schools_whatever_the_size_of_the_platform() {
    for size in [10_000, 2_000_000, 20_000_000] {
        for plan in Platform::new(7, size).sites() {
            let tiny = plan.schools.iter().filter(|school| school.licences.unwrap() <= 9).count();
            assert!(tiny >= 2, "{} {size}", plan.site.code);
            assert!(tiny * 2 < plan.schools.len(), "{} {size}", plan.site.code);
        }
    }
}

#[test]
fn books_are_whole() {
    let platform = Platform::new(7, 200_000);
    assert_eq!(platform.books().len(), 500);
    let publishers: BTreeSet<&str> = platform.publishers().iter().map(|publisher| publisher.code.as_str()).collect();
    assert_eq!(publishers.len(), 25);
    let ids: BTreeSet<&str> = platform.books().iter().map(|book| book.external_id.as_str()).collect();
    assert_eq!(ids.len(), 500);
    for book in platform.books() {
        assert!(is_isbn13(&book.external_id), "{}", book.external_id);
        assert!(publishers.contains(book.publisher.as_deref().unwrap()));
        assert!((8..=14).contains(&book.chapters.len()), "{}", book.title);
        let codes: BTreeSet<&str> = book.chapters.iter().map(|chapter| chapter.code.as_str()).collect();
        assert_eq!(codes.len(), book.chapters.len());
        assert!([800, 1000, 1200, 1500].contains(&book.weight_milli));
        assert!((1..=2).contains(&book.grades.len()));
        assert!(book.grades.iter().all(|grade| (1..=12).contains(&grade.parse::<u32>().unwrap())));
        assert_eq!(book.since, NaiveDate::from_ymd_opt(2020, 1, 1).unwrap());
    }
    for plan in platform.sites() {
        let titles: BTreeSet<&str> = platform.books()[plan.books.clone()].iter().map(|b| b.title.as_str()).collect();
        assert_eq!(titles.len(), plan.books.len());
    }
}

#[test]
fn publishers_of_two_countries_have_books_in_both_languages() {
    let platform = Platform::new(7, 200_000);
    let mut languages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for book in platform.books() {
        let of_publisher = languages.entry(book.publisher.as_deref().unwrap()).or_default();
        of_publisher.insert(book.language.as_deref().unwrap());
    }
    assert_eq!(languages.len(), 25, "every publisher has books");
    assert!(languages["baltic-slate"].is_superset(&["et", "lt"].into()));
    assert!(languages["nordic-lantern"].is_superset(&["et", "fi"].into()));
}

#[test]
fn another_seed_is_another_platform() {
    let [one, same, other] = [1, 1, 2].map(|seed| Platform::new(seed, 100_000));
    assert_eq!(one.books(), same.books());
    assert_eq!(one.sites()[0].schools, same.sites()[0].schools);
    assert_eq!(one.showcase(), same.showcase());
    assert_ne!(one.books(), other.books());
    assert_ne!(one.sites()[0].schools, other.sites()[0].schools);
}

#[test]
fn the_showcase_has_something_to_show() {
    let platform = Platform::new(7, 200_000);
    let showcase = platform.showcase().clone();
    assert_eq!((showcase.site.as_str(), showcase.region.as_str()), ("ee", "harju-maakond"));
    let (mut school, mut publisher, mut all) = (0, 0, 0);
    let of_publisher: BTreeSet<&str> = platform
        .books()
        .iter()
        .filter(|book| book.publisher.as_ref() == Some(&showcase.publisher))
        .map(|book| book.external_id.as_str())
        .collect();
    let from: NaiveDate = "2026-09-01".parse().unwrap();
    for event in from.iter_days().take(60).flat_map(|day| platform.events(0, day)) {
        all += 1;
        school += u64::from(event.school.as_deref() == Some(&showcase.school));
        publisher += u64::from(event.book.is_some_and(|book| of_publisher.contains(book.as_str())));
    }
    let plan = platform.sites()[0].schools.iter().find(|plan| plan.external_id == showcase.school).unwrap();
    assert_eq!(plan.region.as_ref(), Some(&showcase.region), "the official sees the school, too");
    assert!(school * 50 > all, "{school} of {all}");
    assert!(publisher * 10 > all, "{publisher} of {all}");
}
