//! Lithuania.

use chrono_tz::Tz;

use super::{Country, NORTHERN_SEASON, ONE_SHIFT, RegionFacts, SchoolKind, YearDates, region, school};
use crate::words;

pub const LT: Country = Country {
    code: "lt",
    name: "Lietuva",
    zone: Tz::Europe__Vilnius,
    currency: "EUR",
    locale: "lt-LT",
    share: 190,
    schools: 80,
    books: 100,
    growth: 30,
    language: &words::LT,
    second: None,
    isbn_group: "978609",
    devices: [55, 14, 29, 2],
    season: NORTHERN_SEASON,
    exam_month: 5,
    rollover_month: 8,
    years: YEARS,
    holidays: HOLIDAYS,
    lesson_hours: ONE_SHIFT,
    regions: REGIONS,
    school_kinds: SCHOOLS,
    school_words: WORDS,
};

const YEARS: &[YearDates] = &[
    YearDates {
        label: "2024/25",
        terms: &[("2024-09-02", "2025-01-31"), ("2025-02-01", "2025-06-20")],
        breaks: &[
            ("2024-10-28", "2024-11-03"),
            ("2024-12-23", "2025-01-05"),
            ("2025-02-17", "2025-02-21"),
            ("2025-04-22", "2025-04-25"),
        ],
    },
    YearDates {
        label: "2025/26",
        terms: &[("2025-09-01", "2026-01-31"), ("2026-02-01", "2026-06-19")],
        breaks: &[
            ("2025-10-27", "2025-11-02"),
            ("2025-12-22", "2026-01-04"),
            ("2026-02-16", "2026-02-20"),
            ("2026-04-07", "2026-04-10"),
        ],
    },
    YearDates {
        label: "2026/27",
        terms: &[("2026-09-01", "2027-01-31"), ("2027-02-01", "2027-06-18")],
        breaks: &[
            ("2026-10-26", "2026-11-01"),
            ("2026-12-23", "2027-01-05"),
            ("2027-02-15", "2027-02-19"),
            ("2027-03-29", "2027-04-02"),
        ],
    },
];

const HOLIDAYS: &[&str] = &[
    "01-01",
    "02-16",
    "03-11",
    "2025-04-21",
    "2026-04-06",
    "2027-03-29",
    "05-01",
    "06-24",
    "07-06",
    "08-15",
    "11-01",
    "11-02",
    "12-24",
    "12-25",
    "12-26",
];

const REGIONS: &[RegionFacts] = &[
    region("vilniaus-apskritis", "Vilniaus apskritis", 28, &["Vilniaus", "Ukmergės", "Trakų", "Nemenčinės"]),
    region("kauno-apskritis", "Kauno apskritis", 20, &["Kauno", "Jonavos", "Kėdainių", "Prienų"]),
    region("klaipedos-apskritis", "Klaipėdos apskritis", 12, &["Klaipėdos", "Palangos", "Kretingos", "Šilutės"]),
    region("siauliu-apskritis", "Šiaulių apskritis", 10, &["Šiaulių", "Radviliškio", "Kelmės"]),
    region("panevezio-apskritis", "Panevėžio apskritis", 8, &["Panevėžio", "Biržų", "Rokiškio"]),
    region("alytaus-apskritis", "Alytaus apskritis", 5, &["Alytaus", "Druskininkų", "Varėnos"]),
    region("marijampoles-apskritis", "Marijampolės apskritis", 5, &["Marijampolės", "Vilkaviškio", "Šakių"]),
    region("taurages-apskritis", "Tauragės apskritis", 4, &["Tauragės", "Jurbarko", "Šilalės"]),
    region("telsiu-apskritis", "Telšių apskritis", 4, &["Telšių", "Mažeikių", "Plungės"]),
    region("utenos-apskritis", "Utenos apskritis", 4, &["Utenos", "Visagino", "Anykščių"]),
];

const SCHOOLS: &[SchoolKind] = &[
    school("{t} „{w}“ pradinė mokykla", 1, 4, 3),
    school("{t} „{w}“ progimnazija", 1, 8, 6),
    school("{t} „{w}“ pagrindinė mokykla", 1, 10, 4),
    school("{t} „{w}“ gimnazija", 9, 12, 5),
];

const WORDS: &[&str] = &[
    "Beržyno",
    "Gintaro",
    "Ąžuolyno",
    "Saulėtekio",
    "Vyturio",
    "Žiburio",
    "Aušros",
    "Šaltinio",
    "Liepų",
    "Pušyno",
    "Rasos",
    "Volungės",
    "Ramunės",
    "Vilties",
    "Kregždutės",
    "Medeinos",
    "Vaivorykštės",
    "Žemynos",
    "Baltojo gandro",
    "Upės vingio",
    "Tėviškės",
    "Klevų",
    "Senamiesčio",
    "Naujamiesčio",
    "Verpetos",
    "Ežero",
    "Dobilo",
    "Gilės",
    "Santarvės",
    "Versmės",
];
