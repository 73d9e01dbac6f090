//! A site's school calendar: school years, terms, breaks and public holidays.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

use crate::country::Country;

/// The first and last calendar date of something, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Span {
    pub fn contains(&self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

/// One school year. Terms are in order; breaks lie within terms or at their ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolYear {
    /// Such as `2025/26`.
    pub label: String,
    pub terms: Vec<Span>,
    pub breaks: Vec<Span>,
}

/// What a day is for a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    School,
    Weekend,
    /// A break, a public holiday or the time between school years.
    Holiday,
}

/// The school calendar of a site: 2024/25 to 2026/27. Other years repeat these, shifted by whole weeks.
#[derive(Debug, Clone)]
pub struct Calendar {
    pub years: Vec<SchoolYear>,
    /// Public holidays of the years above, ascending.
    pub holidays: Vec<NaiveDate>,
    /// The month in whose first night everybody is a grade older.
    rollover_month: u32,
    exam_month: u32,
    known: Span,
}

/// Where in the school's life a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    pub kind: DayKind,
    /// The calendar year the school year begins in.
    pub year: i32,
    /// How much of the school year is over, 0 to 999 thousandths.
    pub progress: u32,
    pub exams: bool,
}

/// 52 weeks, so that a shifted day keeps its weekday.
const SHIFT: TimeDelta = TimeDelta::weeks(52);

impl Calendar {
    pub(crate) fn new(country: &Country) -> Calendar {
        let span = |&(from, to): &(&str, &str)| Span { from: date(from), to: date(to) };
        let years: Vec<SchoolYear> = country
            .years
            .iter()
            .map(|year| SchoolYear {
                label: year.label.to_owned(),
                terms: year.terms.iter().map(span).collect(),
                breaks: year.breaks.iter().map(span).collect(),
            })
            .collect();
        let first = years[0].terms[0].from.year();
        let known = Span {
            from: month_start(first, country.rollover_month),
            to: month_start(first + years.len() as i32, country.rollover_month) - TimeDelta::days(1),
        };
        let mut holidays: Vec<NaiveDate> = country
            .holidays
            .iter()
            .flat_map(|text| match text.len() {
                5 => (known.from.year()..=known.to.year()).map(|year| date(&format!("{year}-{text}"))).collect(),
                _ => vec![date(text)],
            })
            .filter(|&day| known.contains(day))
            .collect();
        holidays.sort();
        Calendar { years, holidays, rollover_month: country.rollover_month, exam_month: country.exam_month, known }
    }

    /// The days the calendar knows for itself.
    pub fn known(&self) -> Span {
        self.known
    }

    pub fn kind(&self, day: NaiveDate) -> DayKind {
        let day = self.to_known(day);
        let in_term = self.year_of(day).terms.iter().any(|term| term.contains(day));
        let in_break = self.year_of(day).breaks.iter().any(|span| span.contains(day));
        if !in_term || in_break || self.holidays.binary_search(&day).is_ok() {
            DayKind::Holiday
        } else if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            DayKind::Weekend
        } else {
            DayKind::School
        }
    }

    pub(crate) fn moment(&self, day: NaiveDate) -> Moment {
        let known = self.to_known(day);
        let terms = &self.year_of(known).terms;
        let (from, to) = (terms[0].from, terms[terms.len() - 1].to);
        let over = (known - from).num_days().max(0) * 1000 / ((to - from).num_days() + 1);
        Moment {
            kind: self.kind(day),
            year: self.school_year(day),
            progress: over.min(999) as u32,
            exams: known.month() == self.exam_month,
        }
    }

    fn school_year(&self, day: NaiveDate) -> i32 {
        day.year() - i32::from(day.month() < self.rollover_month)
    }

    fn year_of(&self, known: NaiveDate) -> &SchoolYear {
        &self.years[(self.school_year(known) - self.school_year(self.known.from)) as usize]
    }

    fn to_known(&self, mut day: NaiveDate) -> NaiveDate {
        while day < self.known.from {
            day += SHIFT;
        }
        while day > self.known.to {
            day -= SHIFT;
        }
        day
    }
}

fn month_start(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).expect("the first of a month exists")
}

/// A date of the countries' tables, which the tests read in full.
fn date(text: &str) -> NaiveDate {
    text.parse().expect("an ISO date")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::country::COUNTRIES;

    #[test]
    fn calendars_are_in_order_and_breaks_lie_within_their_year() {
        for country in COUNTRIES {
            let calendar = Calendar::new(country);
            for year in &calendar.years {
                assert!(year.terms.iter().chain(&year.breaks).all(|span| span.from <= span.to), "{}", year.label);
                assert!(year.terms.windows(2).all(|pair| pair[0].to < pair[1].from), "{}", year.label);
                let whole = Span { from: year.terms[0].from, to: year.terms[year.terms.len() - 1].to };
                for span in &year.breaks {
                    assert!(whole.contains(span.from) && whole.contains(span.to), "{} {}", country.code, year.label);
                }
            }
        }
    }

    #[test]
    fn a_school_year_has_a_believable_number_of_school_days() {
        for country in COUNTRIES {
            let calendar = Calendar::new(country);
            let days = calendar.known().from.iter_days().take_while(|&day| day <= calendar.known().to);
            let school = days.filter(|&day| calendar.kind(day) == DayKind::School).count() / calendar.years.len();
            assert!((150..=195).contains(&school), "{} {school}", country.code);
        }
    }

    #[test]
    fn days_have_the_kind_they_had() {
        let [ee, _, _, _, ke] = COUNTRIES.map(Calendar::new);
        assert_eq!(ee.kind(date("2026-11-20")), DayKind::School);
        assert_eq!(ee.kind(date("2026-11-21")), DayKind::Weekend);
        assert_eq!(ee.kind(date("2026-02-24")), DayKind::Holiday);
        assert_eq!(ee.kind(date("2025-07-10")), DayKind::Holiday);
        assert_eq!(ke.kind(date("2025-07-10")), DayKind::School);
        assert_eq!(ke.kind(date("2025-11-20")), DayKind::Holiday);
        assert_eq!(ee.moment(date("2026-01-20")).year, 2025);
        assert_eq!(ke.moment(date("2026-01-20")).year, 2026);
    }

    #[test]
    fn years_beyond_the_tables_are_like_those_within() {
        let ee = Calendar::new(COUNTRIES[0]);
        assert_eq!(ee.kind(date("2023-11-15")), DayKind::School);
        assert_eq!(ee.kind(date("2031-11-16")), DayKind::Weekend);
        assert_eq!(ee.moment(date("2031-11-12")).year, 2031);
    }
}
