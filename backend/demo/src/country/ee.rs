//! Estonia.

use chrono_tz::Tz;

use super::{Country, NORTHERN_SEASON, ONE_SHIFT, RegionFacts, SchoolKind, region, school};
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
    lesson_hours: ONE_SHIFT,
    regions: REGIONS,
    school_kinds: SCHOOLS,
    school_words: WORDS,
};

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
