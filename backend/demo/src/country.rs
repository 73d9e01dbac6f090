//! What makes one country's site different from another's: names, places, habits. Facts only; no generation.

mod ee;
mod fi;
mod ke;
mod kz;
mod lt;

use chrono_tz::Tz;

use crate::words::Language;

/// The five countries, in the order of the platform's sites.
pub const COUNTRIES: [&Country; 5] = [&ee::EE, &fi::FI, &lt::LT, &kz::KZ, &ke::KE];

/// One country of the demo platform.
pub struct Country {
    /// Code of the site.
    pub code: &'static str,
    pub name: &'static str,
    pub zone: Tz,
    /// ISO 4217.
    pub currency: &'static str,
    /// BCP 47.
    pub locale: &'static str,
    /// Part of the platform's events and persons, in thousandths. All countries sum to 1000.
    pub share: u64,
    /// Schools out of 400 and books out of 500.
    pub schools: u64,
    pub books: usize,
    /// Change of the volume in a year, in thousandths.
    pub growth: i64,
    pub language: &'static Language,
    /// A second language of schooling and its part of the books, in thousandths.
    pub second: Option<(&'static Language, u64)>,
    /// The ISBN prefix and registration group.
    pub isbn_group: &'static str,
    /// Parts of desktop, tablet, phone and other.
    pub devices: [u32; 4],
    /// Use of a school day in each month, January first, in thousandths of a plain school day.
    pub season: [u64; 12],
    /// The month with more tests than usual, 1 to 12.
    pub exam_month: u32,
    /// The month in whose first night everybody is a grade older.
    pub rollover_month: u32,
    /// Weight of each local hour for lessons to begin in.
    pub lesson_hours: [u32; 24],
    pub regions: &'static [RegionFacts],
    pub school_kinds: &'static [SchoolKind],
    /// What schools are named after, `{w}` in the patterns.
    pub school_words: &'static [&'static str],
}

/// A county: code, name, relative number of schools, and its towns as they stand in a school's name.
pub struct RegionFacts {
    pub code: &'static str,
    pub name: &'static str,
    pub weight: u32,
    pub towns: &'static [&'static str],
}

/// A type of school: how it is named, with `{t}` town, `{w}` word and `{n}` number, and the grades it teaches.
pub struct SchoolKind {
    pub pattern: &'static str,
    pub first_grade: i32,
    pub last_grade: i32,
    pub weight: u32,
}

const fn region(code: &'static str, name: &'static str, weight: u32, towns: &'static [&'static str]) -> RegionFacts {
    RegionFacts { code, name, weight, towns }
}

const fn school(pattern: &'static str, first_grade: i32, last_grade: i32, weight: u32) -> SchoolKind {
    SchoolKind { pattern, first_grade, last_grade, weight }
}

/// Lessons of one shift, 8 to 14.
const ONE_SHIFT: [u32; 24] = hours(&[(8, 14), (9, 20), (10, 22), (11, 20), (12, 16), (13, 12), (14, 5)]);

/// Lessons of two shifts, 8 to 17.
const TWO_SHIFTS: [u32; 24] =
    hours(&[(8, 16), (9, 18), (10, 18), (11, 16), (12, 11), (13, 10), (14, 9), (15, 6), (16, 4), (17, 2)]);

/// September to June: quiet start, long autumn, short December, exams in May.
const NORTHERN_SEASON: [u64; 12] = [980, 1000, 1040, 1050, 1240, 700, 400, 800, 940, 1060, 1090, 860];

const fn hours(weights: &[(usize, u32)]) -> [u32; 24] {
    let mut table = [0; 24];
    let mut i = 0;
    while i < weights.len() {
        table[weights[i].0] = weights[i].1;
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_parts_make_a_whole() {
        assert_eq!(COUNTRIES.iter().map(|c| c.share).sum::<u64>(), 1000);
        assert_eq!(COUNTRIES.iter().map(|c| c.schools).sum::<u64>(), 400);
        assert_eq!(COUNTRIES.iter().map(|c| c.books).sum::<usize>(), 500);
    }

    #[test]
    fn regions_are_slugs_and_unique_in_their_country() {
        for country in COUNTRIES {
            assert!((8..=15).contains(&country.regions.len()), "{}", country.code);
            let codes: BTreeSet<_> = country.regions.iter().map(|r| r.code).collect();
            assert_eq!(codes.len(), country.regions.len());
            for code in codes {
                assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{code}");
            }
        }
    }
}
