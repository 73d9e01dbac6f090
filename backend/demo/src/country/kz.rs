//! Kazakhstan.

use chrono_tz::Tz;

use super::{Country, RegionFacts, SchoolKind, TWO_SHIFTS, YearDates, region, school};
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
    years: YEARS,
    holidays: HOLIDAYS,
    lesson_hours: TWO_SHIFTS,
    regions: REGIONS,
    school_kinds: SCHOOLS,
    school_words: WORDS,
};

const YEARS: &[YearDates] = &[
    YearDates {
        label: "2024/25",
        terms: &[
            ("2024-09-02", "2024-11-03"),
            ("2024-11-04", "2025-01-08"),
            ("2025-01-09", "2025-03-30"),
            ("2025-03-31", "2025-05-25"),
        ],
        breaks: &[("2024-10-28", "2024-11-03"), ("2024-12-30", "2025-01-08"), ("2025-03-20", "2025-03-30")],
    },
    YearDates {
        label: "2025/26",
        terms: &[
            ("2025-09-01", "2025-11-02"),
            ("2025-11-03", "2026-01-07"),
            ("2026-01-08", "2026-03-29"),
            ("2026-03-30", "2026-05-25"),
        ],
        breaks: &[("2025-10-27", "2025-11-02"), ("2025-12-29", "2026-01-07"), ("2026-03-19", "2026-03-29")],
    },
    YearDates {
        label: "2026/27",
        terms: &[
            ("2026-09-01", "2026-11-01"),
            ("2026-11-02", "2027-01-10"),
            ("2027-01-11", "2027-03-28"),
            ("2027-03-29", "2027-05-25"),
        ],
        breaks: &[("2026-10-26", "2026-11-01"), ("2026-12-30", "2027-01-10"), ("2027-03-18", "2027-03-28")],
    },
];

const HOLIDAYS: &[&str] = &[
    "01-01", "01-02", "01-07", "03-08", "03-21", "03-22", "03-23", "05-01", "05-07", "05-09", "07-06", "08-30",
    "10-25", "12-16",
];

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
