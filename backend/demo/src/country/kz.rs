//! Kazakhstan.

use chrono_tz::Tz;

use super::{Country, RegionFacts, SchoolKind, TWO_SHIFTS, region, school};
use crate::words;

pub const KZ: Country = Country {
    code: "kz",
    name: "Қазақстан",
    zone: Tz::Asia__Almaty,
    currency: "KZT",
    locale: "kk-KZ",
    share: 120,
    schools: 55,
    books: 70,
    growth: 50,
    language: &words::KK,
    second: Some((&words::RU, 220)),
    isbn_group: "978601",
    devices: [34, 10, 53, 3],
    season: [960, 1020, 1000, 1080, 1240, 500, 300, 500, 960, 1060, 1080, 1000],
    exam_month: 5,
    rollover_month: 8,
    lesson_hours: TWO_SHIFTS,
    regions: REGIONS,
    school_kinds: SCHOOLS,
    school_words: WORDS,
};

const REGIONS: &[RegionFacts] = &[
    region("almaty-qalasy", "Алматы қаласы", 24, &["Алматы"]),
    region("astana-qalasy", "Астана қаласы", 18, &["Астана"]),
    region("shymkent-qalasy", "Шымкент қаласы", 10, &["Шымкент"]),
    region("almaty-oblysy", "Алматы облысы", 8, &["Қонаев", "Талғар", "Қаскелең"]),
    region("qaragandy-oblysy", "Қарағанды облысы", 8, &["Қарағанды", "Теміртау", "Балқаш"]),
    region("turkistan-oblysy", "Түркістан облысы", 8, &["Түркістан", "Кентау", "Сарыағаш"]),
    region("zhambyl-oblysy", "Жамбыл облысы", 5, &["Тараз", "Шу", "Мерке"]),
    region("aqtobe-oblysy", "Ақтөбе облысы", 5, &["Ақтөбе", "Хромтау"]),
    region("qostanai-oblysy", "Қостанай облысы", 4, &["Қостанай", "Рудный"]),
    region("pavlodar-oblysy", "Павлодар облысы", 4, &["Павлодар", "Екібастұз"]),
    region("shygys-qazaqstan-oblysy", "Шығыс Қазақстан облысы", 4, &["Өскемен", "Риддер"]),
    region("atyrau-oblysy", "Атырау облысы", 3, &["Атырау", "Құлсары"]),
];

const SCHOOLS: &[SchoolKind] = &[
    school("{t}, № {n} «{w}» мектеп-лицейі", 1, 11, 4),
    school("{t}, № {n} орта мектеп", 1, 11, 8),
    school("{t}, № {n} «{w}» мектеп-гимназиясы", 1, 12, 5),
    school("{t}, № {n} бастауыш мектеп", 1, 4, 2),
];

const WORDS: &[&str] = &[
    "Самал",
    "Жұлдыз",
    "Болашақ",
    "Арай",
    "Бәйшешек",
    "Алау",
    "Қайнар",
    "Тұмар",
    "Көктем",
    "Шаңырақ",
    "Қарлығаш",
    "Ақбұлақ",
    "Өркен",
    "Дала",
    "Таңшолпан",
    "Мұрагер",
];
