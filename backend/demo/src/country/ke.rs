//! Kenya. The school year is the calendar year.

use chrono_tz::Tz;

use super::{Country, RegionFacts, SchoolKind, YearDates, hours, region, school};
use crate::words;

pub const KE: Country = Country {
    code: "ke",
    name: "Kenya",
    zone: Tz::Africa__Nairobi,
    currency: "KES",
    locale: "sw-KE",
    share: 80,
    schools: 40,
    books: 50,
    growth: 60,
    language: &words::SW,
    second: Some((&words::EN, 300)),
    isbn_group: "9789966",
    devices: [18, 22, 57, 3],
    season: [900, 1000, 1060, 900, 1120, 1060, 1040, 900, 1060, 1200, 700, 500],
    exam_month: 10,
    rollover_month: 1,
    years: YEARS,
    holidays: HOLIDAYS,
    lesson_hours: hours(&[(8, 18), (9, 20), (10, 16), (11, 18), (12, 12), (13, 6), (14, 14), (15, 8)]),
    regions: REGIONS,
    school_kinds: SCHOOLS,
    school_words: WORDS,
};

const YEARS: &[YearDates] = &[
    YearDates {
        label: "2024",
        terms: &[("2024-01-08", "2024-04-12"), ("2024-05-13", "2024-08-02"), ("2024-08-26", "2024-11-01")],
        breaks: &[("2024-02-29", "2024-03-03")],
    },
    YearDates {
        label: "2025",
        terms: &[("2025-01-06", "2025-04-04"), ("2025-04-28", "2025-08-01"), ("2025-08-25", "2025-10-24")],
        breaks: &[("2025-02-27", "2025-03-02"), ("2025-06-26", "2025-06-29")],
    },
    YearDates {
        label: "2026",
        terms: &[("2026-01-05", "2026-04-02"), ("2026-04-27", "2026-07-31"), ("2026-08-24", "2026-10-23")],
        breaks: &[("2026-02-25", "2026-03-01"), ("2026-06-24", "2026-06-28")],
    },
    YearDates {
        label: "2027",
        terms: &[("2027-01-04", "2027-04-09"), ("2027-05-03", "2027-07-30"), ("2027-08-23", "2027-10-22")],
        breaks: &[("2027-02-25", "2027-02-28"), ("2027-06-24", "2027-06-27")],
    },
];

const HOLIDAYS: &[&str] = &[
    "01-01",
    "2024-03-29",
    "2024-04-01",
    "2025-04-18",
    "2025-04-21",
    "2026-04-03",
    "2026-04-06",
    "2027-03-26",
    "2027-03-29",
    "05-01",
    "06-01",
    "10-10",
    "10-20",
    "12-12",
    "12-25",
    "12-26",
];

const REGIONS: &[RegionFacts] = &[
    region("nairobi", "Nairobi County", 26, &["Nairobi", "Kasarani", "Embakasi"]),
    region("mombasa", "Mombasa County", 11, &["Mombasa", "Likoni", "Nyali"]),
    region("kiambu", "Kiambu County", 11, &["Thika", "Ruiru", "Limuru"]),
    region("nakuru", "Nakuru County", 10, &["Nakuru", "Naivasha", "Gilgil"]),
    region("kisumu", "Kisumu County", 9, &["Kisumu", "Ahero", "Maseno"]),
    region("uasin-gishu", "Uasin Gishu County", 7, &["Eldoret", "Turbo"]),
    region("machakos", "Machakos County", 6, &["Machakos", "Athi River"]),
    region("kakamega", "Kakamega County", 6, &["Kakamega", "Mumias"]),
    region("nyeri", "Nyeri County", 5, &["Nyeri", "Karatina"]),
    region("meru", "Meru County", 4, &["Meru", "Nkubu"]),
    region("kilifi", "Kilifi County", 3, &["Kilifi", "Malindi"]),
    region("turkana", "Turkana County", 2, &["Lodwar", "Kakuma"]),
];

const SCHOOLS: &[SchoolKind] = &[
    school("{t} {w} Primary School", 1, 6, 8),
    school("{t} {w} Comprehensive School", 1, 9, 6),
    school("{t} {w} Academy", 1, 9, 3),
    school("{t} {w} Senior School", 10, 12, 4),
];

const WORDS: &[&str] = &[
    "Acacia",
    "Jacaranda",
    "Hilltop",
    "Lakeview",
    "Baraka",
    "Umoja",
    "Amani",
    "Upendo",
    "Tumaini",
    "Riverside",
    "Greenfield",
    "Maji Mazuri",
    "Mwanga",
    "Savanna",
    "Bidii",
    "Nuru",
    "Heshima",
    "Sunrise",
];
