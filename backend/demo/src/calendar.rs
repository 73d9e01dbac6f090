//! What a day is for a site's schools, also in years that its calendar does not tell of.

use chrono::{Datelike, NaiveDate, TimeDelta};
use model::{SchoolYear, Span};

/// What a day is for a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    School,
    Weekend,
    /// A break, a public holiday or the time between terms.
    Holiday,
}

/// The school calendar of a site. Years that it does not tell of repeat the others, shifted by whole weeks.
#[derive(Debug, Clone)]
pub struct Calendar {
    told: model::Calendar,
    /// The month in whose first night everybody is a grade older.
    rollover_month: u32,
    exam_month: u32,
    /// From the first such night of the calendar to the last.
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
    pub(crate) fn new(told: model::Calendar, rollover_month: u32, exam_month: u32) -> Calendar {
        let first = told.years[0].span.from.year();
        let known = Span {
            from: month_start(first, rollover_month),
            to: month_start(first + told.years.len() as i32, rollover_month) - TimeDelta::days(1),
        };
        Calendar { told, rollover_month, exam_month, known }
    }

    /// The days that are not repeated from others.
    pub fn known(&self) -> Span {
        self.known
    }

    pub fn kind(&self, day: NaiveDate) -> DayKind {
        let day = self.to_known(day);
        if self.told.is_school_day(day) {
            DayKind::School
        } else if self.told.term(day).is_some() && self.told.holiday(day).is_none() {
            DayKind::Weekend
        } else {
            DayKind::Holiday
        }
    }

    pub(crate) fn moment(&self, day: NaiveDate) -> Moment {
        let known = self.to_known(day);
        let terms = &self.year_of(known).terms;
        let (from, to) = (terms[0].span.from, terms[terms.len() - 1].span.to);
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
        &self.told.years[(self.school_year(known) - self.school_year(self.known.from)) as usize]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::country::COUNTRIES;
    use model::Model;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendars() -> [Calendar; 5] {
        let model = Model::embedded().unwrap();
        COUNTRIES.map(|c| Calendar::new(model.calendar(c.code).unwrap().clone(), c.rollover_month, c.exam_month))
    }

    #[test]
    fn days_have_the_kind_they_had() {
        let [ee, _, _, _, ke] = calendars();
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
    fn years_beyond_the_calendar_are_like_those_within() {
        let [ee, ..] = calendars();
        assert_eq!(ee.kind(date("2023-11-15")), DayKind::School);
        assert_eq!(ee.kind(date("2031-11-16")), DayKind::Weekend);
        assert_eq!(ee.moment(date("2031-11-12")).year, 2031);
    }
}
