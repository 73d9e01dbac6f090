//! The schools of one site.

use std::collections::BTreeSet;

use reference::NewSchool;

use crate::books::SINCE;
use crate::country::{Country, SchoolKind};
use crate::dice::{Dice, Stream};

/// Persons of the default platform, for which the schools have their natural number and sizes.
const NATURAL_PERSONS: u64 = 50_000;
/// Persons with whom one more school comes where there are more persons than that.
const PERSONS_PER_FURTHER_SCHOOL: f64 = 106.5;

/// One school in this many is tiny, and at least two in every site: small-cell protection needs something to hide.
const TINY: u64 = 20;

/// A school and what only the generator knows of it.
pub struct School {
    pub data: NewSchool,
    pub first_grade: i32,
    pub last_grade: i32,
    /// Pupils enrolled at any time, all grades together.
    pub pupils: u32,
    pub teachers: u32,
    /// Librarians, parents and the like.
    pub others: u32,
    /// How much a pupil of this school uses the platform, in thousandths of the typical one.
    pub intensity: u64,
}

/// The schools of a country for a platform with so many persons in all its sites.
pub fn schools(seed: u64, site: usize, country: &Country, persons: u64) -> Vec<School> {
    let mut dice = Dice::new(seed, Stream::Schools, site, 0);
    let count = number_of_schools(country, persons);
    let tiny = (count / TINY).max(2);
    let mut names = BTreeSet::new();
    let drafts: Vec<(NewSchool, &SchoolKind, f64, u64)> = (0..count)
        .map(|number| {
            let kind = &country.school_kinds[dice.index(&column(country.school_kinds, |k| k.weight))];
            let region = &country.regions[dice.index(&column(country.regions, |r| r.weight))];
            let name = name(&mut dice, country, kind, region.towns, &mut names);
            let size = dice.lognormal(95.0, 0.75).clamp(60.0, 900.0);
            let intensity = dice.lognormal(1000.0, 0.45).clamp(400.0, 2200.0) as u64;
            let data = NewSchool {
                external_id: format!("S{:03}", number + 1),
                name,
                region: Some(region.code.to_owned()),
                licences: None,
                since: SINCE,
            };
            (data, kind, size, intensity)
        })
        .collect();
    // Sizes are scaled together, so that the site has the persons it should: 1000 pupils come with 96 others.
    let wanted = persons as f64 * country.share as f64 / 1000.0 * 1000.0 / 1096.0;
    let scale = wanted / drafts.iter().map(|(_, _, size, _)| size).sum::<f64>();
    drafts
        .into_iter()
        .enumerate()
        .map(|(i, (mut data, kind, size, intensity))| {
            // Tiny schools are spread over the list, and never the first of it.
            let place = i as u64 + 1;
            let is_tiny = place.is_multiple_of(count / tiny) && place / (count / tiny) <= tiny;
            let pupils = if is_tiny { dice.between(3, 7) } else { ((size * scale) as u32).max(12) };
            let licences = u64::from(pupils) * u64::from(dice.between(900, 1300)) / 1000;
            data.licences = Some(licences.max(1) as i32);
            School {
                data,
                first_grade: kind.first_grade,
                last_grade: kind.last_grade,
                pupils,
                teachers: (pupils / 14).max(1),
                others: pupils / 40,
                intensity,
            }
        })
        .collect()
}

/// Up to the default platform both the number of schools and their size grow; a larger one has more schools, not larger
/// ones.
fn number_of_schools(country: &Country, persons: u64) -> u64 {
    let up_to_default = 400.0 * (persons as f64 / NATURAL_PERSONS as f64).min(1.0).sqrt();
    let beyond = persons.saturating_sub(NATURAL_PERSONS) as f64 / PERSONS_PER_FURTHER_SCHOOL;
    ((up_to_default.max(80.0) + beyond) * country.schools as f64 / 400.0) as u64
}

fn column<T>(items: &[T], weight: impl Fn(&T) -> u32) -> Vec<u32> {
    items.iter().map(weight).collect()
}

/// A name that the site does not have yet.
fn name(dice: &mut Dice, country: &Country, kind: &SchoolKind, towns: &[&str], taken: &mut BTreeSet<String>) -> String {
    for attempt in 0.. {
        let number = dice.between(1, 60 + attempt);
        let mut name = kind
            .pattern
            .replace("{t}", dice.pick::<&str>(towns))
            .replace("{w}", dice.pick::<&str>(country.school_words))
            .replace("{n}", &number.to_string());
        // A small town can run out of names.
        if attempt > 50 {
            name.push_str(&format!(" {number}"));
        }
        if taken.insert(name.clone()) {
            return name;
        }
    }
    unreachable!("numbers do not run out")
}
