//! Estonia.

use chrono_tz::Tz;

use super::{Country, NORTHERN_SEASON, ONE_SHIFT, RegionFacts, SchoolKind, YearDates, region, school};
use crate::words;

pub const EE: Country = Country {
    code: "ee",
    name: "Eesti",
    zone: Tz::Europe__Tallinn,
    currency: "EUR",
    locale: "et-EE",
    share: 340,
    schools: 120,
    books: 150,
    growth: 20,
    language: &words::ET,
    second: Some((&words::RU, 80)),
    isbn_group: "9789916",
    devices: [58, 17, 23, 2],
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
        terms: &[("2024-09-02", "2025-01-05"), ("2025-01-06", "2025-06-10")],
        breaks: &[
            ("2024-10-21", "2024-10-27"),
            ("2024-12-23", "2025-01-05"),
            ("2025-02-24", "2025-03-02"),
            ("2025-04-14", "2025-04-20"),
        ],
    },
    YearDates {
        label: "2025/26",
        terms: &[("2025-09-01", "2026-01-11"), ("2026-01-12", "2026-06-09")],
        breaks: &[
            ("2025-10-20", "2025-10-26"),
            ("2025-12-22", "2026-01-11"),
            ("2026-02-23", "2026-03-01"),
            ("2026-04-13", "2026-04-19"),
        ],
    },
    YearDates {
        label: "2026/27",
        terms: &[("2026-09-01", "2027-01-10"), ("2027-01-11", "2027-06-09")],
        breaks: &[
            ("2026-10-19", "2026-10-25"),
            ("2026-12-21", "2027-01-10"),
            ("2027-02-22", "2027-02-28"),
            ("2027-04-12", "2027-04-18"),
        ],
    },
];

const HOLIDAYS: &[&str] = &[
    "01-01",
    "02-24",
    "2025-04-18",
    "2026-04-03",
    "2027-03-26",
    "05-01",
    "06-23",
    "06-24",
    "08-20",
    "12-24",
    "12-25",
    "12-26",
];

const REGIONS: &[RegionFacts] = &[
    region("harju-maakond", "Harju maakond", 36, &["Tallinna", "Keila", "Maardu", "Saue", "Viimsi", "Jüri", "Loksa"]),
    region("tartu-maakond", "Tartu maakond", 18, &["Tartu", "Elva", "Kallaste", "Ülenurme", "Nõo"]),
    region("ida-viru-maakond", "Ida-Viru maakond", 12, &["Narva", "Jõhvi", "Sillamäe", "Kiviõli"]),
    region("parnu-maakond", "Pärnu maakond", 9, &["Pärnu", "Sindi", "Paikuse", "Vändra"]),
    region("laane-viru-maakond", "Lääne-Viru maakond", 6, &["Rakvere", "Tapa", "Kunda", "Haljala"]),
    region("viljandi-maakond", "Viljandi maakond", 5, &["Viljandi", "Võhma", "Suure-Jaani", "Abja"]),
    region("rapla-maakond", "Rapla maakond", 4, &["Rapla", "Märjamaa", "Kohila"]),
    region("voru-maakond", "Võru maakond", 4, &["Võru", "Antsla", "Rõuge"]),
    region("saare-maakond", "Saare maakond", 4, &["Kuressaare", "Orissaare", "Kihelkonna"]),
    region("jogeva-maakond", "Jõgeva maakond", 4, &["Jõgeva", "Põltsamaa", "Mustvee"]),
    region("jarva-maakond", "Järva maakond", 4, &["Paide", "Türi", "Koeru"]),
    region("valga-maakond", "Valga maakond", 4, &["Valga", "Tõrva", "Otepää"]),
    region("polva-maakond", "Põlva maakond", 3, &["Põlva", "Räpina", "Kanepi"]),
    region("laane-maakond", "Lääne maakond", 3, &["Haapsalu", "Lihula", "Taebla"]),
    region("hiiu-maakond", "Hiiu maakond", 2, &["Kärdla", "Käina"]),
];

const SCHOOLS: &[SchoolKind] = &[
    school("{t} {w} Algkool", 1, 6, 2),
    school("{t} {w} Põhikool", 1, 9, 7),
    school("{t} {w} Kool", 1, 9, 3),
    school("{t} {w} Gümnaasium", 1, 12, 5),
    school("{t} {w} Riigigümnaasium", 10, 12, 2),
];

const WORDS: &[&str] = &[
    "Pihlaka",
    "Kaseoru",
    "Tammiku",
    "Männimäe",
    "Sireli",
    "Toomemäe",
    "Merelaine",
    "Kivisilla",
    "Jõekääru",
    "Lepalinnu",
    "Pääsukese",
    "Rukkilille",
    "Vahtra",
    "Hõbepaju",
    "Koidu",
    "Päikese",
    "Kesklinna",
    "Vanalinna",
    "Aasa",
    "Järveotsa",
    "Metsaserva",
    "Uusmäe",
    "Kuusiku",
    "Sinilille",
    "Linnamäe",
    "Nurmenuku",
    "Põhjatähe",
    "Allika",
    "Ranna",
    "Saare",
];
