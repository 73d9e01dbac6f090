//! Finland.

use chrono_tz::Tz;

use super::{Country, ONE_SHIFT, RegionFacts, SchoolKind, region, school};
use crate::words;

pub const FI: Country = Country {
    code: "fi",
    name: "Suomi",
    zone: Tz::Europe__Helsinki,
    currency: "EUR",
    locale: "fi-FI",
    share: 270,
    schools: 105,
    books: 130,
    growth: 10,
    language: &words::FI,
    second: Some((&words::SV, 90)),
    isbn_group: "978952",
    devices: [48, 34, 16, 2],
    season: [980, 1000, 1040, 1060, 1220, 600, 300, 880, 1000, 1040, 1080, 880],
    exam_month: 5,
    rollover_month: 8,
    lesson_hours: ONE_SHIFT,
    regions: REGIONS,
    school_kinds: SCHOOLS,
    school_words: WORDS,
};

const REGIONS: &[RegionFacts] = &[
    region("uusimaa", "Uusimaa", 34, &["Helsinki", "Espoo", "Vantaa", "Porvoo", "Lohja", "Hyvinkää"]),
    region("varsinais-suomi", "Varsinais-Suomi", 10, &["Turku", "Salo", "Kaarina", "Naantali"]),
    region("pirkanmaa", "Pirkanmaa", 11, &["Tampere", "Nokia", "Ylöjärvi", "Akaa"]),
    region("pohjois-pohjanmaa", "Pohjois-Pohjanmaa", 9, &["Oulu", "Raahe", "Kempele", "Ylivieska"]),
    region("keski-suomi", "Keski-Suomi", 6, &["Jyväskylä", "Jämsä", "Äänekoski"]),
    region("pohjois-savo", "Pohjois-Savo", 6, &["Kuopio", "Iisalmi", "Varkaus"]),
    region("satakunta", "Satakunta", 5, &["Pori", "Rauma", "Ulvila"]),
    region("paijat-hame", "Päijät-Häme", 5, &["Lahti", "Heinola", "Hollola"]),
    region("etela-pohjanmaa", "Etelä-Pohjanmaa", 4, &["Seinäjoki", "Kauhajoki", "Lapua"]),
    region("kymenlaakso", "Kymenlaakso", 4, &["Kotka", "Kouvola"]),
    region("pohjois-karjala", "Pohjois-Karjala", 4, &["Joensuu", "Lieksa", "Nurmes"]),
    region("lappi", "Lappi", 4, &["Rovaniemi", "Kemi", "Sodankylä"]),
];

const SCHOOLS: &[SchoolKind] = &[
    school("{w} koulu, {t}", 1, 6, 8),
    school("{w} yhtenäiskoulu, {t}", 1, 9, 6),
    school("{w} yläkoulu, {t}", 7, 9, 3),
    school("{w} lukio, {t}", 10, 12, 3),
];

const WORDS: &[&str] = &[
    "Koivumäen",
    "Kuusirinteen",
    "Pihlajaniemen",
    "Haapalammen",
    "Lumpeenlahden",
    "Tuomikujan",
    "Harjunpään",
    "Myllypuron",
    "Ketunkallion",
    "Leppärannan",
    "Saarijoen",
    "Kivikorven",
    "Mäntykankaan",
    "Aurinkopellon",
    "Sinivuokon",
    "Kirkkoharjun",
    "Peltoahon",
    "Lehtolan",
    "Koskikylän",
    "Karhunmetsän",
    "Joutsenlammen",
    "Vaahterapuiston",
    "Metsolan",
    "Niittyrannan",
    "Pajukosken",
    "Suopellon",
    "Jokivarren",
    "Ahonlaidan",
    "Tervakankaan",
    "Puistolanmäen",
];
