//! Kenya. The school year is the calendar year.

use chrono_tz::Tz;

use super::{Country, RegionFacts, SchoolKind, hours, region, school};
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
    lesson_hours: hours(&[(8, 18), (9, 20), (10, 16), (11, 18), (12, 12), (13, 6), (14, 14), (15, 8)]),
    regions: REGIONS,
    school_kinds: SCHOOLS,
    school_words: WORDS,
};

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
