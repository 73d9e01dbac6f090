//! A site's school calendar: school years, terms, breaks and public holidays.

use chrono::{Datelike, NaiveDate, Weekday};

/// The first and last day of something, both included.
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

/// When schools teach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The year's name and the term's place in it: `2025/26 T1`, `2026 T1`.
    pub name: String,
    pub span: Span,
}

/// A break or a public holiday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    pub name: String,
    pub span: Span,
}

/// One school year, from its first day to the day before the next one's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolYear {
    /// Such as `2025/26`, or `2026` where it is the calendar year.
    pub name: String,
    pub span: Span,
    /// In order; days may lie between them.
    pub terms: Vec<Term>,
    /// In order, each within a term or between terms.
    pub breaks: Vec<Holiday>,
}

/// The school calendar of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Code of the site.
    pub site: String,
    /// At least one. Each begins on the day after the one before.
    pub years: Vec<SchoolYear>,
    /// The public holidays of these years, in order.
    pub holidays: Vec<Holiday>,
}

impl Calendar {
    /// The days the calendar tells of.
    pub fn known(&self) -> Span {
        Span { from: self.years[0].span.from, to: self.years[self.years.len() - 1].span.to }
    }

    pub fn year(&self, day: NaiveDate) -> Option<&SchoolYear> {
        self.years.iter().find(|year| year.span.contains(day))
    }

    pub fn term(&self, day: NaiveDate) -> Option<&Term> {
        self.year(day)?.terms.iter().find(|term| term.span.contains(day))
    }

    /// The break or public holiday that a day lies in.
    pub fn holiday(&self, day: NaiveDate) -> Option<&Holiday> {
        let breaks = self.year(day).into_iter().flat_map(|year| &year.breaks);
        breaks.chain(&self.holidays).find(|holiday| holiday.span.contains(day))
    }

    /// A day of a term that is neither at a weekend nor a holiday.
    pub fn is_school_day(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        !weekend && self.term(day).is_some() && self.holiday(day).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Model;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_lie_in_the_years_and_terms_they_should() {
        let model = Model::embedded().unwrap();
        let term = |site: &str, day: &str| model.calendar(site).unwrap().term(d(day)).map(|t| t.name.clone());
        assert_eq!(term("ee", "2025-09-01").as_deref(), Some("2025/26 T1"));
        assert_eq!(term("ee", "2025-10-22"), None, "a break between terms");
        assert_eq!(term("ee", "2026-05-04").as_deref(), Some("2025/26 T5"));
        assert_eq!(term("fi", "2025-10-15").as_deref(), Some("2025/26 T1"), "a break within a term");
        assert_eq!(term("kz", "2026-04-01").as_deref(), Some("2025/26 T4"));
        assert_eq!(term("ke", "2026-01-05").as_deref(), Some("2026 T1"));
        let year = |site: &str, day: &str| model.calendar(site).unwrap().year(d(day)).map(|y| y.name.clone());
        assert_eq!(year("ee", "2026-08-31").as_deref(), Some("2025/26"));
        assert_eq!(year("fi", "2026-08-01").as_deref(), Some("2026/27"));
        assert_eq!(year("ke", "2026-12-31").as_deref(), Some("2026"));
        assert_eq!(year("ee", "2024-08-31"), None);
    }

    #[test]
    fn schools_teach_on_weekdays_of_terms_that_are_no_holidays() {
        let model = Model::embedded().unwrap();
        let teaches = |site: &str, day: &str| model.calendar(site).unwrap().is_school_day(d(day));
        assert!(teaches("ee", "2026-11-20"));
        assert!(!teaches("ee", "2026-11-21"), "a Saturday");
        assert!(!teaches("ee", "2026-05-01"), "a public holiday");
        assert!(!teaches("ee", "2025-10-22") && !teaches("fi", "2025-10-15"), "breaks");
        assert!(!teaches("ee", "2025-07-10") && teaches("ke", "2025-07-10"));
        assert!(!teaches("ke", "2026-02-26"), "half-term");
    }

    #[test]
    fn every_known_day_is_in_one_year_and_a_year_has_a_believable_number_of_school_days() {
        for calendar in Model::embedded().unwrap().calendars {
            let known = calendar.known();
            let days = || known.from.iter_days().take_while(|day| *day <= known.to);
            for day in days() {
                let years = calendar.years.iter().filter(|year| year.span.contains(day)).count();
                assert_eq!(years, 1, "{} {day}", calendar.site);
            }
            let school = days().filter(|day| calendar.is_school_day(*day)).count() / calendar.years.len();
            assert!((150..=195).contains(&school), "{} {school}", calendar.site);
        }
    }
}
