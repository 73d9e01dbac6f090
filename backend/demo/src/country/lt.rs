//! Lithuania.

use chrono_tz::Tz;

use super::{Country, NORTHERN_SEASON, ONE_SHIFT, RegionFacts, SchoolKind, region, school};
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
    lesson_hours: ONE_SHIFT,
    regions: REGIONS,
    school_kinds: SCHOOLS,
    school_words: WORDS,
};

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
