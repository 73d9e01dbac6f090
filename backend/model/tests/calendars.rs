//! Calendars as they are written, and faults planted in them.

use model::{Calendar, Model, ModelError};

const TEXT: &str = r#"
[[calendar]]
site = "xx"
holidays = [
    { name = "New Year's Day", every = "01-01" },
    { name = "Easter Monday", on = ["2025-04-21", "2026-04-06"] },
]

[[calendar.year]]
name = "2024/25"
from = "2024-08-01"
to = "2025-07-31"
terms = [
    { from = "2024-08-12", to = "2024-12-20" },
    { from = "2025-01-07", to = "2025-06-06" },
]
breaks = [
    { name = "Autumn break", from = "2024-10-14", to = "2024-10-18" },
    { name = "Christmas break", from = "2024-12-21", to = "2025-01-06" },
]

[[calendar.year]]
name = "2025/26"
from = "2025-08-01"
to = "2026-07-31"
terms = [{ from = "2025-08-11", to = "2026-06-05" }]
breaks = []
"#;

fn read(calendars: &str) -> Result<Calendar, ModelError> {
    let metrics = include_str!("../model/metrics.toml");
    let dimensions = include_str!("../model/dimensions.toml");
    let rollups = include_str!("../model/rollups.toml");
    Model::parse(metrics, dimensions, rollups, calendars).map(|model| model.calendars[0].clone())
}

#[test]
fn terms_are_named_and_public_holidays_are_days_of_the_known_years_in_order() {
    let calendar = read(TEXT).unwrap();
    let terms: Vec<&str> = calendar.years[0].terms.iter().map(|term| term.name.as_str()).collect();
    assert_eq!(terms, ["2024/25 T1", "2024/25 T2"]);
    let days: Vec<String> = calendar.holidays.iter().map(|h| h.span.from.to_string()).collect();
    assert_eq!(days, ["2025-01-01", "2025-04-21", "2026-01-01", "2026-04-06"]);
}

#[test]
fn days_that_do_not_fit_together_are_told_with_their_line() {
    let faults = [
        (r#"to = "2025-07-31""#, r#"to = "2025-02-30""#, 12, ""),
        (r#"to = "2025-07-31""#, r#"to = "2024-07-31""#, 12, "2024/25 ends before it begins"),
        (r#"from = "2025-08-01""#, r#"from = "2025-08-02""#, 24, "2025/26 has to begin on 2025-08-01, the day after"),
        (r#"name = "2025/26""#, r#"name = "2024/25""#, 23, "2024/25 is there twice"),
        (r#"terms = [{ from = "2025-08-11", to = "2026-06-05" }]"#, "terms = []", 26, "2025/26 has no term"),
        (r#"to = "2024-12-20" }"#, r#"to = "2024-02-20" }"#, 14, "2024/25 T1 ends before it begins"),
        (r#"from = "2024-08-12""#, r#"from = "2024-07-12""#, 14, "2024/25 T1 does not lie within 2024/25"),
        (r#"from = "2025-01-07""#, r#"from = "2024-12-20""#, 15, "2024/25 T2 begins before 2024/25 T1 is over"),
        (r#"to = "2024-10-18""#, r#"to = "2024-12-21""#, 19, "Christmas break begins before Autumn break is over"),
        (r#"to = "2025-01-06""#, r#"to = "2025-01-07""#, 19, "Christmas break lies partly within 2024/25 T2"),
        (r#""Autumn break""#, r#"" ""#, 18, "the break from 2024-10-14 has no name"),
        (r#""New Year's Day""#, r#""""#, 5, "a holiday has no name"),
        (r#"every = "01-01""#, r#"every = "02-29""#, 5, "'02-29' is no day of every year"),
        (r#"every = "01-01""#, r#"every = "1-1""#, 5, "'1-1' is no day of every year"),
        (r#"every = "01-01""#, r#"every = "01-01", on = []"#, 5, "exactly one of every and on"),
        (r#""2026-04-06""#, r#""2027-03-29""#, 6, "Easter Monday: 2027-03-29 lies in none of the school years"),
    ];
    for (old, new, line, problem) in faults {
        assert!(TEXT.contains(old), "{old}");
        let error = read(&TEXT.replacen(old, new, 1)).unwrap_err();
        assert_eq!((error.file, error.line), ("calendars.toml", line), "{new}: {error}");
        assert!(error.problem.contains(problem), "{new}: {error}");
    }
}

#[test]
fn a_calendar_has_at_least_one_year() {
    let head = &TEXT[..TEXT.find("[[calendar.year]]").unwrap()];
    let error = read(&head.replace("site = ", "year = []\nsite = ")).unwrap_err();
    assert_eq!((error.line, error.problem.as_str()), (3, "calendar 'xx': has no school year"));
}
